//! `DELETE /v1/qr-codes/{id}`: gone for good.

use axum::extract::State;
use http::StatusCode;

use super::view::AtDomain;
use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, QrDelete};
use crate::http::extract::{IfMatch, Path, Query};
use crate::problem::Problem;
use crate::qr::{self, Which, change};

/// Delete a QR code
///
/// Removes it and its link for good: what is printed answers 404, and the alias is free again. Archiving keeps both.
#[utoipa::path(delete, path = "/v1/qr-codes/{id}", tag = "QR codes", operation_id = "deleteQrCode",
    params(("id" = String, Path, description = "The code's id, or the alias of its link"), AtDomain),
    extensions(("x-needs" = json!("qr.delete")), ("x-errors" = json!(["precondition_failed"]))),
    responses((status = 204, description = "Gone")))]
pub(super) async fn delete(
    can: Can<QrDelete>,
    State(app): State<App>,
    Path(which): Path<Which>,
    Query(at): Query<AtDomain>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    let id = qr::identify(&app, can.workspace(), which, at.domain.as_deref()).await?;
    change::delete(&app, &Author::from(&can), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
