//! `GET /v1/analytics/tags/{tag}`: what the links that carry a tag were clicked.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use crate::App;
use crate::analytics::Subject;
use crate::analytics::parameters::{OfReport, Parameters};
use crate::analytics::report::Report;
use crate::http::auth::{AnalyticsRead, Can};
use crate::http::extract::{Path, Query};
use crate::problem::Problem;

/// Analytics of a tag
///
/// As of the workspace, for the links that carry the tag now, with all their past clicks.
#[utoipa::path(get, path = "/v1/analytics/tags/{tag}", tag = "Analytics", operation_id = "readTagAnalytics",
    params(("tag" = String, Path, description = "The tag"), Parameters<OfReport>),
    extensions(("x-needs" = json!("analytics.read")), ("x-errors" = json!(["request_timeout", "conflict"]))),
    responses((status = 200, description = "The report", content((Report = "application/json"), (String = "text/csv")))))]
pub(super) async fn tag(
    can: Can<AnalyticsRead>,
    State(app): State<App>,
    Path(tag): Path<String>,
    headers: HeaderMap,
    Query(parameters): Query<Parameters<OfReport>>,
) -> Result<Response, Problem> {
    super::answer(&app, &Subject::Tag(can.workspace(), tag), &headers, &parameters).await
}
