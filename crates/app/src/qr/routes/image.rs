//! `GET /v1/qr-codes/{id}/image.svg` and its like: the code itself.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use http::header::CONTENT_DISPOSITION;
use serde::Deserialize;
use tessera_qr::payload::file_stem;
use tessera_qr::style::SIDE_PX;
use tessera_qr::{Format, Terminal};
use utoipa::{IntoParams, ToSchema};
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
    let response = answer::image(format.media_type(), image, &headers);
    Ok(match shown.download {
        Some(true) => saved(response, &code.name, format.as_str()),
        Some(false) | None => response,
    })
}

/// Tells browsers to save it, by the name of its code.
fn saved(mut response: Response, name: &str, extension: &str) -> Response {
    let file = format!("{}.{extension}", file_stem(name, "qr-code"));
    let fallback = format!("qr-code.{extension}");
    response.headers_mut().insert(CONTENT_DISPOSITION, answer::disposition("attachment", &file, &fallback));
    response
}

/// What a code in characters is.
pub(super) const TEXT: &str = "text/plain; charset=utf-8";

/// What characters are shown on.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrTerminal)]
pub enum OnTerminal {
    /// Light letters on dark ground, as most terminals.
    #[default]
    Dark,
    /// Dark letters on light ground, as on paper.
    Light,
}

impl From<OnTerminal> for Terminal {
    fn from(on: OnTerminal) -> Self {
        match on {
            OnTerminal::Dark => Self::Dark,
            OnTerminal::Light => Self::Light,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InCharacters {
    /// What it is shown on: `dark`, which has light letters, or `light`; `dark` if absent.
    #[serde(default)]
    terminal: Option<OnTerminal>,
    /// Whether browsers save it as a file, named as the code is.
    #[serde(default)]
    download: Option<bool>,
    /// The short domain of the alias, where the path names the code by one; the default domain if absent.
    #[serde(default)]
    domain: Option<String>,
}

/// QR code as text
///
/// For terminals: half blocks, with a quiet zone of 4 modules. Of the style only the level, version and mask count.
#[utoipa::path(get, path = "/v1/qr-codes/{id}/image.txt", tag = "QR codes", operation_id = "readQrCodeText",
    params(("id" = String, Path, description = "The code's id, or the alias of its link"), InCharacters),
    extensions(("x-needs" = json!("qr.read")), ("x-errors" = json!(["gone"]))),
    responses((status = 200, description = "The code", body = String, content_type = "text/plain",
        headers(("ETag" = String, description = "Of these bytes"))),
        (status = 304, description = "You have it already")))]
async fn text(
    can: Can<QrRead>,
    State(app): State<App>,
    Path(which): Path<Which>,
    Query(shown): Query<InCharacters>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = qr::identify(&app, can.workspace(), which, shown.domain.as_deref()).await?;
    let terminal = shown.terminal.unwrap_or_default().into();
    let (code, text) = qr::text(&app, can.workspace(), id, terminal).await?;
    let response = answer::image(TEXT, text, &headers);
    Ok(match shown.download {
        Some(true) => saved(response, &code.name, "txt"),
        Some(false) | None => response,
    })
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
            OpenApiRouter::new().routes(routes!(text))$(.routes(routes!($name)))*
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
