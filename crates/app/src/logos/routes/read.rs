//! `GET /v1/logos/{id}`: one logo, without its picture.

use axum::Json;
use axum::extract::State;
use tessera_types::LogoId;

use super::view::LogoView;
use crate::App;
use crate::http::auth::{Can, TemplatesRead};
use crate::http::extract::Path;
use crate::logos;
use crate::problem::Problem;

/// Read a logo
///
/// What is known about it; the picture is at `image_url`.
#[utoipa::path(get, path = "/v1/logos/{id}", tag = "QR codes", operation_id = "readLogo",
    params(("id" = LogoId, Path, description = "The logo's id")),
    extensions(("x-needs" = json!("templates.read"))),
    responses((status = 200, description = "The logo", body = LogoView)))]
pub(super) async fn read(
    can: Can<TemplatesRead>,
    State(app): State<App>,
    Path(id): Path<LogoId>,
) -> Result<Json<LogoView>, Problem> {
    Ok(Json(LogoView::new(&app, logos::read(&app, can.workspace(), id).await?)))
}
