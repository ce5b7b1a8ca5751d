//! `GET /v1/logos/{id}/image`: the picture.

use axum::extract::State;
use axum::response::Response;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue};
use tessera_types::LogoId;

use crate::App;
use crate::http::answer;
use crate::http::auth::{Can, TemplatesRead};
use crate::http::extract::Path;
use crate::logos::{self, store};
use crate::problem::Problem;

/// Read a logo's picture
///
/// As it is kept. It is sent as a file to be saved, in a sandbox and without leave to be taken for anything else: an SVG is a
/// document.
#[utoipa::path(get, path = "/v1/logos/{id}/image", tag = "QR codes", operation_id = "readLogoImage",
    params(("id" = LogoId, Path, description = "The logo's id")),
    extensions(("x-needs" = json!("templates.read"))),
    responses((status = 200, description = "The picture",
        content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (String = "image/svg+xml")),
        headers(("ETag" = String, description = "Of these bytes"))),
        (status = 304, description = "You have it already")))]
pub(super) async fn image(
    can: Can<TemplatesRead>,
    State(app): State<App>,
    Path(id): Path<LogoId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let logo = logos::read(&app, can.workspace(), id).await?;
    let content = store::content(app.db.read(), can.workspace(), id).await?.ok_or_else(Problem::not_found)?;
    let extension = match logo.media_type.as_str() {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        _ => "svg",
    };
    let mut response = answer::image(&logo.media_type, content, &headers);
    let told = response.headers_mut();
    told.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    told.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let file = format!("attachment; filename=\"{id}.{extension}\"");
    told.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&file).map_err(Problem::internal)?);
    Ok(response)
}
