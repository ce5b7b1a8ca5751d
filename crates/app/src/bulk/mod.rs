//! Many things at once: up to 1,200 links or QR codes in one call, up to a million links by a file.
//!
//! A file is a job: it is validated row by row before anything is made (`validate.rs`), then made in batches, each with
//! the place it ends at, so that a crash repeats nothing and loses nothing (`run.rs`). Rules and inserts are those of one
//! thing, see `links::Draft` and `qr::Draft`; what differs is the audit log, which has one row for many links.

mod columns;
mod images;
mod many;
mod model;
mod reader;
pub mod routes;
mod run;
mod spool;
mod store;
mod undone;
mod validate;
mod work;
mod write;
mod zip;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::future::Either;
use serde_json::{Value, json};
use tessera_db::DbError;
use tessera_types::{BulkJobId, Timestamp, WorkspaceId};

use self::model::{Job, OnError, Resource, Start, State};
use self::spool::{Spool, TakeError};
pub use self::work::Bulk;
use crate::App;
use crate::audit::{self, Entry};
use crate::http::page::Window;
use crate::http::pipe;
use crate::links::Author;
use crate::problem::{Code, Problem};
use crate::workspaces;

/// Of a body of JSON.
pub const BODY_BYTES_MAX: usize = 4 * 1_048_576;
/// Of a file.
pub const FILE_BYTES_MAX: u64 = 512 * 1_048_576;
pub const ROWS_MAX: u64 = 1_000_000;
/// Jobs of a workspace that are not at their end. Bounds what its files take of the disk.
pub const OPEN_JOBS_MAX: u64 = 10;

/// An answer, piece by piece.
pub(crate) trait Pieces: Stream<Item = io::Result<Bytes>> + Send + 'static {}

impl<T: Stream<Item = io::Result<Bytes>> + Send + 'static> Pieces for T {}

/// What a new job is told.
pub(crate) struct Wishes {
    pub resource: Resource,
    pub on_error: OnError,
    pub start: Start,
    pub mapping: BTreeMap<String, String>,
}

/// Takes a file and makes a job of it. When it returns, file and job are durable, and the job is worked on.
///
/// # Errors
/// A file that is too large or too slow or breaks off, or too many open jobs; nothing of it stays.
pub(crate) async fn open<E>(
    app: &App,
    by: &Author,
    created_by: String,
    wishes: Wishes,
    file: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Job, Problem> {
    // Files on their way take of the disk as jobs do.
    let (others, _upload) = app.bulk.upload(by.workspace());
    check_open(store::count_open(app.db.read(), by.workspace()).await? + others)?;
    let directory = app.bulk.directory.as_ref().ok_or_else(|| Problem::plain(Code::Unavailable))?;
    let id: BulkJobId = app.new_id();
    let spool = Spool::of(directory, id);
    let time_max = Duration::from_secs(app.settings.bulk.upload_seconds_max);
    let source_bytes = spool.take(file, FILE_BYTES_MAX, time_max).await.map_err(refusal)?;
    let now = app.now();
    let job = Job {
        id,
        workspace: by.workspace(),
        resource: wishes.resource,
        on_error: wishes.on_error,
        start: wishes.start,
        state: State::Validating,
        mapping: wishes.mapping,
        source_bytes,
        place: reader::Place::default(),
        rows: 0,
        valid: 0,
        invalid: 0,
        errors_total: 0,
        first_errors: Vec::new(),
        created: 0,
        refused: 0,
        removed: 0,
        result_bytes: 0,
        failure: None,
        ending: None,
        actor: by.actor().clone(),
        created_by,
        created_at: now,
        started_at: None,
        finished_at: None,
        updated_at: now,
    };
    if let Err(problem) = keep(app, &job).await {
        spool.remove();
        return Err(problem);
    }
    app.bulk.news.notify_one();
    Ok(job)
}

async fn keep(app: &App, job: &Job) -> Result<(), Problem> {
    let txn = app.db.begin().await?;
    // Of two jobs at once, the later one counts the earlier.
    workspaces::lock(&txn, job.workspace).await?;
    store::insert(&txn, job).await?;
    check_open(store::count_open(&txn, job.workspace).await?.saturating_sub(1))?;
    let entry = Entry::new("bulk_job.created", &job.id).after(told(job));
    audit::record(app, &txn, job.workspace, &job.actor, entry).await?;
    Ok(app.commit(txn, &[]).await?)
}

fn check_open(open: u64) -> Result<(), Problem> {
    if open < OPEN_JOBS_MAX {
        return Ok(());
    }
    let detail =
        format!("{OPEN_JOBS_MAX} jobs of this workspace have not ended. Wait for one, or cancel one.");
    Err(Problem::new(Code::Conflict, detail))
}

fn refusal(error: TakeError) -> Problem {
    match error {
        TakeError::TooLarge(bytes_max) => {
            Problem::new(Code::BodyTooLarge, format!("A file has at most {bytes_max} bytes; split it."))
        }
        TakeError::BrokeOff => {
            Problem::new(Code::RequestTimeout, "The file broke off. Nothing of it is kept.")
        }
        TakeError::TooSlow(time_max) => {
            let seconds = time_max.as_secs();
            let detail = format!("The file took longer than {seconds} s to arrive. Nothing of it is kept.");
            Problem::new(Code::RequestTimeout, detail)
        }
        TakeError::Io(error) => Problem::internal(error),
    }
}

/// What the audit log is told of a job.
fn told(job: &Job) -> Value {
    json!({
        "resource": job.resource, "on_error": job.on_error, "state": job.state, "rows": job.rows,
        "created": job.created, "refused": job.refused, "removed": job.removed, "failure": job.failure,
    })
}

/// Who a job works for, within the plan of this moment.
async fn author(app: &App, job: &Job) -> Result<Author, Problem> {
    let standing = workspaces::standing(app, app.db.read(), job.workspace, None).await?;
    let standing = standing.ok_or_else(Problem::not_found)?;
    Ok(Author::new(job.workspace, job.actor.clone(), job.created_by.clone(), standing.plan))
}

/// # Errors
/// `not_found`, also for another workspace's job.
pub(crate) async fn read(app: &App, workspace: WorkspaceId, id: BulkJobId) -> Result<Job, Problem> {
    store::find(app.db.read(), workspace, id).await?.ok_or_else(Problem::not_found)
}

/// Newest first, and how many there are.
pub(crate) async fn list(
    app: &App,
    workspace: WorkspaceId,
    window: &Window,
) -> Result<(u64, Vec<Job>), Problem> {
    let total = store::count(app.db.read(), workspace).await?;
    Ok((total, store::list(app.db.read(), workspace, window).await?))
}

/// Lets a validated job make its rows. Durable when it returns.
///
/// # Errors
/// `conflict` unless it is ready.
pub(crate) async fn start(app: &App, by: &Author, mut job: Job) -> Result<Job, Problem> {
    if job.state != State::Ready {
        return Err(conflict(&job, "started", "it is ready"));
    }
    job.turn(State::Running, app.now());
    job.started_at = Some(job.updated_at);
    job.actor = by.actor().clone();
    work::change(app, &mut job, State::Ready, Some("bulk_job.started")).await?;
    app.bulk.news.notify_one();
    Ok(job)
}

/// Ends a job. What it made stays if bad rows are skipped, and is removed if all or none are wanted. Durable when it
/// returns; the removal is begun.
///
/// # Errors
/// `conflict` if it has ended or is being undone.
pub(crate) async fn cancel(app: &App, by: &Author, id: BulkJobId) -> Result<Job, Problem> {
    let txn = app.db.begin().await?;
    let mut job = store::lock(&txn, by.workspace(), id).await?.ok_or_else(Problem::not_found)?;
    if job.state.is_final() || job.state == State::Undoing {
        return Err(conflict(&job, "cancelled", "it has not ended"));
    }
    let was = job.state;
    job.actor = by.actor().clone();
    job.end(State::Cancelled, app.now());
    // Nobody comes between: the job is locked.
    work::change_within(app, txn, &job, was, Some("bulk_job.cancelled")).await?;
    if let (true, Some(directory)) = (job.state.is_final(), &app.bulk.directory) {
        let spool = Spool::of(directory, id);
        tokio::task::spawn_blocking(move || spool.drop_source()).await.map_err(Problem::internal)?;
    }
    app.bulk.news.notify_one();
    Ok(job)
}

fn conflict(job: &Job, what: &str, only: &str) -> Problem {
    let state = serde_json::to_value(job.state).unwrap_or_default();
    let state = state.as_str().unwrap_or_default();
    Problem::new(Code::Conflict, format!("This job is {state}. It can be {what} only while {only}."))
}

/// The report of a job, once it is validated.
///
/// # Errors
/// `conflict` before.
pub(crate) async fn report(app: &App, job: &Job) -> Result<impl Pieces + use<>, Problem> {
    let bytes = |_: &Job, file: &File| file.metadata().map(|facts| facts.len());
    file(app, job, "report", Spool::report, bytes).await
}

/// What of a job's result is whole. Of a job that was undone, with what became of its rows.
///
/// # Errors
/// `conflict` before the first row is made.
pub(crate) async fn result(app: &App, job: &Job) -> Result<impl Pieces + use<>, Problem> {
    if job.removed == 0 {
        let file = file(app, job, "result", Spool::result, |job, _| Ok(job.result_bytes)).await?;
        return Ok(Either::Left(file));
    }
    let directory = app.bulk.directory.as_ref().ok_or_else(|| Problem::plain(Code::Unavailable))?;
    let (spool, job) = (Spool::of(directory, job.id), job.clone());
    Ok(Either::Right(pipe::written(move |out| undone::write(&spool, &job, out))))
}

async fn file(
    app: &App,
    job: &Job,
    what: &'static str,
    open: fn(&Spool) -> io::Result<File>,
    bytes: fn(&Job, &File) -> io::Result<u64>,
) -> Result<impl Pieces + use<>, Problem> {
    let directory = app.bulk.directory.as_ref().ok_or_else(|| Problem::plain(Code::Unavailable))?;
    let (spool, job) = (Spool::of(directory, job.id), job.clone());
    let opened = move || {
        let file = open(&spool)?;
        let bytes = bytes(&job, &file)?;
        Ok::<_, io::Error>((file, bytes))
    };
    match tokio::task::spawn_blocking(opened).await.map_err(Problem::internal)? {
        Ok((file, bytes)) => Ok(pipe::file(file, bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Problem::new(Code::Conflict, format!("This job has no {what} yet.")))
        }
        Err(error) => Err(Problem::internal(error)),
    }
}

/// An archive of the images of what a job made so far.
///
/// # Errors
/// More images than one archive holds, or a job that has not begun to run.
pub(crate) async fn archive(
    app: &App,
    job: &Job,
    wanted: images::Wanted,
) -> Result<impl Pieces + use<>, Problem> {
    wanted.check(job)?;
    if job.state == State::Undoing || job.removed > 0 {
        return Err(Problem::new(
            Code::Conflict,
            "This job was undone: what its images would lead to is gone.",
        ));
    }
    if job.started_at.is_none() {
        return Err(Problem::new(Code::Conflict, "This job has no images yet."));
    }
    let directory = app.bulk.directory.as_ref().ok_or_else(|| Problem::plain(Code::Unavailable))?;
    let (spool, result_bytes) = (Spool::of(directory, job.id), job.result_bytes);
    let turn = Arc::clone(&app.bulk.archives).acquire_owned().await.map_err(Problem::internal)?;
    let source = images::Source::of(app, job);
    Ok(pipe::written(move |out| {
        let _turn = turn;
        images::write(&spool, result_bytes, wanted, &source, out)
    }))
}

/// Removes a job that has ended, with its files. What it made stays.
///
/// # Errors
/// `conflict` if it has not ended.
pub(crate) async fn delete(app: &App, by: &Author, job: Job) -> Result<(), Problem> {
    if !job.state.is_final() {
        return Err(Problem::new(Code::Conflict, "This job has not ended. Cancel it first."));
    }
    let txn = app.db.begin().await?;
    if store::delete(&txn, job.id).await? == 0 {
        return Err(Problem::not_found());
    }
    let mut entry = Entry::new("bulk_job.deleted", &job.id);
    entry.before = Some(told(&job));
    audit::record(app, &txn, job.workspace, by.actor(), entry).await?;
    app.commit(txn, &[]).await?;
    if let Some(directory) = &app.bulk.directory {
        forget(directory, &[job.id]);
    }
    Ok(())
}

fn forget(directory: &Path, ids: &[BulkJobId]) {
    ids.iter().for_each(|id| Spool::of(directory, *id).remove());
}

/// Deletes jobs at which nothing has happened for the days of `bulk.retention_days`, and files whose job was never made.
///
/// # Errors
/// As the database.
pub(crate) async fn sweep(app: &App) -> Result<(), DbError> {
    let Some(directory) = app.bulk.directory.clone() else { return Ok(()) };
    let kept = Duration::from_secs(u64::from(app.settings.bulk.retention_days) * 86_400);
    let since = ago(app, kept);
    let txn = app.db.begin().await?;
    let old = store::at_rest(&txn, since).await?;
    for job in &old {
        store::delete(&txn, job.id).await?;
    }
    app.commit(txn, &[]).await?;
    let mut gone: Vec<BulkJobId> = old.iter().map(|job| job.id).collect();
    // A file that is being sent has no job yet: younger than this it is let be.
    let seconds = app.settings.bulk.upload_seconds_max + app.settings.server.request_seconds_max;
    let sending = Duration::from_secs(seconds);
    let before = ago(app, sending);
    let found: Vec<BulkJobId> = spool::jobs(&directory)
        .into_iter()
        .filter(|id| made_ms(*id) < tessera_types::to_millis(before))
        .collect();
    let known = store::known(app.db.read(), &found).await?;
    gone.extend(found.into_iter().filter(|id| !known.contains(id)));
    forget(&directory, &gone);
    Ok(())
}

fn ago(app: &App, by: Duration) -> Timestamp {
    app.now().checked_sub(by).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// An id begins with the milliseconds of its making (UUID version 7).
fn made_ms(id: BulkJobId) -> i64 {
    i64::try_from(id.uuid().as_u128() >> 80).unwrap_or(i64::MAX)
}
