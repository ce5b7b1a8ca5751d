//! `GET /v1/qr-codes/{id}/verdict` and `POST /v1/qr-codes/verdict`: whether a code will scan, and why.

use axum::Json;
use axum::extract::State;
use tessera_qr::Verdict;
use tessera_types::QrCodeId;

use super::render::Design;
use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, QrRead};
use crate::http::extract::{Body, Path};
use crate::problem::{Checks, Problem};
use crate::qr::drawing::Verdicts;
use crate::qr::{self, change};

/// Judge a QR code
///
/// Draws it, spoils it in a dozen ways and reads it with two unrelated readers; and measures contrast, quiet zone, logo and size.
#[utoipa::path(get, path = "/v1/qr-codes/{id}/verdict", tag = "QR codes", operation_id = "judgeQrCode",
    params(("id" = QrCodeId, Path, description = "The code's id")),
    extensions(("x-needs" = json!("qr.read"))),
    responses((status = 200, description = "The verdict", body = Verdict)))]
pub(super) async fn of_code(
    can: Can<QrRead>,
    State(app): State<App>,
    Path(id): Path<QrCodeId>,
) -> Result<Json<Verdict>, Problem> {
    let made = qr::read(&app, can.workspace(), id).await?;
    Ok(Json(change::verdict(&app, &made, &Author::from(&can)).await?))
}

/// Judge a design
///
/// The same for a code that is kept nowhere, while somebody draws it.
#[utoipa::path(post, path = "/v1/qr-codes/verdict", tag = "QR codes", operation_id = "judgeQrDesign",
    request_body = Design,
    extensions(("x-needs" = json!("qr.read"))),
    responses((status = 200, description = "The verdict", body = Verdict)))]
pub(super) async fn of_design(
    can: Can<QrRead>,
    State(app): State<App>,
    Body(design): Body<Design>,
) -> Result<Json<Verdict>, Problem> {
    let drawing = design.read(&app, &can, Checks::default()).await?;
    Ok(Json(Verdicts::default().judge(&app, drawing).await?))
}
