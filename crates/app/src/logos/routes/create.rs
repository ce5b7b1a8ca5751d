//! `POST /v1/logos`: a picture, as it is in its file.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use tessera_qr::LOGO_BYTES_MAX;
use utoipa::IntoParams;

use super::view::LogoView;
use crate::App;
use crate::author::Author;
use crate::fields::line;
use crate::http::answer::Created;
use crate::http::auth::{Can, TemplatesCreate};
use crate::http::extract::{self, Query};
use crate::logos::{self, Kept};
use crate::problem::{Checks, Code, Problem};

const NAME_CHARS_MAX: usize = 100;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// What people call it; `Logo` if absent.
    #[serde(default)]
    #[param(max_length = 100, example = "Mosaic Works")]
    name: Option<String>,
}

/// Upload a logo
///
/// The body is the file: PNG, JPEG or SVG of at most 1 MiB, 4096 pixels a side and 16 megapixels. It is looked through and written
/// anew, without metadata, scripts or anything else; a side of more than 1024 pixels is made smaller. A picture that is there
/// already is answered with 200 and keeps its name.
#[utoipa::path(post, path = "/v1/logos", tag = "QR codes", operation_id = "createLogo",
    params(Named),
    request_body(content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (String = "image/svg+xml"))),
    extensions(("x-needs" = json!("templates.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 201, description = "The new logo", body = LogoView,
        headers(("Location" = String, description = "Where the logo is"))),
        (status = 200, description = "This picture was there already", body = LogoView)))]
pub(super) async fn create(
    can: Can<TemplatesCreate>,
    State(app): State<App>,
    Query(named): Query<Named>,
    request: Request,
) -> Result<Response, Problem> {
    let mut checks = Checks::default();
    let name = checks.keep("name", named.name.map(|name| line(&name, NAME_CHARS_MAX)).transpose()).flatten();
    checks.done()?;
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !["image/png", "image/jpeg", "image/svg+xml"].contains(&kind.as_str()) {
        let detail = "Send the file itself with Content-Type image/png, image/jpeg or image/svg+xml.";
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    let file = extract::read(request, LOGO_BYTES_MAX).await?;
    let (logo, kept) = logos::create(&app, &Author::from(&can), name, file).await?;
    let place = format!("/v1/logos/{}", logo.id);
    let view = Json(LogoView::new(&app, logo));
    Ok(match kept {
        Kept::Now => Created(place, view).into_response(),
        Kept::Before => view.into_response(),
    })
}
