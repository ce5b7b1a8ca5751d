//! Intervals across changes of the clock, in zones that change by an hour, by half of one, and by none.

use super::*;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

fn found(unit: TimeUnit, zone: &str, from: &str, until: &str) -> Vec<i64> {
    buckets(&Interval { unit, zone: zone.to_owned() }, at(from), at(until)).unwrap()
}

fn all(texts: &[&str]) -> Vec<i64> {
    texts.iter().map(|text| at(text)).collect()
}

fn lengths_in_hours(starts: &[i64]) -> Vec<f64> {
    starts.windows(2).map(|pair| (pair[1] - pair[0]) as f64 / HOUR_MS as f64).collect()
}

#[test]
fn days_in_berlin_have_23_and_25_hours_where_the_clock_changes() {
    // Forward on 2025-03-30 at 02:00 (+1 to +2), so midnight moves from 23:00 UTC to 22:00 UTC.
    let spring = found(TimeUnit::Day, "Europe/Berlin", "2025-03-29T12:00:00Z", "2025-03-31T12:00:00Z");
    assert_eq!(spring, all(&["2025-03-28T23:00:00Z", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z"]));
    // Back on 2025-10-26 at 03:00 (+2 to +1).
    let autumn = found(TimeUnit::Day, "Europe/Berlin", "2025-10-25T22:00:00Z", "2025-10-28T00:00:00Z");
    assert_eq!(lengths_in_hours(&autumn), [25.0, 24.0]);
    assert_eq!(autumn[0], at("2025-10-25T22:00:00Z"));
}

#[test]
fn the_hour_that_berlin_runs_through_twice_is_two() {
    // 01:00, 02:00 and again 02:00, 03:00 on the wall: an hour of UTC each.
    let hours = found(TimeUnit::Hour, "Europe/Berlin", "2025-10-25T23:00:00Z", "2025-10-26T03:00:00Z");
    assert_eq!(
        hours,
        all(&[
            "2025-10-25T23:00:00Z",
            "2025-10-26T00:00:00Z",
            "2025-10-26T01:00:00Z",
            "2025-10-26T02:00:00Z"
        ])
    );
    // In spring 01:00 is followed by 03:00, and no hour is missing in between.
    let spring = found(TimeUnit::Hour, "Europe/Berlin", "2025-03-30T00:30:00Z", "2025-03-30T02:30:00Z");
    assert_eq!(spring, all(&["2025-03-30T00:00:00Z", "2025-03-30T01:00:00Z", "2025-03-30T02:00:00Z"]));
}

#[test]
fn days_weeks_and_months_in_new_york() {
    // Forward on Sunday 2025-03-09 at 02:00 (-5 to -4): that day has 23 hours and its week 167.
    let days = found(TimeUnit::Day, "America/New_York", "2025-03-08T05:00:00Z", "2025-03-11T04:00:00Z");
    assert_eq!(lengths_in_hours(&days), [24.0, 23.0]);
    let weeks = found(TimeUnit::Week, "America/New_York", "2025-03-05T00:00:00Z", "2025-03-18T00:00:00Z");
    assert_eq!(weeks, all(&["2025-03-03T05:00:00Z", "2025-03-10T04:00:00Z", "2025-03-17T04:00:00Z"]));
    assert_eq!(lengths_in_hours(&weeks), [167.0, 168.0]);
    // Back on 2025-11-02: October is all summer time, November begins with it and December does not.
    let months = found(TimeUnit::Month, "America/New_York", "2025-10-31T00:00:00Z", "2025-12-02T00:00:00Z");
    assert_eq!(months, all(&["2025-10-01T04:00:00Z", "2025-11-01T04:00:00Z", "2025-12-01T05:00:00Z"]));
}

#[test]
fn lord_howe_shifts_by_half_an_hour() {
    // Back on 2025-04-06 at 02:00, from +11 to +10:30: the wall shows 01:30 again at 15:00 UTC. That half hour is
    // one of its own, and the full hours before and after it are whole.
    let hours = found(TimeUnit::Hour, "Australia/Lord_Howe", "2025-04-05T14:10:00Z", "2025-04-05T17:00:00Z");
    assert_eq!(
        hours,
        all(&[
            "2025-04-05T14:00:00Z",
            "2025-04-05T15:00:00Z",
            "2025-04-05T15:30:00Z",
            "2025-04-05T16:30:00Z"
        ])
    );
    // The day lasts from 13:00 UTC (+11) to 13:30 UTC (+10:30).
    let days = found(TimeUnit::Day, "Australia/Lord_Howe", "2025-04-05T13:00:00Z", "2025-04-06T14:00:00Z");
    assert_eq!(days, all(&["2025-04-05T13:00:00Z", "2025-04-06T13:30:00Z"]));
    // Forward on 2025-10-05 at 02:00: 15:30 UTC, from where the wall shows 02:30.
    let spring = found(TimeUnit::Hour, "Australia/Lord_Howe", "2025-10-04T14:30:00Z", "2025-10-04T17:00:00Z");
    assert_eq!(spring, all(&["2025-10-04T14:30:00Z", "2025-10-04T15:30:00Z", "2025-10-04T16:00:00Z"]));
}

#[test]
fn hours_in_kathmandu_begin_a_quarter_past_those_of_utc() {
    // +5:45.
    let hours = found(TimeUnit::Hour, "Asia/Kathmandu", "2025-01-01T00:00:00Z", "2025-01-01T02:00:00Z");
    assert_eq!(hours, all(&["2024-12-31T23:15:00Z", "2025-01-01T00:15:00Z", "2025-01-01T01:15:00Z"]));
}

#[test]
fn a_day_that_samoa_left_out_is_not_there() {
    // From 2011-12-29 24:00 (-10) straight to 2011-12-31 00:00 (+14), both 10:00 UTC on the 30th.
    let days = found(TimeUnit::Day, "Pacific/Apia", "2011-12-29T12:00:00Z", "2012-01-01T09:00:00Z");
    assert_eq!(days, all(&["2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"]));
}

#[test]
fn quarters_and_years_begin_on_the_first() {
    let quarters = found(TimeUnit::Quarter, "UTC", "2024-12-31T00:00:00Z", "2025-07-02T00:00:00Z");
    let expected =
        ["2024-10-01T00:00:00Z", "2025-01-01T00:00:00Z", "2025-04-01T00:00:00Z", "2025-07-01T00:00:00Z"];
    assert_eq!(quarters, all(&expected));
    let years = found(TimeUnit::Year, "Europe/Berlin", "2024-12-31T23:30:00Z", "2025-01-02T00:00:00Z");
    assert_eq!(years, all(&["2024-12-31T23:00:00Z"]));
}

#[test]
fn intervals_cover_every_moment_of_a_year_once_in_all_units_and_zones() {
    let (from, until) = ("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
    for zone in
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago"]
    {
        for unit in [TimeUnit::Hour, TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Year] {
            let starts = found(unit, zone, from, until);
            assert!(starts.is_sorted_by(|a, b| a < b), "{zone} {unit:?}");
            assert!(
                starts[0] <= at(from) && starts[1..].iter().all(|start| *start > at(from)),
                "{zone} {unit:?}"
            );
            assert!(starts.last().unwrap() < &at(until), "{zone} {unit:?}");
        }
    }
}

#[test]
fn a_range_of_too_many_intervals_and_an_unknown_zone_are_refused() {
    let minutes = Interval { unit: TimeUnit::Minute, zone: "UTC".to_owned() };
    let max = BUCKETS_MAX as i64 * MINUTE_MS;
    assert_eq!(buckets(&minutes, 0, max).unwrap().len(), BUCKETS_MAX);
    assert!(matches!(buckets(&minutes, 0, max + MINUTE_MS), Err(AskError::Buckets { max: BUCKETS_MAX })));
    let nowhere = Interval { unit: TimeUnit::Day, zone: "Mars/Olympus".to_owned() };
    assert!(matches!(buckets(&nowhere, 0, 1), Err(AskError::Zone(zone)) if zone == "Mars/Olympus"));
}
