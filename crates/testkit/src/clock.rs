//! Time that stands still until a test moves it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tessera_types::{Clock, Timestamp};

/// When every test begins: 2026-02-15T10:30:00Z.
pub const START: Timestamp = Timestamp::constant(1_771_151_400, 0);

pub struct TestClock(Mutex<Hands>);

struct Hands {
    now: Timestamp,
    monotonic_ns: u64,
}

impl Default for TestClock {
    fn default() -> Self {
        Self(Mutex::new(Hands { now: START, monotonic_ns: 1_000_000_000 }))
    }
}

impl TestClock {
    /// Lets time pass: wall clock and monotonic clock together.
    pub fn advance(&self, by: Duration) {
        let mut hands = self.hands();
        hands.now = hands.now.checked_add(by).expect("a test stays within the calendar");
        hands.monotonic_ns += u64::try_from(by.as_nanos()).expect("a test lasts less than 500 years");
    }

    /// Sets the wall clock as an administrator would: forwards or back, while the monotonic clock stays.
    pub fn set(&self, now: Timestamp) {
        self.hands().now = now;
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.hands().now
    }

    fn monotonic_ns(&self) -> u64 {
        self.hands().monotonic_ns
    }
}
