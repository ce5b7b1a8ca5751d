//! What `limit.rs` promises, as tests.

use std::num::NonZeroU32;

use proptest::prelude::*;
use serde_json::Value;

use super::*;

const SECOND: u64 = 1_000_000_000;

fn ns(seconds: &Value) -> u64 {
    (seconds.as_f64().unwrap() * 1e9).round() as u64
}

#[test]
fn the_table_of_redis_cell_holds() {
    let table: Value = serde_json::from_str(include_str!("../vectors/gcra.json")).unwrap();
    let gcra = Gcra { period_ns: ns(&table["emission_s"]), burst: table["limit"].as_u64().unwrap() as u32 };
    let mut state = None;
    for (number, step) in table["steps"].as_array().unwrap().iter().enumerate() {
        let cost = step["qty"].as_u64().unwrap() as u32;
        let (limited, remaining, reset, retry) = match gcra.check(state, ns(&step["at"]), cost) {
            Decision::Allowed { tat, remaining, reset_ns } => {
                state = Some(tat);
                (false, remaining, reset_ns, None)
            }
            Decision::Refused { remaining, retry_after_ns, reset_ns } => {
                (true, remaining, reset_ns, (retry_after_ns != Gcra::NEVER).then_some(retry_after_ns))
            }
        };
        assert_eq!(limited, step["limited"], "step {number}");
        assert_eq!(u64::from(remaining), step["remaining"], "step {number}");
        assert_eq!(retry, step.get("retry").map(ns), "step {number}");
        assert_eq!(reset, step.get("reset").map_or(0, ns), "step {number}");
    }
}

/// The moments at which one token each was given out.
fn admitted(gcra: Gcra, moments: impl IntoIterator<Item = u64>) -> Vec<u64> {
    let mut state = None;
    let mut admitted = Vec::new();
    for now in moments {
        if let Decision::Allowed { tat, .. } = gcra.check(state, now, 1) {
            state = Some(tat);
            admitted.push(now);
        }
    }
    admitted
}

#[test]
fn t11_a_burst_on_each_side_of_a_minute_is_one_burst() {
    let gcra = Gcra::per_minute(NonZeroU32::new(600).unwrap(), 600);
    // 600 in the last 10 ms of one minute, 600 in the first 10 ms of the next: a fixed window admits 1200.
    let edge = 60 * SECOND;
    let moments = (0..1200u64).map(|n| edge - 10_000_000 + n * 16_667);
    assert_eq!(admitted(gcra, moments).len(), 600);
}

#[test]
fn t12_steady_traffic_just_below_the_limit_is_never_refused() {
    for (quota, burst) in [(1, 1), (7, 1), (60, 5), (600, 600), (999, 3)] {
        let gcra = Gcra::per_minute(NonZeroU32::new(quota).unwrap(), burst);
        let total = u64::from(quota) * 10;
        let moments = (0..total).map(|n| n * (gcra.period_ns + 1));
        assert_eq!(admitted(gcra, moments).len() as u64, total, "{quota} a minute, burst {burst}");
    }
}

#[test]
fn a_cost_beyond_the_burst_never_fits_and_none_fit_into_no_burst() {
    let gcra = Gcra { period_ns: SECOND, burst: 5 };
    assert_eq!(
        gcra.check(None, 0, 6),
        Decision::Refused { remaining: 5, retry_after_ns: Gcra::NEVER, reset_ns: 0 }
    );
    let closed = Gcra { period_ns: SECOND, burst: 0 };
    assert!(matches!(closed.check(None, 0, 1), Decision::Refused { retry_after_ns: Gcra::NEVER, .. }));
}

#[test]
fn t32_a_state_from_another_clock_waits_at_most_one_full_burst() {
    let gcra = Gcra { period_ns: SECOND, burst: 5 };
    assert_eq!(
        gcra.check(Some(u64::MAX), 1000 * SECOND, 1),
        Decision::Refused { remaining: 0, retry_after_ns: SECOND, reset_ns: 5 * SECOND }
    );
}

#[test]
fn odd_quotas_are_rounded_so_that_nothing_too_many_comes_in() {
    let gcra = Gcra::per_minute(NonZeroU32::new(7).unwrap(), 1);
    assert_eq!(gcra.period_ns, 8_571_428_572);
    let greedy = (0..60_000u64).map(|n| n * SECOND / 1000);
    assert_eq!(admitted(gcra, greedy).len(), 7);
}

proptest! {
    #[test]
    fn no_span_admits_more_than_burst_and_rate(
        period_ns in 1u64..1000, burst in 1u32..20,
        gaps in proptest::collection::vec(prop_oneof![3 => 0u64..3, 2 => 0u64..500, 1 => 0u64..20_000], 1..300),
    ) {
        let gcra = Gcra { period_ns, burst };
        let moments = gaps.iter().scan(0, |now, gap| { *now += gap; Some(*now) });
        let admitted = admitted(gcra, moments);
        for (first, &from) in admitted.iter().enumerate() {
            for (last, &to) in admitted.iter().enumerate().skip(first) {
                let count = (last - first + 1) as u64;
                prop_assert!(count <= u64::from(burst) + (to - from) / period_ns);
            }
        }
    }

    #[test]
    fn waiting_as_told_is_enough_and_less_is_not(
        period_ns in 1u64..1000, burst in 1u32..20, used in 0u32..20, cost in 1u32..20, now in 0u64..100_000,
    ) {
        let gcra = Gcra { period_ns, burst };
        let state = match gcra.check(None, now, used.min(burst)) {
            Decision::Allowed { tat, .. } => Some(tat),
            Decision::Refused { .. } => unreachable!(),
        };
        match gcra.check(state, now, cost) {
            Decision::Allowed { remaining, .. } => prop_assert_eq!(remaining, burst - used.min(burst) - cost),
            Decision::Refused { retry_after_ns: Gcra::NEVER, .. } => prop_assert!(cost > burst),
            Decision::Refused { retry_after_ns, remaining, .. } => {
                prop_assert!(remaining < cost);
                let admits = |at| matches!(gcra.check(state, at, cost), Decision::Allowed { .. });
                prop_assert!(admits(now + retry_after_ns));
                prop_assert!(!admits(now + retry_after_ns - 1));
            }
        }
    }

    #[test]
    fn no_numbers_panic(period_ns: u64, burst: u32, state: Option<u64>, now: u64, cost: u32) {
        match (Gcra { period_ns, burst }).check(state, now, cost) {
            Decision::Allowed { remaining, tat, .. } => prop_assert!(remaining <= burst && tat >= now),
            Decision::Refused { remaining, .. } => prop_assert!(remaining <= burst),
        }
    }
}
