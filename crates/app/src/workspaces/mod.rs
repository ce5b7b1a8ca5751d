//! Workspaces: the tenants, and who is a member of them as what.
//!
//! A workspace keeps at least one owner. Whatever ends somebody's membership or changes a role, a plan or a
//! suspension is announced, so the next request is judged by what holds then.

pub mod members;
pub mod model;
pub mod operator;
pub mod routes;
mod store;

use std::sync::Arc;

use serde_json::json;
use tessera_db::{Connection, DbError, Transaction};
use tessera_keys::{Prefix, Role};
use tessera_types::{UserId, WorkspaceId};

pub use members::{accept, accept_as_known, accept_as_newcomer};
pub use model::{Member, Membership, Workspace};
pub(crate) use store::count_members;

use crate::accounts;
use crate::audit::{self, Actor, Entry};
use crate::problem::{Code, Problem};
use crate::settings::Plan;
use crate::{App, Change};
use model::WorkspaceChange;

/// What a credential of this workspace is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub name: String,
    pub plan: Arc<Plan>,
    pub suspended: bool,
    pub query_key_off: bool,
    pub key_prefix: Option<Prefix>,
    /// What the asked-for member is here; `None` if nobody was asked for, or is no member.
    pub role: Option<Role>,
}

/// Reads where a workspace, and one of its members, stand now. `None`: there is no such workspace.
///
/// # Errors
/// As the database.
pub async fn standing(
    app: &App,
    conn: &impl Connection,
    workspace: WorkspaceId,
    member: Option<UserId>,
) -> Result<Option<Standing>, DbError> {
    let Some(found) = store::find(conn, workspace).await? else { return Ok(None) };
    let role = match member {
        Some(user) => store::find_member(conn, workspace, user).await?.map(|member| member.role),
        None => None,
    };
    Ok(Some(Standing {
        plan: plan_of(app, &found)?,
        name: found.name,
        suspended: found.suspended_at.is_some(),
        query_key_off: found.refuse_query_keys,
        key_prefix: found.key_prefix,
        role,
    }))
}

/// Locks a workspace until the transaction ends: whoever counts what it has holds this.
///
/// # Errors
/// As the database.
pub async fn lock(txn: &Transaction, workspace: WorkspaceId) -> Result<(), DbError> {
    store::lock(txn, workspace).await.map(|_| ())
}

fn plan_of(app: &App, workspace: &Workspace) -> Result<Arc<Plan>, DbError> {
    let plan = app.settings.plans.of(&workspace.plan).cloned().map(Arc::new);
    plan.ok_or_else(|| DbError::unreadable(format!("workspace {} has no plan", workspace.id)))
}

/// Makes a workspace and its first owner. Durable with the transaction.
///
/// # Errors
/// As the database.
pub async fn create(
    app: &App,
    txn: &Transaction,
    actor: &Actor,
    owner: UserId,
    name: &str,
) -> Result<WorkspaceId, DbError> {
    let now = app.now();
    let new = Workspace {
        id: app.new_id(),
        name: name.to_owned(),
        plan: app.settings.plans.default.clone(),
        timezone: "UTC".to_owned(),
        refuse_query_keys: false,
        key_prefix: None,
        suspended_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    store::insert(txn, &new).await?;
    store::insert_member(txn, new.id, &Member { user: owner, role: Role::Owner, joined_at: now }).await?;
    let made = Entry::new("workspace.created", &new.id).after(json!({"name": name, "owner": owner}));
    audit::record(app, txn, new.id, actor, made).await?;
    Ok(new.id)
}

/// [`create`] for somebody who exists. When it returns, the workspace is durable.
///
/// # Errors
/// `conflict` if the person is in as many workspaces as one may be.
pub async fn open(app: &App, actor: &Actor, owner: UserId, name: &str) -> Result<Workspace, Problem> {
    let txn = app.db.begin().await?;
    accounts::lock(&txn, owner).await?;
    room_for_another(&txn, owner).await?;
    // A reset link made while the person was in one workspace must not open a second one.
    accounts::tickets::void_resets(&txn, owner).await?;
    let id = create(app, &txn, actor, owner, name).await?;
    let workspace = store::find(&txn, id).await?.ok_or_else(Problem::not_found)?;
    app.commit(txn, &[Change::User(owner)]).await?;
    Ok(workspace)
}

async fn room_for_another(conn: &impl Connection, user: UserId) -> Result<(), Problem> {
    if store::memberships(conn, user).await?.len() < model::MEMBERSHIPS_MAX {
        return Ok(());
    }
    Err(Problem::new(
        Code::Conflict,
        format!("One person is in at most {} workspaces.", model::MEMBERSHIPS_MAX),
    ))
}

/// Everywhere this person is a member, the oldest membership first.
///
/// # Errors
/// As the database.
pub async fn memberships(conn: &impl Connection, user: UserId) -> Result<Vec<Membership>, DbError> {
    store::memberships(conn, user).await
}

/// # Errors
/// `not_found`, which cannot happen to a caller of this workspace.
pub async fn get(app: &App, id: WorkspaceId) -> Result<Workspace, Problem> {
    store::find(app.db.read(), id).await?.ok_or_else(Problem::not_found)
}

/// Changes what is named. When it returns, the change is durable and the next request sees it.
///
/// # Errors
/// `precondition_failed` if the workspace is not at `version` any more.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: WorkspaceId,
    version: Option<i64>,
    change: WorkspaceChange,
) -> Result<Workspace, Problem> {
    let txn = app.db.begin().await?;
    let before = store::lock(&txn, id).await?.ok_or_else(Problem::not_found)?;
    if version.is_some_and(|version| version != before.version) {
        return Err(Problem::plain(Code::PreconditionFailed));
    }
    let mut after = before.clone();
    after.name = change.name.unwrap_or(after.name);
    after.timezone = change.timezone.unwrap_or(after.timezone);
    after.refuse_query_keys = change.refuse_query_keys.unwrap_or(after.refuse_query_keys);
    after.key_prefix = change.key_prefix.or(after.key_prefix);
    if after == before {
        return Ok(before);
    }
    after.version += 1;
    after.updated_at = app.now();
    store::update(&txn, &after).await?;
    let changed = Entry::new("workspace.updated", &id).between(for_audit(&before), for_audit(&after));
    audit::record(app, &txn, id, actor, changed).await?;
    app.commit(txn, &[Change::Workspace(id)]).await?;
    Ok(after)
}

fn for_audit(workspace: &Workspace) -> serde_json::Value {
    json!({
        "name": workspace.name,
        "timezone": workspace.timezone,
        "refuse_query_keys": workspace.refuse_query_keys,
        "key_prefix": workspace.key_prefix,
    })
}
