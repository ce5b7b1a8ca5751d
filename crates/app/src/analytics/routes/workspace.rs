//! `GET /v1/analytics/workspace`: everything the workspace's links were clicked.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use crate::App;
use crate::analytics::Subject;
use crate::analytics::parameters::{OfReport, Parameters};
use crate::analytics::report::Report;
use crate::http::auth::{AnalyticsRead, Can};
use crate::http::extract::Query;
use crate::problem::Problem;

/// Analytics of the workspace
///
/// A summary, a series without holes and, with `group_by`, a breakdown. Counted from the events when you ask, so the
/// clicks of this second are in it. Robots are left out unless `robots` asks for them.
#[utoipa::path(get, path = "/v1/analytics/workspace", tag = "Analytics", operation_id = "readWorkspaceAnalytics",
    params(Parameters<OfReport>),
    extensions(("x-needs" = json!("analytics.read")), ("x-errors" = json!(["request_timeout", "conflict"]))),
    responses((status = 200, description = "The report", content((Report = "application/json"), (String = "text/csv")))))]
pub(super) async fn workspace(
    can: Can<AnalyticsRead>,
    State(app): State<App>,
    headers: HeaderMap,
    Query(parameters): Query<Parameters<OfReport>>,
) -> Result<Response, Problem> {
    super::answer(&app, &Subject::Workspace(can.workspace()), &headers, &parameters).await
}
