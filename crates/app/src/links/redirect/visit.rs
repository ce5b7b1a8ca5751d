//! A visit to a short link, as far as its request tells.

use std::net::{IpAddr, SocketAddr};

use http::header::{ACCEPT_LANGUAGE, REFERER, USER_AGENT};
use http::{HeaderMap, HeaderName, Method, Request};
use tessera_events::{Click, Event, Full, Trigger, Utm, preferred_language};
use tessera_types::{Timestamp, to_millis};

use super::platform::Platform;
use super::record::Record;
use crate::App;
use crate::events::Appended;
use crate::http::client_address;
use crate::settings::DoNotTrack;

/// The parameter of a QR image's address, which tells a scan from a click. It never travels on to the destination.
const SCAN_PARAMETER: &str = "qr";
const SCAN_VALUE: &str = "1";
/// The parameter that asks a page for its file. Its value is 1, or the pass that the page handed out.
const FILE_PARAMETER: &str = "file";
/// Headers in which browsers and previewers say that nobody is looking yet.
const PURPOSE_HEADERS: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

/// Who comes by, and how.
pub(super) struct Visit<'a> {
    pub(super) method: &'a Method,
    headers: &'a HeaderMap,
    query: Option<&'a str>,
    peer: SocketAddr,
    pub(super) trigger: Trigger,
}

impl<'a> Visit<'a> {
    pub(super) fn of<B>(request: &'a Request<B>, peer: SocketAddr) -> Self {
        let query = request.uri().query();
        let is_scan = query.is_some_and(|query| query.split('&').any(is_scan_pair));
        let trigger = if is_scan { Trigger::Qr } else { Trigger::Link };
        Self { method: request.method(), headers: request.headers(), query, peer, trigger }
    }

    /// What of the visitor's query may travel on.
    pub(super) fn forwarded(&self) -> Option<std::borrow::Cow<'a, str>> {
        let query = self.query.filter(|query| !query.is_empty())?;
        if self.trigger == Trigger::Link {
            return Some(query.into());
        }
        let others: Vec<&str> = query.split('&').filter(|pair| !is_scan_pair(pair)).collect();
        (!others.is_empty()).then(|| others.join("&").into())
    }

    /// The pass with which a page is asked for its file.
    pub(super) fn file_pass(&self) -> Option<&'a str> {
        let mut pairs = self.query?.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| *name == FILE_PARAMETER).map(|(_, pass)| pass)
    }

    pub(super) fn user_agent(&self) -> &'a str {
        self.text(&USER_AGENT)
    }

    pub(super) fn platform(&self) -> Platform {
        Platform::of(self.user_agent())
    }

    /// The language that is wanted most; empty if none is named.
    pub(super) fn language(&self) -> String {
        let mut language = String::new();
        preferred_language(self.text(&ACCEPT_LANGUAGE), &mut language);
        language
    }

    pub(super) fn address(&self, app: &App) -> IpAddr {
        client_address(self.peer.ip(), self.headers, &app.settings.server.trusted_proxies)
    }

    /// A preview, a prefetch, or somebody who only asks whether one could go there: nobody is looking.
    pub(super) fn is_early(&self) -> bool {
        *self.method == Method::HEAD || PURPOSE_HEADERS.iter().any(|name| self.says_early(name))
    }

    fn says_early(&self, name: &'static str) -> bool {
        let early = |value: &str| {
            ["prefetch", "prerender", "preview"]
                .iter()
                .any(|purpose| value.split([';', ',']).any(|part| part.trim().eq_ignore_ascii_case(purpose)))
        };
        self.headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(early)
    }

    /// Writes the visit down.
    ///
    /// # Errors
    /// If it cannot be, and the deployment would rather refuse than go on.
    pub(super) fn record(
        &self,
        app: &App,
        record: &Record,
        utm_content: Option<&str>,
        is_robot: bool,
        now: Timestamp,
    ) -> Result<Appended, Full> {
        let campaign = self.campaign();
        let own = record.utm();
        app.events.append(&Event::Click(Click {
            at_ms: to_millis(now),
            workspace: record.workspace,
            link: record.link,
            is_robot,
            trigger: self.trigger,
            domain: &record.domain,
            address: Some(self.address(app)),
            user_agent: self.user_agent(),
            referrer: self.text(&REFERER),
            languages: self.text(&ACCEPT_LANGUAGE),
            utm: Utm {
                source: given(&campaign, 0, own.source),
                medium: given(&campaign, 1, own.medium),
                campaign: given(&campaign, 2, own.campaign),
                term: given(&campaign, 3, own.term),
                content: given(&campaign, 4, utm_content.unwrap_or(own.content)),
            },
            is_untracked: app.settings.events.do_not_track == DoNotTrack::Respect
                && self.asks_not_to_be_tracked(),
        }))
    }

    fn asks_not_to_be_tracked(&self) -> bool {
        let is_one = |name: &'static str| self.headers.get(name).is_some_and(|value| value == "1");
        is_one("sec-gpc") || is_one("dnt")
    }

    /// Campaign parameters of this visit's own address, which tell more than the link's.
    fn campaign(&self) -> Option<Box<[Option<String>; 5]>> {
        let query = self.query.filter(|query| query.contains("utm_"))?;
        let mut found: Box<[Option<String>; 5]> = Box::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let names = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];
            if let Some(place) = names.iter().position(|known| *known == name) {
                found[place].get_or_insert_with(|| value.into_owned());
            }
        }
        Some(found)
    }

    /// A header that is no text tells nothing.
    fn text(&self, name: &HeaderName) -> &'a str {
        self.headers
            .get(name)
            .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
            .unwrap_or_default()
    }
}

fn given<'t>(campaign: &'t Option<Box<[Option<String>; 5]>>, place: usize, own: &'t str) -> &'t str {
    campaign.as_ref().and_then(|campaign| campaign[place].as_deref()).unwrap_or(own)
}

fn is_scan_pair(pair: &str) -> bool {
    pair.split_once('=') == Some((SCAN_PARAMETER, SCAN_VALUE))
}

/// The address a QR image holds.
pub(crate) fn scan_url(short_url: &str) -> String {
    format!("{short_url}?{SCAN_PARAMETER}={SCAN_VALUE}")
}
