//! The operating system's clock and randomness: the one place where the program learns the time and draws.

use std::time::Instant;

use tessera_types::{Chance, Clock, Stream, Timestamp};

pub(crate) struct SystemClock {
    began: Instant,
}

impl SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
    pub(crate) fn new() -> Self {
        Self { began: Instant::now() }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn monotonic_ns(&self) -> u64 {
        // Enough for 584 years of uptime.
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// The kernel's generator; every stream draws from it alike.
pub(crate) struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, _: Stream, bytes: &mut [u8]) {
        // A machine without randomness must not hand out keys; it cannot fail once the kernel is up.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
