//! `POST /v1/auth/setup`: the first owner, by the link that the first start prints.

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
pub struct SetUp {
    /// What stands behind `token=` in the set-up link.
    #[schema(examples("tsr_setup_8mIhK0kU5mZgYl6v4v3zVQhH8qQm2b2oJ2s9oBq0aXc"))]
    token: String,
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

/// Set up: make the first owner
///
/// Works once per deployment, with the link that the server prints until then.
#[utoipa::path(post, path = "/v1/auth/setup", tag = "Account", operation_id = "setUp",
    request_body = SetUp,
    extensions(("x-errors" = json!(["invalid_ticket", "email_taken", "too_many_attempts"]))),
    responses((status = 201, description = "Made, and logged in", body = LoginView)))]
pub async fn set_up(
    State(app): State<App>,
    facts: Facts,
    Body(body): Body<SetUp>,
) -> Result<Response, Problem> {
    let form = Application {
        email: body.email,
        password: body.password,
        name: body.name,
        workspace_name: body.workspace_name,
    };
    let founded = people::set_up(&app, &facts, &body.token, form).await?;
    Ok(welcome(&app, StatusCode::CREATED, founded.opened))
}
