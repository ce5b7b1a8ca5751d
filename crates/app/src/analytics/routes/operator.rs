//! `GET /v1/operator/analytics`: what all links of the deployment were clicked, for who runs it.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

use crate::App;
use crate::analytics::Subject;
use crate::analytics::parameters::{OfDeployment, Parameters};
use crate::analytics::report::Report;
use crate::http::auth::Operator;
use crate::http::extract::Query;
use crate::problem::Problem;

/// Analytics of the deployment
///
/// As of a workspace, over all of them: `group_by=workspace` tells them apart. Tags and titles are the workspaces' own
/// and are not joined. The zone is UTC unless `timezone` says otherwise.
#[utoipa::path(get, path = "/v1/operator/analytics", tag = "Analytics", operation_id = "readDeploymentAnalytics",
    params(Parameters<OfDeployment>),
    extensions(("x-needs" = json!("operator")), ("x-errors" = json!(["request_timeout"]))),
    responses((status = 200, description = "The report", content((Report = "application/json"), (String = "text/csv")))))]
pub(super) async fn deployment(
    _: Operator,
    State(app): State<App>,
    headers: HeaderMap,
    Query(parameters): Query<Parameters<OfDeployment>>,
) -> Result<Response, Problem> {
    super::answer(&app, &Subject::Deployment, &headers, &parameters).await
}
