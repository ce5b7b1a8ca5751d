//! `GET /v1/qr-codes/{id}/verdict` and `POST /v1/qr-codes/verdict`: whether a code will scan, and why.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tessera_qr::{Style, Verdict};
use utoipa::ToSchema;

use super::render::{Design, DesignToJudge};
use super::view::AtDomain;
use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, QrRead};
use crate::http::extract::{Body, Path, Query};
use crate::problem::{Checks, Problem};
use crate::qr::drawing::Verdicts;
use crate::qr::{self, Which, change};

/// Judge a QR code
///
/// Draws it, spoils it in a dozen ways and reads it with two unrelated readers; and measures contrast, quiet zone, logo and size.
#[utoipa::path(get, path = "/v1/qr-codes/{id}/verdict", tag = "QR codes", operation_id = "judgeQrCode",
    params(("id" = String, Path, description = "The code's id, or the alias of its link"), AtDomain),
    extensions(("x-needs" = json!("qr.read"))),
    responses((status = 200, description = "The verdict", body = Verdict)))]
pub(super) async fn of_code(
    can: Can<QrRead>,
    State(app): State<App>,
    Path(which): Path<Which>,
    Query(at): Query<AtDomain>,
) -> Result<Json<Verdict>, Problem> {
    let id = qr::identify(&app, can.workspace(), which, at.domain.as_deref()).await?;
    let made = qr::read(&app, can.workspace(), id).await?;
    Ok(Json(change::verdict(&app, &made, &Author::from(&can)).await?))
}

/// How a design will scan.
#[derive(Serialize, ToSchema)]
#[schema(as = QrDesignJudged)]
pub(super) struct Judged {
    #[serde(flatten)]
    verdict: Verdict,
    /// The whole style as `fix` mended it, which the verdict is about; null if nothing was changed.
    mended_style: Option<Style>,
}

/// Judge a design
///
/// The same for a code that is kept nowhere, while somebody draws it. With `fix` a design that is not good is mended first.
#[utoipa::path(post, path = "/v1/qr-codes/verdict", tag = "QR codes", operation_id = "judgeQrDesign",
    request_body = DesignToJudge,
    extensions(("x-needs" = json!("qr.read"))),
    responses((status = 200, description = "The verdict", body = Judged)))]
pub(super) async fn of_design(
    can: Can<QrRead>,
    State(app): State<App>,
    Body(body): Body<DesignToJudge>,
) -> Result<Json<Judged>, Problem> {
    let DesignToJudge { data, payload, style, template_id, fix } = body;
    let design = Design { data, payload, style, template_id };
    let drawing = design.read(&app, &can, Checks::default()).await?;
    let before = drawing.style.clone();
    let (style, verdict) = Verdicts::default().judge(&app, drawing, &fix.unwrap_or_default()).await?;
    Ok(Json(Judged { verdict, mended_style: (style != before).then_some(style) }))
}
