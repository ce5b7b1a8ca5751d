//! `DELETE /v1/templates/{id}`: gone for good.

use axum::extract::State;
use http::StatusCode;
use tessera_types::TemplateId;

use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, TemplatesDelete};
use crate::http::extract::{IfMatch, Path};
use crate::problem::Problem;
use crate::templates;

/// Delete a template
///
/// Codes that were made with it keep their looks.
#[utoipa::path(delete, path = "/v1/templates/{id}", tag = "QR codes", operation_id = "deleteTemplate",
    params(("id" = TemplateId, Path, description = "The template's id")),
    extensions(("x-needs" = json!("templates.delete")), ("x-errors" = json!(["precondition_failed"]))),
    responses((status = 204, description = "Gone")))]
pub(super) async fn delete(
    can: Can<TemplatesDelete>,
    State(app): State<App>,
    Path(id): Path<TemplateId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    templates::delete(&app, &Author::from(&can), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
