//! What somebody should know about a key: it expires soon, it is not used any more, it ran into a limit.
//!
//! Each is told once for a key and a period, whoever looks and how often; the database decides that. Notices can be
//! read at `/v1/notices`, and are kept for ninety days.

use jiff::ToSpan;
use serde_json::{Value, json};
use tessera_db::DbError;
use tessera_keys::UNUSED_AFTER_DAYS;
use tessera_types::{ApiKeyId, NoticeId, Timestamp, WorkspaceId, from_millis, to_millis};

use super::store::notices as store;
use crate::App;
use crate::metering::{Owner, Reached};

/// How long before its end a key is said to be expiring.
const EXPIRING_WITHIN_HOURS: i64 = 7 * 24;
const KEPT_HOURS: i64 = 90 * 24;
/// Notices of one kind written in one turn; the rest follow with the next.
pub const BATCH_ROWS: u64 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Expiring,
    Unused,
    LimitReached,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Expiring, Self::Unused, Self::LimitReached];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expiring => "api_key.expiring",
            Self::Unused => "api_key.unused",
            Self::LimitReached => "api_key.limit_reached",
        }
    }
}

/// One notice as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub id: NoticeId,
    pub workspace: WorkspaceId,
    pub key: ApiKeyId,
    pub kind: &'static str,
    pub topic: &'static str,
    pub period: i64,
    pub at: Timestamp,
    pub detail: Value,
}

/// Tells of the limits that were reached since the last call. When it returns `Ok`, they are durable; what a crash
/// loses before that is told when the limit is next run into.
pub(crate) async fn tell_reached(app: &App) -> Result<(), DbError> {
    let reached = app.limiter.take_reached();
    if reached.is_empty() {
        return Ok(());
    }
    let notices: Vec<Notice> = reached.iter().map(|reached| of_limit(app, reached)).collect();
    let told = store::tell(app, &notices).await;
    if told.is_err() {
        app.limiter.put_back(reached);
    }
    told
}

fn of_limit(app: &App, reached: &Reached) -> Notice {
    let refused = &reached.refused;
    let detail = json!({
        "window": refused.window.as_str(),
        "quota": refused.quota,
        "limit_of": if refused.owner == Owner::Plan { "plan" } else { "api_key" },
        "class": refused.class.map(|class| class.as_str()),
    });
    Notice {
        id: app.new_id(),
        workspace: reached.workspace,
        key: reached.key,
        kind: Kind::LimitReached.as_str(),
        topic: refused.window.as_str(),
        period: reached.period.into(),
        at: from_millis(reached.at_ms),
        detail,
    }
}

/// Tells of keys that end within a week, and of those that nobody used for thirty days; forgets old notices.
pub(crate) async fn tell_of_life(app: &App) -> Result<(), DbError> {
    let now = app.now();
    let ago = |hours: i64| to_millis(now.checked_sub(hours.hours()).unwrap_or(Timestamp::MIN));
    let until = now.checked_add(EXPIRING_WITHIN_HOURS.hours()).unwrap_or(Timestamp::MAX);
    let expiring = store::expiring(app, to_millis(now), to_millis(until)).await?;
    let unused = store::unused(app, to_millis(now), ago(i64::from(UNUSED_AFTER_DAYS) * 24)).await?;
    let told = |kind: Kind, life: &store::Life, detail| Notice {
        id: app.new_id(),
        workspace: life.workspace,
        key: life.key,
        kind: kind.as_str(),
        topic: "",
        period: life.since_ms,
        at: now,
        detail,
    };
    let mut notices = Vec::with_capacity(expiring.len() + unused.len());
    for life in &expiring {
        notices.push(told(Kind::Expiring, life, json!({"expires_at": from_millis(life.since_ms)})));
    }
    for life in &unused {
        let last_used_at = life.is_used.then_some(from_millis(life.since_ms));
        notices.push(told(Kind::Unused, life, json!({"last_used_at": last_used_at})));
    }
    store::tell(app, &notices).await?;
    store::forget(app, ago(KEPT_HOURS)).await
}
