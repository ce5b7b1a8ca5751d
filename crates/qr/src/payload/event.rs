//! An appointment (iCalendar, RFC 5545).
//!
//! A time in a zone is written in UTC. `TZID` would ask for a `VTIMEZONE` beside it (RFC 5545, 3.2.19), which makes the symbol larger,
//! and readers of codes look for no zone: ZXing's takes `DTSTART;TZID=Europe/Berlin:…` for the phone's own time. An instant is the
//! same everywhere, and an event that does not repeat needs no rule for summer time.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::File;
use super::content_line::{escape, fold};
use super::field::{self, Found, given};

const TITLE_CHARS_MAX: usize = 200;
const LOCATION_CHARS_MAX: usize = 200;
const DESCRIPTION_CHARS_MAX: usize = 1_000;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadEvent)]
pub struct Event {
    #[schema(required)]
    pub title: String,
    /// `2026-05-01T18:00:00+02:00`; or without an offset, in `timezone`, or wherever the phone is; or, if `all_day`,
    /// a date.
    #[schema(required)]
    pub starts_at: String,
    /// Written like `starts_at`. For `all_day` the last day. Absent, it ends when it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<String>,
    pub all_day: bool,
    /// A name of the IANA table, like `Europe/Berlin`. The code holds the instant in UTC, which every phone shows in its own zone;
    /// readers of codes do not look at names of zones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// An e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organizer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A point in time as iCalendar knows three kinds of.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
enum Moment {
    /// Everywhere the same instant.
    Utc(Timestamp),
    /// What the clock on the wall shows, wherever the phone is.
    Floating(DateTime),
    Day(Date),
}

impl Event {
    pub(super) fn check(&self, found: &mut Found) {
        found.required("title", &self.title);
        found.line("title", Some(&self.title), TITLE_CHARS_MAX);
        if let Err(message) = self.zone() {
            found.wrong("timezone", "choice", message);
        }
        let has_start = found.required("starts_at", &self.starts_at);
        let start = Some(self.starts_at.as_str()).filter(|_| has_start);
        found.rule("starts_at", start, |text| self.moment(text));
        found.rule("ends_at", given(&self.ends_at), |text| self.moment(text));
        if let (Ok(starts), Some(Ok(ends))) =
            (self.moment(&self.starts_at), given(&self.ends_at).map(|text| self.moment(text)))
        {
            match ends.partial_cmp(&starts) {
                _ if std::mem::discriminant(&starts) != std::mem::discriminant(&ends) => {
                    found.wrong(
                        "ends_at",
                        "format",
                        "write it like starts_at: both with an offset, or neither",
                    );
                }
                Some(Ordering::Greater) => {}
                Some(Ordering::Equal) if self.all_day => {}
                _ => found.wrong("ends_at", "range", "must be after starts_at"),
            }
        }
        found.line("location", self.location.as_ref(), LOCATION_CHARS_MAX);
        found.lines("description", self.description.as_ref(), DESCRIPTION_CHARS_MAX);
        found.rule("organizer", given(&self.organizer), field::email);
        found.rule("url", given(&self.url), field::web);
    }

    /// The event alone, as readers of codes know it: what surrounds it in a file would make the symbol a third larger.
    pub(super) fn written(&self) -> String {
        let mut lines = vec!["BEGIN:VEVENT".to_owned()];
        lines.extend(self.properties());
        lines.push("END:VEVENT".to_owned());
        fold(&lines)
    }

    /// A whole calendar. Its UID is drawn from the content, so that the same event is not entered twice; its DTSTAMP
    /// is the beginning, because no clock is read here.
    pub(super) fn file(&self) -> File {
        let digest = Sha256::digest(self.written());
        let uid: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let stamp = match self.moment(&self.starts_at) {
            Ok(Moment::Utc(instant)) => Moment::Utc(instant).written(),
            Ok(Moment::Floating(time)) => format!("{}Z", Moment::Floating(time).written()),
            Ok(Moment::Day(day)) => format!("{}T000000Z", Moment::Day(day).written()),
            Err(_) => String::new(),
        };
        let head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tessera//QR code//EN", "BEGIN:VEVENT"];
        let mut lines: Vec<String> = head.map(str::to_owned).into();
        lines.extend([format!("UID:{uid}"), format!("DTSTAMP:{stamp}")]);
        lines.extend(self.properties());
        lines.extend(["END:VEVENT".to_owned(), "END:VCALENDAR".to_owned()]);
        let content = format!("{}\r\n", fold(&lines));
        File::named(&self.title, "ics", "text/calendar; charset=utf-8", content)
    }

    fn properties(&self) -> Vec<String> {
        let time = |name: &str, moment: Option<Moment>| {
            let parameter = if self.all_day { ";VALUE=DATE" } else { "" };
            moment.map(|moment| format!("{name}{parameter}:{}", moment.written()))
        };
        let text = |name: &str, text: Option<&str>| text.map(|text| format!("{name}:{}", escape(text)));
        let end = given(&self.ends_at).and_then(|text| self.moment(text).ok());
        let url = given(&self.url).and_then(|url| field::web(url).ok());
        let lines = [
            text("SUMMARY", Some(&self.title)),
            time("DTSTART", self.moment(&self.starts_at).ok()),
            time("DTEND", end.map(Moment::exclusive)),
            text("LOCATION", given(&self.location)),
            text("DESCRIPTION", given(&self.description)),
            given(&self.organizer).map(|address| format!("ORGANIZER:mailto:{address}")),
            url.map(|url| format!("URL:{url}")),
        ];
        lines.into_iter().flatten().collect()
    }

    fn zone(&self) -> Result<Option<TimeZone>, String> {
        let zone = given(&self.timezone).map(TimeZone::get).transpose();
        zone.map_err(|_| "expected a name of the IANA table, like Europe/Berlin".to_owned())
    }

    fn moment(&self, text: &str) -> Result<Moment, String> {
        let text = text.trim();
        // The parser takes more than is promised: a date for a time, a zone in brackets.
        let is_shaped = |length: usize| text.is_ascii() && !text.contains('[') && text.len() >= length;
        if self.all_day {
            let day = text.parse::<Date>().ok().filter(|_| text.len() == 10 && text.is_ascii());
            return day
                .filter(|day| day.year() >= 1 && day.tomorrow().is_ok())
                .map(Moment::Day)
                .ok_or_else(|| "expected a date like 2026-05-01".into());
        }
        let right = || "expected a time like 2026-05-01T18:00:00+02:00, or without an offset".to_owned();
        if !is_shaped("2026-05-01T18:00".len()) {
            return Err(right());
        }
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(Moment::Utc(instant)).filter(Moment::has_year).ok_or_else(right);
        }
        let time: DateTime = text.parse().map_err(|_| right())?;
        let moment = match self.zone()? {
            None => Moment::Floating(time),
            Some(zone) => {
                let instant = zone.to_ambiguous_timestamp(time).unambiguous().map_err(|_| {
                    "clocks are changed then: that hour happens twice or not at all; give an offset"
                        .to_owned()
                })?;
                Moment::Utc(instant)
            }
        };
        Some(moment).filter(Moment::has_year).ok_or_else(right)
    }
}

impl Moment {
    fn written(self) -> String {
        match self {
            Self::Utc(instant) => instant.strftime("%Y%m%dT%H%M%SZ").to_string(),
            Self::Floating(time) => time.strftime("%Y%m%dT%H%M%S").to_string(),
            Self::Day(day) => day.strftime("%Y%m%d").to_string(),
        }
    }

    /// The format wants the first day that is no longer part of it.
    fn exclusive(self) -> Self {
        match self {
            Self::Day(day) => Self::Day(day.tomorrow().unwrap_or(day)),
            other => other,
        }
    }

    /// Four digits are what the format has for it.
    fn has_year(&self) -> bool {
        let year = match self {
            Self::Utc(instant) => instant.to_zoned(TimeZone::UTC).year(),
            Self::Floating(time) => time.year(),
            Self::Day(day) => day.year(),
        };
        year >= 1
    }
}
