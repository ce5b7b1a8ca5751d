//! `POST /v1/invitations/accept`: joining with an account that exists.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::App;
use crate::accounts;
use crate::http::auth::Person;
use crate::http::extract::Body;
use crate::problem::Problem;
use crate::workspaces::{self, Membership};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// What stands behind `token=` in the invitation.
    #[schema(examples("tsr_invite_8mIhK0kU5mZgYl6v4v3zVQhH8qQm2b2oJ2s9oBq0aXc"))]
    token: String,
}

/// Accept an invitation
///
/// As the person who is logged in. To work in the workspace, refresh your login with its id. Without an account,
/// use `POST /v1/auth/accept-invitation`.
#[utoipa::path(post, path = "/v1/invitations/accept", tag = "Workspaces", operation_id = "joinWorkspace",
    request_body = AcceptInvitation,
    extensions(("x-needs" = json!("person")), ("x-errors" = json!(["invalid_ticket", "conflict"]))),
    responses((status = 200, description = "You are a member", body = Membership)))]
pub async fn accept(
    person: Person,
    State(app): State<App>,
    Body(body): Body<AcceptInvitation>,
) -> Result<Json<Membership>, Problem> {
    let account = accounts::person(app.db.read(), person.user).await?.ok_or_else(Problem::not_found)?;
    workspaces::accept(&app, &person.actor(), &account, &body.token).await.map(Json)
}
