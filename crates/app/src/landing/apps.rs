//! An app in two stores: phones are sent to theirs, everybody else sees both.

use maud::{Markup, html};
use tessera_qr::payload::App;

use super::given;
use super::page::{Icon, Page, web};

/// Where phones and others are sent; whoever has no address here sees the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stores {
    pub(crate) ios_url: Option<String>,
    pub(crate) android_url: Option<String>,
    pub(crate) fallback_url: Option<String>,
}

impl Stores {
    pub(super) fn of(app: &App) -> Self {
        let followed = |text: &Option<String>| given(text).and_then(web).map(String::from);
        Self {
            ios_url: followed(&app.ios_url),
            android_url: followed(&app.android_url),
            fallback_url: followed(&app.fallback_url),
        }
    }
}

pub(super) fn page(app: &App) -> Page {
    let stores = Stores::of(app);
    let content = html! {
        header {
            div class="face" { (Icon::APP) }
            h1 { "Get the app" }
            p { "Choose your phone." }
        }
        (button(stores.ios_url.as_deref(), "apps.apple.com", "iPhone: App Store", "For iPhone"))
        (button(stores.android_url.as_deref(), "play.google.com", "Android: Google Play", "For Android"))
        @if let Some(url) = &stores.fallback_url {
            dl { (super::page::row("Neither", &super::page::web_link(url))) }
        }
    };
    Page::new("Get the app", &content)
}

/// Says the store's name only where it is that store.
fn button(address: Option<&str>, store: &str, in_store: &str, elsewhere: &str) -> Markup {
    let Some(url) = address.and_then(web) else { return html! {} };
    let words = if url.host_str() == Some(store) { in_store } else { elsewhere };
    html! { a class="go" href=(url) rel="noreferrer" { (words) } }
}
