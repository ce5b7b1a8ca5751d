//! `GET /v1/analytics/links/{id}`: what one link was clicked.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use tessera_types::LinkId;

use crate::App;
use crate::analytics::Subject;
use crate::analytics::parameters::{OfReport, Parameters};
use crate::analytics::report::Report;
use crate::http::auth::{AnalyticsRead, Can};
use crate::http::extract::{Path, Query};
use crate::problem::Problem;

/// Analytics of a link
///
/// As of the workspace, for one link. Scans of its QR code are `summary.qr_scans`; `trigger=qr` makes the whole report
/// about them.
#[utoipa::path(get, path = "/v1/analytics/links/{id}", tag = "Analytics", operation_id = "readLinkAnalytics",
    params(("id" = LinkId, Path, description = "The link's id"), Parameters<OfReport>),
    extensions(("x-needs" = json!("analytics.read")), ("x-errors" = json!(["request_timeout", "conflict"]))),
    responses((status = 200, description = "The report", content((Report = "application/json"), (String = "text/csv")))))]
pub(super) async fn link(
    can: Can<AnalyticsRead>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
    headers: HeaderMap,
    Query(parameters): Query<Parameters<OfReport>>,
) -> Result<Response, Problem> {
    super::answer(&app, &Subject::Link(can.workspace(), id), &headers, &parameters).await
}
