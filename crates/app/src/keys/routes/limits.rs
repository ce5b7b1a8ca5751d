//! `GET /v1/api-keys/{id}/limits`: what a key may still do, in each of the windows that it is held to.

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tessera_events::CallClass;
use tessera_types::{ApiKeyId, from_millis};
use utoipa::ToSchema;

use crate::App;
use crate::http::auth::{ApiKeysRead, Can};
use crate::http::extract::Path;
use crate::keys::mint::is_visible;
use crate::keys::model::Key;
use crate::keys::store;
use crate::metering::{Moment, Owner, Stand, Terms, Used};
use crate::problem::Problem;

/// What a key has used of its windows, and what is left.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyLimits)]
pub struct LimitsView {
    pub api_key_id: ApiKeyId,
    /// Requests of this key that count, of the present day in UTC.
    pub day: UsedView,
    /// Of the present calendar month in UTC.
    pub month: UsedView,
    /// Every limit that is in the way of this key; empty: none.
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

/// Read a key's limits
///
/// What it has used of the day and the month, and how each limit stands that it is held to: the plan's, those of the
/// plan's classes of calls, and its own. Exact at the moment of the answer. Asking costs one request, as any call.
#[utoipa::path(get, path = "/v1/api-keys/{id}/limits", tag = "API keys", operation_id = "readApiKeyLimits",
    params(("id" = ApiKeyId, Path, description = "The key's id")),
    extensions(("x-needs" = json!("api_keys.read"))),
    responses((status = 200, description = "The limits", body = LimitsView)))]
pub async fn limits(
    can: Can<ApiKeysRead>,
    State(app): State<App>,
    Path(id): Path<ApiKeyId>,
) -> Result<Json<LimitsView>, Problem> {
    let key = store::find(&app, can.workspace(), id).await?;
    let key = key.filter(|key| is_visible(&can, key)).ok_or_else(Problem::not_found)?;
    let terms = Terms { plan: can.plan.clone(), own: key.rate_limits.limits() };
    Ok(Json(view(&app, &key, &terms).await?))
}

async fn view(app: &App, key: &Key, terms: &Terms) -> Result<LimitsView, Problem> {
    let metered = app.limiter.meters(app, key.workspace, key.id).await?;
    let now = Moment::now(app);
    let mut stands: Vec<Stand> = Vec::new();
    for stand in app.limiter.stands(&metered, terms, CallClass::ALL, now) {
        // What limits every class is found with each of them.
        let is_known = |known: &Stand| {
            (known.window, known.owner, known.class) == (stand.window, stand.owner, stand.class)
        };
        if !stands.iter().any(is_known) {
            stands.push(stand);
        }
    }
    let [day, month] = app.limiter.used(&metered, now);
    Ok(LimitsView {
        api_key_id: key.id,
        day: used(day),
        month: used(month),
        limits: stands.iter().map(|stand| limit(stand, now)).collect(),
    })
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
