//! `POST /v1/members/{user_id}/reset-link`: for a member who has forgotten their password.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use tessera_types::UserId;
use utoipa::ToSchema;

use super::members::acting;
use crate::App;
use crate::http::answer::Secret;
use crate::http::auth::{AsAdmin, Can};
use crate::http::extract::Path;
use crate::problem::Problem;
use crate::workspaces::members;

/// A link with which a member chooses a new password. Hand it over yourself; it is not shown again.
#[derive(Serialize, ToSchema)]
pub struct ResetLink {
    user_id: UserId,
    #[schema(examples(
        "https://go.example.com/reset?token=tsr_reset_8mIhK0kU5mZgYl6v4v3zVQhH8qQm2b2oJ2s9oBq0aXc"
    ))]
    reset_url: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Make a reset link
///
/// For a member whose role is not above yours and who is in no other workspace. It replaces any earlier one.
#[utoipa::path(post, path = "/v1/members/{user_id}/reset-link", tag = "Workspaces", operation_id = "createResetLink",
    params(("user_id" = UserId, Path, description = "The person's id")),
    extensions(("x-needs" = json!("role:admin")), ("x-errors" = json!(["conflict", "secret_already_shown"]))),
    responses((status = 201, description = "The link, shown this once", body = ResetLink)))]
pub async fn make(
    can: Can<AsAdmin>,
    State(app): State<App>,
    Path(user): Path<UserId>,
) -> Result<(StatusCode, Secret<Json<ResetLink>>), Problem> {
    let actor = can.actor();
    let made = members::reset_link(&app, &acting(&can, &actor)?, user).await?;
    let view = ResetLink { user_id: user, reset_url: made.url, expires_at: made.ticket.expires_at };
    Ok((StatusCode::CREATED, Secret(Json(view))))
}
