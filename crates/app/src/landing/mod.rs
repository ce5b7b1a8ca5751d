//! Pages for what a phone cannot open by itself: a contact, a network, an event, an app in two stores.
//!
//! A page is written once, when its link is read from the database, and kept as bytes: showing it renders nothing. It
//! runs no script and loads nothing from anywhere. Whatever a customer wrote is escaped, and becomes a link only where
//! its scheme is one that cannot run anything.

mod apps;
mod contact;
mod event;
mod network;
mod page;

use tessera_qr::Payload;
pub(crate) use tessera_qr::payload::File;

pub(crate) use self::apps::Stores;
pub(crate) use self::page::{Page, policy};

/// What stands for the pass in a page before it is shown. No payload holds it: control characters are refused.
const PASS: &str = "\u{0}";

/// What a link shows instead of leading on.
#[derive(Debug)]
pub(crate) struct Landing {
    pub(crate) page: Page,
    /// What the page offers for download.
    pub(crate) file: Option<File>,
    /// Where phones are sent without seeing the page.
    pub(crate) stores: Option<Stores>,
}

impl Landing {
    /// `None` for a payload that has no page.
    pub(crate) fn of(payload: &Payload) -> Option<Self> {
        let (page, stores) = match payload {
            Payload::Vcard(contact) => (contact::page(contact), None),
            Payload::Wifi(network) => (network::page(network), None),
            Payload::Event(event) => (event::page(event), None),
            Payload::App(app) => (apps::page(app), Some(Stores::of(app))),
            _ => return None,
        };
        Some(Self { page, file: payload.file(), stores })
    }
}

/// The text of an optional field, if there is any.
fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
