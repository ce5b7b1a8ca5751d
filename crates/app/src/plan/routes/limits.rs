//! `GET /v1/limits`: what the keys of a workspace used together, and what its plan leaves them.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tessera_types::WorkspaceId;
use utoipa::ToSchema;

use crate::App;
use crate::http::auth::{AccountRead, Can};
use crate::metering::{self, LimitsView};
use crate::plan::{self, Resources};
use crate::problem::Problem;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceLimits)]
pub struct WorkspaceLimits {
    pub workspace_id: WorkspaceId,
    pub resources: Resources,
    #[serde(flatten)]
    pub standing: LimitsView,
}

/// Read the workspace's limits
///
/// What all of its keys used together of this day and this month, by class of call, how each limit of its plan
/// stands, and how many links, codes, keys and members there are of how many. Exact at the moment of the answer.
#[utoipa::path(get, path = "/v1/limits", tag = "Workspaces", operation_id = "readLimits",
    extensions(("x-needs" = json!("account.read"))),
    responses((status = 200, description = "The limits", body = WorkspaceLimits)))]
pub async fn limits(can: Can<AccountRead>, State(app): State<App>) -> Result<Json<WorkspaceLimits>, Problem> {
    let workspace_id = can.workspace();
    let resources = plan::resources(&app, workspace_id, &can.plan).await?;
    let standing = metering::of_workspace(&app, workspace_id, can.plan.clone()).await?;
    Ok(Json(WorkspaceLimits { workspace_id, resources, standing }))
}
