//! `POST /v1/qr-codes/{id}/duplicate`: a copy with a link of its own.

use axum::extract::State;
use axum::response::Response;

use super::view::{self, AtDomain, QrCodeView};
use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, QrCreate};
use crate::http::extract::{Path, Query};
use crate::problem::Problem;
use crate::qr::{self, Which, change};

/// Duplicate a QR code
///
/// The same payload and style; a dynamic copy has a new alias and no scans. In use, even if this one is archived.
#[utoipa::path(post, path = "/v1/qr-codes/{id}/duplicate", tag = "QR codes", operation_id = "duplicateQrCode",
    params(("id" = String, Path, description = "The code's id, or the alias of its link"), AtDomain),
    extensions(("x-needs" = json!("qr.create")), ("x-errors" = json!(["plan_required"]))),
    responses((status = 201, description = "The copy", body = QrCodeView)))]
pub(super) async fn duplicate(
    can: Can<QrCreate>,
    State(app): State<App>,
    Path(which): Path<Which>,
    Query(at): Query<AtDomain>,
) -> Result<Response, Problem> {
    let id = qr::identify(&app, can.workspace(), which, at.domain.as_deref()).await?;
    view::created(&app, change::duplicate(&app, &Author::from(&can), id).await?)
}
