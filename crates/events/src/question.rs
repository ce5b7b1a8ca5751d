//! What can be asked of events, and what the answer looks like.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tessera_types::{LinkId, WorkspaceId};
use uuid::Uuid;

/// One question about events of one kind.
#[derive(Debug, Clone)]
pub struct Question {
    pub kind: Kind,
    /// `None` asks about the whole deployment.
    pub workspace: Option<WorkspaceId>,
    /// Milliseconds since 1970: from this instant …
    pub from_ms: i64,
    /// … up to, and without, this one.
    pub until_ms: i64,
    /// All of them must hold.
    pub filters: Vec<Filter>,
    /// Which events count. [`Measure::Robots`] counts robots whatever stands here.
    pub robots: Robots,
    /// What the answer is broken down by; empty asks for the total alone.
    pub group_by: Vec<Dimension>,
    pub measures: Vec<Measure>,
    pub order: Order,
    /// Groups in the answer; at most [`Question::LIMIT_MAX`].
    pub limit: usize,
    /// Whether [`Answer::total`] is wanted; distinct visitors of the total cost a second count.
    pub wants_total: bool,
}

impl Question {
    pub const LIMIT_MAX: usize = 10_000;
    pub const GROUP_BY_MAX: usize = 3;
    pub const FILTERS_MAX: usize = 20;
    pub const FILTER_VALUES_MAX: usize = 100_000;
    /// Groups that are told apart while counting; a question that finds more is refused.
    pub const GROUPS_MAX: usize = 1_000_000;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Click,
    Request,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Click => "click",
            Self::Request => "request",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Robots {
    Exclude,
    Include,
    Only,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Events: clicks or requests.
    Count,
    /// Clicks by robots, among what passes the other filters.
    Robots,
    /// Different visitors.
    Visitors,
    /// Requests answered with a status of 400 or above.
    Errors,
    /// The 50th, 95th and 99th percentile of how long requests took.
    Latency,
}

/// What events can be told apart by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dimension {
    /// The start of the interval it happened in.
    Time(Interval),
    /// Monday is 1, in this IANA zone.
    Weekday(String),
    /// 0 to 23, in this IANA zone.
    HourOfDay(String),
    Workspace,
    Link,
    /// A label of the link, as links are labelled when the question is asked. A click counts for each.
    Label(Arc<Labels>),
    Domain,
    Trigger,
    Country,
    Region,
    City,
    Continent,
    Device,
    Browser,
    Os,
    Language,
    Referrer,
    Channel,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    UtmTerm,
    UtmContent,
    Key,
    Route,
    Method,
    Status,
}

/// A calendar interval in a time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    pub unit: TimeUnit,
    /// IANA, like `Europe/Berlin`.
    pub zone: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    Minute,
    Hour,
    Day,
    /// Begins on Monday (ISO 8601).
    Week,
    Month,
    Quarter,
    Year,
}

/// Which labels each link carries: tags, a folder, a campaign.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Labels {
    pub names: Vec<String>,
    /// Places in `names`.
    pub of_link: HashMap<LinkId, Vec<u32>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Any but a time or a label; a label is asked for by its links.
    pub dimension: Dimension,
    /// One of these, or none of them if negated. Empty text stands for none or unknown.
    pub values: Vec<FilterValue>,
    pub is_negated: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FilterValue {
    Text(String),
    Id(Uuid),
    /// A status.
    Number(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The largest of this measure first, equal ones by group.
    Largest(Measure),
    Smallest(Measure),
    /// By the group itself: time first to last, text by code point.
    Group,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub groups: Vec<Group>,
    /// Everything that passed the filters, whatever the limit; of links with several labels, once.
    pub total: Option<Measured>,
    /// Groups before the limit.
    pub groups_found: usize,
    /// Rows that were looked at.
    pub rows_scanned: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// In the order of `group_by`.
    pub by: Vec<Value>,
    pub measured: Measured,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// Milliseconds since 1970.
    Time(i64),
    Number(u64),
    Id(Uuid),
    /// Empty: none or unknown.
    Text(String),
}

/// What was asked for; the rest is 0.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measured {
    pub count: u64,
    pub robots: u64,
    pub visitors: Uniques,
    pub errors: u64,
    pub latency_us_p50: u32,
    pub latency_us_p95: u32,
    pub latency_us_p99: u32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uniques {
    pub count: u64,
    /// Beyond a bound they are estimated, within 1 %.
    pub is_estimate: bool,
}

/// Stops a question that is under way: its answer is no longer wanted, or took too long.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
