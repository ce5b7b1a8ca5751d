//! `POST /v1/auth/refresh`: the cookie for a new access token, and a new cookie.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use tessera_types::WorkspaceId;
use utoipa::ToSchema;

use super::cookie::RefreshCookie;
use super::views::{LoginView, welcome};
use crate::App;
use crate::accounts::sessions;
use crate::http::Facts;
use crate::http::extract::Body;
use crate::problem::{Code, Problem};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The workspace to work in; absent, the one you have been in longest.
    #[serde(default)]
    workspace_id: Option<WorkspaceId>,
}

/// Refresh a login
///
/// Takes the cookie `tessera_refresh` and replaces it. A cookie that was replaced before ends the whole session,
/// for it was stolen, or the one after it was. Only within ten seconds of its replacement it is merely refused:
/// two tabs may refresh at once. Cookies are taken from this server's own pages only.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "Account", operation_id = "refresh",
    request_body = Refresh,
    extensions(("x-errors" = json!(["unauthorized", "session_ended", "foreign_origin", "multiple_credentials", "not_found"]))),
    responses((status = 200, description = "Refreshed", body = LoginView)))]
pub async fn refresh(
    State(app): State<App>,
    facts: Facts,
    RefreshCookie(cookie): RefreshCookie,
    Body(body): Body<Refresh>,
) -> Result<Response, Problem> {
    let token =
        cookie.ok_or_else(|| Problem::new(Code::Unauthorized, "Send the refresh cookie of a login."))?;
    let opened = sessions::renew(&app, &facts, &token, body.workspace_id).await?;
    Ok(welcome(&app, StatusCode::OK, opened))
}
