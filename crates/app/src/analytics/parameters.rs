//! The parameters of reports and of lists of clicks: one table from which they are read, refused and documented.
//!
//! What is filtered by comes from the table of fields, so that reports, lists and the live stream take the same words.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use tessera_events::{Measure, Order, Question, Robots, TimeUnit};
use tessera_types::{LinkId, Timestamp};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::dimension::{By, FIELDS, Field, Reach, Values, values};
use super::range::{Compare, UNITS, Wish, Zone, choice};
use crate::problem::{Checks, Problem, Wrong};

/// Filters of one question; what the path asks for comes on top.
pub(super) const FILTERS_MAX: usize = 16;
/// Values of one filter.
pub(super) const FILTER_VALUES_MAX: usize = 100;
const FILTER_CHARS_MAX: usize = 2_000;
/// Rows of a breakdown.
const LIMIT_DEFAULT: usize = 100;
const LIMIT_MAX: usize = 1_000;

/// A parameter that is no filter.
pub struct Plain {
    name: &'static str,
    about: &'static str,
    example: &'static str,
    /// The range of a whole number.
    within: Option<(usize, usize)>,
}

const fn text(name: &'static str, about: &'static str, example: &'static str) -> Plain {
    Plain { name, about, example, within: None }
}

const TIMEZONE: Plain =
    text("timezone", "IANA zone of days, hours and dates; the workspace's if absent.", "Europe/Berlin");
const RANGE: Plain = text(
    "range",
    "today, yesterday, 24h, 7d, 30d, 90d, 12m, mtd, qtd, ytd or all; 30d if absent. Whole units of the zone up to now: `7d` is today and the six days before.",
    "7d",
);
const FROM: Plain = text(
    "from",
    "Instead of range: from this moment (RFC 3339), or from the start of this date, on.",
    "2026-02-01",
);
const TO: Plain = text("to", "Before this moment, or to the end of this date; now if absent.", "2026-02-15");
const ROBOTS: Plain = text("robots", "exclude (as if absent), include or only.", "include");

const REPORT: &[Plain] = &[
    RANGE,
    FROM,
    TO,
    TIMEZONE,
    text(
        "interval",
        "Of the series: minute, hour, day, week, month, quarter or year; fits the range if absent.",
        "day",
    ),
    text(
        "group_by",
        "Adds a breakdown by up to three of: time, weekday, hour and everything that can be filtered by.",
        "country,device",
    ),
    Plain {
        name: "limit",
        about: "Rows of the breakdown; 100 if absent.",
        example: "10",
        within: Some((1, LIMIT_MAX)),
    },
    text(
        "sort",
        "Of the breakdown: clicks, unique_visitors, robots, or group for its own order; `-` in front for the largest first. -clicks if absent.",
        "-unique_visitors",
    ),
    text("include", "Only these parts of the report: summary, series, breakdown.", "series"),
    text(
        "compare",
        "previous_period or previous_year: each number with the one it is compared to.",
        "previous_period",
    ),
    ROBOTS,
    text("format", "csv: the breakdown, or without one the series, as a file.", "csv"),
];

const ROWS: &[Plain] = &[
    RANGE,
    FROM,
    TO,
    TIMEZONE,
    ROBOTS,
    Plain { name: "limit", about: "20 if absent.", example: "20", within: Some((1, 100)) },
    text("cursor", "`meta.next_cursor` of the answer before.", ""),
    text("format", "csv or parquet: everything that matches, as a file.", "csv"),
];

const LIVE: &[Plain] = &[ROBOTS];

/// Which parameters an operation takes.
pub trait Takes: Send + Sync + 'static {
    const PLAIN: &'static [Plain];
    /// Names of fields that it does not filter by.
    const NOT_FILTERED: &'static [&'static str];
}

/// Of a report about a workspace or a part of it.
#[derive(Debug)]
pub enum OfReport {}
/// Of a report about the whole deployment.
#[derive(Debug)]
pub enum OfDeployment {}
/// Of a report about the scans of a QR code.
#[derive(Debug)]
pub enum OfScans {}
/// Of a list of clicks.
#[derive(Debug)]
pub enum OfRows {}
/// Of the live stream.
#[derive(Debug)]
pub enum OfLive {}

impl Takes for OfReport {
    const PLAIN: &'static [Plain] = REPORT;
    const NOT_FILTERED: &'static [&'static str] = &[];
}

impl Takes for OfDeployment {
    const PLAIN: &'static [Plain] = REPORT;
    const NOT_FILTERED: &'static [&'static str] = &["tag"];
}

impl Takes for OfScans {
    const PLAIN: &'static [Plain] = REPORT;
    const NOT_FILTERED: &'static [&'static str] = &["trigger"];
}

impl Takes for OfRows {
    const PLAIN: &'static [Plain] = ROWS;
    const NOT_FILTERED: &'static [&'static str] = &[];
}

impl Takes for OfLive {
    const PLAIN: &'static [Plain] = LIVE;
    const NOT_FILTERED: &'static [&'static str] = &["continent"];
}

/// Parameters as they were given.
#[derive(Debug)]
pub struct Parameters<T>(BTreeMap<String, String>, PhantomData<T>);

fn fields<T: Takes>() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(|field| !T::NOT_FILTERED.contains(&field.name))
}

fn names<T: Takes>() -> impl Iterator<Item = &'static str> {
    let filters = fields::<T>().flat_map(|field| [field.name, field.name_not]);
    T::PLAIN.iter().map(|plain| plain.name).chain(filters)
}

impl<'de, T: Takes> Deserialize<'de> for Parameters<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = BTreeMap::<String, String>::deserialize(deserializer)?;
        match given.keys().find(|name| !names::<T>().any(|known| known == *name)) {
            None => Ok(Self(given, PhantomData)),
            // In serde's words, which the shell knows how to say in ours.
            Some(strange) => {
                let known: Vec<String> = names::<T>().map(|name| format!("`{name}`")).collect();
                Err(D::Error::custom(format!(
                    "unknown field `{strange}`, expected one of {}",
                    known.join(", ")
                )))
            }
        }
    }
}

impl<T: Takes> IntoParams for Parameters<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let plain = T::PLAIN.iter().map(|plain| {
            let schema = match plain.within {
                Some((min, max)) => {
                    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(min)).maximum(Some(max))
                }
                None => ObjectBuilder::new().schema_type(Type::String),
            };
            documented(plain.name, plain.about.to_owned(), plain.example, schema)
        });
        let filters = fields::<T>().flat_map(|field| {
            let text = || ObjectBuilder::new().schema_type(Type::String);
            let only = format!("Only these, several by comma; `none` for unknown. {}.", field.about);
            let but = format!("All but these. As `{}`.", field.name);
            [documented(field.name, only, field.example, text()), documented(field.name_not, but, "", text())]
        });
        plain.chain(filters).collect()
    }
}

fn documented(name: &str, about: String, example: &str, schema: ObjectBuilder) -> Parameter {
    let number = example.parse::<u64>().ok();
    let example = number.map(Into::into).or_else(|| (!example.is_empty()).then(|| example.into()));
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(utoipa::openapi::Required::False)
        .description(Some(about))
        .schema(Some(schema))
        .example(example)
        .build()
}

/// Which clicks are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) filters: Vec<Chosen>,
    pub(super) robots: Robots,
}

/// One of these values, or none of them; `None` is what is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) by: By,
    pub(super) values: Vec<Option<String>>,
    pub(super) is_negated: bool,
}

/// What a report is to hold.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) selection: Selection,
    pub(super) wish: Wish,
    pub(super) zone: Zone,
    pub(super) unit: Option<TimeUnit>,
    pub(super) parts: Parts,
    pub(super) group_by: Vec<By>,
    pub(super) limit: usize,
    pub(super) order: Order,
    pub(super) compare: Option<Compare>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) summary: bool,
    pub(super) series: bool,
    pub(super) breakdown: bool,
}

/// How an answer is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Csv,
    Parquet,
}

impl<T: Takes> Parameters<T> {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The given format, if any.
    pub(super) fn format(&self, checks: &mut Checks, known: &[(Format, &'static str)]) -> Option<Format> {
        checks.keep("format", choice(known, self.get("format")?))
    }

    pub(super) fn zone(&self, checks: &mut Checks, default: &str) -> Option<Zone> {
        checks.keep("timezone", Zone::parse(self.get("timezone").unwrap_or(default)))
    }

    /// Without a zone there is no range either, and the zone's fault is said.
    pub(super) fn wish(&self, checks: &mut Checks, zone: Option<&Zone>, now: Timestamp) -> Option<Wish> {
        match Wish::parse(self.get("range"), self.get("from"), self.get("to"), zone?, now) {
            Ok(wish) => Some(wish),
            Err(wrongs) => {
                for (field, wrong) in wrongs {
                    checks.refuse(field, wrong.code, wrong.message);
                }
                None
            }
        }
    }

    pub(super) fn selection(&self, checks: &mut Checks) -> Selection {
        let robots = [(Robots::Exclude, "exclude"), (Robots::Include, "include"), (Robots::Only, "only")];
        let robots = checks.keep("robots", choice(&robots, self.get("robots").unwrap_or("exclude")));
        let mut filters = Vec::new();
        for field in fields::<T>() {
            for (name, is_negated) in [(field.name, false), (field.name_not, true)] {
                let Some(given) = self.get(name) else { continue };
                if let Some(values) = checks.keep(name, chosen(field, given)) {
                    filters.push(Chosen { by: field.by, values, is_negated });
                }
            }
        }
        if filters.len() > FILTERS_MAX {
            checks.refuse("query", "length", format!("at most {FILTERS_MAX} filters"));
        }
        Selection { filters, robots: robots.unwrap_or(Robots::Exclude) }
    }

    /// A whole number within a range.
    pub(super) fn number(
        &self,
        checks: &mut Checks,
        name: &'static str,
        (min, default, max): (usize, usize, usize),
    ) -> usize {
        let Some(given) = self.get(name) else { return default };
        let number = given.parse().ok().filter(|number| (min..=max).contains(number));
        let wrong = || Wrong::new("range", format!("from {min} to {max}"));
        checks.keep(name, number.ok_or_else(wrong)).unwrap_or(default)
    }

    /// # Errors
    /// Everything that is wrong, what was noted before included, each with its field.
    pub(super) fn report(
        &self,
        mut checks: Checks,
        reach: Reach,
        timezone: &str,
        now: Timestamp,
    ) -> Result<Wanted, Problem> {
        let zone = self.zone(&mut checks, timezone);
        let wish = self.wish(&mut checks, zone.as_ref(), now);
        let selection = self.selection(&mut checks);
        let unit = self.get("interval").and_then(|word| checks.keep("interval", choice(&UNITS, word)));
        let group_by = checks.keep("group_by", group_by(self.get("group_by"), reach)).unwrap_or_default();
        let parts = checks.keep("include", parts(self.get("include"), &group_by));
        let is_of_the_clock = group_by.iter().all(|by| by.is_of_the_clock());
        let limit = if is_of_the_clock { LIMIT_MAX } else { LIMIT_DEFAULT };
        let limit = self.number(&mut checks, "limit", (1, limit, LIMIT_MAX));
        let default = if is_of_the_clock { "group" } else { "-clicks" };
        let order = checks.keep("sort", order(self.get("sort").unwrap_or(default)));
        let compare = self.get("compare").and_then(|word| checks.keep("compare", Compare::parse(word)));
        if compare.is_some() && wish.is_some_and(Wish::is_everything) {
            checks.refuse(
                "compare",
                "conflict",
                "before all there is nothing to compare with: choose another range",
            );
        }
        if compare.is_some() && group_by.contains(&By::Time) {
            checks.refuse(
                "compare",
                "conflict",
                "moments have no counterpart: leave time out of group_by; the series is compared",
            );
        }
        checks.done()?;
        let (Some(zone), Some(wish), Some(parts), Some(order)) = (zone, wish, parts, order) else {
            return Err(Problem::internal("a parameter was refused without a word"));
        };
        Ok(Wanted { selection, wish, zone, unit, parts, group_by, limit, order, compare })
    }
}

fn chosen(field: &Field, given: &str) -> Result<Vec<Option<String>>, Wrong> {
    if given.chars().count() > FILTER_CHARS_MAX && field.values != Values::Link {
        return Err(Wrong::new("length", format!("at most {FILTER_CHARS_MAX} characters")));
    }
    let values = values(given);
    if values.is_empty() {
        return Err(Wrong::new("required", "name at least one; none stands for unknown"));
    }
    if values.len() > FILTER_VALUES_MAX {
        return Err(Wrong::new("length", format!("at most {FILTER_VALUES_MAX} values")));
    }
    let read = |value: Option<String>| match (field.values, value) {
        (Values::Link, value) => {
            let id = value.as_deref().and_then(|text| text.parse::<LinkId>().ok());
            id.map(|id| Some(id.to_string()))
                .ok_or_else(|| Wrong::new("format", "ids of links, like link_01jd8qd4vkf4ktabjqvqxgqzne"))
        }
        (_, None) => Ok(None),
        (values, Some(text)) => values.read(text).map(Some),
    };
    values.into_iter().map(read).collect()
}

fn group_by(given: Option<&str>, reach: Reach) -> Result<Vec<By>, Wrong> {
    let mut all: Vec<By> = Vec::new();
    for word in given.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let by = By::parse(word, reach)?;
        if all.contains(&by) {
            return Err(Wrong::new("duplicate", format!("{word} is named twice")));
        }
        all.push(by);
    }
    if all.len() > Question::GROUP_BY_MAX {
        return Err(Wrong::new("length", format!("at most {} at once", Question::GROUP_BY_MAX)));
    }
    Ok(all)
}

fn parts(given: Option<&str>, group_by: &[By]) -> Result<Parts, Wrong> {
    let can_break_down = !group_by.is_empty();
    let Some(given) = given else {
        return Ok(Parts { summary: true, series: true, breakdown: can_break_down });
    };
    let mut parts = Parts { summary: false, series: false, breakdown: false };
    for word in given.split(',').map(str::trim) {
        match word {
            "summary" => parts.summary = true,
            "series" => parts.series = true,
            "breakdown" if can_break_down => parts.breakdown = true,
            "breakdown" => return Err(Wrong::new("required", "a breakdown takes group_by")),
            _ => return Err(Wrong::new("choice", "expected some of summary, series, breakdown")),
        }
    }
    Ok(parts)
}

fn order(word: &str) -> Result<Order, Wrong> {
    choice(
        &[
            (Order::Largest(Measure::Count), "-clicks"),
            (Order::Smallest(Measure::Count), "clicks"),
            (Order::Largest(Measure::Visitors), "-unique_visitors"),
            (Order::Smallest(Measure::Visitors), "unique_visitors"),
            (Order::Largest(Measure::Robots), "-robots"),
            (Order::Smallest(Measure::Robots), "robots"),
            (Order::Group, "group"),
        ],
        word,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn wrongs(given: Value) -> Vec<(String, String)> {
        let parameters: Parameters<OfReport> = serde_json::from_value(given).unwrap();
        let problem =
            parameters.report(Checks::default(), Reach::Workspace, "UTC", Timestamp::UNIX_EPOCH).unwrap_err();
        problem.errors.iter().map(|error| (error.field.to_string(), error.code.to_string())).collect()
    }

    #[test]
    fn everything_wrong_with_a_question_is_said_at_once() {
        let given = json!({
            "timezone": "Europe/Atlantis", "group_by": "country,planet", "interval": "fortnight", "limit": "1001",
            "sort": "loudest", "robots": "some", "compare": "yesterday", "country": "DEU", "link": "demo", "trigger_not": "poster",
            "include": "everything", "os": " , ",
        });
        let fields = [
            "timezone",
            "robots",
            "link",
            "trigger_not",
            "country",
            "os",
            "interval",
            "group_by",
            "include",
            "limit",
            "sort",
            "compare",
        ];
        let found: Vec<String> = wrongs(given).into_iter().map(|(field, _)| field).collect();
        assert_eq!(found, fields);
    }

    #[test]
    fn limits_are_named() {
        let all: Vec<String> =
            FIELDS.iter().take(FILTERS_MAX + 1).map(|field| field.name.to_owned()).collect();
        let filters: serde_json::Map<String, Value> = all
            .iter()
            .map(|name| {
                (
                    name.clone(),
                    json!(match name.as_str() {
                        "link" => "link_01jd8qd4vkf4ktabjqvqxgqzne",
                        _ => "none",
                    }),
                )
            })
            .collect();
        assert_eq!(wrongs(Value::Object(filters)), [("query".to_owned(), "length".to_owned())]);
        let many = "x,".repeat(FILTER_VALUES_MAX + 1);
        assert_eq!(wrongs(json!({"browser": many})), [("browser".to_owned(), "length".to_owned())]);
        assert_eq!(wrongs(json!({"browser": "x".repeat(FILTER_CHARS_MAX + 1)}))[0].1, "length");
        assert_eq!(wrongs(json!({"group_by": "country,device,os,browser"}))[0].1, "length");
        assert_eq!(wrongs(json!({"group_by": "country,country"}))[0].1, "duplicate");
        assert_eq!(wrongs(json!({"group_by": "workspace"}))[0].1, "choice");
    }

    #[test]
    fn a_comparison_needs_something_before_it() {
        assert_eq!(wrongs(json!({"range": "all", "compare": "previous_year"}))[0].0, "compare");
        assert_eq!(wrongs(json!({"group_by": "time,country", "compare": "previous_year"}))[0].0, "compare");
        assert_eq!(wrongs(json!({"include": "breakdown"}))[0].0, "include");
    }

    #[test]
    fn filters_are_read_with_their_negation() {
        let given = json!({"country": "de,none", "country_not": "US", "robots": "only"});
        let parameters: Parameters<OfReport> = serde_json::from_value(given).unwrap();
        let selection = parameters.selection(&mut Checks::default());
        assert_eq!(selection.robots, Robots::Only);
        assert_eq!(
            selection.filters,
            [
                Chosen { by: By::Country, values: vec![Some("DE".into()), None], is_negated: false },
                Chosen { by: By::Country, values: vec![Some("US".into())], is_negated: true },
            ]
        );
    }

    #[test]
    fn an_unknown_parameter_is_refused_in_words_that_name_the_known_ones() {
        let refused =
            serde_json::from_value::<Parameters<OfLive>>(json!({"continent": "EU"})).unwrap_err().to_string();
        assert!(
            refused.starts_with("unknown field `continent`, expected one of `robots`, `link`, `link_not`"),
            "{refused}"
        );
    }
}
