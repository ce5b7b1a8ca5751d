//! `GET /v1/tags`: the words links are sorted by.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::http::auth::{Can, LinksRead};
use crate::links::{self, store};
use crate::problem::Problem;

#[derive(Serialize, ToSchema)]
#[schema(as = TagList)]
pub(super) struct Tags {
    data: Vec<Tag>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Tag {
    #[schema(examples("production"))]
    tag: String,
    /// How many links carry it, archived ones not counted.
    #[schema(examples(12))]
    links: i64,
}

/// List tags
///
/// The tags in use, the most used first; at most 1000.
#[utoipa::path(get, path = "/v1/tags", tag = "Links", operation_id = "listTags",
    extensions(("x-needs" = json!("links.read"))),
    responses((status = 200, description = "Tags", body = Tags)))]
pub(super) async fn tags(can: Can<LinksRead>, State(app): State<App>) -> Result<Json<Tags>, Problem> {
    let counts = store::tags(app.db.read(), can.workspace(), links::TAGS_LISTED_MAX).await?;
    Ok(Json(Tags {
        data: counts.into_iter().map(|count| Tag { tag: count.tag, links: count.links }).collect(),
    }))
}
