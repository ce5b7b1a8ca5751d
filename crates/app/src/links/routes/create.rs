//! `POST /v1/links`: a new link.

use axum::extract::State;
use axum::response::Response;

use super::view::{self, LinkView};
use crate::App;
use crate::http::auth::{Can, LinksCreate};
use crate::http::extract::Body;
use crate::links::{self, Author, CreateLink};
use crate::problem::Problem;

/// Create a link
///
/// Works at once. An alias that another link of the domain has is a 409 with a `suggestion`.
#[utoipa::path(post, path = "/v1/links", tag = "Links", operation_id = "createLink",
    request_body = CreateLink,
    extensions(("x-needs" = json!("links.create")), ("x-errors" = json!(["alias_taken", "plan_required"]))),
    responses((status = 201, description = "The new link", body = LinkView,
        headers(("Location" = String, description = "Where the link is"), ("ETag" = String, description = "Its version")))))]
pub(super) async fn create(
    can: Can<LinksCreate>,
    State(app): State<App>,
    Body(body): Body<CreateLink>,
) -> Result<Response, Problem> {
    let link = links::create(&app, &Author::from(&can), body.into()).await?;
    Ok(view::created(&app, link))
}
