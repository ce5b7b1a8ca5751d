//! `POST /v1/links/{id}/resume`: undoes a pause.

use axum::extract::State;
use axum::response::Response;
use tessera_types::LinkId;

use super::view::{self, LinkView};
use crate::App;
use crate::http::auth::{Can, LinksResume};
use crate::http::extract::Path;
use crate::links::{self, Author};
use crate::problem::Problem;

/// Resume a link
///
/// Undoes a pause; the next visit is sent on. A link that is not paused stays as it is.
#[utoipa::path(post, path = "/v1/links/{id}/resume", tag = "Links", operation_id = "resumeLink",
    params(("id" = LinkId, Path, description = "The link's id")),
    extensions(("x-needs" = json!("links.resume")), ("x-errors" = json!(["conflict"]))),
    responses((status = 200, description = "The link, as it was before the pause", body = LinkView)))]
pub(super) async fn resume(
    can: Can<LinksResume>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
) -> Result<Response, Problem> {
    let link = links::resume(&app, &Author::from(&can), id).await?;
    Ok(view::versioned(&app, link))
}
