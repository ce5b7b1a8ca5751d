//! Which stretch of time a report is about, in the time zone it is read in, and which one it is compared with.
//!
//! Named ranges are made of whole calendar units and end now: `7d` is today and the six days before it, `12m` this
//! month and the eleven before it. A range ends before the moment it names; only a date as `to` includes its day. So
//! that what happened this very second is in it, "now" is the end of the current second.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use tessera_events::TimeUnit;
use tessera_types::{from_millis, to_millis};

use crate::problem::Wrong;
use crate::workspaces;

const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600 * SECOND_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// An IANA time zone with its name.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    pub(super) name: String,
    pub(super) rules: TimeZone,
}

/// Milliseconds since 1970: from the first up to, and without, the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) from_ms: i64,
    pub(super) until_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    Today,
    Yesterday,
    Hours24,
    Days7,
    Days30,
    Days90,
    Months12,
    MonthToDate,
    QuarterToDate,
    YearToDate,
    All,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Named(Range),
    Between(Period),
}

/// What a report is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    PreviousPeriod,
    PreviousYear,
}

impl Zone {
    /// # Errors
    /// If there is no such zone.
    pub(super) fn parse(name: &str) -> Result<Self, Wrong> {
        let name = workspaces::model::timezone(name)?;
        let rules = jiff::tz::db().get(&name);
        rules.map(|rules| Self { name, rules }).map_err(|error| Wrong::new("choice", error.to_string()))
    }

    /// RFC 3339 with the zone's offset at that moment; `Z` where there is none.
    pub(super) fn shown(&self, at_ms: i64) -> String {
        let at = from_millis(at_ms);
        let offset = self.rules.to_offset(at);
        if offset.seconds() == 0 { at.to_string() } else { at.display_with_offset(offset).to_string() }
    }

    fn date(&self, at_ms: i64) -> Date {
        self.rules.to_datetime(from_millis(at_ms)).date()
    }

    /// The first moment of a day: where clocks are put forward at midnight, one o'clock.
    fn start_ms(&self, date: Date) -> i64 {
        let midnight = self.rules.to_ambiguous_timestamp(date.at(0, 0, 0, 0)).compatible();
        midnight.map_or(i64::MAX, to_millis)
    }

    /// The same time of day, a calendar span earlier.
    fn earlier_ms(&self, at_ms: i64, span: Span) -> i64 {
        let local = self.rules.to_datetime(from_millis(at_ms)).checked_sub(span);
        let at = local.and_then(|local| self.rules.to_ambiguous_timestamp(local).compatible());
        at.map_or(i64::MIN, to_millis)
    }
}

impl Range {
    pub(super) const ALL: [(Self, &'static str); 11] = [
        (Self::Today, "today"),
        (Self::Yesterday, "yesterday"),
        (Self::Hours24, "24h"),
        (Self::Days7, "7d"),
        (Self::Days30, "30d"),
        (Self::Days90, "90d"),
        (Self::Months12, "12m"),
        (Self::MonthToDate, "mtd"),
        (Self::QuarterToDate, "qtd"),
        (Self::YearToDate, "ytd"),
        (Self::All, "all"),
    ];

    /// # Errors
    /// Names the ranges there are.
    pub(super) fn parse(word: &str) -> Result<Self, Wrong> {
        choice(&Self::ALL, word)
    }

    /// `first_ms` is where everything begins.
    pub(super) fn period(self, zone: &Zone, now: Timestamp, first_ms: Option<i64>) -> Period {
        let now_ms = to_millis(now);
        let until_ms = end_of_second_ms(now_ms);
        let today = zone.date(now_ms);
        let since = |date: Result<Date, jiff::Error>| Period {
            from_ms: zone.start_ms(date.unwrap_or(today)),
            until_ms,
        };
        let first = |month: i8| Date::new(today.year(), month, 1);
        match self {
            Self::Today => since(Ok(today)),
            Self::Yesterday => {
                let from_ms = today.yesterday().map_or(i64::MIN, |date| zone.start_ms(date));
                Period { from_ms, until_ms: zone.start_ms(today) }
            }
            Self::Hours24 => {
                let offset_ms = i64::from(zone.rules.to_offset(now).seconds()) * SECOND_MS;
                let hour_ms = (now_ms + offset_ms).div_euclid(HOUR_MS) * HOUR_MS - offset_ms;
                Period { from_ms: hour_ms - 23 * HOUR_MS, until_ms }
            }
            Self::Days7 => since(today.checked_sub(6.days())),
            Self::Days30 => since(today.checked_sub(29.days())),
            Self::Days90 => since(today.checked_sub(89.days())),
            Self::Months12 => since(first(today.month()).and_then(|date| date.checked_sub(11.months()))),
            Self::MonthToDate => since(first(today.month())),
            Self::QuarterToDate => since(first((today.month() - 1) / 3 * 3 + 1)),
            Self::YearToDate => since(first(1)),
            Self::All => Period { from_ms: first_ms.unwrap_or_else(|| zone.start_ms(today)), until_ms },
        }
    }

    /// What a shift to the period before is: the calendar's, so that a month is compared with a month.
    fn step(self) -> Option<Span> {
        Some(match self {
            Self::Today | Self::Yesterday => 1.day(),
            Self::Days7 => 7.days(),
            Self::Days30 => 30.days(),
            Self::Days90 => 90.days(),
            Self::Months12 | Self::YearToDate => 1.year(),
            Self::MonthToDate => 1.month(),
            Self::QuarterToDate => 3.months(),
            Self::Hours24 | Self::All => return None,
        })
    }

    fn unit(self) -> Option<TimeUnit> {
        match self {
            Self::Today | Self::Yesterday | Self::Hours24 => Some(TimeUnit::Hour),
            Self::Days7 | Self::Days30 | Self::Days90 | Self::MonthToDate | Self::QuarterToDate => {
                Some(TimeUnit::Day)
            }
            Self::Months12 => Some(TimeUnit::Month),
            Self::YearToDate | Self::All => None,
        }
    }
}

impl Wish {
    /// Reads `range`, `from` and `to`; without any of them, thirty days.
    ///
    /// # Errors
    /// The parameter that is wrong, and how.
    pub(super) fn parse(
        range: Option<&str>,
        from: Option<&str>,
        to: Option<&str>,
        zone: &Zone,
        now: Timestamp,
    ) -> Result<Self, Vec<(&'static str, Wrong)>> {
        if from.is_none() && to.is_none() {
            return Range::parse(range.unwrap_or("30d"))
                .map(Self::Named)
                .map_err(|wrong| vec![("range", wrong)]);
        }
        let mut wrongs = Vec::new();
        if range.is_some() {
            wrongs.push(("range", Wrong::new("conflict", "give range, or from and to, not both")));
        }
        let mut keep =
            |name, parsed: Result<i64, Wrong>| parsed.map_err(|wrong| wrongs.push((name, wrong))).ok();
        let missing = || Wrong::new("required", "to needs a from");
        let from_ms = keep("from", from.ok_or_else(missing).and_then(|text| moment(text, zone, Edge::Start)));
        let end = to.map_or(Ok(end_of_second_ms(to_millis(now))), |text| moment(text, zone, Edge::End));
        let until_ms = keep("to", end);
        match (from_ms, until_ms) {
            (Some(from_ms), Some(until_ms)) if wrongs.is_empty() && from_ms < until_ms => {
                Ok(Self::Between(Period { from_ms, until_ms }))
            }
            (Some(_), Some(_)) if wrongs.is_empty() => {
                let field = if to.is_some() { "to" } else { "from" };
                Err(vec![(
                    field,
                    Wrong::new("range", "the range ends before it begins: from comes before to"),
                )])
            }
            _ => Err(wrongs),
        }
    }

    pub(super) fn is_everything(self) -> bool {
        self == Self::Named(Range::All)
    }

    pub(super) fn period(self, zone: &Zone, now: Timestamp, first_ms: Option<i64>) -> Period {
        match self {
            Self::Named(range) => range.period(zone, now, first_ms),
            Self::Between(period) => period,
        }
    }

    /// The period this one is compared with.
    pub(super) fn compared(self, compare: Compare, period: Period, zone: &Zone) -> Period {
        let by = |span: Span| Period {
            from_ms: zone.earlier_ms(period.from_ms, span),
            until_ms: zone.earlier_ms(period.until_ms, span),
        };
        if compare == Compare::PreviousYear {
            return by(1.year());
        }
        let step = match self {
            Self::Named(range) => range.step(),
            Self::Between(_) => whole_days(period, zone).map(|days| days.days()),
        };
        let length_ms = match self {
            Self::Named(Range::Hours24) => DAY_MS,
            _ => period.until_ms - period.from_ms,
        };
        let exact = Period { from_ms: period.from_ms - length_ms, until_ms: period.until_ms - length_ms };
        step.map_or(exact, by)
    }

    /// The interval of a series when none is asked for.
    pub(super) fn unit(self, period: Period) -> TimeUnit {
        let by_name = match self {
            Self::Named(range) => range.unit(),
            Self::Between(_) => None,
        };
        by_name.unwrap_or_else(|| match period.until_ms - period.from_ms {
            length_ms if length_ms <= 2 * HOUR_MS => TimeUnit::Minute,
            length_ms if length_ms <= 3 * DAY_MS => TimeUnit::Hour,
            length_ms if length_ms <= 100 * DAY_MS => TimeUnit::Day,
            length_ms if length_ms <= 3_660 * DAY_MS => TimeUnit::Month,
            _ => TimeUnit::Year,
        })
    }
}

impl Compare {
    const ALL: [(Self, &'static str); 2] =
        [(Self::PreviousPeriod, "previous_period"), (Self::PreviousYear, "previous_year")];

    /// # Errors
    /// Names the two there are.
    pub(super) fn parse(word: &str) -> Result<Self, Wrong> {
        choice(&Self::ALL, word)
    }
}

pub(super) const UNITS: [(TimeUnit, &str); 7] = [
    (TimeUnit::Minute, "minute"),
    (TimeUnit::Hour, "hour"),
    (TimeUnit::Day, "day"),
    (TimeUnit::Week, "week"),
    (TimeUnit::Month, "month"),
    (TimeUnit::Quarter, "quarter"),
    (TimeUnit::Year, "year"),
];

/// The one of these that is called so.
///
/// # Errors
/// Names them all.
pub(super) fn choice<T: Copy>(all: &[(T, &'static str)], word: &str) -> Result<T, Wrong> {
    all.iter().find(|(_, known)| *known == word).map(|(value, _)| *value).ok_or_else(|| {
        let known: Vec<&str> = all.iter().map(|(_, known)| *known).collect();
        Wrong::new("choice", format!("expected one of {}", known.join(", ")))
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Start,
    End,
}

/// A moment, or a day of the zone: from its start, to its end.
fn moment(text: &str, zone: &Zone, edge: Edge) -> Result<i64, Wrong> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(to_millis(at));
    }
    let date = (text.len() == "2026-02-15".len()).then(|| text.parse::<Date>().ok()).flatten();
    let date = if edge == Edge::End { date.and_then(|date| date.tomorrow().ok()) } else { date };
    date.map(|date| zone.start_ms(date)).ok_or_else(|| {
        Wrong::new(
            "format",
            "give a date like 2026-02-15, or an RFC 3339 time with its offset like 2026-02-15T10:30:00Z",
        )
    })
}

fn whole_days(period: Period, zone: &Zone) -> Option<i32> {
    let (from, until) = (zone.date(period.from_ms), zone.date(period.until_ms));
    let is_whole = zone.start_ms(from) == period.from_ms && zone.start_ms(until) == period.until_ms;
    let days = from.until(until).ok().map(|span| span.get_days())?;
    (is_whole && days > 0).then_some(days)
}

fn end_of_second_ms(now_ms: i64) -> i64 {
    (now_ms.div_euclid(SECOND_MS) + 1) * SECOND_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        to_millis(text.parse().unwrap())
    }

    fn berlin() -> Zone {
        Zone::parse("Europe/Berlin").unwrap()
    }

    /// Tuesday, the day after clocks went forward: 2026-03-29 had 23 hours in Berlin.
    const NOW: &str = "2026-03-31T08:15:30.250Z";

    fn period(word: &str) -> (String, String) {
        let zone = berlin();
        let period =
            Range::parse(word).unwrap().period(&zone, NOW.parse().unwrap(), Some(ms("2025-11-30T23:00:00Z")));
        (zone.shown(period.from_ms), zone.shown(period.until_ms))
    }

    #[test]
    fn named_ranges_are_whole_units_of_the_zone_and_end_with_the_current_second() {
        let now = "2026-03-31T10:15:31+02:00";
        for (word, from, until) in [
            ("today", "2026-03-31T00:00:00+02:00", now),
            ("yesterday", "2026-03-30T00:00:00+02:00", "2026-03-31T00:00:00+02:00"),
            ("24h", "2026-03-30T11:00:00+02:00", now),
            ("7d", "2026-03-25T00:00:00+01:00", now),
            ("30d", "2026-03-02T00:00:00+01:00", now),
            ("90d", "2026-01-01T00:00:00+01:00", now),
            ("12m", "2025-04-01T00:00:00+02:00", now),
            ("mtd", "2026-03-01T00:00:00+01:00", now),
            ("qtd", "2026-01-01T00:00:00+01:00", now),
            ("ytd", "2026-01-01T00:00:00+01:00", now),
            ("all", "2025-12-01T00:00:00+01:00", now),
        ] {
            assert_eq!(period(word), (from.to_owned(), until.to_owned()), "{word}");
        }
        assert!(Range::parse("8d").unwrap_err().message.starts_with("expected one of today, yesterday, 24h"));
    }

    fn compared(range: &str, compare: Compare) -> (String, String) {
        let (zone, wish) = (berlin(), Wish::Named(Range::parse(range).unwrap()));
        let before = wish.compared(compare, wish.period(&zone, NOW.parse().unwrap(), None), &zone);
        (zone.shown(before.from_ms), zone.shown(before.until_ms))
    }

    #[test]
    fn a_range_is_compared_with_as_much_of_the_calendar_before_it() {
        for (range, from, until) in [
            ("today", "2026-03-30T00:00:00+02:00", "2026-03-30T10:15:31+02:00"),
            ("yesterday", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
            ("24h", "2026-03-29T11:00:00+02:00", "2026-03-30T10:15:31+02:00"),
            ("7d", "2026-03-18T00:00:00+01:00", "2026-03-24T10:15:31+01:00"),
            // February has no 31st: its last day stands for it.
            ("mtd", "2026-02-01T00:00:00+01:00", "2026-02-28T10:15:31+01:00"),
            ("qtd", "2025-10-01T00:00:00+02:00", "2025-12-31T10:15:31+01:00"),
        ] {
            assert_eq!(compared(range, Compare::PreviousPeriod), (from.into(), until.into()), "{range}");
        }
        let year = ("2025-03-01T00:00:00+01:00".to_owned(), "2025-03-31T10:15:31+02:00".to_owned());
        assert_eq!(compared("mtd", Compare::PreviousYear), year);
    }

    fn between(from: Option<&str>, to: Option<&str>) -> Result<Period, Vec<(&'static str, &'static str)>> {
        let wish = Wish::parse(None, from, to, &berlin(), NOW.parse().unwrap());
        match wish.map_err(|wrongs| {
            wrongs.into_iter().map(|(field, wrong)| (field, wrong.code)).collect::<Vec<_>>()
        })? {
            Wish::Between(period) => Ok(period),
            Wish::Named(range) => panic!("{range:?}"),
        }
    }

    #[test]
    fn dates_are_days_of_the_zone_and_the_last_one_is_included() {
        let day = between(Some("2026-03-29"), Some("2026-03-29")).unwrap();
        assert_eq!(day.until_ms - day.from_ms, 23 * HOUR_MS, "the day on which clocks went forward");
        assert_eq!(day.from_ms, ms("2026-03-28T23:00:00Z"));
        let exact = between(Some("2026-03-29T00:00:00Z"), Some("2026-03-29T01:00:00+01:00"));
        assert_eq!(exact, Err(vec![("to", "range")]), "the same moment twice is no range");
        assert_eq!(between(Some("2026-03-30"), None).unwrap().until_ms, ms("2026-03-31T08:15:31Z"));
        // Two whole days are compared with the two before, 47 hours long.
        let wish = Wish::Between(between(Some("2026-03-30"), Some("2026-03-31")).unwrap());
        let before = wish.compared(
            Compare::PreviousPeriod,
            wish.period(&berlin(), Timestamp::UNIX_EPOCH, None),
            &berlin(),
        );
        assert_eq!(
            before,
            Period { from_ms: ms("2026-03-27T23:00:00Z"), until_ms: ms("2026-03-29T22:00:00Z") }
        );
    }

    #[test]
    fn what_is_wrong_with_a_range_is_said_with_its_field() {
        assert_eq!(between(Some("2026-03-30"), Some("2026-03-29")), Err(vec![("to", "range")]));
        assert_eq!(between(Some("2027-01-01"), None), Err(vec![("from", "range")]));
        assert_eq!(between(None, Some("2026-03-29")), Err(vec![("from", "required")]));
        for wrong in
            ["", "today", "2026-02-30", "2026-03-30T10:00:00", "1771151400", "20260330", "9999-12-31T00:00"]
        {
            assert_eq!(
                between(Some(wrong), Some("yesterday")),
                Err(vec![("from", "format"), ("to", "format")]),
                "{wrong}"
            );
        }
        let both = Wish::parse(Some("7d"), Some("2026-03-30"), None, &berlin(), NOW.parse().unwrap());
        assert_eq!(both.unwrap_err()[0].0, "range");
    }

    #[test]
    fn the_interval_follows_from_the_length() {
        let unit = |days: i64| {
            Wish::Between(Period { from_ms: 0, until_ms: 0 })
                .unit(Period { from_ms: 0, until_ms: days * DAY_MS })
        };
        assert_eq!(
            [unit(0), unit(3), unit(100), unit(101), unit(4_000)],
            [TimeUnit::Minute, TimeUnit::Hour, TimeUnit::Day, TimeUnit::Month, TimeUnit::Year]
        );
        let today = Wish::Named(Range::Today);
        assert_eq!(
            today.unit(Period { from_ms: 0, until_ms: HOUR_MS }),
            TimeUnit::Hour,
            "also early in the morning"
        );
    }
}
