//! What a workspace's plan allows, and how much of it is used: what other features count, in one answer.

use serde::Serialize;
use tessera_types::WorkspaceId;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::settings::Plan;
use crate::{App, keys, links, qr, workspaces};

pub mod routes;

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

/// # Errors
/// As the database.
pub async fn resources(app: &App, workspace: WorkspaceId, plan: &Plan) -> Result<Resources, Problem> {
    let db = app.db.read();
    let held = |used, max| Held { used, max: Some(u64::from(max)).filter(|max| *max > 0) };
    Ok(Resources {
        links: held(links::count_live(db, workspace).await?, plan.links_max),
        qr_codes: held(qr::count_live(db, workspace).await?, plan.qr_codes_max),
        api_keys: held(keys::count(db, workspace).await?, plan.keys_max),
        members: held(workspaces::count_members(db, workspace).await?, plan.members_max),
    })
}
