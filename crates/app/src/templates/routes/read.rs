//! `GET /v1/templates/{id}`: one template.

use axum::extract::State;
use axum::response::Response;
use tessera_types::TemplateId;

use super::answer;
use crate::App;
use crate::http::auth::{Can, TemplatesRead};
use crate::http::extract::Path;
use crate::problem::Problem;
use crate::templates;
use crate::templates::view::TemplateView;

/// Read a template
///
/// With its style.
#[utoipa::path(get, path = "/v1/templates/{id}", tag = "QR codes", operation_id = "readTemplate",
    params(("id" = TemplateId, Path, description = "The template's id")),
    extensions(("x-needs" = json!("templates.read"))),
    responses((status = 200, description = "The template", body = TemplateView,
        headers(("ETag" = String, description = "Its version, for If-Match")))))]
pub(super) async fn read(
    can: Can<TemplatesRead>,
    State(app): State<App>,
    Path(id): Path<TemplateId>,
) -> Result<Response, Problem> {
    Ok(answer::versioned(templates::read(&app, can.workspace(), id).await?))
}
