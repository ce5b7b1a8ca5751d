//! Why a question cannot be answered, in words for whoever asked it.

use crate::store::StoreError;
use crate::{Dimension, FilterValue, Kind, Measure, Question};

/// What is wrong with a question, or went wrong with its answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error("the range ends before it begins")]
    Range,
    #[error("there is no time zone `{0}`: expected an IANA name like `Europe/Berlin`")]
    Zone(String),
    #[error("{} cannot be grouped by {dimension}: expected one of {}", plural(*kind), allowed.join(", "))]
    GroupBy { dimension: &'static str, kind: Kind, allowed: Vec<&'static str> },
    #[error("{} cannot be filtered by {dimension}: expected one of {}", plural(*kind), allowed.join(", "))]
    Filter { dimension: &'static str, kind: Kind, allowed: Vec<&'static str> },
    #[error("a filter on {dimension} takes {expected}")]
    FilterValue { dimension: &'static str, expected: &'static str },
    #[error("{} have no {measure}: expected one of {}", plural(*kind), allowed.join(", "))]
    Measure { measure: &'static str, kind: Kind, allowed: Vec<&'static str> },
    #[error("the order is by {0}, which is not asked for")]
    Order(&'static str),
    #[error("at most {} things to group by", Question::GROUP_BY_MAX)]
    GroupBys,
    #[error("at most {} filters", Question::FILTERS_MAX)]
    Filters,
    #[error("at most {} values in a filter", Question::FILTER_VALUES_MAX)]
    FilterValues,
    #[error("the limit is from 1 to {}", Question::LIMIT_MAX)]
    Limit,
    #[error("more than {} groups: narrow the range, or group by less", Question::GROUPS_MAX)]
    Groups,
    #[error("more than {max} intervals: take a longer interval or a shorter range")]
    Buckets { max: usize },
    #[error("the answer would take more than {} MiB of memory: narrow the range, or group by less", bytes_max >> 20)]
    Memory { bytes_max: usize },
    #[error("cancelled")]
    Cancelled,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AskError {
    /// Whether the question is at fault, not the store nor whoever cancelled.
    pub const fn is_question(&self) -> bool {
        !matches!(self, Self::Cancelled | Self::Store(_))
    }
}

const fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Click => "clicks",
        Kind::Request => "requests",
    }
}

/// What a dimension is called in questions.
pub(super) const fn name(dimension: &Dimension) -> &'static str {
    match dimension {
        Dimension::Time(_) => "time",
        Dimension::Weekday(_) => "weekday",
        Dimension::HourOfDay(_) => "hour_of_day",
        Dimension::Workspace => "workspace",
        Dimension::Link => "link",
        Dimension::Label(_) => "label",
        Dimension::Domain => "domain",
        Dimension::Trigger => "trigger",
        Dimension::Country => "country",
        Dimension::Region => "region",
        Dimension::City => "city",
        Dimension::Continent => "continent",
        Dimension::Device => "device",
        Dimension::Browser => "browser",
        Dimension::Os => "os",
        Dimension::Language => "language",
        Dimension::Referrer => "referrer",
        Dimension::Channel => "channel",
        Dimension::UtmSource => "utm_source",
        Dimension::UtmMedium => "utm_medium",
        Dimension::UtmCampaign => "utm_campaign",
        Dimension::UtmTerm => "utm_term",
        Dimension::UtmContent => "utm_content",
        Dimension::Key => "key",
        Dimension::Route => "route",
        Dimension::Method => "method",
        Dimension::Status => "status",
    }
}

const TIMES: [&str; 3] = ["time", "weekday", "hour_of_day"];
const CLICKS: [&str; 19] = [
    "workspace",
    "link",
    "domain",
    "trigger",
    "country",
    "region",
    "city",
    "continent",
    "device",
    "browser",
    "os",
    "language",
    "referrer",
    "channel",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
];
const REQUESTS: [&str; 7] = ["workspace", "key", "route", "method", "status", "country", "continent"];

/// What events of a kind can be filtered by.
pub(super) fn filters_of(kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::Click => CLICKS.to_vec(),
        Kind::Request => REQUESTS.to_vec(),
    }
}

/// What events of a kind can be grouped by.
pub(super) fn groups_of(kind: Kind) -> Vec<&'static str> {
    let mut all = TIMES.to_vec();
    all.extend(filters_of(kind));
    if kind == Kind::Click {
        all.push("label");
    }
    all
}

pub(super) const fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Count => "count",
        Measure::Robots => "robots",
        Measure::Visitors => "visitors",
        Measure::Errors => "errors",
        Measure::Latency => "latency",
    }
}

pub(super) const fn measures_of(kind: Kind) -> &'static [Measure] {
    match kind {
        Kind::Click => &[Measure::Count, Measure::Robots, Measure::Visitors],
        Kind::Request => &[Measure::Count, Measure::Errors, Measure::Latency],
    }
}

/// The kind of value that a filter on this dimension compares with.
pub(super) const fn expected(dimension: &Dimension) -> &'static str {
    match dimension {
        Dimension::Workspace | Dimension::Link | Dimension::Key => "ids",
        Dimension::Status => "numbers",
        _ => "texts",
    }
}

pub(super) const fn is_expected(dimension: &Dimension, value: &FilterValue) -> bool {
    match dimension {
        Dimension::Workspace | Dimension::Link | Dimension::Key => matches!(value, FilterValue::Id(_)),
        Dimension::Status => matches!(value, FilterValue::Number(_)),
        _ => matches!(value, FilterValue::Text(_)),
    }
}
