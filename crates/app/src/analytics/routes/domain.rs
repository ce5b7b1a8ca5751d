//! `GET /v1/analytics/domains/{domain}`: what the workspace's links on one short domain were clicked.

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

/// Analytics of a short domain
///
/// As of the workspace, for its links on one short domain of the deployment.
#[utoipa::path(get, path = "/v1/analytics/domains/{domain}", tag = "Analytics", operation_id = "readDomainAnalytics",
    params(("domain" = String, Path, description = "The short domain, like `go.example.com`"), Parameters<OfReport>),
    extensions(("x-needs" = json!("analytics.read")), ("x-errors" = json!(["request_timeout", "conflict"]))),
    responses((status = 200, description = "The report", content((Report = "application/json"), (String = "text/csv")))))]
pub(super) async fn domain(
    can: Can<AnalyticsRead>,
    State(app): State<App>,
    Path(domain): Path<String>,
    headers: HeaderMap,
    Query(parameters): Query<Parameters<OfReport>>,
) -> Result<Response, Problem> {
    super::answer(&app, &Subject::Domain(can.workspace(), domain), &headers, &parameters).await
}
