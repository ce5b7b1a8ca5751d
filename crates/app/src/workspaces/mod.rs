//! Workspaces.
pub mod routes;
use crate::App;
use crate::settings::Plan;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::sync::Arc;
use tessera_db::DbError;
use tessera_keys::{Prefix, Role};
use tessera_types::{UserId, WorkspaceId};
#[derive(Debug, Clone)]
pub struct Standing {
    pub name: String,
    pub plan: Arc<Plan>,
    pub suspended: bool,
    pub query_key_off: bool,
    pub key_prefix: Option<Prefix>,
    pub role: Option<Role>,
}
pub async fn standing(
    _app: &App,
    _c: &impl ConnectionTrait,
    _w: WorkspaceId,
    _m: Option<UserId>,
) -> Result<Option<Standing>, DbError> {
    Ok(None)
}
pub async fn lock(_t: &DatabaseTransaction, _w: WorkspaceId) -> Result<(), DbError> {
    Ok(())
}
