//! What a key did, as questions to the event store: no more than one key of one workspace at a time.

use jiff::{SignedDuration, Timestamp};
use tessera_events::{
    Dimension, Filter, FilterValue, Interval, Kind, Measure, Order, Question, Robots, TimeUnit, buckets,
};
use tessera_types::{ApiKeyId, WorkspaceId, to_millis};

use super::model::Key;
use super::{mint, store};
use crate::App;
use crate::caller::Caller;
use crate::problem::{Checks, Problem, Wrong};

/// Intervals of one answer.
pub const BUCKETS_MAX: usize = 1_000;
const DAYS_DEFAULT: i64 = 30;
/// What was refused at the door and does not count as a use.
const UNCOUNTED: [u64; 3] = [401, 403, 429];

/// Milliseconds since 1970: from the first up to, and without, the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from_ms: i64,
    pub until_ms: i64,
}

/// The key, if the caller may see it.
///
/// # Errors
/// `not_found` for a key that is not there, of another workspace, or another member's personal one.
pub async fn key_in_sight(app: &App, caller: &Caller, id: ApiKeyId) -> Result<Key, Problem> {
    let key = store::find(app, caller.workspace, id).await?;
    key.filter(|key| mint::is_visible(caller, key)).ok_or_else(Problem::not_found)
}

/// Up to and with the present second, so that what just happened is in it.
pub fn end_of(now: Timestamp) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(1)).unwrap_or(Timestamp::MAX)
}

impl Period {
    /// Reads `from` and `to`.
    pub fn read(from: Timestamp, to: Timestamp, checks: &mut Checks) -> Self {
        if from >= to {
            checks.refuse("from", "range", "a moment before `to`");
        }
        Self { from_ms: to_millis(from), until_ms: to_millis(to) }
    }
}

/// The first moment of the day, in this zone, from which thirty days lead up to `to`.
pub fn month_before(to: Timestamp, zone: &str) -> Timestamp {
    let days = SignedDuration::from_hours(24 * (DAYS_DEFAULT - 1));
    let from = to.checked_sub(days).unwrap_or(Timestamp::MIN);
    let day = Interval { unit: TimeUnit::Day, zone: zone.to_owned() };
    let starts = buckets(&day, to_millis(from), to_millis(to)).unwrap_or_default();
    starts.first().map_or(from, |start| tessera_types::from_millis(*start))
}

/// The intervals of a period.
pub fn starts(interval: &Interval, period: Period) -> Result<Vec<i64>, Wrong> {
    let starts = buckets(interval, period.from_ms, period.until_ms);
    let starts = starts.map_err(|error| Wrong::new("range", error.to_string()))?;
    if starts.len() > BUCKETS_MAX {
        let words = format!("at most {BUCKETS_MAX} intervals: take a longer one, or a shorter range");
        return Err(Wrong::new("range", words));
    }
    Ok(starts)
}

pub fn of_key(id: ApiKeyId) -> Filter {
    Filter { dimension: Dimension::Key, values: vec![FilterValue::Id(id.uuid())], is_negated: false }
}

/// Without what was refused at the door.
pub fn counted() -> Filter {
    let values = UNCOUNTED.map(FilterValue::Number).to_vec();
    Filter { dimension: Dimension::Status, values, is_negated: true }
}

/// How many requests, how many errors and how fast, by this.
pub fn question(
    workspace: WorkspaceId,
    period: Period,
    filters: Vec<Filter>,
    group_by: Vec<Dimension>,
    limit: usize,
) -> Question {
    let is_in_time = matches!(group_by.first(), Some(Dimension::Time(_)));
    Question {
        kind: Kind::Request,
        workspace: Some(workspace),
        from_ms: period.from_ms,
        until_ms: period.until_ms,
        filters,
        robots: Robots::Include,
        group_by,
        measures: vec![Measure::Count, Measure::Errors, Measure::Latency],
        order: if is_in_time { Order::Group } else { Order::Largest(Measure::Count) },
        limit,
        wants_total: true,
    }
}
