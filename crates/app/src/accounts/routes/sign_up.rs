//! `POST /v1/auth/signup`: an account for anybody, where the settings say so.

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
pub struct SignUp {
    #[schema(examples("ada@example.com"))]
    email: String,
    #[schema(format = Password, examples("mosaic-of-nine-tiles"))]
    password: String,
    /// Absent: the address up to the `@`.
    #[serde(default)]
    #[schema(examples("Ada Lovelace"))]
    name: Option<String>,
    #[serde(default)]
    #[schema(examples("Mosaic Works"))]
    workspace_name: Option<String>,
}

/// Sign up
///
/// Makes an account with a workspace of its own. Open only where `accounts.sign_up` is `open`.
#[utoipa::path(post, path = "/v1/auth/signup", tag = "Account", operation_id = "signUp",
    request_body = SignUp,
    extensions(("x-errors" = json!(["sign_up_closed", "email_taken", "too_many_attempts"]))),
    responses((status = 201, description = "Made, and logged in", body = LoginView)))]
pub async fn sign_up(
    State(app): State<App>,
    facts: Facts,
    Body(body): Body<SignUp>,
) -> Result<Response, Problem> {
    let form = Application {
        email: body.email,
        password: body.password,
        name: body.name,
        workspace_name: body.workspace_name,
    };
    let founded = people::sign_up(&app, &facts, form).await?;
    Ok(welcome(&app, StatusCode::CREATED, founded.opened))
}
