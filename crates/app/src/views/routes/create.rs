//! `POST /v1/views`: a new view.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{self, Shown};
use crate::App;
use crate::author::Author;
use crate::fields::line;
use crate::http::auth::{AnalyticsWrite, Can};
use crate::http::extract::Body;
use crate::problem::{Checks, Problem};
use crate::views::model::{self, NAME_CHARS_MAX};
use crate::views::{self, Wish};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateView {
    /// Unique in the workspace, whatever its case.
    #[schema(examples("Scans in Germany"), min_length = 1, max_length = 64)]
    name: String,
    /// The search string of the analytics page, without the `?`.
    #[schema(examples("range=30d&country=DE&trigger=qr"), max_length = 2048)]
    query: String,
}

/// Save a view
///
/// Keeps filters, range and comparison of the analytics page by a name, for everybody in the workspace.
#[utoipa::path(post, path = "/v1/views", tag = "Analytics", operation_id = "createView",
    request_body = CreateView,
    extensions(("x-needs" = json!("analytics.write")), ("x-errors" = json!(["conflict"]))),
    responses((status = 201, description = "The new view", body = Shown,
        headers(("Location" = String, description = "Where the view is"), ("ETag" = String, description = "Its version")))))]
pub(super) async fn create(
    can: Can<AnalyticsWrite>,
    State(app): State<App>,
    Body(body): Body<CreateView>,
) -> Result<Response, Problem> {
    let mut checks = Checks::default();
    let name = checks.keep("name", line(&body.name, NAME_CHARS_MAX)).unwrap_or_default();
    let query = checks.keep("query", model::query(&body.query)).unwrap_or_default();
    checks.done()?;
    Ok(answer::created(views::create(&app, &Author::from(&can), Wish { name, query }).await?))
}
