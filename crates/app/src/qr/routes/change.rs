//! `PATCH /v1/qr-codes/{id}`: changes what is named. `PUT` is the same.

use axum::extract::State;
use axum::response::Response;

use super::view::{self, AtDomain, QrCodeView};
use crate::App;
use crate::author::Author;
use crate::http::auth::{Can, QrUpdate};
use crate::http::extract::{Body, IfMatch, Path, Query};
use crate::problem::Problem;
use crate::qr::change::{self, QrCodeChange};
use crate::qr::{self, Which};

/// Change a QR code
///
/// A new payload of a dynamic code acts on the next scan; what is printed stays. `name` and `tags` are carried over to its link.
/// Alias, domain and kind cannot be changed. Everything else of the link is changed at `/v1/links/{link_id}`.
#[utoipa::path(patch, path = "/v1/qr-codes/{id}", tag = "QR codes", operation_id = "changeQrCode",
    params(("id" = String, Path, description = "The code's id, or the alias of its link"), AtDomain),
    request_body = QrCodeChange,
    extensions(("x-needs" = json!("qr.update")),
        ("x-errors" = json!(["conflict", "resource_archived", "precondition_failed", "unscannable"]))),
    responses((status = 200, description = "The code as it is now", body = QrCodeView,
        headers(("ETag" = String, description = "Its new version")))))]
pub(super) async fn change(
    can: Can<QrUpdate>,
    State(app): State<App>,
    Path(which): Path<Which>,
    Query(at): Query<AtDomain>,
    IfMatch(version): IfMatch,
    Body(wish): Body<QrCodeChange>,
) -> Result<Response, Problem> {
    let id = qr::identify(&app, can.workspace(), which, at.domain.as_deref()).await?;
    view::versioned(&app, change::change(&app, &Author::from(&can), id, version, &wish).await?)
}

/// Change a QR code (PUT)
///
/// The same as PATCH, for clients that send PUT.
#[utoipa::path(put, path = "/v1/qr-codes/{id}", tag = "QR codes", operation_id = "putQrCode",
    params(("id" = String, Path, description = "The code's id, or the alias of its link"), AtDomain),
    request_body = QrCodeChange,
    extensions(("x-needs" = json!("qr.update")),
        ("x-errors" = json!(["conflict", "resource_archived", "precondition_failed", "unscannable"]))),
    responses((status = 200, description = "The code as it is now", body = QrCodeView,
        headers(("ETag" = String, description = "Its new version")))))]
pub(super) async fn put(
    can: Can<QrUpdate>,
    app: State<App>,
    id: Path<Which>,
    at: Query<AtDomain>,
    version: IfMatch,
    wish: Body<QrCodeChange>,
) -> Result<Response, Problem> {
    Box::pin(change(can, app, id, at, version, wish)).await
}
