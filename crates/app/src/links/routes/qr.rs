//! `GET /v1/links/{id}/qr.svg` and `qr.png`: a plain code that scans to the short URL.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use tessera_types::LinkId;
use utoipa::IntoParams;

use crate::App;
use crate::http::auth::{Can, LinksRead};
use crate::http::extract::{Path, Query};
use crate::links;
use crate::problem::{Checks, Problem};
use crate::qr::{
    self, MARGIN_MODULES_DEFAULT, MARGIN_MODULES_MAX, SIZE_PX_DEFAULT, SIZE_PX_MAX, SIZE_PX_MIN,
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Look {
    /// Width and height in pixels, from 128 to 4096; 512 if absent.
    #[serde(default)]
    #[param(minimum = 128, maximum = 4096)]
    size: Option<i64>,
    /// The quiet zone around the code in modules, from 0 to 16; 4 if absent, which is what scanners ask for.
    #[serde(default)]
    #[param(minimum = 0, maximum = 16)]
    margin: Option<i64>,
}

impl Look {
    fn parse(&self) -> Result<(u32, u32), Problem> {
        let mut checks = Checks::default();
        let mut within = |field: &'static str, value: Option<i64>, (min, default, max): (u32, u32, u32)| {
            let value = value.map_or(Some(default), |value| u32::try_from(value).ok());
            let value = value.filter(|value| (min..=max).contains(value));
            if value.is_none() {
                checks.refuse(field, "range", format!("from {min} to {max}"));
            }
            value.unwrap_or(default)
        };
        let size_px = within("size", self.size, (SIZE_PX_MIN, SIZE_PX_DEFAULT, SIZE_PX_MAX));
        let margin = within("margin", self.margin, (0, MARGIN_MODULES_DEFAULT, MARGIN_MODULES_MAX));
        checks.done()?;
        Ok((size_px, margin))
    }
}

/// QR code of a link, as SVG
///
/// Scans to the link's `short_url` with `?qr=1`, which tells scans from clicks and never travels on to the
/// destination. Sharp at any size.
#[utoipa::path(get, path = "/v1/links/{id}/qr.svg", tag = "Links", operation_id = "readLinkQrSvg",
    params(("id" = LinkId, Path, description = "The link's id"), Look),
    extensions(("x-needs" = json!("links.read"))),
    responses((status = 200, description = "The image", body = String, content_type = "image/svg+xml"),
        (status = 304, description = "You have it already")))]
pub(super) async fn svg(
    can: Can<LinksRead>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
    Query(look): Query<Look>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (size_px, margin) = look.parse()?;
    let link = links::read(&app, can.workspace(), id).await?;
    let image = qr::svg(&links::scan_url(&app, &link), size_px, margin).map_err(Problem::internal)?;
    Ok(image_response("image/svg+xml", image.into_bytes(), &headers))
}

/// QR code of a link, as PNG
///
/// Scans to the link's `short_url` with `?qr=1`, as the SVG does. Black on white, every module the same whole number of pixels.
#[utoipa::path(get, path = "/v1/links/{id}/qr.png", tag = "Links", operation_id = "readLinkQrPng",
    params(("id" = LinkId, Path, description = "The link's id"), Look),
    extensions(("x-needs" = json!("links.read"))),
    responses((status = 200, description = "The image", body = Vec<u8>, content_type = "image/png"),
        (status = 304, description = "You have it already")))]
pub(super) async fn png(
    can: Can<LinksRead>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
    Query(look): Query<Look>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (size_px, margin) = look.parse()?;
    let link = links::read(&app, can.workspace(), id).await?;
    let image = qr::png(&links::scan_url(&app, &link), size_px, margin).map_err(Problem::internal)?;
    Ok(image_response("image/png", image, &headers))
}

/// The ETag is of the bytes: an edit that moves the short URL changes it, any other edit does not.
fn image_response(kind: &'static str, image: Vec<u8>, headers: &HeaderMap) -> Response {
    let tag = qr::etag(&image);
    let is_known = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || known.trim().trim_start_matches("W/") == tag);
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(CONTENT_TYPE, kind)], Body::from(image)).into_response(),
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
