//! An event: what, when in the words of its own place, where, and one button that puts it into the phone's calendar.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{Offset, TimeZone};
use maud::html;
use tessera_qr::payload::Event;

use super::given;
use super::page::{Page, file_button, mailto, row, web_link};

pub(super) fn page(event: &Event) -> Page {
    let starts = Moment::of(event, &event.starts_at);
    let ends = given(&event.ends_at).and_then(|text| Moment::of(event, text));
    let content = html! {
        header {
            @if let Some(starts) = &starts {
                div class="day" aria-hidden="true" { b { (starts.date.strftime("%b")) } (starts.date.day()) }
            }
            h1 dir="auto" { (event.title) }
            @if let Some(place) = given(&event.location) { p dir="auto" { (place) } }
        }
        (file_button("Add to calendar"))
        dl {
            (row("When", &html! {
                @match &starts { Some(starts) => (when(starts, ends.as_ref())), None => (event.starts_at) }
                @if let Some(zone) = starts.as_ref().and_then(|starts| starts.zone.as_deref()) { small { (zone) } }
            }))
            @if let Some(place) = given(&event.location) { (row("Where", &html! { (place) })) }
            @if let Some(words) = given(&event.description) { (row("About", &html! { (words) })) }
            @if let Some(url) = given(&event.url) { (row("Website", &web_link(url))) }
            @if let Some(address) = given(&event.organizer) {
                (row("Organizer", &html! { a href=(mailto(address)) { (address) } }))
            }
        }
    };
    Page::new(&event.title, &content)
}

/// A point in time as the clock on the wall of the event shows it.
struct Moment {
    date: Date,
    /// `None` for a whole day.
    time: Option<Time>,
    /// Which wall that is. `None` if it is wherever the reader is.
    zone: Option<String>,
}

impl Moment {
    /// `None` if it cannot be read, which checking a payload rules out.
    fn of(event: &Event, text: &str) -> Option<Self> {
        let text = text.trim();
        if event.all_day {
            return Some(Self { date: text.parse().ok()?, time: None, zone: None });
        }
        let zone = given(&event.timezone).and_then(|name| Some((name, TimeZone::get(name).ok()?)));
        let pieces = Pieces::parse(text).ok()?;
        let written = DateTime::from_parts(pieces.date(), pieces.time()?);
        let offset = pieces.offset().map(|offset| match offset {
            PiecesOffset::Zulu => Offset::UTC,
            PiecesOffset::Numeric(offset) => offset.offset(),
            _ => Offset::UTC,
        });
        let (shown, zone) = match (zone, offset) {
            (Some((name, zone)), Some(offset)) => {
                let instant = offset.to_timestamp(written).ok()?;
                (zone.to_datetime(instant), Some(named(name, &zone, instant)))
            }
            (Some((name, zone)), None) => {
                let instant = zone.to_ambiguous_timestamp(written).compatible().ok()?;
                (written, Some(named(name, &zone, instant)))
            }
            (None, Some(offset)) => (written, Some(against_utc(offset))),
            (None, None) => (written, None),
        };
        Some(Self { date: shown.date(), time: Some(shown.time()), zone })
    }

    fn day(&self) -> String {
        self.date.strftime("%A, %-d %B %Y").to_string()
    }
}

/// In words, on one line or two.
fn when(starts: &Moment, ends: Option<&Moment>) -> String {
    let time = |moment: &Moment| moment.time.map(|time| time.strftime("%H:%M").to_string());
    let is_one_day = ends.is_none_or(|ends| ends.date == starts.date);
    match (time(starts), ends, is_one_day) {
        (None, Some(ends), false) => format!("{}\nto {}", starts.day(), ends.day()),
        (None, ..) => starts.day(),
        (Some(from), None, _) => format!("{}\n{from}", starts.day()),
        (Some(from), Some(ends), true) => {
            let until = time(ends).unwrap_or_default();
            format!("{}\n{from} to {until}", starts.day())
        }
        (Some(from), Some(ends), false) => {
            let until = time(ends).unwrap_or_default();
            format!("{}, {from}\nto {}, {until}", starts.day(), ends.day())
        }
    }
}

/// `Berlin time (UTC+2)`.
fn named(name: &str, zone: &TimeZone, instant: Timestamp) -> String {
    let offset = against_utc(zone.to_offset(instant));
    match name.rsplit_once('/') {
        Some((_, city)) => format!("{} time ({offset})", city.replace('_', " ")),
        None => offset,
    }
}

fn against_utc(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    let sign = if minutes < 0 { '−' } else { '+' };
    match (minutes, rest) {
        (0, _) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{rest:02}"),
    }
}
