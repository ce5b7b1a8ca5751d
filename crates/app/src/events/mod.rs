//! What happens is written to the event log first and counted from there.
//!
//! A redirect and an answered request each append one event before their answer leaves. The log is followed in order:
//! what it adds up to is written to the database every few seconds, together with how far the log was followed, in
//! one transaction. So every event is counted once, whatever ends the process and whenever.

mod fold;
mod store;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tessera_db::DbError;
use tessera_events::{
    Condition, Durability, Event, Full, Log, LogError, LogOptions, Position, ReadError, Reader,
};
use uuid::Uuid;

use self::fold::Batch;
use crate::settings::{self, WhenFull};
use crate::{App, keys, links};

/// Where the events of this process go. A command beside the server has none: it answers nothing.
pub struct Events(Option<Stream>);

struct Stream {
    id: Uuid,
    log: Log,
    when_full: WhenFull,
    follower: Mutex<Follower>,
    /// One flush at a time. Holds what a failed one may or may not have written.
    flushing: tokio::sync::Mutex<Option<Batch>>,
}

/// Who reads the log, and what came of it that is not in the database.
struct Follower {
    reader: Reader,
    batch: Batch,
}

impl From<settings::Durability> for Durability {
    fn from(durability: settings::Durability) -> Self {
        match durability {
            settings::Durability::Process => Self::Process,
            settings::Durability::Disk => Self::Disk,
        }
    }
}

/// Why the events cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: std::io::Error },
}

impl Events {
    /// For a command that answers nobody.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    pub(crate) async fn open(
        directory: PathBuf,
        settings: &settings::Events,
        db: &tessera_db::Db,
        new_id: impl FnOnce() -> Uuid,
    ) -> Result<Self, OpenError> {
        let id = store::identify(&directory, new_id)?;
        let folded = store::folded(db, id).await?;
        let log = Log::open(
            LogOptions {
                directory: directory.join("log"),
                durability: settings.durability.into(),
                sync_interval_ms: settings.sync_interval_ms,
                file_bytes_max: settings.log_file_bytes_max,
                log_bytes_max: settings.log_bytes_max,
                held_bytes_max: settings.held_bytes_max,
            },
            folded.counted,
        )?;
        let follower = Follower { reader: log.reader(folded.counted), batch: Batch::begin(folded.counted) };
        Ok(Self(Some(Stream {
            id,
            log,
            when_full: settings.when_full,
            follower: Mutex::new(follower),
            flushing: tokio::sync::Mutex::default(),
        })))
    }

    /// Writes the event down. When it returns `Ok`, the event survives the end of this process (unless the disk is
    /// full: then it is held in memory until there is room).
    ///
    /// # Errors
    /// If it is lost, and the deployment would rather refuse than go on without it (`events.when_full`).
    pub(crate) fn append(&self, event: &Event<'_>) -> Result<Appended, Full> {
        let Some(stream) = &self.0 else { return Ok(Appended::Lost) };
        match stream.log.append(event) {
            Ok(position) => Ok(Appended::At(position)),
            Err(Full) if stream.when_full == WhenFull::Drop => Ok(Appended::Lost),
            Err(full) => Err(full),
        }
    }

    /// Whether a user agent is a robot's.
    pub(crate) fn is_robot(&self, _user_agent: &str) -> bool {
        false
    }

    /// Whether answers wait for [`Events::synced`].
    pub(crate) fn is_durable_on_disk(&self) -> bool {
        self.0.as_ref().is_some_and(|stream| stream.log.is_durable_on_disk())
    }

    /// Returns once what was appended is as durable as the deployment wants it to be.
    pub(crate) async fn synced(&self, appended: Appended) {
        if let (Some(stream), Appended::At(position)) = (&self.0, appended)
            && stream.log.is_durable_on_disk()
        {
            stream.log.synced(position).await;
        }
    }

    pub fn condition(&self) -> Condition {
        let well = Condition { held_bytes: 0, refused: 0, is_unsynced: false };
        self.0.as_ref().map_or(well, |stream| stream.log.condition())
    }
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Appended {
    At(Position),
    /// There was no room for it, and the deployment goes on without. Counted as refused.
    Lost,
}

impl Stream {
    fn follower(&self) -> MutexGuard<'_, Follower> {
        self.follower.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows the log to its present end. Blocks while it reads.
    fn catch_up(&self) -> Result<(), ReadError> {
        let mut follower = self.follower();
        let Follower { reader, batch } = &mut *follower;
        while reader.read(&self.log, |position, event| batch.add(position, event))? {}
        Ok(())
    }

    /// What was followed since the last call.
    fn take(&self) -> Result<Batch, ReadError> {
        self.catch_up()?;
        let mut follower = self.follower();
        let next = Batch::begin(follower.batch.until());
        Ok(std::mem::replace(&mut follower.batch, next))
    }
}

/// Writes what the log adds up to. When it returns `Ok`, every event that was answered before the call is counted in the
/// database. On an error nothing is lost and nothing is counted twice: it is tried again with the next call.
pub(crate) async fn flush(app: &App) -> Result<(), FlushError> {
    let Some(stream) = &app.events.0 else { return Ok(()) };
    let mut unsure = stream.flushing.lock().await;
    if let Some(batch) = unsure.take() {
        write_or_keep(app, stream, batch, &mut unsure).await?;
    }
    let batch = blocking(app, |stream| stream.take()).await??;
    if !batch.is_empty() {
        write_or_keep(app, stream, batch, &mut unsure).await?;
    }
    Ok(())
}

async fn write_or_keep(
    app: &App,
    stream: &Stream,
    batch: Batch,
    unsure: &mut Option<Batch>,
) -> Result<(), FlushError> {
    let written = write(app, stream, &batch).await;
    if written.is_err() {
        *unsure = Some(batch);
    }
    Ok(written?)
}

/// Counts a batch exactly once: the database knows how far the log was counted, also when its answer to an earlier
/// commit was lost.
async fn write(app: &App, stream: &Stream, batch: &Batch) -> Result<(), DbError> {
    let _readers = app.keys.hold_readers().await;
    let (clicks, uses) = (batch.clicks(), batch.uses());
    let txn = app.db.begin().await?;
    if store::advance(&txn, stream.id, batch.from(), batch.until()).await? {
        links::add_clicks(&txn, &clicks).await?;
        keys::add_uses(&txn, &uses).await?;
        store::add_requests(&txn, &batch.requests()).await?;
        app.commit(txn, &[]).await?;
    }
    app.links.settle(&clicks);
    app.keys.settle(&uses);
    Ok(())
}

/// Reading files does not belong on the threads that answer.
async fn blocking<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Stream) -> T + Send + 'static,
) -> Result<T, FlushError> {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(move || app.events.0.as_ref().map(work)).await;
    done.ok().flatten().ok_or(FlushError::Stopped)
}

/// Why what was counted is not in the database yet.
#[derive(Debug, thiserror::Error)]
pub enum FlushError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Log(#[from] ReadError),
    #[error("the process is ending")]
    Stopped,
}
