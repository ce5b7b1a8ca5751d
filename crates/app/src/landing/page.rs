//! The frame of a landing page: one style, few shapes, and the order in which they are sent.
//!
//! What is the same on every page is held once; a page holds only what is its own, so that many of them fit into memory.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, PreEscaped, Render, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::PASS;

const HEAD: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width,initial-scale=1,viewport-fit=cover\">\
    <meta name=\"robots\" content=\"noindex\"><meta name=\"format-detection\" content=\"telephone=no\"><style>";
const STYLE: &str = include_str!("page.css");

/// What an address in a `mailto:` keeps as it is.
const MAILBOX: &AsciiSet = &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'+');

/// A page without what every page has.
#[derive(Debug)]
pub(crate) struct Page {
    before: Box<str>,
    /// What follows the pass; empty on a page that offers no file.
    after: Box<str>,
}

impl Page {
    pub(super) fn new(title: &str, content: &Markup) -> Self {
        let page = html! {
            title { (title) }
            (PreEscaped("</head>"))
            body { main { (content) } }
        };
        let page = page.into_string();
        let (before, after) = page.split_once(PASS).unwrap_or((&page, ""));
        Self { before: before.into(), after: after.into() }
    }

    /// The whole page as HTML. `pass` goes into the address of the file; it holds letters, digits, `.` and `-` only.
    pub(crate) fn html(&self, pass: &str) -> Vec<u8> {
        let pass = if self.after.is_empty() { "" } else { pass };
        [HEAD, STYLE, "</style>", &self.before, pass, &self.after, "</html>"].concat().into_bytes()
    }
}

#[cfg(test)]
impl Page {
    /// What this page keeps in memory.
    pub(super) fn bytes(&self) -> usize {
        self.before.len() + self.after.len()
    }
}

/// The Content-Security-Policy of every page: its own style, by its hash, and nothing else.
pub(crate) fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        format!(
            "default-src 'none'; style-src 'sha256-{hash}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
        )
    });
    &POLICY
}

/// A drawing of 24 units, in lines.
pub(super) struct Icon(&'static str);

impl Icon {
    pub(super) const CALL: Self = Self(
        "M6.6 3H4.5A1.5 1.5 0 0 0 3 4.6 16.6 16.6 0 0 0 19.4 21a1.5 1.5 0 0 0 1.6-1.5v-2.6a1 1 0 0 0-.8-1l-3.3-.7a1 \
         1 0 0 0-1 .4l-.9 1.2a12.4 12.4 0 0 1-5.8-5.8l1.2-.9a1 1 0 0 0 .4-1l-.7-3.3a1 1 0 0 0-1-.8z",
    );
    pub(super) const MESSAGE: Self = Self(
        "M12 4c5 0 9 3.2 9 7.2s-4 7.3-9 7.3c-1 0-2-.1-2.9-.4L4.5 20l1-3.6A6.6 6.6 0 0 1 3 11.2C3 7.2 7 4 12 4z",
    );
    pub(super) const MAIL: Self = Self(
        "M4 5.500h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM3.5 7l8.5 6 8.5-6",
    );
    pub(super) const WEB: Self =
        Self("M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM3 12h18M12 3c5 5.5 5 12.5 0 18M12 3c-5 5.5-5 12.5 0 18");
    pub(super) const NETWORK: Self =
        Self("M2.5 9.500a14 14 0 0 1 19 0M5.8 13a9 9 0 0 1 12.4 0M9 16.500a4.3 4.3 0 0 1 6 0M12 20h.01");
    pub(super) const APP: Self = Self("M12 3v12M7 10.500l5 5 5-5M4 20.500h16");
}

impl Render for Icon {
    fn render(&self) -> Markup {
        html! { svg viewBox="0 0 24 24" aria-hidden="true" { path d=(self.0); } }
    }
}

/// The button that hands over the file.
pub(super) fn file_button(words: &str) -> Markup {
    html! { a class="go" href={ "?file=" (PASS) } { (words) } }
}

/// A line of a list: what it is, and what it says.
pub(super) fn row(label: &str, content: &Markup) -> Markup {
    html! { div { dt { (label) } dd dir="auto" { (content) } } }
}

/// The address of a number to call, as far as it can be dialled.
pub(super) fn tel(number: &str) -> String {
    let dialled = number.chars().filter(|c| c.is_ascii_digit() || *c == '+');
    format!("tel:{}", dialled.collect::<String>())
}

pub(super) fn sms(number: &str) -> String {
    tel(number).replacen("tel:", "sms:", 1)
}

pub(super) fn mailto(address: &str) -> String {
    format!("mailto:{}", utf8_percent_encode(address.trim(), MAILBOX))
}

/// A web address to follow. `None` for any scheme but http and https.
pub(super) fn web(address: &str) -> Option<url::Url> {
    url::Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// A web address as people read it.
pub(super) fn shown(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let (host, _) = idna::domain_to_unicode(host);
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path = url.path().trim_end_matches('/');
    format!("{host}{port}{path}")
}

/// A link where the address may be one, else its text.
pub(super) fn web_link(address: &str) -> Markup {
    match web(address) {
        Some(url) => html! { a href=(url) rel="noreferrer" { (shown(&url)) } },
        None => html! { (address) },
    }
}
