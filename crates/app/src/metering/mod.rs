//! Limits of API keys: how many requests fit into a minute, a day and a month, and who has used how many.
//!
//! A request is admitted by all of its windows or by none: it takes its place before the handler runs, in one step
//! under the owner's lock, and gives it back if it turns out to be refused. What counts towards days and months is
//! folded from the event log into `daily_requests`; memory begins from that table and is then ahead of it, never
//! behind. The minute is kept in memory alone, and a restart forgives it.

mod limiter;
mod model;
mod store;
mod view;

pub use limiter::{Limiter, Metered, Reached, Reservation};
pub use model::{Moment, Owner, Refused, Stand, Terms, Used, Window};
pub use view::LimitsView;

use std::sync::Arc;

use tessera_db::DbError;
use tessera_events::CallClass;
use tessera_types::{ApiKeyId, WorkspaceId};

use crate::App;
use crate::settings::{Limits, Plan};

/// Days that are kept of what was used: limits look at this month, people at the one before as well.
const DAYS_KEPT: i32 = 62;

/// Forgets the days that nobody asks about any more.
///
/// # Errors
/// As the database.
pub(crate) async fn sweep(app: &App) -> Result<(), DbError> {
    let txn = app.db.begin().await?;
    store::forget_before(&txn, Moment::now(app).day().saturating_sub(DAYS_KEPT)).await?;
    app.commit(txn, &[]).await
}

/// What a key used, and every limit that it is held to.
///
/// # Errors
/// As the database.
pub async fn of_key(
    app: &App,
    workspace: WorkspaceId,
    key: ApiKeyId,
    terms: &Terms,
) -> Result<LimitsView, DbError> {
    let metered = app.limiter.meters(app, workspace, key).await?;
    let now = Moment::now(app);
    let stands = app.limiter.stands(&metered, terms, CallClass::ALL, now);
    Ok(LimitsView::new(app.limiter.used(&metered, now), stands, now))
}

/// What all keys of a workspace used together, and every limit of its plan.
///
/// # Errors
/// As the database.
pub async fn of_workspace(app: &App, workspace: WorkspaceId, plan: Arc<Plan>) -> Result<LimitsView, DbError> {
    let metered = app.limiter.keyless(app, workspace).await?;
    let now = Moment::now(app);
    let terms = Terms { plan, own: Limits::NONE };
    let stands = app.limiter.stands(&metered, &terms, CallClass::ALL, now);
    Ok(LimitsView::new(app.limiter.used_by_workspace(&metered, now), stands, now))
}
