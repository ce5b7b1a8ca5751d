//! `GET`, `PATCH` and `PUT /v1/workspace`: the workspace of whoever asks.

use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tessera_keys::Prefix;
use tessera_types::WorkspaceId;
use utoipa::ToSchema;

use crate::App;
use crate::http::answer::Versioned;
use crate::http::auth::{AccountRead, AsAdmin, Can};
use crate::http::extract::{Body, IfMatch, Patch};
use crate::problem::{Checks, Problem};
use crate::workspaces;
use crate::workspaces::model::{self, Workspace, WorkspaceChange};

/// A workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Workspace)]
pub struct WorkspaceView {
    pub id: WorkspaceId,
    #[schema(examples("Mosaic Works"))]
    pub name: String,
    #[schema(examples("standard"))]
    pub plan: String,
    /// The IANA zone in which its days begin.
    #[schema(examples("Europe/Berlin"))]
    pub timezone: String,
    /// Whether keys in `?api_key=` are refused.
    pub refuse_query_keys: bool,
    /// What new keys begin with; null: the deployment's prefix.
    pub key_prefix: Option<Prefix>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl From<Workspace> for WorkspaceView {
    fn from(workspace: Workspace) -> Self {
        Self {
            id: workspace.id,
            name: workspace.name,
            plan: workspace.plan,
            timezone: workspace.timezone,
            refuse_query_keys: workspace.refuse_query_keys,
            key_prefix: workspace.key_prefix,
            created_at: workspace.created_at,
            updated_at: workspace.updated_at,
        }
    }
}

/// Read the workspace
///
/// The one that your key belongs to, or that your access token is for.
#[utoipa::path(get, path = "/v1/workspace", tag = "Workspaces", operation_id = "readWorkspace",
    extensions(("x-needs" = json!("account.read"))),
    responses((status = 200, description = "The workspace", body = WorkspaceView)))]
pub async fn read(
    can: Can<AccountRead>,
    State(app): State<App>,
) -> Result<Versioned<WorkspaceView>, Problem> {
    let workspace = workspaces::get(&app, can.workspace()).await?;
    Ok(Versioned(workspace.version, workspace.into()))
}

/// What is to change. A field that is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeWorkspace {
    #[serde(default)]
    #[schema(examples("Mosaic Works"), max_length = 80)]
    name: Option<String>,
    #[serde(default)]
    #[schema(examples("Europe/Berlin"))]
    timezone: Option<String>,
    #[serde(default)]
    refuse_query_keys: Option<bool>,
    /// `null`: the deployment's prefix. Keys that exist keep theirs.
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("mosaic_live_"))]
    key_prefix: Patch<String>,
}

/// Change the workspace
///
/// Acts on the next request.
#[utoipa::path(patch, path = "/v1/workspace", tag = "Workspaces", operation_id = "changeWorkspace",
    request_body = ChangeWorkspace,
    extensions(("x-needs" = json!("role:admin")), ("x-errors" = json!(["precondition_failed"]))),
    responses((status = 200, description = "The workspace as it is now", body = WorkspaceView)))]
pub async fn change(
    can: Can<AsAdmin>,
    State(app): State<App>,
    if_match: IfMatch,
    Body(body): Body<ChangeWorkspace>,
) -> Result<Versioned<WorkspaceView>, Problem> {
    let mut checks = Checks::default();
    let name = body.name.and_then(|name| checks.keep("name", model::workspace_name(&name)));
    let timezone = body.timezone.and_then(|zone| checks.keep("timezone", model::timezone(&zone)));
    let key_prefix = body.key_prefix.try_map(|prefix| model::key_prefix(&prefix));
    let key_prefix = checks.keep("key_prefix", key_prefix).unwrap_or_default();
    checks.done()?;
    let change = WorkspaceChange { name, timezone, refuse_query_keys: body.refuse_query_keys, key_prefix };
    let changed = workspaces::change(&app, &can.actor(), can.workspace(), if_match.0, change).await?;
    Ok(Versioned(changed.version, changed.into()))
}

/// Change the workspace (PUT)
///
/// The same as PATCH, for clients that send PUT.
#[utoipa::path(put, path = "/v1/workspace", tag = "Workspaces", operation_id = "putWorkspace",
    request_body = ChangeWorkspace,
    extensions(("x-needs" = json!("role:admin")), ("x-errors" = json!(["precondition_failed"]))),
    responses((status = 200, description = "The workspace as it is now", body = WorkspaceView)))]
pub async fn put(
    can: Can<AsAdmin>,
    app: State<App>,
    if_match: IfMatch,
    body: Body<ChangeWorkspace>,
) -> Result<Versioned<WorkspaceView>, Problem> {
    change(can, app, if_match, body).await
}
