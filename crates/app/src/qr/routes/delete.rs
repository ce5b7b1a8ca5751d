//! `DELETE /v1/qr-codes/{id}`: gone for good.

use axum::extract::State;
use http::StatusCode;
use tessera_types::QrCodeId;

use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, QrDelete};
use crate::http::extract::{IfMatch, Path};
use crate::problem::Problem;
use crate::qr::change;

/// Delete a QR code
///
/// Removes it and its link for good: what is printed answers 404, and the alias is free again. Archiving keeps both.
#[utoipa::path(delete, path = "/v1/qr-codes/{id}", tag = "QR codes", operation_id = "deleteQrCode",
    params(("id" = QrCodeId, Path, description = "The code's id")),
    extensions(("x-needs" = json!("qr.delete")), ("x-errors" = json!(["precondition_failed"]))),
    responses((status = 204, description = "Gone")))]
pub(super) async fn delete(
    can: Can<QrDelete>,
    State(app): State<App>,
    Path(id): Path<QrCodeId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    change::delete(&app, &Author::from(&can), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
