//! `PATCH /v1/links/{id}`: changes what is named. `PUT` is the same.

use axum::extract::State;
use axum::response::Response;
use tessera_types::LinkId;

use super::view::{self, LinkView};
use crate::App;
use crate::http::auth::{Can, LinksUpdate};
use crate::http::extract::{Body, IfMatch, Path};
use crate::links::{self, Author, Wishes};
use crate::problem::Problem;

/// Change a link
///
/// Acts on the next visit. Archived links are unarchived first.
#[utoipa::path(patch, path = "/v1/links/{id}", tag = "Links", operation_id = "changeLink",
    params(("id" = LinkId, Path, description = "The link's id")),
    request_body = Wishes,
    extensions(("x-needs" = json!("links.update")),
        ("x-errors" = json!(["alias_taken", "conflict", "precondition_failed"]))),
    responses((status = 200, description = "The link as it is now", body = LinkView,
        headers(("ETag" = String, description = "Its new version")))))]
pub(super) async fn change(
    can: Can<LinksUpdate>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
    IfMatch(version): IfMatch,
    Body(wishes): Body<Wishes>,
) -> Result<Response, Problem> {
    let link = links::change(&app, &Author::from(&can), id, version, wishes).await?;
    Ok(view::versioned(&app, link))
}

/// Change a link (PUT)
///
/// The same as PATCH, for clients that send PUT.
#[utoipa::path(put, path = "/v1/links/{id}", tag = "Links", operation_id = "putLink",
    params(("id" = LinkId, Path, description = "The link's id")),
    request_body = Wishes,
    extensions(("x-needs" = json!("links.update")),
        ("x-errors" = json!(["alias_taken", "conflict", "precondition_failed"]))),
    responses((status = 200, description = "The link as it is now", body = LinkView,
        headers(("ETag" = String, description = "Its new version")))))]
pub(super) async fn put(
    can: Can<LinksUpdate>,
    app: State<App>,
    id: Path<LinkId>,
    version: IfMatch,
    wishes: Body<Wishes>,
) -> Result<Response, Problem> {
    Box::pin(change(can, app, id, version, wishes)).await
}
