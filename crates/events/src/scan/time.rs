//! Calendar intervals: when each minute, hour, day … year begins in a time zone.
//!
//! Days and longer intervals begin at the first moment of their first day, so they last 23, 24 or 25 hours as the zone
//! has it. Minutes and hours begin where the clock on the wall shows a full one, and also where it is put forward or
//! back: the hour that a clock runs through twice is two intervals, and what a half-hour shift (Lord Howe) leaves of an
//! hour is one of its own.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use tessera_types::{from_millis, to_millis};

use super::AskError;
use crate::{Interval, TimeUnit};

/// Intervals of one series.
pub const BUCKETS_MAX: usize = 100_000;

/// The starts, in milliseconds, of the intervals that touch `from_ms..until_ms`: the first may begin before `from_ms`.
///
/// # Errors
///
/// [`AskError::Zone`] if there is no such zone, [`AskError::Buckets`] if there would be more than [`BUCKETS_MAX`].
pub fn buckets(interval: &Interval, from_ms: i64, until_ms: i64) -> Result<Vec<i64>, AskError> {
    starts(interval.unit, &zone(&interval.zone)?, from_ms, until_ms, BUCKETS_MAX)
}

pub(super) fn zone(name: &str) -> Result<TimeZone, AskError> {
    TimeZone::get(name).map_err(|_| AskError::Zone(name.to_owned()))
}

pub(super) fn starts(
    unit: TimeUnit,
    zone: &TimeZone,
    from_ms: i64,
    until_ms: i64,
    max: usize,
) -> Result<Vec<i64>, AskError> {
    if from_ms >= until_ms {
        return Ok(Vec::new());
    }
    let (from, until) = (from_millis(from_ms), from_millis(until_ms));
    let shortest_ms = shortest_ms(unit);
    let most = (to_millis(until) - to_millis(from)) / shortest_ms;
    if usize::try_from(most).unwrap_or(usize::MAX) > max {
        return Err(AskError::Buckets { max });
    }
    Ok(match unit {
        TimeUnit::Minute | TimeUnit::Hour => by_clock(zone, from, until, shortest_ms),
        TimeUnit::Day | TimeUnit::Week | TimeUnit::Month | TimeUnit::Quarter | TimeUnit::Year => {
            by_calendar(unit, zone, from, until)
        }
    })
}

/// None of them is shorter, but for what a shift of the clock cuts off.
const fn shortest_ms(unit: TimeUnit) -> i64 {
    const HOUR_MS: i64 = 3_600_000;
    match unit {
        TimeUnit::Minute => 60_000,
        TimeUnit::Hour => HOUR_MS,
        TimeUnit::Day => 23 * HOUR_MS,
        TimeUnit::Week => 167 * HOUR_MS,
        TimeUnit::Month => 28 * 24 * HOUR_MS,
        TimeUnit::Quarter => 90 * 24 * HOUR_MS,
        TimeUnit::Year => 365 * 24 * HOUR_MS,
    }
}

fn by_clock(zone: &TimeZone, from: Timestamp, until: Timestamp, unit_ms: i64) -> Vec<i64> {
    let until_ms = to_millis(until);
    let mut starts = Vec::new();
    let mut at = from;
    let mut shifted_ms = last_shift_ms(zone, from);
    while to_millis(at) < until_ms {
        let offset_ms = i64::from(zone.to_offset(at).seconds()) * 1_000;
        let end_ms = next_shift_ms(zone, at).min(until_ms);
        let mut start_ms = (to_millis(at) + offset_ms).div_euclid(unit_ms) * unit_ms - offset_ms;
        starts.push(start_ms.max(shifted_ms));
        start_ms += unit_ms;
        while start_ms < end_ms {
            starts.push(start_ms);
            start_ms += unit_ms;
        }
        shifted_ms = end_ms;
        at = from_millis(end_ms);
    }
    starts
}

/// When the clock was last put forward or back, up to and with this moment.
fn last_shift_ms(zone: &TimeZone, at: Timestamp) -> i64 {
    let now = zone.to_offset(at);
    let just_after = from_millis(to_millis(at).saturating_add(1));
    let mut shifts = zone.preceding(just_after).map(|transition| transition.timestamp());
    let before = |shift: &Timestamp| from_millis(to_millis(*shift) - 1);
    shifts.find(|shift| zone.to_offset(before(shift)) != now).map_or(i64::MIN, to_millis)
}

fn next_shift_ms(zone: &TimeZone, at: Timestamp) -> i64 {
    let now = zone.to_offset(at);
    zone.following(at)
        .find(|shift| shift.offset() != now)
        .map_or(i64::MAX, |shift| to_millis(shift.timestamp()))
}

fn by_calendar(unit: TimeUnit, zone: &TimeZone, from: Timestamp, until: Timestamp) -> Vec<i64> {
    let (until_ms, mut starts) = (to_millis(until), Vec::new());
    let mut date = first_day(unit, zone.to_datetime(from).date());
    loop {
        let midnight = zone.to_ambiguous_timestamp(date.at(0, 0, 0, 0)).compatible();
        let start_ms = midnight.map_or(i64::MAX, to_millis);
        if start_ms >= until_ms {
            return starts;
        }
        // A day that a zone left out (Samoa, 2011-12-30) begins when the next one does, and is not there.
        if starts.last() != Some(&start_ms) {
            starts.push(start_ms);
        }
        let Ok(next) = date.checked_add(length(unit)) else { return starts };
        date = next;
    }
}

fn first_day(unit: TimeUnit, date: Date) -> Date {
    let month = |month: i8| Date::new(date.year(), month, 1).unwrap_or(date);
    match unit {
        TimeUnit::Minute | TimeUnit::Hour | TimeUnit::Day => date,
        TimeUnit::Week => {
            let since_monday = i32::from(date.weekday().to_monday_zero_offset());
            date.checked_sub(Span::new().days(since_monday)).unwrap_or(date)
        }
        TimeUnit::Month => month(date.month()),
        TimeUnit::Quarter => month((date.month() - 1) / 3 * 3 + 1),
        TimeUnit::Year => month(1),
    }
}

fn length(unit: TimeUnit) -> Span {
    match unit {
        TimeUnit::Minute | TimeUnit::Hour | TimeUnit::Day => Span::new().days(1),
        TimeUnit::Week => Span::new().weeks(1),
        TimeUnit::Month => Span::new().months(1),
        TimeUnit::Quarter => Span::new().months(3),
        TimeUnit::Year => Span::new().years(1),
    }
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
