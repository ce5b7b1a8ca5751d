//! `POST /v1/templates/{id}/duplicate`: a copy.

use axum::extract::State;
use axum::response::Response;
use tessera_types::TemplateId;

use super::answer;
use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, TemplatesCreate};
use crate::http::extract::Path;
use crate::problem::Problem;
use crate::templates;
use crate::templates::view::TemplateView;

/// Duplicate a template
///
/// The same style under the same name with `(copy)` behind it.
#[utoipa::path(post, path = "/v1/templates/{id}/duplicate", tag = "QR codes", operation_id = "duplicateTemplate",
    params(("id" = TemplateId, Path, description = "The template's id")),
    extensions(("x-needs" = json!("templates.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 201, description = "The copy", body = TemplateView)))]
pub(super) async fn duplicate(
    can: Can<TemplatesCreate>,
    State(app): State<App>,
    Path(id): Path<TemplateId>,
) -> Result<Response, Problem> {
    Ok(answer::created(templates::duplicate(&app, &Author::from(&can), id).await?))
}
