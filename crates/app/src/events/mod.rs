//! What happens is written to the event log first; counts and answers are made from there.
//!
//! A redirect and an answered request each append one event before their answer leaves. The log is followed in order,
//! see `follow.rs`: every event becomes a row that questions are answered from, and is added up for the database. What
//! it adds up to is written every few seconds together with how far the log was followed, in one transaction, and so
//! are the segments into which rows are brought, see `seal.rs`. So every event counts once, whatever ends the process.

mod ask;
mod export;
mod fold;
mod follow;
mod seal;
mod store;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tessera_db::{DbError, Transaction};
use tessera_events::{
    ClickRow, Condition, Durability, EnrichOptions, Enricher, Event, Full, Log, LogError, LogOptions,
    PlaceFile, Position, ReadError, RobotList, Store, StoreError, StoreOptions,
};
use tessera_types::{Chance, Clock, SegmentId, to_millis};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, broadcast};
use uuid::Uuid;

pub(crate) use self::ask::{ask, catch_up, click_rows, follow, listen, refresh, request_rows};
pub(crate) use self::export::export_clicks;
pub(crate) use self::fold::Batch;
pub use self::fold::{LinkClicks, Uses};
use self::follow::Follower;
use self::seal::Unsealed;
pub(crate) use self::seal::{forget_old, load, remove, seal, seal_when_due};
use crate::App;
use crate::settings::{self, WhenFull};

/// Where the events of this process go. A command beside the server has none: it answers nothing.
pub struct Events {
    robots: RobotList,
    /// Where addresses are, for redirects that depend on it.
    pub(crate) places: Arc<PlaceFile>,
    stream: Option<Stream>,
}

struct Stream {
    id: Uuid,
    log: Log,
    when_full: WhenFull,
    store: Store,
    follower: Mutex<Follower>,
    live: broadcast::Sender<Arc<ClickRow<String>>>,
    /// What is before it stands in segments.
    stored: AtomicU64,
    sealed_at_ms: AtomicI64,
    /// One sealing, merging or removal at a time. Holds what a failed sealing may or may not have noted.
    sealing: tokio::sync::Mutex<Option<Unsealed>>,
    /// The database may or may not have taken an exchange of segments.
    is_unsure: AtomicBool,
    /// Places for questions.
    questions: Arc<Semaphore>,
    /// Places for exports.
    exports: Arc<Semaphore>,
    /// Set by tests: the database's next yes does not arrive.
    is_answer_lost: AtomicBool,
    /// One flush at a time. Holds what a failed one may or may not have written.
    flushing: tokio::sync::Mutex<Option<Batch>>,
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
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: std::io::Error },
}

/// Why what happened is not counted or not stored yet, or cannot be asked about.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Log(#[from] ReadError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the event log: {0}")]
    Io(#[from] std::io::Error),
    #[error("the process is ending")]
    Stopped,
    #[error(
        "segments are not exchanged any more: the database did not say whether it took the last exchange. Restart"
    )]
    Unsure,
}

impl Events {
    /// For a command that answers nobody.
    pub(crate) fn none(chance: &dyn Chance) -> Self {
        let places = Arc::new(PlaceFile::new(None));
        Self { robots: RobotList::new(chance), places, stream: None }
    }

    pub(crate) async fn open(
        directory: PathBuf,
        settings: &settings::Events,
        db: &tessera_db::Db,
        clock: &dyn Clock,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, OpenError> {
        let robots = RobotList::new(&*chance);
        let place_file = match settings.place_file.as_str() {
            "" => directory.parent().map(|data| data.join("place.mmdb")).filter(|path| path.exists()),
            path => Some(path.into()),
        };
        let places = Arc::new(PlaceFile::new(place_file));
        let stream = Stream::open(directory, settings, Arc::clone(&places), db, clock, chance).await?;
        Ok(Self { robots, places, stream: Some(stream) })
    }

    /// Writes the event down. When it returns `Ok`, the event survives the end of this process (unless the disk is
    /// full: then it is held in memory until there is room).
    ///
    /// # Errors
    /// If it is lost, and the deployment would rather refuse than go on without it (`events.when_full`).
    pub(crate) fn append(&self, event: &Event<'_>) -> Result<Appended, Full> {
        let Some(stream) = &self.stream else { return Ok(Appended::Lost) };
        match stream.log.append(event) {
            Ok(position) => Ok(Appended::At(position)),
            Err(Full) if stream.when_full == WhenFull::Drop => Ok(Appended::Lost),
            Err(full) => Err(full),
        }
    }

    /// Whether a user agent is a robot's.
    pub(crate) fn is_robot(&self, user_agent: &str) -> bool {
        self.robots.is_robot(user_agent)
    }

    /// Whether answers wait for [`Events::synced`].
    pub(crate) fn is_durable_on_disk(&self) -> bool {
        self.stream.as_ref().is_some_and(|stream| stream.log.is_durable_on_disk())
    }

    /// Returns once what was appended is as durable as the deployment wants it to be.
    pub(crate) async fn synced(&self, appended: Appended) {
        if let (Some(stream), Appended::At(position)) = (&self.stream, appended)
            && stream.log.is_durable_on_disk()
        {
            stream.log.synced(position).await;
        }
    }

    pub fn condition(&self) -> Condition {
        let well = Condition { held_bytes: 0, refused: 0, is_unsynced: false };
        self.stream.as_ref().map_or(well, |stream| stream.log.condition())
    }
}

impl Stream {
    async fn open(
        directory: PathBuf,
        settings: &settings::Events,
        places: Arc<PlaceFile>,
        db: &tessera_db::Db,
        clock: &dyn Clock,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, OpenError> {
        let id = store::identify(&directory, || SegmentId::new(clock.now(), &*chance).uuid())?;
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
        let mut folded = folded;
        let oldest = log.oldest();
        if folded.stored < oldest {
            // A database from before this log, or a log that lost its beginning.
            tracing::warn!(
                log_begins_at = oldest,
                "the event log begins behind what the database knows; it is read from there"
            );
            (folded.counted, folded.stored) = (folded.counted.max(oldest), oldest);
            store::skip(db, id, (folded.counted, folded.stored)).await?;
        }
        let options = StoreOptions {
            directory: directory.join("segments"),
            cache_bytes_max: settings.cache_bytes_max,
            threads: settings.question_threads,
        };
        let store = Store::open(options, &folded.live, &folded.retired)?;
        store::forget(db, &folded.retired).await?;
        let options = EnrichOptions {
            place_file: places,
            keeps_addresses: settings.keep_addresses,
            salts_directory: directory,
        };
        let follower = Follower {
            reader: log.reader(folded.stored),
            enricher: Enricher::open(options, chance),
            batch: Batch::begin(folded.counted),
        };
        Ok(Self {
            id,
            log,
            store,
            when_full: settings.when_full,
            follower: Mutex::new(follower),
            live: broadcast::Sender::new(ask::LIVE_ROWS_MAX),
            stored: AtomicU64::new(folded.stored),
            sealed_at_ms: AtomicI64::new(to_millis(clock.now())),
            sealing: tokio::sync::Mutex::default(),
            is_unsure: AtomicBool::new(false),
            questions: Arc::new(Semaphore::new(ask::QUESTIONS_AT_ONCE_MAX)),
            exports: Arc::new(Semaphore::new(export::EXPORTS_AT_ONCE_MAX)),
            is_answer_lost: AtomicBool::new(false),
            flushing: tokio::sync::Mutex::default(),
        })
    }
}

/// Reading and writing files does not belong on the threads that answer.
async fn blocking<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&App, &Stream) -> T + Send + 'static,
) -> Result<T, EventError> {
    on(&Handle::current(), app, work).await
}

/// [`blocking`], on threads that step back for those that answer. Never for work that holds what they may need.
async fn behind<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&App, &Stream) -> T + Send + 'static,
) -> Result<T, EventError> {
    let here = Handle::current();
    on(app.background.as_ref().unwrap_or(&here), app, work).await
}

async fn on<T: Send + 'static>(
    threads: &Handle,
    app: &App,
    work: impl FnOnce(&App, &Stream) -> T + Send + 'static,
) -> Result<T, EventError> {
    let app = app.clone();
    let done = threads.spawn_blocking(move || app.events.stream.as_ref().map(|stream| work(&app, stream)));
    done.await.ok().flatten().ok_or(EventError::Stopped)
}

/// [`Events::turn`], up to where the log was followed already.
pub(crate) async fn turn_of_followed(app: &App) -> Result<Option<Turn<'_>>, EventError> {
    let Some(stream) = &app.events.stream else { return Ok(None) };
    let unsure = stream.flushing.lock().await;
    let until = blocking(app, |_, stream| stream.followed()).await?;
    Ok(Some(Turn { stream, until, unsure }))
}

/// Adds the requests of a batch that is in no log to their days. Durable with the transaction.
pub(crate) async fn add_unlogged(txn: &Transaction, batch: &Batch) -> Result<(), DbError> {
    store::add_requests(txn, &batch.requests()).await
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Appended {
    At(Position),
    /// There was no room for it, and the deployment goes on without. Counted as refused.
    Lost,
}

impl App {
    /// Loses the database's answer to the next count, for tests.
    #[doc(hidden)]
    pub fn lose_next_commit_answer(&self) {
        if let Some(stream) = &self.events.stream {
            stream.is_answer_lost.store(true, Ordering::Relaxed);
        }
    }
}

/// What the log adds up to, in the order in which it was written. One at a time: who holds the turn counts.
pub(crate) struct Turn<'a> {
    stream: &'a Stream,
    /// A turn ends here, however much is appended meanwhile.
    until: Position,
    unsure: tokio::sync::MutexGuard<'a, Option<Batch>>,
}

impl Events {
    /// `None` where there is no log.
    pub(crate) async fn turn(&self) -> Option<Turn<'_>> {
        let stream = self.stream.as_ref()?;
        let unsure = stream.flushing.lock().await;
        Some(Turn { stream, until: stream.log.end(), unsure })
    }
}

impl Turn<'_> {
    /// What is to be counted next: first what an earlier turn could not bring to its end.
    pub(crate) async fn next(&mut self, app: &App) -> Result<Option<Batch>, EventError> {
        if let Some(batch) = self.unsure.take() {
            return Ok(Some(batch));
        }
        let until = self.until;
        let batch = blocking(app, move |_, stream| stream.take(until)).await??;
        Ok(batch.filter(|batch| !batch.is_empty()))
    }

    /// Begins to count a batch, within the transaction that holds its counts. `false`: it was counted before, and only
    /// the database's yes was lost.
    pub(crate) async fn begin(&self, txn: &Transaction, batch: &Batch) -> Result<bool, DbError> {
        if !store::advance(txn, self.stream.id, batch.from(), batch.until()).await? {
            return Ok(false);
        }
        store::add_requests(txn, &batch.requests()).await?;
        Ok(true)
    }

    /// Makes the log durable as far as it was written.
    pub(crate) async fn sync(&self, app: &App) -> Result<(), EventError> {
        Ok(blocking(app, |_, stream| stream.log.sync()).await??)
    }

    pub(crate) fn is_answer_lost(&self) -> bool {
        self.stream.is_answer_lost.swap(false, Ordering::Relaxed)
    }

    /// It may be counted or not: the next turn will know.
    pub(crate) fn keep(&mut self, batch: Batch) {
        *self.unsure = Some(batch);
    }
}
