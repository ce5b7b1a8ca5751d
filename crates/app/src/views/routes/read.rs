//! `GET /v1/views/{id}`: one view.

use axum::extract::State;
use axum::response::Response;
use tessera_types::ViewId;

use super::answer::{self, Shown};
use crate::App;
use crate::http::auth::{AnalyticsRead, Can};
use crate::http::extract::Path;
use crate::problem::Problem;
use crate::views;

/// Read a view
///
/// Its name and what it shows.
#[utoipa::path(get, path = "/v1/views/{id}", tag = "Analytics", operation_id = "readView",
    params(("id" = ViewId, Path, description = "The view's id")),
    extensions(("x-needs" = json!("analytics.read"))),
    responses((status = 200, description = "The view", body = Shown,
        headers(("ETag" = String, description = "Its version, for If-Match")))))]
pub(super) async fn read(
    can: Can<AnalyticsRead>,
    State(app): State<App>,
    Path(id): Path<ViewId>,
) -> Result<Response, Problem> {
    Ok(answer::versioned(views::read(&app, can.workspace(), id).await?))
}
