//! `GET /v1/qr-codes/{id}/analytics`: how often a QR code was scanned.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use crate::App;
use crate::analytics::parameters::{OfScans, Parameters};
use crate::analytics::report::Report;
use crate::http::auth::{AnalyticsRead, Can};
use crate::http::extract::{Path, Query};
use crate::problem::Problem;
use crate::qr::Which;

/// Analytics of a QR code
///
/// As of its link, of scans alone: whoever types the short URL is not in it. Only a dynamic code can be counted; for a
/// static one, whose scans nobody sees, this is a 409. An alias in place of the id is one of the default domain.
#[utoipa::path(get, path = "/v1/qr-codes/{id}/analytics", tag = "Analytics", operation_id = "readQrCodeAnalytics",
    params(("id" = String, Path, description = "The code's id, or the alias of its link"), Parameters<OfScans>),
    extensions(("x-needs" = json!("analytics.read")), ("x-errors" = json!(["request_timeout", "conflict"]))),
    responses((status = 200, description = "The report", content((Report = "application/json"), (String = "text/csv")))))]
pub(super) async fn scans(
    can: Can<AnalyticsRead>,
    State(app): State<App>,
    Path(which): Path<Which>,
    headers: HeaderMap,
    Query(parameters): Query<Parameters<OfScans>>,
) -> Result<Response, Problem> {
    let subject = crate::analytics::scans_of(&app, can.workspace(), which).await?;
    super::answer(&app, &subject, &headers, &parameters).await
}
