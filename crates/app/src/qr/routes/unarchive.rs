//! `POST /v1/qr-codes/{id}/unarchive`: in use again.

use axum::extract::State;
use axum::response::Response;

use super::view::{self, AtDomain, QrCodeView};
use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, QrUpdate};
use crate::http::extract::{Path, Query};
use crate::problem::Problem;
use crate::qr::{self, Which, change};

/// Unarchive a QR code
///
/// Scans work again.
#[utoipa::path(post, path = "/v1/qr-codes/{id}/unarchive", tag = "QR codes", operation_id = "unarchiveQrCode",
    params(("id" = String, Path, description = "The code's id, or the alias of its link"), AtDomain),
    extensions(("x-needs" = json!("qr.update")), ("x-errors" = json!(["plan_required"]))),
    responses((status = 200, description = "The code, in use", body = QrCodeView)))]
pub(super) async fn unarchive(
    can: Can<QrUpdate>,
    State(app): State<App>,
    Path(which): Path<Which>,
    Query(at): Query<AtDomain>,
) -> Result<Response, Problem> {
    let id = qr::identify(&app, can.workspace(), which, at.domain.as_deref()).await?;
    view::versioned(&app, change::unarchive(&app, &Author::from(&can), id).await?)
}
