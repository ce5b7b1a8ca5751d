//! A link as a redirect needs it: small, and with everything worked out that does not depend on the visit.
//!
//! Most links are a place to go and nothing else. What only some have lies behind one pointer, and a link
//! without it is answered without looking further. A page that a link shows is written when its record is made.

use std::sync::Arc;

use http::{HeaderValue, StatusCode};
use tessera_events::Trigger;
use tessera_types::{LinkId, Timestamp, WorkspaceId};

use super::phone::Phone;
use crate::landing::Landing;
use crate::links::destination::{self, Destination};
use crate::links::ledger::{Counter, Counts, Ledger};
use crate::links::model::{LeadsTo, Link, Utm};

pub(in crate::links) struct Record {
    pub(in crate::links) workspace: WorkspaceId,
    pub(super) link: LinkId,
    pub(super) domain: Box<str>,
    utm: Option<Box<Utm>>,
    pub(super) status: StatusCode,
    pub(super) goal: Goal,
    pub(super) counter: Arc<Counter>,
    pub(super) rare: Option<Box<Rare>>,
}

/// Where a link takes its visitors.
pub(super) enum Goal {
    Elsewhere(HeaderValue),
    Landing(Box<Shown>),
}

/// A page, and where phones are sent without seeing it.
pub(super) struct Shown {
    pub(super) landing: Landing,
    ios: Option<HeaderValue>,
    android: Option<HeaderValue>,
    fallback: Option<HeaderValue>,
}

/// What few links have.
pub(super) struct Rare {
    state: State,
    starts_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    pub(super) expired_url: Option<HeaderValue>,
    max_clicks: Option<u64>,
    pub(super) password_hash: Option<Box<str>>,
    forward_query: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Live,
    Paused,
    Archived,
    /// The same of a link that is printed as a QR code.
    ArchivedCode,
}

/// What the rules say to a visitor who comes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Open,
    /// Open to those who know the password.
    Locked,
    Paused,
    Archived,
    ArchivedCode,
    Scheduled,
    Expired,
    UsedUp,
}

impl Record {
    /// `None` if a stored address cannot be sent in a header, which parsing rules out.
    pub(super) fn of(link: &Link, ledger: &Ledger) -> Option<Self> {
        let state = match (link.archived_at, link.paused_at) {
            (Some(_), _) if link.qr_code.is_some() => State::ArchivedCode,
            (Some(_), _) => State::Archived,
            (None, Some(_)) => State::Paused,
            (None, None) => State::Live,
        };
        let expired_url = link.expired_url.as_ref().map(|url| HeaderValue::from_str(url.as_str()));
        let rare = Rare {
            state,
            starts_at: link.starts_at,
            expires_at: link.expires_at,
            expired_url: expired_url.transpose().ok()?,
            max_clicks: link.max_clicks,
            password_hash: link.password_hash.as_deref().map(Box::from),
            forward_query: link.forward_query,
        };
        Some(Self {
            workspace: link.workspace,
            link: link.id,
            domain: link.domain.as_str().into(),
            utm: (link.utm != Utm::default()).then(|| Box::new(link.utm.clone())),
            status: StatusCode::from_u16(link.redirect_status.code()).ok()?,
            goal: Goal::of(link)?,
            counter: ledger.counter(link.id, Counts::of(link)),
            rare: rare.is_needed().then(|| Box::new(rare)),
        })
    }
}

impl Goal {
    fn of(link: &Link) -> Option<Self> {
        let payload = match &link.leads_to {
            LeadsTo::Destination(destination) => {
                let location = destination.with_utm(&link.utm);
                return Some(Self::Elsewhere(HeaderValue::from_str(&location).ok()?));
            }
            LeadsTo::Landing(payload) => payload,
        };
        let landing = Landing::of(payload)?;
        let location = |url: &Option<String>| {
            let location = Destination::stored(url.clone()?).with_utm(&link.utm);
            HeaderValue::from_str(&location).ok()
        };
        let stores = landing.stores.as_ref();
        Some(Self::Landing(Box::new(Shown {
            ios: stores.and_then(|stores| location(&stores.ios_url)),
            android: stores.and_then(|stores| location(&stores.android_url)),
            fallback: stores.and_then(|stores| location(&stores.fallback_url)),
            landing,
        })))
    }
}

impl Shown {
    /// Where a visitor with this phone goes at once. `None`: they see the page.
    pub(super) fn location(&self, phone: Phone) -> Option<&HeaderValue> {
        let store = match phone {
            Phone::Apple => self.ios.as_ref(),
            Phone::Android => self.android.as_ref(),
            Phone::Neither => None,
        };
        store.or(self.fallback.as_ref())
    }
}

impl Record {
    /// Whether visits may be refused that were let in before: by a password, or because they are numbered.
    pub(super) fn is_guarded(&self) -> bool {
        let is_guarded = |rare: &Rare| rare.password_hash.is_some() || rare.max_clicks.is_some();
        self.rare.as_deref().is_some_and(is_guarded)
    }

    /// Whether only so many visits lead on.
    pub(super) fn is_numbered(&self) -> bool {
        self.rare.as_deref().is_some_and(|rare| rare.max_clicks.is_some())
    }

    /// Counts the visit.
    ///
    /// # Errors
    /// The link's rules, if others were faster to the last visit that was left.
    pub(super) fn claim(&self, trigger: Trigger, now: Timestamp) -> Result<(), &Rare> {
        match self.rare.as_deref() {
            Some(rare) if let Some(max) = rare.max_clicks => {
                if self.counter.claim(max, trigger, now) {
                    Ok(())
                } else {
                    Err(rare)
                }
            }
            _ => {
                self.counter.count(trigger, now);
                Ok(())
            }
        }
    }

    /// The link's own campaign parameters.
    pub(super) fn utm(&self) -> tessera_events::Utm<&str> {
        let text = |part: fn(&Utm) -> &Option<String>| {
            self.utm.as_deref().and_then(|utm| part(utm).as_deref()).unwrap_or_default()
        };
        tessera_events::Utm {
            source: text(|utm| &utm.source),
            medium: text(|utm| &utm.medium),
            campaign: text(|utm| &utm.campaign),
            term: text(|utm| &utm.term),
            content: text(|utm| &utm.content),
        }
    }
}

impl Rare {
    fn is_needed(&self) -> bool {
        self.state != State::Live
            || self.starts_at.is_some()
            || self.expires_at.is_some()
            || self.max_clicks.is_some()
            || self.password_hash.is_some()
            || self.forward_query
    }

    /// In the order of [`Link::status`].
    pub(super) fn verdict(&self, clicks: u64, now: Timestamp) -> Verdict {
        match self.state {
            State::Archived => Verdict::Archived,
            State::ArchivedCode => Verdict::ArchivedCode,
            State::Paused => Verdict::Paused,
            State::Live if self.starts_at.is_some_and(|starts| now < starts) => Verdict::Scheduled,
            State::Live if self.expires_at.is_some_and(|expires| now >= expires) => Verdict::Expired,
            State::Live if self.max_clicks.is_some_and(|max| clicks >= max) => Verdict::UsedUp,
            State::Live if self.password_hash.is_some() => Verdict::Locked,
            State::Live => Verdict::Open,
        }
    }

    /// Where this visitor goes.
    pub(super) fn location(&self, location: &HeaderValue, query: Option<&str>) -> HeaderValue {
        let Some(query) = query.filter(|query| self.forward_query && !query.is_empty()) else {
            return location.clone();
        };
        let forwarded = location.to_str().ok().map(|location| destination::forward(location, query));
        forwarded.and_then(|address| HeaderValue::from_str(&address).ok()).unwrap_or_else(|| location.clone())
    }
}
