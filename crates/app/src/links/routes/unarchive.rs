//! `POST /v1/links/{id}/unarchive`: back into use.

use axum::extract::State;
use axum::response::Response;
use tessera_types::LinkId;

use super::view::{self, LinkView};
use crate::App;
use crate::http::auth::{Can, LinksDelete};
use crate::http::extract::Path;
use crate::links::{self, Author};
use crate::problem::Problem;

/// Unarchive a link
///
/// Takes it back into use. If its alias was given to another link meanwhile, this is a 409.
#[utoipa::path(post, path = "/v1/links/{id}/unarchive", tag = "Links", operation_id = "unarchiveLink",
    params(("id" = LinkId, Path, description = "The link's id")),
    extensions(("x-needs" = json!("links.delete")), ("x-errors" = json!(["alias_taken", "plan_required"]))),
    responses((status = 200, description = "The link, in use again", body = LinkView)))]
pub(super) async fn unarchive(
    can: Can<LinksDelete>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
) -> Result<Response, Problem> {
    let link = links::unarchive(&app, &Author::from(&can), id).await?;
    Ok(view::versioned(&app, link))
}
