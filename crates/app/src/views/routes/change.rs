//! `PATCH /v1/views/{id}`: changes what is named. `PUT` is the same.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use tessera_types::ViewId;
use utoipa::ToSchema;

use super::answer::{self, Shown};
use crate::App;
use crate::author::Author;
use crate::fields::line;
use crate::http::auth::{AnalyticsWrite, Can};
use crate::http::extract::{Body, IfMatch, Patch, Path};
use crate::problem::{Checks, Problem, Wrong};
use crate::views::model::{self, NAME_CHARS_MAX};
use crate::views::{self, Change};

/// What to change of a view. A field that is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewChange {
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    name: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2048)]
    query: Patch<String>,
}

impl ViewChange {
    fn parse(self) -> Result<Change, Problem> {
        let mut checks = Checks::default();
        let mut given = |field, wish, parse: &dyn Fn(&str) -> Result<String, Wrong>| match wish {
            Patch::Keep => None,
            Patch::Clear => {
                checks.keep(field, Err::<String, _>(Wrong::new("required", "this cannot be null")))
            }
            Patch::Set(text) => {
                let text: String = text;
                checks.keep(field, parse(&text))
            }
        };
        let name = given("name", self.name, &|text| line(text, NAME_CHARS_MAX));
        let query = given("query", self.query, &model::query);
        checks.done()?;
        Ok(Change { name, query })
    }
}

/// Change a view
///
/// Renames it, or makes it show something else.
#[utoipa::path(patch, path = "/v1/views/{id}", tag = "Analytics", operation_id = "changeView",
    params(("id" = ViewId, Path, description = "The view's id")),
    request_body = ViewChange,
    extensions(("x-needs" = json!("analytics.write")), ("x-errors" = json!(["conflict", "precondition_failed"]))),
    responses((status = 200, description = "The view as it is now", body = Shown,
        headers(("ETag" = String, description = "Its new version")))))]
pub(super) async fn change(
    can: Can<AnalyticsWrite>,
    State(app): State<App>,
    Path(id): Path<ViewId>,
    IfMatch(version): IfMatch,
    Body(body): Body<ViewChange>,
) -> Result<Response, Problem> {
    let change = body.parse()?;
    Ok(answer::versioned(views::change(&app, &Author::from(&can), id, version, change).await?))
}

/// Change a view (PUT)
///
/// The same as PATCH, for clients that send PUT.
#[utoipa::path(put, path = "/v1/views/{id}", tag = "Analytics", operation_id = "putView",
    params(("id" = ViewId, Path, description = "The view's id")),
    request_body = ViewChange,
    extensions(("x-needs" = json!("analytics.write")), ("x-errors" = json!(["conflict", "precondition_failed"]))),
    responses((status = 200, description = "The view as it is now", body = Shown,
        headers(("ETag" = String, description = "Its new version")))))]
pub(super) async fn put(
    can: Can<AnalyticsWrite>,
    app: State<App>,
    id: Path<ViewId>,
    version: IfMatch,
    body: Body<ViewChange>,
) -> Result<Response, Problem> {
    change(can, app, id, version, body).await
}
