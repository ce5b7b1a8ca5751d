//! `GET /v1/limits`: what the keys of a workspace used together, and what its plan leaves them.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tessera_types::WorkspaceId;
use utoipa::ToSchema;

use crate::App;
use crate::http::auth::{AccountRead, Can};
use crate::metering::{self, LimitsView};
use crate::problem::Problem;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceLimits)]
pub struct WorkspaceLimits {
    pub workspace_id: WorkspaceId,
    #[serde(flatten)]
    pub standing: LimitsView,
}

/// Read the workspace's limits
///
/// What all of its keys used together of this day and this month, by class of call, and how each limit of its plan
/// stands. Exact at the moment of the answer.
#[utoipa::path(get, path = "/v1/limits", tag = "Workspaces", operation_id = "readLimits",
    extensions(("x-needs" = json!("account.read"))),
    responses((status = 200, description = "The limits", body = WorkspaceLimits)))]
pub async fn limits(can: Can<AccountRead>, State(app): State<App>) -> Result<Json<WorkspaceLimits>, Problem> {
    let standing = metering::of_workspace(&app, can.workspace(), can.plan.clone()).await?;
    Ok(Json(WorkspaceLimits { workspace_id: can.workspace(), standing }))
}
