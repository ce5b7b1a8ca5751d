//! `POST /v1/qr-codes/{id}/archive`: out of use, and kept.

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

/// Archive a QR code
///
/// A scan is answered 410, and so are its images. The alias of its link stays its own.
#[utoipa::path(post, path = "/v1/qr-codes/{id}/archive", tag = "QR codes", operation_id = "archiveQrCode",
    params(("id" = QrCodeId, Path, description = "The code's id")),
    extensions(("x-needs" = json!("qr.update"))),
    responses((status = 200, description = "The code, archived", body = QrCodeView)))]
pub(super) async fn archive(
    can: Can<QrUpdate>,
    State(app): State<App>,
    Path(id): Path<QrCodeId>,
) -> Result<Response, Problem> {
    view::versioned(&app, change::archive(&app, &Author::from(&can), id).await?)
}
