//! `POST /v1/qr-codes/{id}/archive`: out of use, and kept.

use axum::extract::State;
use axum::response::Response;

use super::view::{self, AtDomain, QrCodeView};
use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, QrUpdate};
use crate::http::extract::{Path, Query};
use crate::problem::Problem;
use crate::qr::{self, Which, change};

/// Archive a QR code
///
/// A scan is answered 410, and so are its images. The alias of its link stays its own.
#[utoipa::path(post, path = "/v1/qr-codes/{id}/archive", tag = "QR codes", operation_id = "archiveQrCode",
    params(("id" = String, Path, description = "The code's id, or the alias of its link"), AtDomain),
    extensions(("x-needs" = json!("qr.update"))),
    responses((status = 200, description = "The code, archived", body = QrCodeView)))]
pub(super) async fn archive(
    can: Can<QrUpdate>,
    State(app): State<App>,
    Path(which): Path<Which>,
    Query(at): Query<AtDomain>,
) -> Result<Response, Problem> {
    let id = qr::identify(&app, can.workspace(), which, at.domain.as_deref()).await?;
    view::versioned(&app, change::archive(&app, &Author::from(&can), id).await?)
}
