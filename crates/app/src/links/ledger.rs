//! Clicks as they are known this instant; the database follows a few seconds behind, from the event log.
//!
//! A counter outlives the cache entry that uses it, so an edit between a click and its flush loses nothing. It
//! holds one running total: what was flushed is a second number, and the difference still stands in the log only.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tessera_events::Trigger;
use tessera_types::{LinkId, Timestamp, from_millis, to_millis};

use super::model::Link;
use crate::events::LinkClicks;

const SHARDS: usize = 64;
/// Flushes that a counter without use is kept: minutes. Far longer than any database read takes, so whoever fills
/// the cache from an older row still finds the counter that knows better.
const IDLE_FLUSHES_MAX: u8 = 60;

/// The clicks of one link.
pub(super) struct Counter {
    total: AtomicU64,
    /// Those of the total that came by a QR code.
    scans: AtomicU64,
    flushed: AtomicU64,
    /// Milliseconds since 1970; the minimum means never.
    last_ms: AtomicI64,
    /// The same of scans.
    last_scan_ms: AtomicI64,
}

impl Counter {
    /// One atomic addition, and another for a scan: a redirect does nothing cheaper.
    pub(super) fn count(&self, trigger: Trigger, now: Timestamp) {
        self.total.fetch_add(1, Ordering::Relaxed);
        self.note(trigger, now);
    }

    /// Counts if fewer than `max` were counted before: of any number of visitors at once, exactly `max` get
    /// through.
    pub(super) fn claim(&self, max: u64, trigger: Trigger, now: Timestamp) -> bool {
        let next = |total| (total < max).then_some(total + 1);
        let is_claimed = self.total.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok();
        if is_claimed {
            self.note(trigger, now);
        }
        is_claimed
    }

    /// Undoes one count: its event could not be kept.
    pub(super) fn take_back(&self, trigger: Trigger) {
        self.total.fetch_sub(1, Ordering::Relaxed);
        if trigger == Trigger::Qr {
            self.scans.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn note(&self, trigger: Trigger, now: Timestamp) {
        self.last_ms.store(to_millis(now), Ordering::Relaxed);
        if trigger == Trigger::Qr {
            self.last_scan_ms.store(to_millis(now), Ordering::Relaxed);
            self.scans.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    pub(super) fn scans(&self) -> u64 {
        self.scans.load(Ordering::Relaxed)
    }

    pub(super) fn last_clicked_at(&self) -> Option<Timestamp> {
        moment(&self.last_ms)
    }

    pub(super) fn last_scanned_at(&self) -> Option<Timestamp> {
        moment(&self.last_scan_ms)
    }

    fn pending(&self) -> u64 {
        self.total().saturating_sub(self.flushed.load(Ordering::Relaxed))
    }
}

fn moment(millis: &AtomicI64) -> Option<Timestamp> {
    Some(millis.load(Ordering::Relaxed)).filter(|last| *last != i64::MIN).map(from_millis)
}

/// What a row says was counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) clicks: u64,
    pub(super) scans: u64,
    pub(super) last_clicked_at: Option<Timestamp>,
    pub(super) last_scanned_at: Option<Timestamp>,
}

impl Counts {
    pub(super) fn of(link: &Link) -> Self {
        Self {
            clicks: link.clicks,
            scans: link.scans,
            last_clicked_at: link.last_clicked_at,
            last_scanned_at: link.last_scanned_at,
        }
    }
}

struct Entry {
    counter: Arc<Counter>,
    idle_flushes: u8,
}

/// Every counter in use.
pub(super) struct Ledger {
    shards: Vec<RwLock<HashMap<LinkId, Entry>>>,
}

impl Ledger {
    pub(super) fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| RwLock::default()).collect() }
    }

    /// The link's counter, begun from what its row says if there is none yet.
    pub(super) fn counter(&self, link: LinkId, counts: Counts) -> Arc<Counter> {
        let mut shard = self.shard(link).write().unwrap_or_else(PoisonError::into_inner);
        let begin = || Entry {
            counter: Arc::new(Counter {
                total: AtomicU64::new(counts.clicks),
                scans: AtomicU64::new(counts.scans),
                flushed: AtomicU64::new(counts.clicks),
                last_ms: AtomicI64::new(counts.last_clicked_at.map_or(i64::MIN, to_millis)),
                last_scan_ms: AtomicI64::new(counts.last_scanned_at.map_or(i64::MIN, to_millis)),
            }),
            idle_flushes: 0,
        };
        let entry = shard.entry(link).or_insert_with(begin);
        entry.idle_flushes = 0;
        Arc::clone(&entry.counter)
    }

    /// The counter of a link that was visited lately.
    pub(super) fn find(&self, link: LinkId) -> Option<Arc<Counter>> {
        let shard = self.shard(link).read().unwrap_or_else(PoisonError::into_inner);
        shard.get(&link).map(|entry| Arc::clone(&entry.counter))
    }

    /// Takes note of what is in the database by now, and forgets counters that nobody holds and nothing waits in.
    pub(super) fn settle(&self, written: &[LinkClicks]) {
        for written in written {
            if let Some(counter) = self.find(written.link) {
                counter.flushed.fetch_add(written.clicks, Ordering::Relaxed);
            }
        }
        for shard in &self.shards {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            shard.retain(|_, Entry { counter, idle_flushes }| {
                let is_idle = counter.pending() == 0 && Arc::strong_count(counter) == 1;
                *idle_flushes = if is_idle { idle_flushes.saturating_add(1) } else { 0 };
                *idle_flushes <= IDLE_FLUSHES_MAX
            });
        }
    }

    fn shard(&self, link: LinkId) -> &RwLock<HashMap<LinkId, Entry>> {
        // The last bits of an id are chance, so they spread by themselves.
        &self.shards[link.uuid().as_u128() as usize % SHARDS]
    }
}

#[cfg(test)]
mod tests {
    use tessera_types::SeededChance;

    use super::*;

    fn link() -> LinkId {
        LinkId::new(now(), &SeededChance::new(1))
    }

    fn now() -> Timestamp {
        from_millis(1_750_000_000_000)
    }

    fn settle(ledger: &Ledger, clicks: u64) {
        ledger.settle(&[LinkClicks { clicks, last_ms: to_millis(now()), ..LinkClicks::none_of(link()) }]);
    }

    #[test]
    fn whoever_fills_from_an_older_row_gets_the_counter_that_knows_better() {
        let ledger = Ledger::new();
        let row = Counts { clicks: 7, scans: 3, ..Counts::default() };
        ledger.counter(link(), row).count(Trigger::Link, now());
        ledger.counter(link(), row).count(Trigger::Qr, now());
        let counter = ledger.counter(link(), row);
        assert_eq!((counter.total(), counter.scans()), (9, 4));
        counter.take_back(Trigger::Qr);
        assert_eq!((counter.total(), counter.scans()), (8, 3));
    }

    #[test]
    fn a_counter_is_forgotten_after_many_flushes_without_use_and_not_while_it_is_held_or_owes() {
        let ledger = Ledger::new();
        let held = ledger.counter(link(), Counts::default());
        for _ in 0..200 {
            ledger.settle(&[]);
        }
        assert!(ledger.find(link()).is_some());
        held.count(Trigger::Link, now());
        drop(held);
        for _ in 0..200 {
            ledger.settle(&[]);
        }
        assert!(ledger.find(link()).is_some());
        settle(&ledger, 1);
        for _ in 0..59 {
            ledger.settle(&[]);
        }
        assert!(ledger.find(link()).is_some());
        ledger.settle(&[]);
        assert!(ledger.find(link()).is_none());
    }

    #[test]
    fn of_many_visitors_at_once_exactly_as_many_as_allowed_get_through() {
        let ledger = Ledger::new();
        let counter = ledger.counter(link(), Counts::default());
        let through: usize = std::thread::scope(|scope| {
            let visits: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| (0..100).filter(|_| counter.claim(37, Trigger::Qr, now())).count()))
                .collect();
            visits.into_iter().map(|visits| visits.join().unwrap()).sum()
        });
        assert_eq!((through, counter.total(), counter.scans()), (37, 37, 37));
    }
}
