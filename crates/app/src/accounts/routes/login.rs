//! `POST /v1/auth/login`: a password for a session.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use tessera_types::WorkspaceId;
use utoipa::ToSchema;

use super::views::{LoginView, welcome};
use crate::App;
use crate::accounts::sessions;
use crate::http::Facts;
use crate::http::extract::Body;
use crate::problem::Problem;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    #[schema(examples("ada@example.com"))]
    email: String,
    #[schema(format = Password, examples("mosaic-of-nine-tiles"))]
    password: String,
    /// The workspace to work in; absent, the one you have been in longest.
    #[serde(default)]
    workspace_id: Option<WorkspaceId>,
}

/// Log in
///
/// Answers with an access token for one workspace and sets the cookie `tessera_refresh`. A wrong address and a
/// wrong password get the same answer after the same time. Failures are counted per account and per network.
#[utoipa::path(post, path = "/v1/auth/login", tag = "Account", operation_id = "logIn",
    request_body = LogIn,
    extensions(("x-errors" = json!(["invalid_login", "not_found", "too_many_attempts"]))),
    responses((status = 200, description = "Logged in", body = LoginView)))]
pub async fn log_in(
    State(app): State<App>,
    facts: Facts,
    Body(body): Body<LogIn>,
) -> Result<Response, Problem> {
    let opened = sessions::log_in(&app, &facts, &body.email, &body.password, body.workspace_id).await?;
    Ok(welcome(&app, StatusCode::OK, opened))
}
