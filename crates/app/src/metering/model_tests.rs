//! Windows at their edges: the last request that fits, the first that does not, and the moment it comes back.

use super::*;

/// 2026-02-28T23:59:59Z, a second before the end of a day and of a month.
const END_OF_FEBRUARY_MS: i64 = 1_772_323_199_000;
const FEBRUARY_28: i32 = 20_512;

fn at(at_ms: i64) -> Moment {
    Moment { at_ms, monotonic_ns: 1_000_000_000 }
}

fn fresh(day: i32) -> Counts {
    Counts::begin(day, std::iter::empty())
}

fn bound(limits: Limits) -> Bound {
    Bound { owner: Owner::Plan, class: None, limits }
}

/// Asks for one place, and takes it if it is there.
fn ask(counts: &mut Counts, bound: &Bound, now: Moment) -> Option<Refused> {
    counts.roll(now.day());
    let refusal = counts.refusal(bound, now);
    if refusal.is_none() {
        counts.take(bound, now);
        counts.count(CallClass::Read, now);
    }
    refusal
}

#[test]
fn a_day_belongs_to_its_month() {
    assert_eq!(day_of(END_OF_FEBRUARY_MS), FEBRUARY_28);
    assert_eq!(month_of(FEBRUARY_28), (20_485, 20_513));
    assert_eq!(month_of(FEBRUARY_28 + 1), (20_513, 20_544));
    // 2028 is a leap year: its February has 29 days.
    let leap_day = day_of(1_835_395_200_000);
    assert_eq!(month_of(leap_day), (leap_day - 28, leap_day + 1));
    assert_eq!(month_of(0), (0, 31));
    assert_eq!(month_of(-1), (-31, 0));
    assert_eq!(day_of(-1), -1);
}

#[test]
fn a_month_ends_at_midnight_and_the_wait_is_told_to_the_second() {
    let mut counts = fresh(FEBRUARY_28);
    let month = bound(Limits { per_month: 2, ..Limits::NONE });
    let now = at(END_OF_FEBRUARY_MS);
    assert_eq!(ask(&mut counts, &month, now), None);
    assert_eq!(ask(&mut counts, &month, now), None);
    let refused = ask(&mut counts, &month, now).unwrap();
    assert_eq!((refused.window, refused.quota, refused.retry_after_seconds), (Window::Month, 2, 1));
    assert_eq!(ask(&mut counts, &month, at(END_OF_FEBRUARY_MS + 999)).unwrap().retry_after_seconds, 1);
    assert_eq!(ask(&mut counts, &month, at(END_OF_FEBRUARY_MS + 1_000)), None);
    let [_, _, stand] = counts.stands(&month, at(END_OF_FEBRUARY_MS + 1_000));
    let stand = stand.unwrap();
    assert_eq!((stand.remaining, stand.reset_seconds), (1, 31 * 86_400));
}

#[test]
fn a_new_day_in_the_same_month_opens_the_day_and_not_the_month() {
    let mut counts = fresh(FEBRUARY_28 - 1);
    let both = bound(Limits { per_day: 2, per_month: 3, ..Limits::NONE });
    let day_before = at(END_OF_FEBRUARY_MS - 86_400_000);
    assert_eq!(ask(&mut counts, &both, day_before), None);
    assert_eq!(ask(&mut counts, &both, day_before), None);
    assert_eq!(ask(&mut counts, &both, day_before).unwrap().window, Window::Day);
    assert_eq!(ask(&mut counts, &both, at(END_OF_FEBRUARY_MS)), None);
    assert_eq!(ask(&mut counts, &both, at(END_OF_FEBRUARY_MS)).unwrap().window, Window::Month);
}

#[test]
fn a_clock_that_steps_back_finds_the_windows_as_full_as_it_left_them() {
    let mut counts = fresh(FEBRUARY_28);
    let day = bound(Limits { per_day: 2, ..Limits::NONE });
    let march = at(END_OF_FEBRUARY_MS + 1_000);
    assert_eq!(ask(&mut counts, &day, march), None);
    assert_eq!(ask(&mut counts, &day, march), None);
    // Back in February: March stays the window, and its end the moment to wait for, a day and a second away.
    let refused = ask(&mut counts, &day, at(END_OF_FEBRUARY_MS)).unwrap();
    assert_eq!((refused.window, refused.retry_after_seconds), (Window::Day, 86_401));
    assert_eq!(ask(&mut counts, &day, march).unwrap().retry_after_seconds, 86_400);
    assert_eq!(ask(&mut counts, &day, at(END_OF_FEBRUARY_MS + 1_000 + 86_400_000)), None);
}

#[test]
fn counts_begin_from_the_table() {
    let rows = [
        (FEBRUARY_28, CallClass::Read, 5),
        (FEBRUARY_28, CallClass::Write, 2),
        (FEBRUARY_28 - 27, CallClass::Read, 100),
        // January's do not count.
        (FEBRUARY_28 - 28, CallClass::Read, 1_000),
    ];
    let counts = Counts::begin(FEBRUARY_28, rows.into_iter());
    let limits = Limits { per_day: 10, per_month: 200, ..Limits::NONE };
    let left = |class| {
        let bound = Bound { owner: Owner::Plan, class, limits };
        counts.stands(&bound, at(END_OF_FEBRUARY_MS)).map(|stand| stand.map(|stand| stand.remaining))
    };
    assert_eq!(left(None), [None, Some(3), Some(93)]);
    assert_eq!(left(Some(CallClass::Read)), [None, Some(5), Some(95)]);
    assert_eq!(left(Some(CallClass::Write)), [None, Some(8), Some(198)]);
    assert_eq!(left(Some(CallClass::Delete)), [None, Some(10), Some(200)]);
}

#[test]
fn what_is_given_back_after_midnight_is_not_taken_off_the_new_day() {
    let mut counts = fresh(FEBRUARY_28);
    let before = at(END_OF_FEBRUARY_MS);
    let counted = counts.count(CallClass::Write, before);
    let march = at(END_OF_FEBRUARY_MS + 1_000);
    counts.roll(march.day());
    counts.count(CallClass::Write, march);
    counts.uncount(CallClass::Write, counted);
    let limits = bound(Limits { per_day: 1, per_month: 1, ..Limits::NONE });
    assert_eq!(counts.refusal(&limits, march).map(|refused| refused.window), Some(Window::Month));
}

#[test]
fn t12_steady_traffic_just_below_the_limit_is_never_refused() {
    let mut counts = fresh(FEBRUARY_28);
    let minute = bound(Limits { per_minute: 600, burst: 1, ..Limits::NONE });
    // One request every 100 ms is exactly the rate; ten minutes of it.
    for request in 0..6_000 {
        let now = Moment { at_ms: END_OF_FEBRUARY_MS, monotonic_ns: 1_000_000_000 + request * 100_000_000 };
        assert_eq!(ask(&mut counts, &minute, now), None, "request {request}");
    }
}

#[test]
fn s110_a_minute_admits_its_quota_at_once_and_then_one_in_its_time() {
    let mut counts = fresh(FEBRUARY_28);
    let minute = bound(Limits { per_minute: 60, ..Limits::NONE });
    let now =
        |second: u64| Moment { at_ms: END_OF_FEBRUARY_MS, monotonic_ns: (100 + second) * 1_000_000_000 };
    for _ in 0..60 {
        assert_eq!(ask(&mut counts, &minute, now(0)), None);
    }
    let refused = ask(&mut counts, &minute, now(0)).unwrap();
    assert_eq!((refused.window, refused.quota, refused.retry_after_seconds), (Window::Minute, 60, 1));
    assert_eq!(ask(&mut counts, &minute, now(1)), None);
    assert!(ask(&mut counts, &minute, now(1)).is_some());
    let [stand, ..] = counts.stands(&minute, now(31));
    assert_eq!(stand.map(|stand| (stand.remaining, stand.reset_seconds)), Some((30, 30)));
}

#[test]
fn an_owner_rests_after_an_hour_and_not_before_its_minutes_are_full() {
    let mut counts = fresh(FEBRUARY_28);
    let slow = bound(Limits { per_minute: 1, burst: 100, ..Limits::NONE });
    let hour = |hours: u64| Moment { at_ms: END_OF_FEBRUARY_MS, monotonic_ns: hours * 3_600_000_000_000 };
    for _ in 0..100 {
        assert_eq!(ask(&mut counts, &slow, hour(1)), None);
    }
    // A hundred tokens come back in a hundred minutes.
    assert!(!counts.is_resting(hour(2)));
    assert!(counts.is_resting(hour(3)));
}
