//! `PATCH /v1/templates/{id}`: changes what is named. `PUT` is the same.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use tessera_qr::Style;
use tessera_types::TemplateId;
use utoipa::ToSchema;

use super::answer;
use crate::App;
use crate::author::Author;
use crate::fields::line;
use crate::http::auth::{Can, TemplatesUpdate};
use crate::http::extract::{Body, IfMatch, Patch, Path};
use crate::problem::{Checks, Problem, Wrong};
use crate::templates::view::TemplateView;
use crate::templates::{self, NAME_CHARS_MAX};

/// What to change of a template. A field that is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateChange {
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    name: Patch<String>,
    /// Replaces the whole style; `null` makes it plain.
    #[serde(default)]
    #[schema(value_type = Option<Style>)]
    style: Patch<Style>,
}

/// Change a template
///
/// Codes that were made with it stay as they are; apply it again to change them.
#[utoipa::path(patch, path = "/v1/templates/{id}", tag = "QR codes", operation_id = "changeTemplate",
    params(("id" = TemplateId, Path, description = "The template's id")),
    request_body = TemplateChange,
    extensions(("x-needs" = json!("templates.update")), ("x-errors" = json!(["precondition_failed"]))),
    responses((status = 200, description = "The template as it is now", body = TemplateView,
        headers(("ETag" = String, description = "Its new version")))))]
pub(super) async fn change(
    can: Can<TemplatesUpdate>,
    State(app): State<App>,
    Path(id): Path<TemplateId>,
    IfMatch(version): IfMatch,
    Body(body): Body<TemplateChange>,
) -> Result<Response, Problem> {
    let mut checks = Checks::default();
    let name = match body.name {
        Patch::Keep => None,
        Patch::Clear => checks.keep("name", Err::<String, _>(Wrong::new("required", "this cannot be null"))),
        Patch::Set(name) => checks.keep("name", line(&name, NAME_CHARS_MAX)),
    };
    if let Patch::Set(style) = &body.style {
        checks.extend(crate::logos::check_style(style));
    }
    checks.done()?;
    Ok(answer::versioned(templates::change(&app, &Author::from(&can), id, version, name, body.style).await?))
}

/// Change a template (PUT)
///
/// The same as PATCH, for clients that send PUT.
#[utoipa::path(put, path = "/v1/templates/{id}", tag = "QR codes", operation_id = "putTemplate",
    params(("id" = TemplateId, Path, description = "The template's id")),
    request_body = TemplateChange,
    extensions(("x-needs" = json!("templates.update")), ("x-errors" = json!(["precondition_failed"]))),
    responses((status = 200, description = "The template as it is now", body = TemplateView,
        headers(("ETag" = String, description = "Its new version")))))]
pub(super) async fn put(
    can: Can<TemplatesUpdate>,
    app: State<App>,
    id: Path<TemplateId>,
    version: IfMatch,
    body: Body<TemplateChange>,
) -> Result<Response, Problem> {
    change(can, app, id, version, body).await
}
