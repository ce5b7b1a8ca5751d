//! What a code says: an address, a contact, a network, a payment. Each kind knows its rules and its standard format.
//!
//! A payload travels as JSON with its kind in `type`. Absent texts are empty, so that [`Payload::check`] can name
//! everything that is missing at once. What a phone shows is worth nothing if it misreads it: a value that cannot be
//! written safely in its format is refused, never altered in silence.

mod app;
mod columns;
mod contact;
mod content_line;
mod crypto;
mod epc;
mod event;
mod field;
mod geo;
mod message;
mod read;
mod web;
mod wifi;

use serde::{Deserialize, Serialize};

use crate::Wrong;
pub use app::App;
pub use contact::{Address, Contact, Mecard, Phone, PhoneKind, VcardVersion};
pub use crypto::{Crypto, Currency};
pub use epc::{Epc, Euro};
pub use event::Event;
pub use geo::Geo;
pub use message::{Call, Email, Sms, Whatsapp};
pub use web::{Text, Url};
pub use wifi::{EapMethod, Phase2Method, Security, Wifi};

/// What a code says, by kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = QrPayload)]
pub enum Payload {
    Url(Url),
    Text(Text),
    Email(Email),
    Phone(Call),
    Sms(Sms),
    Whatsapp(Whatsapp),
    Wifi(Wifi),
    Vcard(Contact),
    Mecard(Mecard),
    Event(Event),
    Geo(Geo),
    Epc(Epc),
    Crypto(Crypto),
    App(App),
}

/// The kind alone, as it is called in `type`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrPayloadType)]
pub enum PayloadKind {
    Url,
    Text,
    Email,
    Phone,
    Sms,
    Whatsapp,
    Wifi,
    Vcard,
    Mecard,
    Event,
    Geo,
    Epc,
    Crypto,
    App,
}

/// What a landing page offers for download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Safe as a file name: letters and digits of any script, `-`, and the extension.
    pub name: String,
    pub media_type: &'static str,
    pub content: String,
}

impl Payload {
    /// What the symbol of a static code holds, in the standard format of its kind.
    ///
    /// # Errors
    /// As [`check`](Self::check); and an app, which only a dynamic code can offer.
    pub fn text(&self) -> Result<String, Vec<Wrong>> {
        self.check()?;
        Ok(match self {
            Self::Url(url) => url.written(),
            Self::Text(text) => text.text.clone(),
            Self::Email(email) => email.written(),
            Self::Phone(call) => call.written(),
            Self::Sms(sms) => sms.written(),
            Self::Whatsapp(whatsapp) => whatsapp.written(),
            Self::Wifi(wifi) => wifi.written(),
            Self::Vcard(contact) => contact.written(),
            Self::Mecard(mecard) => mecard.written(),
            Self::Event(event) => event.written(),
            Self::Geo(geo) => geo.written(),
            Self::Epc(epc) => epc.written(),
            Self::Crypto(crypto) => crypto.written(),
            Self::App(_) => {
                let message = "an app needs a dynamic code: its page looks which store the phone needs";
                return Err(vec![Wrong::new("type", "unsupported", message)]);
            }
        })
    }

    /// Judges every field, also those that only a landing page shows.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn check(&self) -> Result<(), Vec<Wrong>> {
        let mut found = field::Found::default();
        match self {
            Self::Url(url) => url.check(&mut found),
            Self::Text(text) => text.check(&mut found),
            Self::Email(email) => email.check(&mut found),
            Self::Phone(call) => call.check(&mut found),
            Self::Sms(sms) => sms.check(&mut found),
            Self::Whatsapp(whatsapp) => whatsapp.check(&mut found),
            Self::Wifi(wifi) => wifi.check(&mut found),
            Self::Vcard(contact) => contact.check(&mut found),
            Self::Mecard(mecard) => mecard.check(&mut found),
            Self::Event(event) => event.check(&mut found),
            Self::Geo(geo) => geo.check(&mut found),
            Self::Epc(epc) => epc.check(&mut found),
            Self::Crypto(crypto) => crypto.check(&mut found),
            Self::App(app) => app.check(&mut found),
        }
        found.finish()
    }

    /// What a landing page offers for download: a contact or an appointment, if it is in order.
    pub fn file(&self) -> Option<File> {
        self.check().ok()?;
        match self {
            Self::Vcard(contact) => Some(contact.file()),
            Self::Event(event) => Some(event.file()),
            _ => None,
        }
    }

    pub const fn kind(&self) -> PayloadKind {
        match self {
            Self::Url(_) => PayloadKind::Url,
            Self::Text(_) => PayloadKind::Text,
            Self::Email(_) => PayloadKind::Email,
            Self::Phone(_) => PayloadKind::Phone,
            Self::Sms(_) => PayloadKind::Sms,
            Self::Whatsapp(_) => PayloadKind::Whatsapp,
            Self::Wifi(_) => PayloadKind::Wifi,
            Self::Vcard(_) => PayloadKind::Vcard,
            Self::Mecard(_) => PayloadKind::Mecard,
            Self::Event(_) => PayloadKind::Event,
            Self::Geo(_) => PayloadKind::Geo,
            Self::Epc(_) => PayloadKind::Epc,
            Self::Crypto(_) => PayloadKind::Crypto,
            Self::App(_) => PayloadKind::App,
        }
    }
}

impl PayloadKind {
    pub const ALL: [Self; 14] = [
        Self::Url,
        Self::Text,
        Self::Email,
        Self::Phone,
        Self::Sms,
        Self::Whatsapp,
        Self::Wifi,
        Self::Vcard,
        Self::Mecard,
        Self::Event,
        Self::Geo,
        Self::Epc,
        Self::Crypto,
        Self::App,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Text => "text",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Sms => "sms",
            Self::Whatsapp => "whatsapp",
            Self::Wifi => "wifi",
            Self::Vcard => "vcard",
            Self::Mecard => "mecard",
            Self::Event => "event",
            Self::Geo => "geo",
            Self::Epc => "epc",
            Self::Crypto => "crypto",
            Self::App => "app",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether a short link can stand in for it: by a redirect, or by a landing page.
    pub const fn can_be_dynamic(self) -> bool {
        matches!(self, Self::Url | Self::Wifi | Self::Vcard | Self::Event | Self::App)
    }

    /// Whether the symbol itself can hold it. A pair of apps needs somebody who looks which phone asks.
    pub const fn can_be_static(self) -> bool {
        !matches!(self, Self::App)
    }
}

impl File {
    /// Names the file after `title`, as far as that is safe on a disk.
    fn named(title: &str, extension: &str, media_type: &'static str, content: String) -> Self {
        let name = format!("{}.{extension}", file_stem(title, extension_word(extension)));
        Self { name, media_type, content }
    }

    /// The same for whoever reads ASCII only.
    pub fn plain_name(&self) -> &'static str {
        if self.name.ends_with("ics") { "event.ics" } else { "contact.vcf" }
    }
}

/// A title as the name of a file: its letters and digits in lower case, `-` for what is between them, at most 60
/// characters. `otherwise` where nothing is left of it.
pub fn file_stem(title: &str, otherwise: &str) -> String {
    const STEM_CHARS_MAX: usize = 60;
    let words: Vec<String> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let stem: String = words.join("-").chars().take(STEM_CHARS_MAX).collect();
    match stem.trim_end_matches('-') {
        "" => otherwise.to_owned(),
        stem => stem.to_owned(),
    }
}

fn extension_word(extension: &str) -> &'static str {
    if extension == "ics" { "event" } else { "contact" }
}
