//! What who runs the deployment decides about every workspace: its plan, and whether it is suspended.
//!
//! Both act on the next request, of keys and of people alike.

use serde_json::json;
use tessera_types::WorkspaceId;

use super::model::{TermsChange, Workspace};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::http::page::Window;
use crate::problem::Problem;
use crate::{App, Change};

/// Every workspace with how many members it has, newest first.
///
/// # Errors
/// As the database.
pub async fn list(
    app: &App,
    search: Option<&str>,
    window: &Window,
) -> Result<(u64, Vec<(Workspace, u64)>), Problem> {
    let (total, found) = store::list(app.db.read(), search, window).await?;
    let members = store::members_of_each(app.db.read(), found.iter().map(|workspace| workspace.id)).await?;
    let counted = found.into_iter().map(|workspace| {
        let count = members.get(&workspace.id).copied().unwrap_or(0);
        (workspace, count)
    });
    Ok((total, counted.collect()))
}

/// Changes plan and suspension. When it returns, the change is durable and the next request sees it.
///
/// # Errors
/// `not_found`; a field error for a plan that the settings do not name.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: WorkspaceId,
    change: TermsChange,
) -> Result<(Workspace, u64), Problem> {
    let tiers = &app.settings.plans.tiers;
    if change.plan.as_ref().is_some_and(|plan| !tiers.contains_key(plan)) {
        let names: Vec<&str> = tiers.keys().map(String::as_str).collect();
        return Err(Problem::field("plan", "choice", format!("one of {}", names.join(", "))));
    }
    let txn = app.db.begin().await?;
    let before = store::lock(&txn, id).await?.ok_or_else(Problem::not_found)?;
    let members = store::count_members(&txn, id).await?;
    let now = app.now();
    let mut after = before.clone();
    after.plan = change.plan.unwrap_or(after.plan);
    after.suspended_at = match change.suspended {
        Some(true) => before.suspended_at.or(Some(now)),
        Some(false) => None,
        None => before.suspended_at,
    };
    if after == before {
        return Ok((before, members));
    }
    after.version += 1;
    after.updated_at = now;
    store::update(&txn, &after).await?;
    let terms = |workspace: &Workspace| json!({"plan": workspace.plan, "suspended": workspace.suspended_at.is_some()});
    let changed = Entry::new("workspace.terms_changed", &id).between(terms(&before), terms(&after));
    audit::record(app, &txn, id, actor, changed).await?;
    app.commit(txn, &[Change::Workspace(id)]).await?;
    Ok((after, members))
}
