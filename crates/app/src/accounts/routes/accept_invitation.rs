//! `POST /v1/auth/accept-invitation`: an account for somebody who was invited.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::{LoginView, welcome};
use crate::App;
use crate::accounts::people::{self, Application};
use crate::http::Facts;
use crate::http::extract::Body;
use crate::problem::Problem;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptAsNewcomer {
    /// What stands behind `token=` in the invitation.
    #[schema(examples("tsr_invite_8mIhK0kU5mZgYl6v4v3zVQhH8qQm2b2oJ2s9oBq0aXc"))]
    token: String,
    #[schema(examples("grace@example.com"))]
    email: String,
    #[schema(format = Password, examples("mosaic-of-nine-tiles"))]
    password: String,
    /// Absent: the address up to the `@`.
    #[serde(default)]
    #[schema(examples("Grace Hopper"))]
    name: Option<String>,
}

/// Accept an invitation with a new account
///
/// With an account that you have, use `POST /v1/invitations/accept`. Closed where `accounts.sign_up` is `closed`.
#[utoipa::path(post, path = "/v1/auth/accept-invitation", tag = "Account", operation_id = "acceptInvitation",
    request_body = AcceptAsNewcomer,
    extensions(("x-errors" = json!(["invalid_ticket", "sign_up_closed", "email_taken", "plan_required",
        "workspace_suspended", "too_many_attempts"]))),
    responses((status = 201, description = "Joined, and logged in", body = LoginView)))]
pub async fn accept(
    State(app): State<App>,
    facts: Facts,
    Body(body): Body<AcceptAsNewcomer>,
) -> Result<Response, Problem> {
    let form =
        Application { email: body.email, password: body.password, name: body.name, workspace_name: None };
    let opened = people::accept_invitation(&app, &facts, &body.token, form).await?;
    Ok(welcome(&app, StatusCode::CREATED, opened))
}
