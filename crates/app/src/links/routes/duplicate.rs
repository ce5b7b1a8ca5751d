//! `POST /v1/links/{id}/duplicate`: a copy under an alias of its own.

use axum::extract::State;
use axum::response::Response;
use tessera_types::LinkId;

use super::view::{self, LinkView};
use crate::App;
use crate::http::auth::{Can, LinksCreate};
use crate::http::extract::Path;
use crate::links::{self, Author};
use crate::problem::Problem;

/// Duplicate a link
///
/// A new link with everything of this one except its alias and its clicks, in use even if this one is not.
#[utoipa::path(post, path = "/v1/links/{id}/duplicate", tag = "Links", operation_id = "duplicateLink",
    params(("id" = LinkId, Path, description = "The link's id")),
    extensions(("x-needs" = json!("links.create")), ("x-errors" = json!(["plan_required"]))),
    responses((status = 201, description = "The copy", body = LinkView)))]
pub(super) async fn duplicate(
    can: Can<LinksCreate>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
) -> Result<Response, Problem> {
    let link = links::duplicate(&app, &Author::from(&can), id).await?;
    Ok(view::created(&app, link))
}
