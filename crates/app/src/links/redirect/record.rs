//! A link as a redirect needs it: small, and with everything worked out that does not depend on the visit.
//!
//! Most links are a place to go and nothing else. What only some have lies behind one pointer, and a link
//! without it is answered without looking further. A page that a link shows is written when its record is made.

use std::sync::Arc;

use http::{HeaderValue, StatusCode};
use tessera_events::Trigger;
use tessera_types::{LinkId, Timestamp, WorkspaceId};

use super::platform::Platform;
use super::ruled::Ruled;
use super::visit::Visit;
use crate::App;
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

/// Where a link takes its visitors: all to one place, each to theirs, or to none but a page.
pub(super) enum Goal {
    Elsewhere(HeaderValue),
    Ruled(Box<Ruled>),
    Landing(Box<Shown>),
}

/// Where one visitor is taken.
pub(super) enum Chosen<'a> {
    /// Where everybody goes.
    Everybodys(&'a HeaderValue),
    /// Where this one goes; what tells the variant apart that they met.
    Theirs {
        location: &'a HeaderValue,
        utm_content: Option<&'a str>,
    },
    Page(&'a Shown),
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
                let location = HeaderValue::from_str(&destination.with_utm(&link.utm)).ok()?;
                if link.rules.is_empty() {
                    return Some(Self::Elsewhere(location));
                }
                return Some(Self::Ruled(Box::new(Ruled::of(link, location)?)));
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

impl Goal {
    pub(super) fn of_visit(&self, app: &App, visit: &Visit<'_>, by_robot: bool) -> Chosen<'_> {
        match self {
            Self::Elsewhere(location) => Chosen::Everybodys(location),
            Self::Ruled(ruled) => {
                let (location, utm_content) = ruled.location(app, visit, by_robot);
                Chosen::Theirs { location, utm_content }
            }
            Self::Landing(shown) => match shown.location(visit.platform()) {
                Some(location) => Chosen::Theirs { location, utm_content: None },
                None => Chosen::Page(shown),
            },
        }
    }
}

impl<'a> Chosen<'a> {
    pub(super) fn utm_content(&self) -> Option<&'a str> {
        match self {
            Self::Theirs { utm_content, .. } => *utm_content,
            Self::Everybodys(_) | Self::Page(_) => None,
        }
    }
}

impl Shown {
    /// Where a visitor with this device goes at once. `None`: they see the page.
    fn location(&self, platform: Platform) -> Option<&HeaderValue> {
        let store = match platform {
            Platform::Ios => self.ios.as_ref(),
            Platform::Android => self.android.as_ref(),
            _ => None,
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

    /// Whether where a visitor is decides where they go.
    pub(super) fn asks_country(&self) -> bool {
        matches!(&self.goal, Goal::Ruled(ruled) if ruled.asks_country)
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
