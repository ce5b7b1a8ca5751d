//! From the event log into the database: who was clicked, who was used, and how far the log was read, in one
//! transaction.
//!
//! So every event is counted once, whatever ends the process and whenever. A commit whose answer was lost is found out
//! at the next turn by how far the database says it has counted.

use tessera_db::DbError;

use crate::App;
use crate::events::{self, Batch, EventError, Turn};
use crate::{keys, links};

/// Counts everything that was answered before the call. On an error nothing is lost and nothing is counted twice: it is
/// tried again with the next call.
pub(crate) async fn flush(app: &App) -> Result<(), EventError> {
    match app.events.turn().await {
        Some(turn) => count(app, turn).await,
        None => Ok(()),
    }
}

/// Counts what was followed so far, and follows no further, unless that is far behind.
pub(crate) async fn flush_followed(app: &App) -> Result<(), EventError> {
    match events::turn_of_followed(app).await? {
        Some(turn) => count(app, turn).await,
        None => Ok(()),
    }
}

async fn count(app: &App, mut turn: Turn<'_>) -> Result<(), EventError> {
    while let Some(batch) = turn.next(app).await? {
        if let Err(error) = write(app, &turn, &batch).await {
            turn.keep(batch);
            return Err(error);
        }
    }
    Ok(())
}

async fn write(app: &App, turn: &Turn<'_>, batch: &Batch) -> Result<(), EventError> {
    // The database must not know more than the log does after a power failure.
    turn.sync(app).await?;
    // Before the transaction begins: whoever holds the gate as a reader waits for no writer.
    let _readers = app.keys.hold_readers().await;
    let (clicks, uses) = (batch.clicks(), batch.uses());
    let txn = app.db.begin().await?;
    if turn.begin(&txn, batch).await? {
        links::add_clicks(&txn, &clicks).await?;
        keys::add_uses(&txn, &uses).await?;
        app.commit(txn, &[]).await?;
        if turn.is_answer_lost() {
            return Err(DbError::unreadable("the answer was lost, for a test").into());
        }
    }
    app.links.settle(&clicks);
    app.keys.settle(&uses);
    Ok(())
}
