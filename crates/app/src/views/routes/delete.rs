//! `DELETE /v1/views/{id}`: gone for good.

use axum::extract::State;
use http::StatusCode;
use tessera_types::ViewId;

use crate::App;
use crate::author::Author;
use crate::http::auth::{AnalyticsWrite, Can};
use crate::http::extract::{IfMatch, Path};
use crate::problem::Problem;
use crate::views;

/// Delete a view
///
/// For everybody in the workspace. The clicks it showed stay.
#[utoipa::path(delete, path = "/v1/views/{id}", tag = "Analytics", operation_id = "deleteView",
    params(("id" = ViewId, Path, description = "The view's id")),
    extensions(("x-needs" = json!("analytics.write")), ("x-errors" = json!(["precondition_failed"]))),
    responses((status = 204, description = "Gone")))]
pub(super) async fn delete(
    can: Can<AnalyticsWrite>,
    State(app): State<App>,
    Path(id): Path<ViewId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    views::delete(&app, &Author::from(&can), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
