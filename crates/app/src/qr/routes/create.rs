//! `POST /v1/qr-codes`: a new code.

use axum::extract::State;
use axum::response::Response;

use super::view::{self, QrCodeView};
use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, QrCreate};
use crate::http::extract::Body;
use crate::problem::Problem;
use crate::qr::{self, CreateQrCode};

/// Create a QR code
///
/// Scans at once. A dynamic code gets a short link of its own; an alias that another link of the domain has is a 409 with a
/// `suggestion`. A code that would not scan is refused with the reasons, unless `allow_unscannable` is true.
#[utoipa::path(post, path = "/v1/qr-codes", tag = "QR codes", operation_id = "createQrCode",
    request_body = CreateQrCode,
    extensions(("x-needs" = json!("qr.create")), ("x-errors" = json!(["alias_taken", "plan_required", "unscannable"]))),
    responses((status = 201, description = "The new code", body = QrCodeView,
        headers(("Location" = String, description = "Where the code is"), ("ETag" = String, description = "Its version")))))]
pub(super) async fn create(
    can: Can<QrCreate>,
    State(app): State<App>,
    Body(body): Body<CreateQrCode>,
) -> Result<Response, Problem> {
    view::created(&app, Box::pin(qr::create(&app, &Author::from(&can), body)).await?)
}
