//! The minute window: GCRA, the generic cell rate algorithm, with one number of state per caller.
//!
//! The state is the theoretical arrival time (TAT): when the bucket would be full again. There are no window
//! edges, so nothing bursts twice around one, and steady traffic below the rate is never refused.
//! Source: ITU-T I.371 annex A; remaining, reset and retry are reckoned as in github.com/brandur/redis-cell.

/// A rate: one token every `period_ns`, and room for `burst` of them.
///
/// Within any span of `s` nanoseconds at most `burst + s / period_ns` tokens are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gcra {
    pub period_ns: u64,
    pub burst: u32,
}

/// Theoretical arrival time in nanoseconds of the monotonic clock.
pub type Tat = u64;

/// What [`Gcra::check`] says. `remaining` is how many tokens could be taken at once now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Keep `tat` as the caller's new state. Full again in `reset_ns`.
    Allowed { tat: Tat, remaining: u32, reset_ns: u64 },
    /// The state stays. Worth trying again in `retry_after_ns`, or never: [`Gcra::NEVER`].
    Refused { remaining: u32, retry_after_ns: u64, reset_ns: u64 },
}

impl Gcra {
    /// `retry_after_ns` of a cost greater than the burst: waiting does not help.
    pub const NEVER: u64 = u64::MAX;

    /// `quota` tokens a minute. Rounded so that never more than the quota comes in, not even by a nanosecond.
    pub const fn per_minute(quota: std::num::NonZeroU32, burst: u32) -> Self {
        Self { period_ns: 60_000_000_000_u64.div_ceil(quota.get() as u64), burst }
    }

    /// Decides over `cost` tokens at `now_ns`. Pure: the caller keeps the state, and keeps it only if allowed.
    ///
    /// A cost of 0 is always allowed and tells where the caller stands. A state further ahead than a full
    /// burst cannot come from this rate (the limit was lowered, the clock began anew) and counts as a full burst:
    /// nobody waits longer than it takes to fill an empty bucket.
    pub fn check(&self, state: Option<Tat>, now_ns: u64, cost: u32) -> Decision {
        let tolerance = self.period_ns.saturating_mul(self.burst.into());
        // The end of the clock is 584 years away; saturating there refuses, it does not admit.
        let tat = state.unwrap_or(now_ns).clamp(now_ns, now_ns.saturating_add(tolerance));
        let increment = self.period_ns.saturating_mul(cost.into());
        let backlog = tat - now_ns;

        let wanted = backlog.saturating_add(increment);
        if cost > 0 && (wanted > tolerance || self.burst == 0) {
            let retry_after_ns = if cost > self.burst { Self::NEVER } else { wanted - tolerance };
            return Decision::Refused {
                remaining: self.tokens(tolerance - backlog),
                retry_after_ns,
                reset_ns: backlog,
            };
        }
        Decision::Allowed {
            tat: now_ns.saturating_add(wanted),
            remaining: self.tokens(tolerance - wanted),
            reset_ns: wanted,
        }
    }

    /// How many tokens fit into a span that is at most the burst's.
    fn tokens(&self, span_ns: u64) -> u32 {
        let tokens = span_ns.checked_div(self.period_ns).unwrap_or(self.burst.into());
        u32::try_from(tokens).unwrap_or(u32::MAX).min(self.burst)
    }
}

#[cfg(test)]
#[path = "limit_tests.rs"]
mod tests;
