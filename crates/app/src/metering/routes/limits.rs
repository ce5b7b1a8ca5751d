//! `GET /v1/limits`: what the keys of a workspace used together, and what its plan leaves them.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tessera_types::WorkspaceId;
use utoipa::ToSchema;

use crate::http::auth::{AccountRead, Can};
use crate::metering::{self, LimitsView};
use crate::problem::Problem;
use crate::settings::Plan;
use crate::{App, keys, links, qr, workspaces};

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceLimits)]
pub struct WorkspaceLimits {
    pub workspace_id: WorkspaceId,
    pub resources: Resources,
    #[serde(flatten)]
    pub standing: LimitsView,
}

/// How much of what a plan limits there is. Archived links and codes, and revoked keys, do not count.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResourceLimits)]
pub struct Resources {
    pub links: Held,
    pub qr_codes: Held,
    pub api_keys: Held,
    pub members: Held,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResourceLimit)]
pub struct Held {
    #[schema(examples(42))]
    pub used: u64,
    /// Null: as many as you like.
    #[schema(examples(1000))]
    pub max: Option<u64>,
}

impl Resources {
    async fn of(app: &App, workspace: WorkspaceId, plan: &Plan) -> Result<Self, Problem> {
        let db = app.db.read();
        let held = |used, max| Held { used, max: Some(u64::from(max)).filter(|max| *max > 0) };
        Ok(Self {
            links: held(links::count_live(db, workspace).await?, plan.links_max),
            qr_codes: held(qr::count_live(db, workspace).await?, plan.qr_codes_max),
            api_keys: held(keys::count(db, workspace).await?, plan.keys_max),
            members: held(workspaces::count_members(db, workspace).await?, plan.members_max),
        })
    }
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
    let resources = Resources::of(&app, workspace_id, &can.plan).await?;
    let standing = metering::of_workspace(&app, workspace_id, can.plan.clone()).await?;
    Ok(Json(WorkspaceLimits { workspace_id, resources, standing }))
}
