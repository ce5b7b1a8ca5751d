//! How accounts and logins look in answers.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use tessera_types::UserId;
use utoipa::ToSchema;

use super::cookie::WithCookie;
use crate::App;
use crate::accounts::model::Account;
use crate::accounts::sessions::Opened;
use crate::http::answer::Secret;
use crate::workspaces::Membership;

/// A person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserView {
    pub id: UserId,
    #[schema(examples("ada@example.com"))]
    pub email: String,
    #[schema(examples("Ada Lovelace"))]
    pub name: String,
    /// Whether this person set the deployment up.
    pub is_operator: bool,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl From<Account> for UserView {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            email: account.email.to_string(),
            name: account.name,
            is_operator: account.is_operator,
            created_at: account.created_at,
            updated_at: account.updated_at,
        }
    }
}

/// A login. The refresh token comes beside it, as a cookie that only these routes get.
#[derive(Serialize, ToSchema)]
#[schema(as = Login)]
pub struct LoginView {
    /// Send it as `Authorization: Bearer`.
    #[schema(examples(
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImtpZCI6InYxIn0.eyJpc3MiOiJodHRwczovL2dvLmV4YW1wbGUuY29tIn0.…"
    ))]
    pub access_token: String,
    #[schema(examples("Bearer"))]
    pub token_type: &'static str,
    /// Seconds until the access token expires. Refresh it before.
    #[schema(examples(900))]
    pub expires_in: i64,
    pub user: UserView,
    /// The workspace the access token is for; null if the person is in none.
    pub workspace: Option<Membership>,
    /// Every workspace the person is in. To work in another one, refresh with its id.
    pub workspaces: Vec<Membership>,
}

/// The answer to whoever has just logged in.
pub fn welcome(app: &App, status: StatusCode, opened: Opened) -> Response {
    let view = LoginView {
        access_token: opened.access_token,
        token_type: "Bearer",
        expires_in: opened.access_seconds,
        user: opened.account.into(),
        workspace: opened.workspace,
        workspaces: opened.workspaces,
    };
    WithCookie::set(app, &opened.refresh_token, (status, Secret(Json(view)))).into_response()
}
