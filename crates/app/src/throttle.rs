//! Counts failures against whoever causes them: a network, an account.
//!
//! Only failures cost, so whoever knows a secret is never in the way of themselves. The memory is bounded:
//! entries whose failures are all forgiven are dropped first, and if none is, the table starts over, which
//! forgives everybody rather than growing under attack.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tessera_keys::{Decision, Gcra, Tat};

const ENTRIES_MAX: usize = 100_000;

pub struct Throttle<K> {
    rate: Gcra,
    states: Mutex<HashMap<K, Tat>>,
}

impl<K: Hash + Eq> Throttle<K> {
    /// `burst` failures at once, each forgiven after `forgiven_seconds`.
    pub fn new(burst: u32, forgiven_seconds: u32) -> Self {
        let rate =
            Gcra { period_ns: u64::from(forgiven_seconds.max(1)) * 1_000_000_000, burst: burst.max(1) };
        Self { rate, states: Mutex::default() }
    }

    /// Whether one more failure would be one too many; then, in how many seconds not.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn check(&self, who: &K, now_ns: u64) -> Result<(), u64> {
        match self.rate.check(self.states().get(who).copied(), now_ns, 1) {
            Decision::Allowed { .. } => Ok(()),
            Decision::Refused { retry_after_ns, .. } => Err(retry_after_ns.div_ceil(1_000_000_000)),
        }
    }

    /// Notes a failure. A throttle that is full already stays as full as it is.
    pub fn fail(&self, who: K, now_ns: u64) {
        let _ = self.claim(who, now_ns);
    }

    /// [`check`](Self::check) and [`fail`](Self::fail) in one step, for what must be claimed before it is tried:
    /// of a hundred attempts at once no more than the burst get through.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn claim(&self, who: K, now_ns: u64) -> Result<(), u64> {
        let mut states = self.states();
        if states.len() >= ENTRIES_MAX && !states.contains_key(&who) {
            states.retain(|_, tat| *tat > now_ns);
            if states.len() >= ENTRIES_MAX {
                states.clear();
            }
        }
        match self.rate.check(states.get(&who).copied(), now_ns, 1) {
            Decision::Allowed { tat, .. } => {
                states.insert(who, tat);
                Ok(())
            }
            Decision::Refused { retry_after_ns, .. } => Err(retry_after_ns.div_ceil(1_000_000_000)),
        }
    }

    /// Gives one claim back: it turned out to be no failure. Earlier failures stay, so that knowing one secret
    /// does not clear the way for guessing others.
    pub fn give_back(&self, who: &K) {
        if let Some(tat) = self.states().get_mut(who) {
            *tat = tat.saturating_sub(self.rate.period_ns);
        }
    }

    /// Forgives everything: the secret was right.
    pub fn forgive(&self, who: &K) {
        self.states().remove(who);
    }

    fn states(&self) -> MutexGuard<'_, HashMap<K, Tat>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn the_burst_is_exact_and_each_failure_is_forgiven_in_its_time() {
        let throttle = Throttle::new(3, 60);
        for _ in 0..3 {
            assert_eq!(throttle.claim("a", SECOND), Ok(()));
        }
        assert_eq!(throttle.claim("a", SECOND), Err(60));
        assert_eq!(throttle.claim("b", SECOND), Ok(()));
        assert_eq!(throttle.claim("a", 61 * SECOND), Ok(()));
        assert_eq!(throttle.claim("a", 61 * SECOND), Err(60));
        throttle.forgive(&"a");
        assert_eq!(throttle.claim("a", 61 * SECOND), Ok(()));
    }

    #[test]
    fn a_claim_given_back_forgives_one_failure_and_not_the_others() {
        let throttle = Throttle::new(3, 60);
        for _ in 0..3 {
            assert_eq!(throttle.claim("a", SECOND), Ok(()));
        }
        throttle.give_back(&"a");
        assert_eq!(throttle.claim("a", SECOND), Ok(()));
        assert_eq!(throttle.claim("a", SECOND), Err(60));
    }

    #[test]
    fn t24_a_flood_of_strangers_does_not_grow_the_table() {
        let throttle = Throttle::new(3, 60);
        for who in 0..250_000 {
            throttle.fail(who, SECOND);
        }
        assert!(throttle.states().len() <= ENTRIES_MAX);
    }
}
