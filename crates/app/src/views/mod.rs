//! Saved views: what a person looked at on the analytics page, kept by name for the workspace.
//!
//! A view is the address' search string and nothing more: it is opened, not run, so a view never shows what its reader
//! may not see. Names are unique in a workspace, whatever their case.

mod model;
pub mod routes;
mod store;

use tessera_db::DbError;
use tessera_types::{ViewId, WorkspaceId};

pub(crate) use self::model::SavedView;
use crate::App;
use crate::audit::{self, Entry};
use crate::author::Author;
use crate::http::page::Window;
use crate::problem::{Code, FieldError, Problem};
use crate::workspaces;

/// Views of a workspace: what a person can still choose from.
const VIEWS_MAX: u64 = 200;

/// What a new view is made of. The parts keep their rules already.
pub(crate) struct Wish {
    pub(crate) name: String,
    pub(crate) query: String,
}

/// What is to change; what is `None` stays.
struct Change {
    name: Option<String>,
    query: Option<String>,
}

/// Keeps a view. Durable when it returns.
///
/// # Errors
/// A conflict if the name is taken, or the workspace has as many views as it may.
pub(crate) async fn create(app: &App, by: &Author, wish: Wish) -> Result<SavedView, Problem> {
    let now = app.now();
    let view = SavedView {
        id: app.new_id(),
        workspace: by.workspace,
        name: wish.name,
        query: wish.query,
        created_by: by.name.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let txn = app.db.begin().await?;
    workspaces::lock(&txn, by.workspace).await?;
    if store::count(&txn, by.workspace).await? >= VIEWS_MAX {
        let detail = format!("A workspace holds {VIEWS_MAX} saved views. Delete some.");
        return Err(Problem::new(Code::Conflict, detail));
    }
    named_once(store::insert(&txn, &view).await)?;
    let entry = Entry::new("view.created", &view.id).after(view.audited());
    audit::record(app, &txn, by.workspace, &by.actor, entry).await?;
    app.commit(txn, &[]).await?;
    Ok(view)
}

/// # Errors
/// `not_found`, also for another workspace's view.
async fn read(app: &App, workspace: WorkspaceId, id: ViewId) -> Result<SavedView, Problem> {
    store::find(app.db.read(), workspace, id).await?.ok_or_else(Problem::not_found)
}

async fn list(app: &App, workspace: WorkspaceId, window: &Window) -> Result<(u64, Vec<SavedView>), Problem> {
    let total = store::count(app.db.read(), workspace).await?;
    Ok((total, store::list(app.db.read(), workspace, window).await?))
}

/// Changes what is named. Durable when it returns.
///
/// # Errors
/// A conflict if the name is taken; another version than `version`.
async fn change(
    app: &App,
    by: &Author,
    id: ViewId,
    version: Option<i64>,
    change: Change,
) -> Result<SavedView, Problem> {
    let txn = app.db.begin().await?;
    let before = store::lock(&txn, by.workspace, id).await?.ok_or_else(Problem::not_found)?;
    check_version(&before, version)?;
    let mut view = before.clone();
    view.name = change.name.unwrap_or(view.name);
    view.query = change.query.unwrap_or(view.query);
    if view == before {
        return Ok(view);
    }
    view.updated_at = app.now();
    view.version += 1;
    named_once(store::update(&txn, &view).await)?;
    let entry = Entry::new("view.updated", &view.id).between(before.audited(), view.audited());
    audit::record(app, &txn, by.workspace, &by.actor, entry).await?;
    app.commit(txn, &[]).await?;
    Ok(view)
}

/// Removes it for good.
async fn delete(app: &App, by: &Author, id: ViewId, version: Option<i64>) -> Result<(), Problem> {
    let txn = app.db.begin().await?;
    let view = store::lock(&txn, by.workspace, id).await?.ok_or_else(Problem::not_found)?;
    check_version(&view, version)?;
    store::delete(&txn, by.workspace, id).await?;
    let mut entry = Entry::new("view.deleted", &view.id);
    entry.before = Some(view.audited());
    audit::record(app, &txn, by.workspace, &by.actor, entry).await?;
    Ok(app.commit(txn, &[]).await?)
}

fn check_version(view: &SavedView, version: Option<i64>) -> Result<(), Problem> {
    match version {
        Some(version) if version != view.version => Err(Problem::plain(Code::PreconditionFailed)),
        _ => Ok(()),
    }
}

/// The only unique index but the id's own is that of the name.
fn named_once(written: Result<(), DbError>) -> Result<(), Problem> {
    match written {
        Err(DbError::Taken(_)) => {
            let error = FieldError::new("name", "taken", "another view of this workspace has this name");
            let detail =
                "Another view of this workspace has this name. Choose another one, or change that view.";
            Err(Problem { errors: vec![error], ..Problem::new(Code::Conflict, detail) })
        }
        written => Ok(written?),
    }
}
