//! The limiter against a slow obvious one, and against many at once.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;

use super::*;
use crate::settings::{Limits, Plan};

const MINUTE_NS: u64 = 60_000_000_000;
const DAY_MS: i64 = 86_400_000;
/// 2026-02-26T00:00:00Z: a few days before the end of a month.
const START_MS: i64 = 20_510 * DAY_MS;

fn terms(plan: Plan, own: Limits) -> Terms {
    Terms { plan: Arc::new(plan), own }
}

fn moment(passed_ms: i64) -> Moment {
    let monotonic_ns = u64::try_from(passed_ms + 1_000).unwrap() * 1_000_000;
    Moment { at_ms: START_MS + passed_ms, monotonic_ns }
}

/// A limiter that knows one workspace with so many keys, all of them new.
fn new(keys: u128) -> (Limiter, Vec<Metered>) {
    let limiter = Limiter::default();
    let workspace_id = WorkspaceId::from_uuid(Uuid::from_u128(1));
    let fresh = |owner| limiter.keep(owner, Counts::begin(moment(0).day(), std::iter::empty()));
    let workspace = fresh(workspace_id.uuid());
    let metered = (0..keys)
        .map(|key| {
            let key_id = ApiKeyId::from_uuid(Uuid::from_u128(100 + key));
            Metered { workspace_id, key_id, workspace: Arc::clone(&workspace), key: fresh(key_id.uuid()) }
        })
        .collect();
    (limiter, metered)
}

#[test]
fn t13_many_at_once_are_admitted_to_the_quota_and_never_beyond() {
    const THREADS: u64 = 4;
    for quota in [10, 100, 1_000, 10_000] {
        for load_pct in [90, 100, 150, 200] {
            let (limiter, keys) = new(2);
            let asked = quota * load_pct / 100;
            let plan = Plan { requests: Limits { per_month: quota, ..Limits::NONE }, ..Plan::default() };
            let terms = terms(plan, Limits::NONE);
            let (left, admitted) = (AtomicU64::new(asked), AtomicU64::new(0));
            let ask = |thread: u64| {
                let one_less = |left: u64| left.checked_sub(1);
                while left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok() {
                    let key = &keys[usize::from(thread.is_multiple_of(2))];
                    if limiter.reserve(key, &terms, CallClass::Read, moment(0)).is_ok() {
                        admitted.fetch_add(1, Ordering::SeqCst);
                    }
                }
            };
            std::thread::scope(|scope| {
                for thread in 0..THREADS {
                    scope.spawn(move || ask(thread));
                }
            });
            assert_eq!(admitted.into_inner(), asked.min(quota), "quota {quota}, load {load_pct} %");
        }
    }
}

#[test]
fn a_place_given_back_is_there_again_in_every_window() {
    let (limiter, keys) = new(1);
    let one = Limits { per_minute: 1, burst: 1, per_day: 1, per_month: 1 };
    let terms = terms(Plan { requests: one, writes: one, ..Plan::default() }, one);
    for _ in 0..3 {
        let place = limiter.reserve(&keys[0], &terms, CallClass::Write, moment(0)).unwrap();
        assert!(limiter.reserve(&keys[0], &terms, CallClass::Write, moment(0)).is_err());
        limiter.give_back(&keys[0], &terms, &place, moment(0));
    }
}

#[test]
fn a_limit_is_noted_once_until_its_period_is_over() {
    let (limiter, keys) = new(1);
    let plan = Plan { requests: Limits { per_day: 1, ..Limits::NONE }, ..Plan::default() };
    let terms = terms(plan, Limits::NONE);
    let ask = |passed_ms| limiter.reserve(&keys[0], &terms, CallClass::Read, moment(passed_ms)).is_ok();
    assert!(ask(0));
    assert!(limiter.take_reached().is_empty());
    assert!(!ask(1) && !ask(2));
    let reached = limiter.take_reached();
    assert_eq!(reached.len(), 1);
    assert_eq!((reached[0].refused.window, reached[0].period), (Window::Day, moment(0).day()));
    limiter.put_back(reached.clone());
    assert_eq!(limiter.take_reached(), reached);
    assert!(ask(DAY_MS) && !ask(DAY_MS + 1));
    assert_eq!(limiter.take_reached().len(), 1);
}

/// A request that was admitted and not given back.
#[derive(Debug, Clone, Copy)]
struct Admitted {
    at: Moment,
    key: usize,
    class: CallClass,
}

/// All that was admitted, and rules read off the documentation.
#[derive(Debug, Default)]
struct Obvious(Vec<Admitted>);

impl Obvious {
    fn admits(&self, terms: &Terms, key: usize, class: CallClass, now: Moment) -> bool {
        terms.bounds(class).all(|bound| {
            let counted = self.0.iter().filter(|admitted| {
                (bound.owner == Owner::Plan || admitted.key == key)
                    && bound.class.is_none_or(|class| admitted.class == class)
            });
            let counted: Vec<&Admitted> = counted.collect();
            let day = counted.iter().filter(|admitted| admitted.at.day() == now.day()).count() as u64;
            let month = month_of(now.day());
            let month = counted.iter().filter(|admitted| month_of(admitted.at.day()) == month).count() as u64;
            let Limits { per_day, per_month, .. } = bound.limits;
            (per_day == 0 || day < per_day)
                && (per_month == 0 || month < per_month)
                && minute_admits(&bound.limits, &counted, now)
        })
    }
}

/// From any earlier request on, no more than the burst and what came back since: threat 12 and the guide's words.
fn minute_admits(limits: &Limits, counted: &[&Admitted], now: Moment) -> bool {
    let Some(per_minute) = NonZeroU32::new(limits.per_minute) else { return true };
    let period_ns = u128::from(MINUTE_NS.div_ceil(u64::from(per_minute.get())));
    let burst = u128::from(if limits.burst == 0 { limits.per_minute } else { limits.burst });
    (0..counted.len()).all(|from| {
        let since_ns = u128::from(now.monotonic_ns - counted[from].at.monotonic_ns);
        let taken = (counted.len() - from + 1) as u128;
        taken * period_ns <= burst * period_ns + since_ns
    })
}

fn some_limits() -> impl Strategy<Value = Limits> {
    (0..6_u32, 0..4_u32, 0..8_u64, 0..12_u64).prop_map(|(per_minute, burst, per_day, per_month)| Limits {
        per_minute,
        burst: if per_minute == 0 { 0 } else { burst },
        per_day,
        per_month,
    })
}

fn some_plan() -> impl Strategy<Value = Plan> {
    (some_limits(), some_limits(), some_limits()).prop_map(|(requests, reads, writes)| Plan {
        requests,
        reads,
        writes,
        ..Plan::default()
    })
}

/// How long after the one before, with which key, what class, and whether the handler refuses it.
fn some_call() -> impl Strategy<Value = (i64, usize, usize, bool)> {
    let pause = prop_oneof![4 => Just(0), 4 => 0..30_000_i64, 1 => 0..DAY_MS];
    (pause, 0..2_usize, 0..CallClass::ALL.len(), prop::bool::weighted(0.2))
}

proptest! {
    #[test]
    fn t09_t10_the_limiter_admits_what_the_rules_say_and_nothing_else(
        plan in some_plan(),
        own in [some_limits(), some_limits()],
        calls in prop::collection::vec(some_call(), 1..80),
    ) {
        let (limiter, keys) = new(2);
        let plan = Arc::new(plan);
        let mut obvious = Obvious::default();
        let mut passed_ms = 0;
        for (pause_ms, key, class, is_refused) in calls {
            passed_ms += pause_ms;
            let (now, class) = (moment(passed_ms), CallClass::ALL[class]);
            let terms = Terms { plan: Arc::clone(&plan), own: own[key] };
            let expected = obvious.admits(&terms, key, class, now);
            let place = limiter.reserve(&keys[key], &terms, class, now);
            prop_assert_eq!(place.is_ok(), expected, "{:?} of {:?} after {} ms", class, terms, passed_ms);
            match place {
                Ok(place) if is_refused => limiter.give_back(&keys[key], &terms, &place, now),
                Ok(_) => obvious.0.push(Admitted { at: now, key, class }),
                Err(refused) => {
                    // Who waits as long as told is let in, and not a second earlier.
                    let after = |seconds: u64| moment(passed_ms + i64::try_from(seconds).unwrap() * 1_000);
                    let wait = refused.retry_after_seconds;
                    prop_assert!(obvious.admits(&terms, key, class, after(wait)), "{:?}", refused);
                    prop_assert!(!obvious.admits(&terms, key, class, after(wait - 1)), "{:?}", refused);
                }
            }
        }
    }
}
