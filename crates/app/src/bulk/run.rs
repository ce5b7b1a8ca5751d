//! The second pass: rows become links, a batch in one transaction with the place it ends at.
//!
//! Place, counts and rows are durable together, and the lines of the result before them, so a crash repeats no row and
//! loses none. With `abort`, what was made before something came in between is removed again, batch by batch: no
//! transaction is long enough for other writers to notice.

use std::io::{self, Read, Seek, SeekFrom};
use std::str::FromStr;
use std::sync::Arc;

use super::model::{Job, OnError, Resource, State};
use super::spool::Spool;
use super::validate::{BATCH_ROWS, Reading, Unreadable};
use super::work::Drafting;
use super::write::{self, Row};
use super::{author, store, work};
use crate::http::csv;
use crate::links::{self, Author};
use crate::problem::{FieldError, Problem};
use crate::{App, qr, workspaces};

/// # Errors
/// As the database; what was done before stays done, and the job waits.
pub(super) async fn run(app: &App, spool: &Spool, job: &mut Job, batches_max: usize) -> Result<(), Problem> {
    let by = Arc::new(author(app, job).await?);
    let opened = {
        let (spool, job) = (spool.clone(), job.clone());
        tokio::task::spawn_blocking(move || Reading::open(&spool, &job)).await.map_err(Problem::internal)?
    };
    let reading = match opened {
        Ok(reading) => reading,
        Err(unreadable) => return Err(told(unreadable)),
    };
    let mut drafting = Drafting::new(app, &by, job.resource);
    let (batch, mut reading) = drafting.next_batch(reading).await?;
    let mut batch = batch.map_err(told)?;
    for _ in 0..batches_max {
        if batch.is_empty() {
            let was = job.state;
            job.turn(State::Done, app.now());
            return work::change(app, job, was, Some("bulk_job.finished")).await;
        }
        if workspaces::standing(app, app.db.read(), job.workspace, None)
            .await?
            .is_none_or(|here| here.suspended)
        {
            return fail(app, job, "the workspace was suspended".to_owned()).await;
        }
        let place = reading.place();
        // While this batch is inserted, the next one is read.
        let ahead = drafting.next_batch(reading);
        let mut next = job.clone();
        next.place = place;
        let written = make(app, spool, &by, &mut next, batch);
        let (ahead, written) = tokio::join!(ahead, written);
        match written? {
            Written::Yes => *job = next,
            Written::Refused(reason) => return fail(app, job, reason).await,
            Written::NotOurs => return refresh(app, job).await,
        }
        let (ahead, back) = ahead?;
        (batch, reading) = (ahead.map_err(told)?, back);
    }
    Ok(())
}

enum Written {
    Yes,
    /// All or none are wanted, and one cannot be made.
    Refused(String),
    /// Somebody brought the job into another state.
    NotOurs,
}

async fn make(
    app: &App,
    spool: &Spool,
    by: &Author,
    job: &mut Job,
    mut rows: Vec<Row>,
) -> Result<Written, Problem> {
    write::hash_passwords(app, &mut rows).await?;
    let txn = app.db.begin().await?;
    let changes = write::write(app, &txn, by, &mut rows).await?;
    let wrong = rows.iter().find_map(|row| Some((row.number, row.drafted.as_ref().err()?)));
    if let (OnError::Abort, Some((number, errors))) = (job.on_error, wrong) {
        return Ok(Written::Refused(format!("row {number}: {}", reason(errors))));
    }
    let created = rows.iter().filter(|row| row.drafted.is_ok()).count();
    job.created += created as u64;
    job.refused += (rows.len() - created) as u64;
    job.updated_at = app.now();
    let lines = csv::lines(&rows.iter().map(|row| line(app, row)).collect::<Vec<_>>());
    let (spool, whole_bytes) = (spool.clone(), job.result_bytes);
    let kept = tokio::task::spawn_blocking(move || spool.write_result(whole_bytes, &lines));
    job.result_bytes = kept.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    if !store::update(&txn, job, State::Running).await? {
        return Ok(Written::NotOurs);
    }
    app.commit(txn, &changes).await?;
    Ok(Written::Yes)
}

/// A row of the result, in the order of its head.
fn line(app: &App, row: &Row) -> [String; 7] {
    let number = row.number.to_string();
    let none = String::new;
    match &row.drafted {
        Ok(draft) => {
            let thing = draft.thing(app);
            [
                number,
                thing.name.to_owned(),
                thing.id,
                thing.short_url.unwrap_or_default(),
                thing.alias.unwrap_or_default().to_owned(),
                "created".to_owned(),
                none(),
            ]
        }
        Err(errors) => [number, none(), none(), none(), none(), "refused".to_owned(), reason(errors)],
    }
}

fn reason(errors: &[FieldError]) -> String {
    errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect::<Vec<_>>().join("; ")
}

/// Ends a job that cannot go on; where all or none are wanted, what it made is removed first.
pub(super) async fn fail(app: &App, job: &mut Job, failure: String) -> Result<(), Problem> {
    let was = job.state;
    job.failure = Some(failure);
    job.end(State::Failed, app.now());
    let action = job.state.is_final().then_some("bulk_job.finished");
    work::change(app, job, was, action).await
}

async fn refresh(app: &App, job: &mut Job) -> Result<(), Problem> {
    *job = store::find(app.db.read(), job.workspace, job.id).await?.ok_or_else(Problem::not_found)?;
    Ok(())
}

/// Removes what a job made, by the lines of its result.
///
/// # Errors
/// As the database; what was removed before stays so, and the job waits.
pub(super) async fn undo(app: &App, spool: &Spool, job: &mut Job, batches_max: usize) -> Result<(), Problem> {
    for _ in 0..batches_max {
        let (spool, from, until) = (spool.clone(), job.place.bytes, job.result_bytes);
        let read = tokio::task::spawn_blocking(move || made(&spool, from, until)).await;
        let (ids, place) = read.map_err(Problem::internal)?.map_err(Problem::internal)?;
        if ids.is_empty() && place == job.place.bytes {
            let was = job.state;
            job.turn(job.ending.unwrap_or(State::Failed), app.now());
            return work::change(app, job, was, Some("bulk_job.finished")).await;
        }
        let txn = app.db.begin().await?;
        let changes = match job.resource {
            Resource::Links => links::remove(&txn, job.workspace, &read_ids(&ids)).await?,
            Resource::QrCodes => qr::remove(&txn, job.workspace, &read_ids(&ids)).await?,
        };
        job.removed += ids.len() as u64;
        job.place.bytes = place;
        job.updated_at = app.now();
        store::update(&txn, job, State::Undoing).await?;
        app.commit(txn, &changes).await?;
    }
    Ok(())
}

fn read_ids<Id: FromStr>(ids: &[String]) -> Vec<Id> {
    ids.iter().filter_map(|id| id.parse().ok()).collect()
}

/// The ids that a part of the result names, and where that part ends.
fn made(spool: &Spool, from: u64, until: u64) -> io::Result<(Vec<String>, u64)> {
    if from >= until {
        return Ok((Vec::new(), from));
    }
    let mut file = spool.result()?;
    file.seek(SeekFrom::Start(from))?;
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(file.take(until - from));
    let mut ids = Vec::new();
    let mut record = ::csv::ByteRecord::new();
    let mut read = 0;
    while read < BATCH_ROWS && reader.read_byte_record(&mut record).map_err(io::Error::other)? {
        read += 1;
        let id = record.get(2).and_then(|id| std::str::from_utf8(id).ok());
        ids.extend(id.filter(|id| id.contains('_')).map(str::to_owned));
    }
    Ok((ids, from + reader.position().byte()))
}

fn told(unreadable: Unreadable) -> Problem {
    match unreadable {
        Unreadable::Io(error) => Problem::internal(error),
        // It was read to its end when it was validated.
        Unreadable::File(errors) => Problem::internal(format!("the file changed: {errors:?}")),
    }
}
