//! `POST /v1/auth/password` and `POST /v1/auth/password/reset`: a new password.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::App;
use crate::accounts::people;
use crate::http::Facts;
use crate::http::auth::Person;
use crate::http::extract::Body;
use crate::problem::Problem;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[schema(format = Password, examples("mosaic-of-nine-tiles"))]
    current_password: String,
    #[schema(format = Password, examples("mosaic-of-ten-tiles"))]
    new_password: String,
}

/// Change your password
///
/// Ends all your other sessions: when this has answered, none of their tokens is admitted.
#[utoipa::path(post, path = "/v1/auth/password", tag = "Account", operation_id = "changePassword",
    request_body = ChangePassword,
    extensions(("x-needs" = json!("person"))),
    responses((status = 204, description = "Changed")))]
pub async fn change(
    person: Person,
    State(app): State<App>,
    Body(body): Body<ChangePassword>,
) -> Result<StatusCode, Problem> {
    people::change_password(&app, person.facts(), &person, &body.current_password, body.new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// What stands behind `token=` in the reset link.
    #[schema(examples("tsr_reset_8mIhK0kU5mZgYl6v4v3zVQhH8qQm2b2oJ2s9oBq0aXc"))]
    token: String,
    #[schema(format = Password, examples("mosaic-of-ten-tiles"))]
    new_password: String,
}

/// Reset a password
///
/// With a reset link from an admin or from who runs the server. Ends all sessions of the account.
#[utoipa::path(post, path = "/v1/auth/password/reset", tag = "Account", operation_id = "resetPassword",
    request_body = ResetPassword,
    extensions(("x-errors" = json!(["invalid_ticket", "too_many_attempts"]))),
    responses((status = 204, description = "Set; log in with it")))]
pub async fn reset(
    State(app): State<App>,
    facts: Facts,
    Body(body): Body<ResetPassword>,
) -> Result<StatusCode, Problem> {
    people::reset_password(&app, &facts, &body.token, body.new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}
