//! `GET /v1/api-keys/{id}/usage`: how a key was used over time, by route, method and status.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tessera_events::{Answer, Dimension, Group, Interval, Measured, TimeUnit, Value};
use tessera_types::{ApiKeyId, from_millis};
use utoipa::{IntoParams, ToSchema};

use super::limits::limits_of;
use crate::App;
use crate::events::ask;
use crate::http::auth::{ApiKeysRead, Can};
use crate::http::extract::{Path, Query};
use crate::keys::history::{self, Period, counted, of_key, question};
use crate::metering::LimitsView;
use crate::problem::{Checks, Problem, Wrong};
use crate::workspaces;

/// Routes, methods and statuses of one answer.
const GROUPS_MAX: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReadUsage {
    /// From this moment on. Absent: thirty days, this one included.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this moment. Absent: up to now.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// `hour`, `day` (default), `week` or `month`; at most 1000 of them.
    #[serde(default)]
    #[param(example = "day")]
    interval: Option<String>,
    /// IANA. Absent: the workspace's.
    #[serde(default)]
    #[param(example = "Europe/Berlin")]
    timezone: Option<String>,
}

/// How a key was used.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyUsage)]
pub struct UsageView {
    pub api_key_id: ApiKeyId,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    #[schema(examples("day"))]
    pub interval: &'static str,
    #[schema(examples("Europe/Berlin"))]
    pub timezone: String,
    pub summary: Figures,
    /// Requests that were refused at the door (401, 403, 429). They count nowhere else in this answer but in `statuses`.
    #[schema(examples(3))]
    pub refused: u64,
    /// Every interval, also those without a request.
    pub series: Vec<Bucket>,
    /// The busiest first, at most 100.
    pub routes: Vec<OfRoute>,
    /// The most frequent first, refused ones included.
    pub statuses: Vec<OfStatus>,
    /// How the key stands right now.
    pub current: LimitsView,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestFigures)]
pub struct Figures {
    #[schema(examples(1289))]
    pub requests: u64,
    /// Answered with a status of 400 or above.
    #[schema(examples(12))]
    pub errors: u64,
    #[schema(examples(0.42))]
    pub latency_ms_p50: f64,
    pub latency_ms_p95: f64,
    pub latency_ms_p99: f64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestsOfInterval)]
pub struct Bucket {
    /// When the interval begins; the first may begin before `from`.
    #[schema(value_type = String, format = DateTime)]
    pub start: Timestamp,
    #[serde(flatten)]
    pub figures: Figures,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestsOfRoute)]
pub struct OfRoute {
    #[schema(examples("GET"))]
    pub method: String,
    /// The template, without the ids.
    #[schema(examples("/v1/links/{id}"))]
    pub route: String,
    #[serde(flatten)]
    pub figures: Figures,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestsOfStatus)]
pub struct OfStatus {
    #[schema(examples(200))]
    pub status: u64,
    pub requests: u64,
}

/// Read a key's usage
///
/// Counts, errors and latency over time and by route, the newest requests included, and how the key's limits stand.
#[utoipa::path(get, path = "/v1/api-keys/{id}/usage", tag = "API keys", operation_id = "readApiKeyUsage",
    params(("id" = ApiKeyId, Path, description = "The key's id"), ReadUsage),
    extensions(("x-needs" = json!("api_keys.read"))),
    responses((status = 200, description = "The usage", body = UsageView)))]
pub async fn usage(
    can: Can<ApiKeysRead>,
    State(app): State<App>,
    Path(id): Path<ApiKeyId>,
    Query(query): Query<ReadUsage>,
) -> Result<Json<UsageView>, Problem> {
    let key = history::key_in_sight(&app, &can, id).await?;
    let wanted = read(&app, &can, query).await?;
    let ask_by = |filters, group_by, limit| {
        ask(&app, question(key.workspace, wanted.period, filters, group_by, limit))
    };
    let by_time = vec![Dimension::Time(wanted.interval.clone())];
    let series = ask_by(vec![of_key(id), counted()], by_time, history::BUCKETS_MAX).await?;
    let by_route = vec![Dimension::Method, Dimension::Route];
    let routes = ask_by(vec![of_key(id), counted()], by_route, GROUPS_MAX).await?;
    let statuses = ask_by(vec![of_key(id)], vec![Dimension::Status], GROUPS_MAX).await?;
    let summary = series.total.unwrap_or_default();
    Ok(Json(UsageView {
        api_key_id: id,
        from: from_millis(wanted.period.from_ms),
        to: from_millis(wanted.period.until_ms),
        interval: wanted.word,
        timezone: wanted.interval.zone,
        summary: figures(&summary),
        refused: statuses.total.unwrap_or_default().count.saturating_sub(summary.count),
        series: filled(&wanted.starts, &series),
        routes: routes.groups.iter().filter_map(of_route).collect(),
        statuses: statuses.groups.iter().filter_map(of_status).collect(),
        current: limits_of(&app, &can, &key).await?,
    }))
}

struct Wanted {
    period: Period,
    interval: Interval,
    word: &'static str,
    starts: Vec<i64>,
}

const INTERVALS: [(&str, TimeUnit); 4] =
    [("hour", TimeUnit::Hour), ("day", TimeUnit::Day), ("week", TimeUnit::Week), ("month", TimeUnit::Month)];

async fn read(app: &App, can: &Can<ApiKeysRead>, query: ReadUsage) -> Result<Wanted, Problem> {
    let mut checks = Checks::default();
    let zone = match query.timezone {
        Some(zone) => checks.keep("timezone", workspaces::model::timezone(&zone)).unwrap_or_default(),
        None => workspaces::get(app, can.workspace()).await?.timezone,
    };
    let wish = query.interval.as_deref().unwrap_or("day");
    let interval = INTERVALS.into_iter().find(|(word, _)| *word == wish);
    let interval = interval.ok_or_else(|| Wrong::new("choice", "one of hour, day, week, month"));
    let (word, unit) = checks.keep("interval", interval).unwrap_or(INTERVALS[1]);
    let to = query.to.unwrap_or_else(|| history::end_of(app.now()));
    let from = query.from.unwrap_or_else(|| history::month_before(to, &zone));
    let period = Period::read(from, to, &mut checks);
    checks.done()?;
    let interval = Interval { unit, zone };
    let mut checks = Checks::default();
    let starts = checks.keep("interval", history::starts(&interval, period)).unwrap_or_default();
    checks.done()?;
    Ok(Wanted { period, interval, word, starts })
}

/// One bucket for each start; the store leaves out those in which nothing happened.
fn filled(starts: &[i64], answer: &Answer) -> Vec<Bucket> {
    let mut groups = answer.groups.iter().peekable();
    let mut take = |start: i64| {
        let group = groups.next_if(|group| matches!(group.by.as_slice(), [Value::Time(at)] if *at == start));
        group.map_or_else(Measured::default, |group| group.measured)
    };
    starts
        .iter()
        .map(|start| Bucket { start: from_millis(*start), figures: figures(&take(*start)) })
        .collect()
}

fn figures(measured: &Measured) -> Figures {
    let ms = |us: u32| f64::from(us) / 1_000.0;
    Figures {
        requests: measured.count,
        errors: measured.errors,
        latency_ms_p50: ms(measured.latency_us_p50),
        latency_ms_p95: ms(measured.latency_us_p95),
        latency_ms_p99: ms(measured.latency_us_p99),
    }
}

fn of_route(group: &Group) -> Option<OfRoute> {
    let [Value::Text(method), Value::Text(route)] = group.by.as_slice() else { return None };
    Some(OfRoute { method: method.clone(), route: route.clone(), figures: figures(&group.measured) })
}

fn of_status(group: &Group) -> Option<OfStatus> {
    let [Value::Number(status)] = group.by.as_slice() else { return None };
    Some(OfStatus { status: *status, requests: group.measured.count })
}
