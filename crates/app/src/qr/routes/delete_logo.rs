//! `DELETE /v1/logos/{id}`: a logo that nothing uses any more.

use axum::extract::State;
use http::StatusCode;
use tessera_types::LogoId;

use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, TemplatesDelete};
use crate::http::extract::Path;
use crate::problem::Problem;
use crate::qr;

/// Delete a logo
///
/// Refused while a code, archived or not, or a template uses it; the detail says how many do.
#[utoipa::path(delete, path = "/v1/logos/{id}", tag = "QR codes", operation_id = "deleteLogo",
    params(("id" = LogoId, Path, description = "The logo's id")),
    extensions(("x-needs" = json!("templates.delete")), ("x-errors" = json!(["conflict"]))),
    responses((status = 204, description = "Gone")))]
pub(super) async fn delete(
    can: Can<TemplatesDelete>,
    State(app): State<App>,
    Path(id): Path<LogoId>,
) -> Result<StatusCode, Problem> {
    qr::delete_logo(&app, &Author::from(&can), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
