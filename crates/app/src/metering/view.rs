//! What was used and what is left, as clients see it.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tessera_events::CallClass;
use tessera_types::from_millis;
use utoipa::ToSchema;

use super::model::{Moment, Owner, Stand, Used};

/// Requests that count, of the present day and month, and the limits on them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Limits)]
pub struct LimitsView {
    /// Of the present day in UTC.
    pub day: UsedView,
    /// Of the present calendar month in UTC.
    pub month: UsedView,
    /// Every limit that is in the way; empty: none.
    pub limits: Vec<LimitView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestsUsed)]
pub struct UsedView {
    #[schema(examples(42))]
    pub requests: u64,
    pub reads: u64,
    pub writes: u64,
    pub deletes: u64,
    pub reports: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestLimit)]
pub struct LimitView {
    /// `minute`, `day` or `month`.
    #[schema(examples("month"))]
    pub window: &'static str,
    /// `plan`: of all keys of the workspace together. `api_key`: of this key.
    #[schema(examples("plan"))]
    pub limit_of: &'static str,
    /// `read`, `write`, `delete` or `report`. Null: calls of every class.
    pub class: Option<&'static str>,
    #[schema(examples(100_000))]
    pub quota: u64,
    /// Requests that would be admitted right now.
    #[schema(examples(99_999))]
    pub remaining: u64,
    /// When the whole quota is there again.
    #[schema(value_type = String, format = DateTime)]
    pub resets_at: Timestamp,
}

impl LimitsView {
    /// From stands of every class of calls; a limit that is on all classes stands among them once for each.
    pub(super) fn new([day, month]: [Used; 2], stands: Vec<Stand>, now: Moment) -> Self {
        let mut once: Vec<Stand> = Vec::with_capacity(stands.len());
        for stand in stands {
            let is_known = |known: &Stand| {
                (known.window, known.owner, known.class) == (stand.window, stand.owner, stand.class)
            };
            if !once.iter().any(is_known) {
                once.push(stand);
            }
        }
        Self {
            day: used(day),
            month: used(month),
            limits: once.iter().map(|stand| limit(stand, now)).collect(),
        }
    }
}

fn used(used: Used) -> UsedView {
    let [reads, writes, deletes, reports] = used.by_class;
    UsedView { requests: used.all, reads, writes, deletes, reports }
}

fn limit(stand: &Stand, now: Moment) -> LimitView {
    let wait = SignedDuration::from_secs(i64::try_from(stand.reset_seconds).unwrap_or(i64::MAX));
    LimitView {
        window: stand.window.as_str(),
        limit_of: if stand.owner == Owner::Plan { "plan" } else { "api_key" },
        class: stand.class.map(CallClass::as_str),
        quota: stand.quota,
        remaining: stand.remaining,
        resets_at: from_millis(now.at_ms).checked_add(wait).unwrap_or(Timestamp::MAX),
    }
}
