//! `POST /v1/links/{id}/pause`: switched off until it is resumed.

use axum::extract::State;
use axum::response::Response;
use tessera_types::LinkId;

use super::view::{self, LinkView};
use crate::App;
use crate::http::auth::{Can, LinksPause};
use crate::http::extract::Path;
use crate::links::{self, Author};
use crate::problem::Problem;

/// Pause a link
///
/// The next visit is answered 410. A link that is paused already stays so.
#[utoipa::path(post, path = "/v1/links/{id}/pause", tag = "Links", operation_id = "pauseLink",
    params(("id" = LinkId, Path, description = "The link's id")),
    extensions(("x-needs" = json!("links.pause")), ("x-errors" = json!(["conflict"]))),
    responses((status = 200, description = "The link, paused", body = LinkView)))]
pub(super) async fn pause(
    can: Can<LinksPause>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
) -> Result<Response, Problem> {
    let link = links::pause(&app, &Author::from(&can), id).await?;
    Ok(view::versioned(&app, link))
}
