//! Who works on which job, and for how long.
//!
//! One job of a workspace at a time, and of them the one that waited longest; after some batches it is another's turn.
//! What a turn has done is in the database, so a turn that ends in a crash is gone on with by the next.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tessera_db::Transaction;
use tessera_types::WorkspaceId;
use tokio::sync::{Notify, Semaphore};

use super::model::{Job, Resource, State};
use super::spool::Spool;
use super::validate::{Reading, Unreadable};
use super::write::{Draft, Row};
use super::{run, store, validate};
use crate::App;
use crate::audit::{self, Entry};
use crate::links::Author;
use crate::problem::{Code, FieldError, Problem};
use crate::qr::Desk;

/// What jobs need between requests.
pub struct Bulk {
    /// `None` for a command beside a server: it takes and works on none.
    pub(super) directory: Option<PathBuf>,
    busy: Mutex<HashSet<WorkspaceId>>,
    /// Of each file that is on its way, whose it is.
    uploads: Mutex<Vec<WorkspaceId>>,
    /// There is something to do.
    pub(super) news: Notify,
    /// Images are made on a thread for each archive.
    pub(super) archives: Arc<Semaphore>,
}

/// How long a file waits for a worker that draws: five seconds, as a client would that obeys `Retry-After`.
const BUSY_TRIES_MAX: u32 = 20;
const BUSY_PAUSE: Duration = Duration::from_millis(250);

/// Archives of images that are written at once. More wait their turn.
const ARCHIVES_AT_ONCE_MAX: usize = 2;

impl Bulk {
    pub fn new(directory: Option<PathBuf>) -> Self {
        Self {
            directory,
            busy: Mutex::default(),
            uploads: Mutex::default(),
            news: Notify::new(),
            archives: Arc::new(Semaphore::new(ARCHIVES_AT_ONCE_MAX)),
        }
    }

    /// Notes that a file is on its way until what is returned is dropped, and tells how many others of the workspace are.
    pub(super) fn upload(&self, workspace: WorkspaceId) -> (u64, Upload<'_>) {
        let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        let others = uploads.iter().filter(|other| **other == workspace).count() as u64;
        uploads.push(workspace);
        (others, Upload { bulk: self, workspace })
    }

    fn busy(&self) -> MutexGuard<'_, HashSet<WorkspaceId>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file is on its way.
pub(super) struct Upload<'a> {
    bulk: &'a Bulk,
    workspace: WorkspaceId,
}

impl Drop for Upload<'_> {
    fn drop(&mut self) {
        let mut uploads = self.bulk.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = uploads.iter().position(|workspace| *workspace == self.workspace) {
            uploads.swap_remove(place);
        }
    }
}

/// A workspace is being worked for; free again when this is dropped.
struct Turn {
    app: App,
    workspace: WorkspaceId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.app.bulk.busy().remove(&self.workspace);
    }
}

impl App {
    /// Works on the job that waited longest, for up to so many batches of rows; `false` if none waits. What was done is
    /// durable when it returns.
    ///
    /// # Errors
    /// `unavailable`: the database does not answer; the job waits. Other failures end the job.
    pub async fn work_on_bulk(&self, batches_max: usize) -> Result<bool, Problem> {
        let Some(directory) = &self.bulk.directory else { return Ok(false) };
        let Some((mut job, _turn)) = claim(self).await? else { return Ok(false) };
        let spool = Spool::of(directory, job.id);
        let worked = match job.state {
            State::Validating => Box::pin(validate::validate(self, &spool, &mut job)).await,
            State::Running => Box::pin(run::run(self, &spool, &mut job, batches_max)).await,
            State::Undoing => Box::pin(run::undo(self, &spool, &mut job, batches_max)).await,
            _ => Ok(()),
        };
        match worked {
            Err(problem) if problem.code == Code::Unavailable => return Err(problem),
            Err(problem) => run::fail(self, &mut job, problem.detail.into_owned()).await?,
            Ok(()) => {}
        }
        if job.state.is_final() {
            tokio::task::spawn_blocking(move || spool.drop_source()).await.map_err(Problem::internal)?;
        }
        Ok(true)
    }

    /// Waits until there may be something to do.
    pub async fn bulk_news(&self) {
        self.bulk.news.notified().await;
    }
}

async fn claim(app: &App) -> Result<Option<(Job, Turn)>, Problem> {
    loop {
        let busy: Vec<WorkspaceId> = app.bulk.busy().iter().copied().collect();
        let Some(job) = store::next(app.db.read(), &busy).await? else { return Ok(None) };
        // Another worker may have come first since.
        if app.bulk.busy().insert(job.workspace) {
            let turn = Turn { app: app.clone(), workspace: job.workspace };
            // What the other worker did meanwhile is done.
            let fresh = store::find(app.db.read(), job.workspace, job.id).await?;
            match fresh.filter(|fresh| State::WORKING.contains(&fresh.state)) {
                Some(fresh) => return Ok(Some((fresh, turn))),
                None => drop(turn),
            }
        }
    }
}

/// Makes drafts of what a file holds, a batch after the other.
pub(super) struct Drafting<'a> {
    app: &'a App,
    by: &'a Arc<Author>,
    resource: Resource,
    desk: Desk<'a>,
}

impl<'a> Drafting<'a> {
    pub(super) fn new(app: &'a App, by: &'a Arc<Author>, resource: Resource) -> Self {
        Self { app, by, resource, desk: Desk::new(app, by) }
    }

    /// How many looks of codes were judged so far.
    pub(super) fn looks(&self) -> usize {
        self.desk.judged()
    }

    /// The next rows, none at the end. Reading and parsing keep nobody from being answered.
    pub(super) async fn next_batch(
        &mut self,
        mut reading: Reading,
    ) -> Result<(Result<Vec<Row>, Unreadable>, Reading), Problem> {
        let (app, by) = (self.app.clone(), Arc::clone(self.by));
        match self.resource {
            Resource::Links => {
                let draft = move |row: Row<Value>| row.and_then(|body| Draft::link(&app, &by, body));
                let read = move || {
                    let rows = reading.batch().map(|rows| rows.into_iter().map(draft).collect());
                    (rows, reading)
                };
                tokio::task::spawn_blocking(read).await.map_err(Problem::internal)
            }
            Resource::QrCodes => {
                let read = move || (reading.batch(), reading);
                let (bodies, reading) = tokio::task::spawn_blocking(read).await.map_err(Problem::internal)?;
                let bodies = match bodies {
                    Ok(bodies) => bodies,
                    Err(unreadable) => return Ok((Err(unreadable), reading)),
                };
                let mut rows = Vec::with_capacity(bodies.len());
                for body in bodies {
                    rows.push(self.code(body).await?);
                }
                Ok((Ok(rows), reading))
            }
        }
    }

    /// A file waits while others draw, where a caller would be told to come again.
    async fn code(&mut self, Row { number, drafted }: Row<Value>) -> Result<Row, Problem> {
        let body = match drafted {
            Ok(body) => body,
            Err(errors) => return Ok(Row { number, drafted: Err(errors) }),
        };
        if body["style"]["image"].as_str().is_some_and(|image| !image.starts_with("logo_")) {
            let message = "in a file a logo is named by its id, logo_…; keep it with POST /v1/logos first";
            let error = FieldError::new("style.image", "choice", message);
            return Ok(Row { number, drafted: Err(vec![error]) });
        }
        for _ in 0..BUSY_TRIES_MAX {
            match Draft::code(&mut self.desk, body.clone()).await {
                Err(problem) if problem.code == Code::Unavailable => tokio::time::sleep(BUSY_PAUSE).await,
                drafted => return Ok(Row { number, drafted: drafted? }),
            }
        }
        Ok(Row { number, drafted: Draft::code(&mut self.desk, body).await? })
    }
}

/// Writes the job down as it is, in its state; `false` if it was brought into another meanwhile.
pub(super) async fn keep(app: &App, job: &mut Job) -> Result<bool, Problem> {
    job.updated_at = app.now();
    let txn = app.db.begin().await?;
    let is_kept = store::update(&txn, job, job.state).await?;
    app.commit(txn, &[]).await?;
    Ok(is_kept)
}

/// Brings a validated job into the state that follows, unless it was cancelled meanwhile.
pub(super) async fn leave(app: &App, job: &mut Job) -> Result<(), Problem> {
    let (was, now) = (job.state, app.now());
    job.turn(job.after_validation(), now);
    if job.state == State::Running {
        job.started_at = Some(now);
    }
    let action = match job.state {
        State::Running => Some("bulk_job.started"),
        State::Refused => Some("bulk_job.finished"),
        _ => None,
    };
    change(app, job, was, action).await
}

/// Writes a change of state with its audit row. A job that somebody else brought on meanwhile stays where they brought
/// it.
pub(super) async fn change(
    app: &App,
    job: &mut Job,
    was: State,
    action: Option<&'static str>,
) -> Result<(), Problem> {
    let txn = app.db.begin().await?;
    if change_within(app, txn, job, was, action).await? {
        return Ok(());
    }
    if let Some(fresh) = store::find(app.db.read(), job.workspace, job.id).await? {
        *job = fresh;
    }
    Ok(())
}

/// The same in a transaction that may hold the job; `false` if it was brought on meanwhile.
pub(super) async fn change_within(
    app: &App,
    txn: Transaction,
    job: &Job,
    was: State,
    action: Option<&'static str>,
) -> Result<bool, Problem> {
    if !store::update(&txn, job, was).await? {
        return Ok(false);
    }
    if let Some(action) = action {
        let entry = Entry::new(action, &job.id).after(super::told(job));
        audit::record(app, &txn, job.workspace, &job.actor, entry).await?;
    }
    app.commit(txn, &[]).await?;
    Ok(true)
}
