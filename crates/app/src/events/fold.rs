//! What a stretch of the event log adds up to.

use std::collections::HashMap;
use std::net::IpAddr;

use tessera_events::{CallClass, Click, Event, Position, Request, Trigger};
use tessera_types::{ApiKeyId, LinkId, SecretId};
use uuid::Uuid;

const DAY_MS: i64 = 86_400_000;

/// Clicks of one link on their way from the event log into the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkClicks {
    pub link: LinkId,
    pub clicks: u64,
    /// Those of the clicks that came by a QR code.
    pub scans: u64,
    pub last_ms: i64,
    /// Of those that were scans.
    pub last_scan_ms: Option<i64>,
}

impl LinkClicks {
    pub fn none_of(link: LinkId) -> Self {
        Self { link, clicks: 0, scans: 0, last_ms: i64::MIN, last_scan_ms: None }
    }

    pub fn add(&mut self, at_ms: i64, trigger: Trigger) {
        self.clicks += 1;
        self.last_ms = self.last_ms.max(at_ms);
        if trigger == Trigger::Qr {
            self.scans += 1;
            self.last_scan_ms = self.last_scan_ms.max(Some(at_ms));
        }
    }
}

/// Uses of one secret on their way from the event log into the database.
#[derive(Debug, Clone)]
pub struct Uses {
    pub key: ApiKeyId,
    pub secret: SecretId,
    pub requests: u64,
    pub last_ms: i64,
    pub address: Option<IpAddr>,
    pub user_agent: String,
}

/// Requests of a workspace or a key on one UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DayRequests {
    pub(super) owner: Uuid,
    /// Since 1970-01-01.
    pub(super) day: i64,
    pub(super) class: u8,
    pub(super) requests: u64,
}

/// The counts of everything between two positions.
pub(crate) struct Batch {
    from: Position,
    until: Position,
    links: HashMap<LinkId, LinkClicks>,
    uses: HashMap<SecretId, Uses>,
    requests: HashMap<(Uuid, i64, CallClass), u64>,
}

impl Batch {
    pub(super) fn begin(from: Position) -> Self {
        Self { from, until: from, links: HashMap::new(), uses: HashMap::new(), requests: HashMap::new() }
    }

    /// For events that are in no log.
    pub(crate) fn unlogged() -> Self {
        Self::begin(0)
    }

    pub(super) fn from(&self) -> Position {
        self.from
    }

    pub(super) fn until(&self) -> Position {
        self.until
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.from == self.until
    }

    /// Counts the event that ends at this position. What is before the beginning was counted earlier.
    pub(super) fn add(&mut self, position: Position, event: &Event<'_>) {
        if position <= self.until {
            return;
        }
        self.until = position;
        match event {
            Event::Click(click) => self.add_click(click),
            Event::Request(request) => self.add_request(request),
        }
    }

    /// What follows the last event up to this position is no event.
    pub(super) fn reach(&mut self, position: Position) {
        self.until = self.until.max(position);
    }

    fn add_click(&mut self, click: &Click<'_>) {
        if click.is_robot {
            return;
        }
        let clicks = self.links.entry(click.link).or_insert_with(|| LinkClicks::none_of(click.link));
        clicks.add(click.at_ms, click.trigger);
    }

    pub(crate) fn add_request(&mut self, request: &Request<'_>) {
        if !request.is_counted() {
            return;
        }
        let uses = self.uses.entry(request.secret).or_insert_with(|| Uses {
            key: request.key,
            secret: request.secret,
            requests: 0,
            last_ms: i64::MIN,
            address: None,
            user_agent: String::new(),
        });
        uses.requests += 1;
        if request.at_ms >= uses.last_ms {
            uses.last_ms = request.at_ms;
            uses.address = request.address;
            request.user_agent.clone_into(&mut uses.user_agent);
        }
        let day = request.at_ms.div_euclid(DAY_MS);
        for owner in [request.workspace.uuid(), request.key.uuid()] {
            *self.requests.entry((owner, day, request.class)).or_default() += 1;
        }
    }

    /// In the order of the links: two that write them meet in the same order.
    pub(crate) fn clicks(&self) -> Vec<LinkClicks> {
        let mut clicks: Vec<LinkClicks> = self.links.values().copied().collect();
        clicks.sort_unstable_by_key(|clicks| clicks.link);
        clicks
    }

    /// In the order of the keys.
    pub(crate) fn uses(&self) -> Vec<Uses> {
        let mut uses: Vec<Uses> = self.uses.values().cloned().collect();
        uses.sort_unstable_by_key(|uses| (uses.key, uses.secret));
        uses
    }

    pub(super) fn requests(&self) -> Vec<DayRequests> {
        let days = self.requests.iter().map(|((owner, day, class), requests)| DayRequests {
            owner: *owner,
            day: *day,
            class: *class as u8,
            requests: *requests,
        });
        let mut days: Vec<DayRequests> = days.collect();
        days.sort_unstable();
        days
    }
}
