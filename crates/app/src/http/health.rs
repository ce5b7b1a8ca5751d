//! For load balancers and monitoring: alive, ready, measured.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde::Serialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::problem::{Code, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(metrics))
}

#[derive(Serialize, ToSchema)]
struct Health {
    #[schema(examples("ok"))]
    status: &'static str,
    #[schema(examples("0.1.0"))]
    version: &'static str,
}

const HEALTHY: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// Is the process alive?
///
/// Answers without asking the database, so that a database outage does not restart the process.
#[utoipa::path(get, path = "/healthz", tag = "Health", operation_id = "healthz",
    responses((status = 200, description = "Alive", body = Health)))]
async fn healthz() -> Json<Health> {
    Json(HEALTHY)
}

/// Can it do its work?
///
/// 200 while the database answers and events can be written, else 503. Without the database, redirects known to memory
/// go on and writes do not; with a full disk, everything goes on until no more events can be held in memory.
#[utoipa::path(get, path = "/readyz", tag = "Health", operation_id = "readyz",
    responses((status = 200, description = "Ready", body = Health)))]
async fn readyz(State(app): State<App>) -> Result<Json<Health>, Problem> {
    app.db.ping().await?;
    let condition = app.events.condition();
    if condition.held_bytes > 0 || condition.is_unsynced {
        let detail = "Events cannot be written to the disk; they are held in memory. Make room.";
        return Err(Problem::new(Code::Unavailable, detail));
    }
    Ok(Json(HEALTHY))
}

/// Counters for Prometheus
///
/// Off unless `metrics.token` is set; then it takes that token as `Authorization: Bearer`. With `metrics.listen`
/// they are served on a listener of their own instead.
#[utoipa::path(get, path = "/metrics", tag = "Health", operation_id = "metrics",
    extensions(("x-errors" = json!(["unauthorized", "not_found"]))),
    responses((status = 200, description = "Prometheus text", body = String, content_type = "text/plain")))]
async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let token = &app.settings.metrics.token;
    if token.is_empty() {
        return Err(Problem::new(
            Code::NotFound,
            "Metrics are off here: set metrics.token or metrics.listen.",
        ));
    }
    let sent = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if !sent.is_some_and(|sent| bool::from(sent.as_bytes().ct_eq(token.as_bytes()))) {
        return Err(Problem::new(
            Code::Unauthorized,
            "Send the token of metrics.token as `Authorization: Bearer`.",
        ));
    }
    Ok(text(&app))
}

/// The answer itself; also served by the listener of `metrics.listen`.
pub fn text(app: &App) -> Response {
    app.metrics.keys_cached.set(i64::try_from(app.keys.cached()).unwrap_or(i64::MAX));
    let condition = app.events.condition();
    app.metrics.events_held_bytes.set(i64::try_from(condition.held_bytes).unwrap_or(i64::MAX));
    app.metrics.events_refused.set(i64::try_from(condition.refused).unwrap_or(i64::MAX));
    app.metrics.links_cached.set(i64::try_from(app.links.cached()).unwrap_or(i64::MAX));
    ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], app.metrics.text())
        .into_response()
}
