//! Feedback: whether a reader found a guide helpful, and what they say about it.
//!
//! A person says one thing about an article; what they say later takes its place. It is kept in the workspace it was said
//! in, and nothing of it leaves the deployment.

mod model;
pub mod routes;
mod store;

use tessera_types::WorkspaceId;

use self::model::{ArticleFeedback, Feedback};
use crate::App;
use crate::audit::{self, Entry};
use crate::author::Author;
use crate::http::page::Window;
use crate::problem::{Code, Problem};
use crate::workspaces;

/// What is kept of a workspace: more than its people could say about every guide there is.
const FEEDBACK_MAX: u64 = 10_000;

/// Keeps what somebody says, in the place of what they said before. Durable when it returns.
///
/// # Errors
/// A conflict if the workspace has as much as it may.
async fn give(app: &App, by: &Author, feedback: Feedback) -> Result<(), Problem> {
    let txn = app.db.begin().await?;
    workspaces::lock(&txn, by.workspace).await?;
    store::put(&txn, by.workspace, &feedback).await?;
    if store::count(&txn, by.workspace).await? > FEEDBACK_MAX {
        let detail = format!("A workspace holds {FEEDBACK_MAX} opinions on guides.");
        return Err(Problem::new(Code::Conflict, detail));
    }
    let entry = Entry::new("feedback.given", &feedback.article).after(feedback.audited());
    audit::record(app, &txn, by.workspace, &by.actor, entry).await?;
    Ok(app.commit(txn, &[]).await?)
}

/// What was said of each article that anything was said of, by its slug.
async fn list(
    app: &App,
    workspace: WorkspaceId,
    window: &Window,
) -> Result<(u64, Vec<ArticleFeedback>), Problem> {
    let total = store::count_articles(app.db.read(), workspace).await?;
    Ok((total, store::list(app.db.read(), workspace, window).await?))
}
