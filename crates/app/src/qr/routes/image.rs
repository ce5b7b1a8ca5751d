//! `GET /v1/qr-codes/{id}/image.svg` and its like: the code itself.

use axum::extract::State;
use axum::response::Response;
use http::header::CONTENT_DISPOSITION;
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use tessera_qr::Format;
use tessera_qr::style::SIDE_PX;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::http::answer;
use crate::http::auth::{Can, QrRead};
use crate::http::extract::{Path, Query};
use crate::problem::{Checks, Problem};
use crate::qr::{self, Sizing, Which};

/// Modules of a quiet zone that is asked for.
const MARGIN_MODULES_MAX: i64 = 40;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Shown {
    /// Its width in pixels, from 32 to 10000; as its style says if absent. Images of pixels have at most 25 million.
    #[serde(default)]
    #[param(minimum = 32, maximum = 10_000)]
    size: Option<i64>,
    /// The quiet zone around the code in modules, from 0 to 40; as its style says if absent. Scanners ask for 4.
    #[serde(default)]
    #[param(minimum = 0, maximum = 40)]
    margin: Option<i64>,
    /// Whether browsers save it as a file, named as the code is.
    #[serde(default)]
    download: Option<bool>,
    /// The short domain of the alias, where the path names the code by one; the default domain if absent.
    #[serde(default)]
    domain: Option<String>,
}

/// `size` and `margin`, as all images take them.
pub(super) fn sizing(size: Option<i64>, margin: Option<i64>) -> Result<Sizing, Problem> {
    let mut checks = Checks::default();
    let width_px = size.map(|size| size as f64);
    if width_px.is_some_and(|width| !SIDE_PX.contains(&width)) {
        checks.refuse("size", "range", format!("from {} to {}", SIDE_PX.start(), SIDE_PX.end()));
    }
    if margin.is_some_and(|margin| !(0..=MARGIN_MODULES_MAX).contains(&margin)) {
        checks.refuse("margin", "range", format!("from 0 to {MARGIN_MODULES_MAX}"));
    }
    checks.done()?;
    Ok(Sizing { width_px, margin_modules: margin.map(|margin| margin as f64) })
}

async fn draw(
    can: Can<QrRead>,
    app: App,
    which: Which,
    shown: Shown,
    headers: HeaderMap,
    format: Format,
) -> Result<Response, Problem> {
    let sizing = sizing(shown.size, shown.margin)?;
    let id = qr::identify(&app, can.workspace(), which, shown.domain.as_deref()).await?;
    let (code, image) = qr::image(&app, can.workspace(), id, format, sizing).await?;
    let mut response = answer::image(format.media_type(), image, &headers);
    if shown.download == Some(true) {
        let file = format!("attachment; filename=\"{}.{}\"", file_name(&code.name), format.as_str());
        let file = HeaderValue::from_str(&file).map_err(Problem::internal)?;
        response.headers_mut().insert(CONTENT_DISPOSITION, file);
    }
    Ok(response)
}

/// A name as a file's: letters and digits of ASCII in lower case, and `-` for what is between them.
fn file_name(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' };
    let text: String = name.chars().map(plain).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() { "qr-code".to_owned() } else { words.join("-") }
}

macro_rules! images {
    ($($name:ident $path:tt $operation:tt $media:tt $format:expr, $summary:tt;)*) => {
        $(
            #[doc = $summary]
            #[doc = ""]
            #[doc = "The same code gives the same bytes; the `ETag` is of them. An archived code answers 410."]
            #[utoipa::path(get, path = $path, tag = "QR codes", operation_id = $operation,
                params(("id" = String, Path, description = "The code's id, or the alias of its link"), Shown),
                extensions(("x-needs" = json!("qr.read")), ("x-errors" = json!(["gone"]))),
                responses((status = 200, description = "The image", body = Vec<u8>, content_type = $media,
                    headers(("ETag" = String, description = "Of these bytes"))),
                    (status = 304, description = "You have it already")))]
            async fn $name(
                can: Can<QrRead>,
                State(app): State<App>,
                Path(which): Path<Which>,
                Query(shown): Query<Shown>,
                headers: HeaderMap,
            ) -> Result<Response, Problem> {
                draw(can, app, which, shown, headers, $format).await
            }
        )*

        pub(super) fn routes() -> OpenApiRouter<App> {
            OpenApiRouter::new()$(.routes(routes!($name)))*
        }
    };
}

images! {
    svg "/v1/qr-codes/{id}/image.svg" "readQrCodeSvg" "image/svg+xml" Format::Svg, "QR code as SVG";
    png "/v1/qr-codes/{id}/image.png" "readQrCodePng" "image/png" Format::Png, "QR code as PNG";
    pdf "/v1/qr-codes/{id}/image.pdf" "readQrCodePdf" "application/pdf" Format::Pdf, "QR code as PDF";
    eps "/v1/qr-codes/{id}/image.eps" "readQrCodeEps" "application/postscript" Format::Eps, "QR code as EPS";
    webp "/v1/qr-codes/{id}/image.webp" "readQrCodeWebp" "image/webp" Format::Webp, "QR code as WebP";
    jpeg "/v1/qr-codes/{id}/image.jpeg" "readQrCodeJpeg" "image/jpeg" Format::Jpeg, "QR code as JPEG";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_as_its_code_and_never_leaves_its_folder() {
        assert_eq!(file_name("Menu of the Week"), "menu-of-the-week");
        assert_eq!(file_name("../../etc/passwd\""), "etc-passwd");
        assert_eq!(file_name("Früh\r\nling"), "fr-h-ling");
        assert_eq!(file_name("日本"), "qr-code");
    }
}
