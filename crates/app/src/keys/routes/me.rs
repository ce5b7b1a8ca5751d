//! `GET /v1/me`: who this credential is, and what it may do.

use axum::Json;
use serde::Serialize;
use tessera_types::{ApiKeyId, UserId, WorkspaceId};
use utoipa::ToSchema;

use crate::caller::Principal;
use crate::http::auth::{AnyCredential, Can};

/// The credential of this request.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// `api_key` or `user`.
    #[schema(examples("api_key"))]
    pub r#type: &'static str,
    pub workspace_id: WorkspaceId,
    /// The key, if it is one.
    pub api_key_id: Option<ApiKeyId>,
    /// The person, or the member whose personal key this is.
    pub user_id: Option<UserId>,
    /// The key's name, or the person's e-mail address.
    #[schema(examples("CI/CD Pipeline"))]
    pub name: String,
    /// The person's role.
    #[schema(examples("admin"))]
    pub role: Option<&'static str>,
    /// What it may do right now.
    #[schema(examples(json!(["links.read", "links.create"])))]
    pub scopes: Vec<&'static str>,
}

/// Who am I?
///
/// Says who the credential of this request is, in which workspace, and which scopes are in force.
#[utoipa::path(get, path = "/v1/me", tag = "API keys", operation_id = "me",
    extensions(("x-needs" = json!("credential"))),
    responses((status = 200, description = "The credential", body = Me)))]
pub async fn me(can: Can<AnyCredential>) -> Json<Me> {
    let (r#type, api_key_id, user_id, name, role) = match &can.principal {
        Principal::Key { id, name, owner, .. } => ("api_key", Some(*id), *owner, name.clone(), None),
        Principal::Person { user, email, role, .. } => {
            ("user", None, Some(*user), email.clone(), Some(role.as_str()))
        }
    };
    let scopes = can.scopes.iter().map(|scope| scope.as_str()).collect();
    Json(Me { r#type, workspace_id: can.workspace(), api_key_id, user_id, name, role, scopes })
}
