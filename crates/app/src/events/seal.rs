//! From memory to disk: rows become segments, segments become fewer, and what is to be forgotten is left out.
//!
//! A segment is a file first and a row of the database second, and only the second makes it count. The transaction that
//! notes new segments also notes how far into the log they reach, so an event is read from a segment or from the log and
//! never from both. Files that a crash left without a row are not read.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tessera_db::DbError;
use tessera_events::{Frozen, Kind, Position, Removal, SegmentMeta, Store};
use tessera_types::{SegmentTag, to_millis};
use uuid::Uuid;

use super::{EventError, Stream, behind, blocking, store};
use crate::App;

/// Merges in a row after one sealing; the next one goes on.
const MERGES_MAX: usize = 8;
const DAY_MS: i64 = 86_400_000;
/// Between two attempts at a sealing that fails.
const RETRY_MS: i64 = 5_000;
/// Further attempts to note an exchange of segments, and the pause before each.
const EXCHANGE_ATTEMPTS: usize = 3;
const EXCHANGE_PAUSE: Duration = Duration::from_millis(500);

/// Rows set apart whose segments the database does not know of yet, as far as we know.
pub(super) struct Unsealed {
    frozen: Frozen,
    from: Position,
    until: Position,
    segments: Vec<SegmentMeta>,
}

/// Brings the rows in memory to disk if there are many, or some have been there for long; then makes few large segments
/// of many small ones.
pub(crate) async fn seal_when_due(app: &App) -> Result<(), EventError> {
    let Some(stream) = &app.events.stream else { return Ok(()) };
    let settings = &app.settings.events;
    let rows = stream.store.tail_rows();
    // A clock that was set back makes rows old, not young.
    let age_ms = (to_millis(app.now()) - stream.sealed_at_ms.load(Ordering::Relaxed)).abs();
    let is_old = rows > 0 && age_ms >= i64::from(settings.memory_seconds_max) * 1_000;
    // One that is under way needs no other.
    let is_waiting = stream.sealing.try_lock().is_ok_and(|waiting| waiting.is_some()) && age_ms >= RETRY_MS;
    // The log is deleted once it is in segments: if it lacks room, that makes some.
    let room = settings.log_bytes_max;
    let is_cramped =
        rows > 0 && (stream.log.condition().held_bytes > 0 || (room > 0 && stream.log.bytes() > room / 2));
    let is_full = rows >= settings.memory_rows_max;
    if !(is_full || is_old || is_waiting || is_cramped) {
        return Ok(());
    }
    seal(app).await?;
    compact(app).await
}

/// Brings all rows in memory to disk. When it returns `Ok`, everything that was answered before the call is in segments, and
/// the log of it is deleted. On an error nothing is lost, and the next call goes on where this one stopped.
pub(crate) async fn seal(app: &App) -> Result<(), EventError> {
    let Some(stream) = &app.events.stream else { return Ok(()) };
    let mut waiting = stream.sealing.lock().await;
    stream.sealed_at_ms.store(to_millis(app.now()), Ordering::Relaxed);
    if waiting.is_some() {
        finish(app, stream, &mut waiting).await?;
    }
    let frozen = blocking(app, |_, stream| stream.catch_up_and_freeze()).await??;
    let Some((frozen, until)) = frozen else { return Ok(()) };
    let from = stream.stored.load(Ordering::Relaxed);
    *waiting = Some(Unsealed { frozen, from, until, segments: Vec::new() });
    finish(app, stream, &mut waiting).await
}

/// Brings to its end what waits. On an error, also if a thread broke down, it goes on waiting.
async fn finish(app: &App, stream: &Stream, waiting: &mut Option<Unsealed>) -> Result<(), EventError> {
    let Some(unsealed) = waiting.as_mut() else { return Ok(()) };
    note(app, stream, unsealed).await?;
    let Some(Unsealed { frozen, until, segments, .. }) = waiting.take() else { return Ok(()) };
    stream.store.adopt(frozen, &segments);
    stream.stored.store(until, Ordering::Relaxed);
    blocking(app, move |_, stream| stream.log.forget(until)).await??;
    Ok(())
}

/// Writes the segments and notes them. They are written once, however often noting them fails.
async fn note(app: &App, stream: &Stream, unsealed: &mut Unsealed) -> Result<(), EventError> {
    if unsealed.segments.is_empty() {
        let frozen = unsealed.frozen.clone();
        let write = move |app: &App, stream: &Stream| stream.store.write(&frozen, &mut || new_id(app));
        // Rows that come in faster than they are written are not waited for with patience.
        let is_pressing = stream.store.tail_rows() > 2 * app.settings.events.memory_rows_max;
        let written = if is_pressing { blocking(app, write).await } else { behind(app, write).await };
        unsealed.segments = written??;
    }
    // Counted goes before stored: what is in no log any more must be in the counts.
    app.flush().await?;
    let txn = app.db.begin().await?;
    let (from, until) = (unsealed.from, unsealed.until);
    if store::seal(&txn, stream.id, (from, until), &unsealed.segments, to_millis(app.now())).await? {
        app.commit(txn, &[]).await?;
    }
    Ok(())
}

/// Merges small segments into larger ones, a few merges at a time.
async fn compact(app: &App) -> Result<(), EventError> {
    let Some(stream) = &app.events.stream else { return Ok(()) };
    let _turn = stream.sealing.lock().await;
    for _ in 0..MERGES_MAX {
        let merged = behind(app, |app, stream| {
            let compaction = stream.store.compaction()?;
            let new = stream.store.merge(&compaction, &mut || new_id(app));
            Some(new.map(|new| (compaction.segments, new)))
        });
        let Some(merged) = merged.await? else { return Ok(()) };
        let (old, new) = merged?;
        exchange(app, stream, &old, &new).await?;
    }
    Ok(())
}

/// Removes rows from memory, segments and log. When it returns `Ok`, they are gone from the files too. Says how many.
pub(crate) async fn remove(app: &App, removal: Removal) -> Result<u64, EventError> {
    seal(app).await?;
    let Some(stream) = &app.events.stream else { return Ok(0) };
    let _turn = stream.sealing.lock().await;
    let rewritten =
        blocking(app, move |app, stream| stream.store.rewrite(&removal, &mut || new_id(app))).await??;
    if rewritten.old.is_empty() {
        return Ok(0);
    }
    exchange(app, stream, &rewritten.old, &rewritten.new).await?;
    Ok(rewritten.rows_removed)
}

/// Removes what is older than the deployment keeps. Rows outlive their time by a day at most: segments are not written
/// anew for every hour that passes.
pub(crate) async fn forget_old(app: &App) -> Result<(), EventError> {
    let days = i64::from(app.settings.events.retention_days);
    let Some(stream) = app.events.stream.as_ref().filter(|_| days > 0) else { return Ok(()) };
    let cutoff_ms = to_millis(app.now()) - days * DAY_MS;
    for kind in [Kind::Click, Kind::Request] {
        let is_due = |segment: &SegmentMeta| segment.kind == kind && segment.first_ms < cutoff_ms - DAY_MS;
        if stream.store.segments().iter().any(is_due) {
            let rows = remove(app, Removal::Before { kind, cutoff_ms }).await?;
            tracing::info!(rows, "events beyond their retention were deleted");
        }
    }
    Ok(())
}

/// Puts segments in the place of others, in the database and then in memory. If the database refuses, the old ones stay.
/// If it cannot be known whether it refused, nothing is exchanged any more before the next start, which asks it.
async fn exchange(app: &App, stream: &Stream, old: &[Uuid], new: &[SegmentMeta]) -> Result<(), EventError> {
    if stream.is_unsure.load(Ordering::Relaxed) {
        return Err(EventError::Unsure);
    }
    let mut noted = note_exchange(app, stream, old, new).await;
    for _ in 0..EXCHANGE_ATTEMPTS {
        if noted.is_ok() {
            break;
        }
        tokio::time::sleep(EXCHANGE_PAUSE).await;
        noted = note_exchange(app, stream, old, new).await;
    }
    if let Err(error) = noted {
        stream.is_unsure.store(true, Ordering::Relaxed);
        return Err(error.into());
    }
    stream.store.replace(old, new);
    Ok(store::forget(&app.db, old).await?)
}

/// May be tried again: what was noted by an attempt whose answer was lost is found to be there.
async fn note_exchange(app: &App, stream: &Stream, old: &[Uuid], new: &[SegmentMeta]) -> Result<(), DbError> {
    let txn = app.db.begin().await?;
    if store::replace(&txn, stream.id, old, new, to_millis(app.now())).await? {
        app.commit(txn, &[]).await?;
    }
    Ok(())
}

fn new_id(app: &App) -> Uuid {
    app.new_id::<SegmentTag>().uuid()
}

/// Events that did not happen here: of a demonstration, or of another system. They are in segments when it returns `Ok`.
pub(crate) async fn load(
    app: &App,
    load: impl FnOnce(&App, &Store) -> Result<Vec<SegmentMeta>, tessera_events::StoreError> + Send + 'static,
) -> Result<(), EventError> {
    let Some(stream) = &app.events.stream else { return Ok(()) };
    let _turn = stream.sealing.lock().await;
    let new = blocking(app, move |app, stream| load(app, &stream.store)).await??;
    exchange(app, stream, &[], &new).await
}
