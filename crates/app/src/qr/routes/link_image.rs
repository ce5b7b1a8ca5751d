//! `GET /v1/links/{id}/qr.svg` and its like: a code that scans to a link, plain or in a template's style.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use serde::Deserialize;
use tessera_qr::Format;
use tessera_types::{LinkId, TemplateId, WorkspaceId};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::image::{OnTerminal, TEXT, sizing};
use crate::App;
use crate::http::answer;
use crate::http::auth::{Can, LinksRead};
use crate::http::extract::{Path, Query};
use crate::links::Link;
use crate::problem::{Code, Problem};
use crate::{links, qr, templates};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Look {
    /// Width in pixels, from 32 to 10000; 512 if absent, or as the template says. Images of pixels have at most 25 million.
    #[serde(default)]
    #[param(minimum = 32, maximum = 10_000)]
    size: Option<i64>,
    /// The quiet zone around the code in modules, from 0 to 40; 4 if absent, which is what scanners ask for, or as the template
    /// says.
    #[serde(default)]
    #[param(minimum = 0, maximum = 40)]
    margin: Option<i64>,
    /// A template of this workspace. Without it the code is black on white, of level M.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    template_id: Option<TemplateId>,
}

async fn draw(
    can: Can<LinksRead>,
    app: App,
    id: LinkId,
    look: Look,
    headers: HeaderMap,
    format: Format,
) -> Result<Response, Problem> {
    let sizing = sizing(look.size, look.margin)?;
    let link = to_draw(&app, can.workspace(), id).await?;
    let style = match look.template_id {
        Some(template) => templates::named(&app, can.workspace(), template)
            .await?
            .map_err(|error| Problem::fields(vec![error]))?,
        None => qr::drawing::plain_style(),
    };
    let text = links::scan_url(&app, &link);
    let drawing = qr::drawing_of(&app, can.workspace(), text, sizing.apply(&style)).await?;
    let image = qr::drawing::image(&app, drawing, format).await?;
    Ok(answer::image(format.media_type(), image, &headers))
}

/// The link whose code is asked for. What belongs to an archived code is not drawn here either. Other archived links are:
/// they may be revived.
async fn to_draw(app: &App, workspace: WorkspaceId, id: LinkId) -> Result<Link, Problem> {
    let link = links::read(app, workspace, id).await?;
    match link.qr_code.is_some() && link.archived_at.is_some() {
        true => Err(Problem::plain(Code::Gone)),
        false => Ok(link),
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InCharacters {
    /// What it is shown on: `dark`, which has light letters, or `light`; `dark` if absent.
    #[serde(default)]
    terminal: Option<OnTerminal>,
}

/// QR code of a link, as text
///
/// For terminals: half blocks, with a quiet zone of 4 modules. Scans to the link's `short_url` with `?qr=1`.
#[utoipa::path(get, path = "/v1/links/{id}/qr.txt", tag = "Links", operation_id = "readLinkQrText",
    params(("id" = LinkId, Path, description = "The link's id"), InCharacters),
    extensions(("x-needs" = json!("links.read"))),
    responses((status = 200, description = "The code", body = String, content_type = "text/plain",
        headers(("ETag" = String, description = "Of these bytes"))),
        (status = 304, description = "You have it already")))]
async fn text(
    can: Can<LinksRead>,
    State(app): State<App>,
    Path(id): Path<LinkId>,
    Query(shown): Query<InCharacters>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let link = to_draw(&app, can.workspace(), id).await?;
    let style = qr::drawing::plain_style();
    let drawing = qr::drawing_of(&app, can.workspace(), links::scan_url(&app, &link), style).await?;
    let text = qr::drawing::text(&app, drawing, shown.terminal.unwrap_or_default().into()).await?;
    Ok(answer::image(TEXT, text, &headers))
}

macro_rules! images {
    ($($name:ident $path:tt $operation:tt $media:tt $format:expr, $summary:tt;)*) => {
        $(
            #[doc = $summary]
            #[doc = ""]
            #[doc = "Scans to the link's `short_url` with `?qr=1`, which tells scans from clicks and never travels on to the destination."]
            #[utoipa::path(get, path = $path, tag = "Links", operation_id = $operation,
                params(("id" = LinkId, Path, description = "The link's id"), Look),
                extensions(("x-needs" = json!("links.read"))),
                responses((status = 200, description = "The image", body = Vec<u8>, content_type = $media,
                    headers(("ETag" = String, description = "Of these bytes"))),
                    (status = 304, description = "You have it already")))]
            async fn $name(
                can: Can<LinksRead>,
                State(app): State<App>,
                Path(id): Path<LinkId>,
                Query(look): Query<Look>,
                headers: HeaderMap,
            ) -> Result<Response, Problem> {
                draw(can, app, id, look, headers, $format).await
            }
        )*

        pub(super) fn routes() -> OpenApiRouter<App> {
            OpenApiRouter::new().routes(routes!(text))$(.routes(routes!($name)))*
        }
    };
}

images! {
    svg "/v1/links/{id}/qr.svg" "readLinkQrSvg" "image/svg+xml" Format::Svg, "QR code of a link, as SVG";
    png "/v1/links/{id}/qr.png" "readLinkQrPng" "image/png" Format::Png, "QR code of a link, as PNG";
    pdf "/v1/links/{id}/qr.pdf" "readLinkQrPdf" "application/pdf" Format::Pdf, "QR code of a link, as PDF";
    eps "/v1/links/{id}/qr.eps" "readLinkQrEps" "application/postscript" Format::Eps, "QR code of a link, as EPS";
    webp "/v1/links/{id}/qr.webp" "readLinkQrWebp" "image/webp" Format::Webp, "QR code of a link, as WebP";
    jpeg "/v1/links/{id}/qr.jpeg" "readLinkQrJpeg" "image/jpeg" Format::Jpeg, "QR code of a link, as JPEG";
}
