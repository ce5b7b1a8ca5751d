//! `DELETE /v1/links/{id}`: gone for good.

use axum::extract::State;
use http::StatusCode;
use tessera_types::LinkId;

use crate::App;
use crate::http::auth::{Can, LinksDelete};
use crate::http::extract::{IfMatch, Path};
use crate::links::{self, Author};
use crate::problem::Problem;

/// Delete a link
///
/// Removes it and its tags for good; the next visit is a 404. Archiving keeps it.
#[utoipa::path(delete, path = "/v1/links/{id}", tag = "Links", operation_id = "deleteLink",
    params(("id" = LinkId, Path, description = "The link's id")),
    extensions(("x-needs" = json!("links.delete")), ("x-errors" = json!(["precondition_failed"]))),
    responses((status = 204, description = "Gone")))]
pub(super) async fn delete(
    can: Can<LinksDelete>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    links::delete(&app, &Author::from(&can), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
