//! The windows of one owner, a workspace or a key: what was used, what is left, when it comes back. No I/O.
//!
//! Day and month are those of the calendar in UTC, counted exactly. They only ever move forward: a clock that steps
//! back finds the window it left, as full as it was, so that no step opens a window twice. A restart believes the
//! clock anew. The minute runs on the monotonic clock and knows no edges and no steps.

use jiff::ToSpan;
use jiff::civil::Date;
use std::num::NonZeroU32;
use std::sync::Arc;
use tessera_events::CallClass;
use tessera_keys::{Decision, Gcra, Tat};

use crate::settings::{Limits, Plan};

const DAY_MS: i64 = 86_400_000;
const DAY_SECONDS: u64 = 86_400;
/// Counts of an owner that was not heard of for so long may be forgotten.
const IDLE_NS: u64 = 3_600_000_000_000;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// One counter for each class of calls, and one for all of them.
const SLOTS: usize = CallClass::ALL.len() + 1;
const ALL: usize = CallClass::ALL.len();

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    Minute,
    Day,
    Month,
}

impl Window {
    pub const ALL: [Self; 3] = [Self::Minute, Self::Day, Self::Month];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// As told in `RateLimit-Policy`; a month is told as 30 days and is the calendar's.
    pub const fn seconds(self) -> u64 {
        match self {
            Self::Minute => 60,
            Self::Day => DAY_SECONDS,
            Self::Month => 30 * DAY_SECONDS,
        }
    }
}

/// Whose limit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The workspace's plan, over all of its keys.
    Plan,
    /// The key itself.
    Key,
}

/// The limits in force for a request. Read anew for each, so a change acts on the next one.
#[derive(Debug, Clone)]
pub struct Terms {
    pub plan: Arc<Plan>,
    /// The key's own.
    pub own: Limits,
}

/// A limit and the counter it is held against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    pub owner: Owner,
    /// `None`: calls of every class.
    pub class: Option<CallClass>,
    pub limits: Limits,
}

impl Terms {
    pub(super) fn bounds(&self, class: CallClass) -> impl Iterator<Item = Bound> {
        let of_class = match class {
            CallClass::Read => self.plan.reads,
            CallClass::Write => self.plan.writes,
            CallClass::Delete => self.plan.deletes,
            CallClass::Report => self.plan.reports,
        };
        let bounds = [
            Bound { owner: Owner::Plan, class: None, limits: self.plan.requests },
            Bound { owner: Owner::Plan, class: Some(class), limits: of_class },
            Bound { owner: Owner::Key, class: None, limits: self.own },
        ];
        bounds.into_iter().filter(|bound| !bound.limits.is_unlimited())
    }
}

/// When something is decided, by both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub at_ms: i64,
    pub monotonic_ns: u64,
}

impl Moment {
    pub fn now(app: &crate::App) -> Self {
        Self { at_ms: tessera_types::to_millis(app.now()), monotonic_ns: app.monotonic_ns() }
    }

    /// Days since 1970-01-01, in UTC.
    pub fn day(self) -> i32 {
        day_of(self.at_ms)
    }
}

pub(super) fn day_of(at_ms: i64) -> i32 {
    i32::try_from(at_ms.div_euclid(DAY_MS)).unwrap_or(i32::MAX)
}

/// The first day of the day's month, and of the month after it.
pub(super) fn month_of(day: i32) -> (i32, i32) {
    let date = EPOCH.saturating_add(i64::from(day).days()).first_of_month();
    let number = |date: Date| EPOCH.until(date).map_or(i32::MAX, |span| span.get_days());
    (number(date), number(date.saturating_add(1.month())))
}

/// How one limit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    pub window: Window,
    pub owner: Owner,
    pub class: Option<CallClass>,
    pub quota: u64,
    /// How many more requests would be admitted right now.
    pub remaining: u64,
    /// Until the whole quota is there again.
    pub reset_seconds: u64,
}

/// Requests that count, of one day or month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Used {
    pub all: u64,
    /// In the order of [`CallClass::ALL`].
    pub by_class: [u64; CallClass::ALL.len()],
}

/// The limit that a request would break; of several, the one that takes longest to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    pub window: Window,
    pub owner: Owner,
    pub class: Option<CallClass>,
    pub quota: u64,
    pub retry_after_seconds: u64,
}

/// What one owner has used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counts {
    day: i32,
    month_first: i32,
    month_end: i32,
    by_day: [u64; SLOTS],
    by_month: [u64; SLOTS],
    tats: [Tat; SLOTS],
    /// The day on which, or the first of the month in which, this owner last reached each window.
    reached: [i32; Window::ALL.len()],
    used_ns: u64,
}

/// Where in the calendar a request was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    day: i32,
    month_first: i32,
}

impl Counts {
    /// As stored, for the month of `day`: rows of (day, class, requests).
    pub fn begin(day: i32, rows: impl Iterator<Item = (i32, CallClass, u64)>) -> Self {
        let (month_first, month_end) = month_of(day);
        let mut counts = Self {
            day,
            month_first,
            month_end,
            by_day: [0; SLOTS],
            by_month: [0; SLOTS],
            tats: [0; SLOTS],
            reached: [i32::MIN; Window::ALL.len()],
            used_ns: 0,
        };
        for (of, class, requests) in rows.filter(|(of, ..)| (month_first..month_end).contains(of)) {
            for slot in [ALL, class as usize] {
                counts.by_month[slot] += requests;
                if of == day {
                    counts.by_day[slot] += requests;
                }
            }
        }
        counts
    }

    /// Moves on to the windows of `day`, and never back.
    pub fn roll(&mut self, day: i32) {
        if day <= self.day {
            return;
        }
        self.day = day;
        self.by_day = [0; SLOTS];
        if day >= self.month_end {
            (self.month_first, self.month_end) = month_of(day);
            self.by_month = [0; SLOTS];
        }
    }

    /// What this bound says to one more request: the window that takes longest to wait for, so that whoever waits as
    /// long as told is not sent away by another one.
    pub fn refusal(&self, bound: &Bound, now: Moment) -> Option<Refused> {
        let slot = slot(bound.class);
        let Limits { per_minute, per_day, per_month, .. } = bound.limits;
        let refused = |window, quota, retry_after_seconds| {
            let Bound { owner, class, .. } = *bound;
            Refused { window, owner, class, quota, retry_after_seconds }
        };
        let minute = rate(&bound.limits).and_then(|rate| {
            match rate.check(Some(self.tats[slot]), now.monotonic_ns, 1) {
                Decision::Allowed { .. } => None,
                Decision::Refused { retry_after_ns, .. } => {
                    Some(refused(Window::Minute, per_minute.into(), seconds(retry_after_ns).max(1)))
                }
            }
        });
        let day = is_full(self.by_day[slot], per_day)
            .then(|| refused(Window::Day, per_day, seconds_to(self.day + 1, now)));
        let month = is_full(self.by_month[slot], per_month)
            .then(|| refused(Window::Month, per_month, seconds_to(self.month_end, now)));
        [minute, day, month].into_iter().flatten().max_by_key(|refused| refused.retry_after_seconds)
    }

    /// Takes one token of the bound's minute, which is there.
    pub fn take(&mut self, bound: &Bound, now: Moment) {
        let slot = slot(bound.class);
        if let Some(rate) = rate(&bound.limits)
            && let Decision::Allowed { tat, .. } = rate.check(Some(self.tats[slot]), now.monotonic_ns, 1)
        {
            self.tats[slot] = tat;
        }
    }

    pub fn give_back_token(&mut self, bound: &Bound) {
        if let Some(rate) = rate(&bound.limits) {
            let tat = &mut self.tats[slot(bound.class)];
            *tat = tat.saturating_sub(rate.period_ns);
        }
    }

    /// Counts one request, whatever the limits say.
    pub fn count(&mut self, class: CallClass, now: Moment) -> Counted {
        for slot in [ALL, class as usize] {
            self.by_day[slot] += 1;
            self.by_month[slot] += 1;
        }
        self.used_ns = now.monotonic_ns;
        Counted { day: self.day, month_first: self.month_first }
    }

    /// Takes one request off again, in the windows it was counted in if they are still open.
    pub fn uncount(&mut self, class: CallClass, counted: Counted) {
        for slot in [ALL, class as usize] {
            if counted.day == self.day {
                self.by_day[slot] = self.by_day[slot].saturating_sub(1);
            }
            if counted.month_first == self.month_first {
                self.by_month[slot] = self.by_month[slot].saturating_sub(1);
            }
        }
    }

    /// How each window of the bound stands, without taking anything.
    pub fn stands(&self, bound: &Bound, now: Moment) -> [Option<Stand>; 3] {
        let slot = slot(bound.class);
        let stand = |window, quota: u64, remaining, reset_seconds| {
            let Bound { owner, class, .. } = *bound;
            (quota > 0).then_some(Stand { window, owner, class, quota, remaining, reset_seconds })
        };
        let minute = rate(&bound.limits).and_then(|rate| {
            let decision = rate.check(Some(self.tats[slot]), now.monotonic_ns, 0);
            let (Decision::Allowed { remaining, reset_ns, .. }
            | Decision::Refused { remaining, reset_ns, .. }) = decision;
            stand(Window::Minute, bound.limits.per_minute.into(), remaining.into(), seconds(reset_ns))
        });
        let Limits { per_day, per_month, .. } = bound.limits;
        let day = per_day.saturating_sub(self.by_day[slot]);
        let month = per_month.saturating_sub(self.by_month[slot]);
        [
            minute,
            stand(Window::Day, per_day, day, seconds_to(self.day + 1, now)),
            stand(Window::Month, per_month, month, seconds_to(self.month_end, now)),
        ]
    }

    /// Nothing was counted for an hour, and every minute is full again.
    pub fn is_resting(&self, now: Moment) -> bool {
        self.used_ns.saturating_add(IDLE_NS) <= now.monotonic_ns
            && self.tats.iter().all(|tat| *tat <= now.monotonic_ns)
    }

    /// What was used of the day and of the month.
    pub fn used(&self) -> [Used; 2] {
        [self.by_day, self.by_month].map(|slots| Used {
            all: slots[ALL],
            by_class: CallClass::ALL.map(|class| slots[class as usize]),
        })
    }

    /// `Some` the first time this window is reached: the first day of the period, for a minute that of its day.
    pub fn note_reached(&mut self, window: Window) -> Option<i32> {
        let period = if window == Window::Month { self.month_first } else { self.day };
        let told = &mut self.reached[window as usize];
        (std::mem::replace(told, period) != period).then_some(period)
    }
}

fn slot(class: Option<CallClass>) -> usize {
    class.map_or(ALL, |class| class as usize)
}

fn is_full(used: u64, quota: u64) -> bool {
    quota > 0 && used >= quota
}

fn rate(limits: &Limits) -> Option<Gcra> {
    let quota = NonZeroU32::new(limits.per_minute)?;
    Some(Gcra::per_minute(quota, if limits.burst == 0 { limits.per_minute } else { limits.burst }))
}

fn seconds(ns: u64) -> u64 {
    ns.div_ceil(1_000_000_000)
}

/// From now to the beginning of the day, rounded up: who waits so long does not come too early.
fn seconds_to(day: i32, now: Moment) -> u64 {
    let left_ms = i64::from(day).saturating_mul(DAY_MS).saturating_sub(now.at_ms);
    u64::try_from(left_ms).unwrap_or(0).div_ceil(1_000).max(1)
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
