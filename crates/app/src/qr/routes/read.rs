//! `GET /v1/qr-codes/{id}`: one code.

use axum::extract::State;
use axum::response::Response;

use super::view::{self, AtDomain, QrCodeView};
use crate::App;
use crate::http::auth::{Can, QrRead};
use crate::http::extract::{Path, Query};
use crate::problem::Problem;
use crate::qr::{self, Which};

/// Read a QR code
///
/// With its scans up to this moment. By its id, or by the alias of its link.
#[utoipa::path(get, path = "/v1/qr-codes/{id}", tag = "QR codes", operation_id = "readQrCode",
    params(("id" = String, Path, description = "The code's id, or the alias of its link"), AtDomain),
    extensions(("x-needs" = json!("qr.read"))),
    responses((status = 200, description = "The code", body = QrCodeView,
        headers(("ETag" = String, description = "Its version, for If-Match")))))]
pub(super) async fn read(
    can: Can<QrRead>,
    State(app): State<App>,
    Path(which): Path<Which>,
    Query(at): Query<AtDomain>,
) -> Result<Response, Problem> {
    let id = qr::identify(&app, can.workspace(), which, at.domain.as_deref()).await?;
    view::versioned(&app, qr::read(&app, can.workspace(), id).await?)
}
