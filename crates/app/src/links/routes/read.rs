//! `GET /v1/links/{id}`: one link.

use axum::extract::State;
use axum::response::Response;
use tessera_types::LinkId;

use super::view::{self, LinkView};
use crate::App;
use crate::http::auth::{Can, LinksRead};
use crate::http::extract::Path;
use crate::links;
use crate::problem::Problem;

/// Read a link
///
/// With its clicks up to this moment.
#[utoipa::path(get, path = "/v1/links/{id}", tag = "Links", operation_id = "readLink",
    params(("id" = LinkId, Path, description = "The link's id")),
    extensions(("x-needs" = json!("links.read"))),
    responses((status = 200, description = "The link", body = LinkView,
        headers(("ETag" = String, description = "Its version, for If-Match")))))]
pub(super) async fn read(
    can: Can<LinksRead>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
) -> Result<Response, Problem> {
    let link = links::read(&app, can.workspace(), id).await?;
    Ok(view::versioned(&app, link))
}
