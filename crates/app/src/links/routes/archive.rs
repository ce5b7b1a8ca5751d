//! `POST /v1/links/{id}/archive`: out of use, but kept.

use axum::extract::State;
use axum::response::Response;
use tessera_types::LinkId;

use super::view::{self, LinkView};
use crate::App;
use crate::http::auth::{Can, LinksDelete};
use crate::http::extract::Path;
use crate::links::{self, Author};
use crate::problem::Problem;

/// Archive a link
///
/// Takes it out of lists and frees its alias; visits are answered 410. Its history stays.
#[utoipa::path(post, path = "/v1/links/{id}/archive", tag = "Links", operation_id = "archiveLink",
    params(("id" = LinkId, Path, description = "The link's id")),
    extensions(("x-needs" = json!("links.delete")), ("x-errors" = json!([]))),
    responses((status = 200, description = "The link, archived", body = LinkView)))]
pub(super) async fn archive(
    can: Can<LinksDelete>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
) -> Result<Response, Problem> {
    let link = links::archive(&app, &Author::from(&can), id).await?;
    Ok(view::versioned(&app, link))
}
