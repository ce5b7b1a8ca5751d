//! `POST /v1/qr-codes/{id}/unarchive`: in use again.

use axum::extract::State;
use axum::response::Response;
use tessera_types::QrCodeId;

use super::view::{self, QrCodeView};
use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, QrUpdate};
use crate::http::extract::Path;
use crate::problem::Problem;
use crate::qr::change;

/// Unarchive a QR code
///
/// Scans work again.
#[utoipa::path(post, path = "/v1/qr-codes/{id}/unarchive", tag = "QR codes", operation_id = "unarchiveQrCode",
    params(("id" = QrCodeId, Path, description = "The code's id")),
    extensions(("x-needs" = json!("qr.update")), ("x-errors" = json!(["plan_required"]))),
    responses((status = 200, description = "The code, in use", body = QrCodeView)))]
pub(super) async fn unarchive(
    can: Can<QrUpdate>,
    State(app): State<App>,
    Path(id): Path<QrCodeId>,
) -> Result<Response, Problem> {
    view::versioned(&app, change::unarchive(&app, &Author::from(&can), id).await?)
}
