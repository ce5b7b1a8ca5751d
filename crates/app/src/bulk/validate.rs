//! The first pass over a file: every row is looked at, nothing is made.
//!
//! It leaves no trace but its report, so a crash in the middle costs a beginning from the start.

use std::fs::File;
use std::sync::Arc;

use serde_json::Value;

use super::columns::Columns;
use super::model::{Job, OnError, Resource, RowError};
use super::reader::{Fault, Place, Record, Table};
use super::spool::Spool;
use super::work::Drafting;
use super::write::{self, Draft, Row, Wanted};
use super::{ROWS_MAX, author};
use crate::App;
use crate::links::{self, Author};
use crate::problem::{FieldError, Problem};
use crate::qr;

/// Rows that are read, and inserted, at a time.
pub(super) const BATCH_ROWS: usize = 1_000;
/// Entries of a report; how many there would be is told beside.
pub(super) const REPORT_ROWS_MAX: usize = 10_000;
/// Looks of codes that one file has judged. Each takes tens of milliseconds of a core, twice.
const LOOKS_MAX: usize = 1_000;
/// Of those, how many the job itself shows.
const FIRST_ERRORS: usize = 20;
/// How often progress is written down: what listeners hear cannot be newer.
const PROGRESS_NS: u64 = 250_000_000;

/// A file that is being read.
pub(super) struct Reading {
    table: Table<File>,
    columns: Columns,
    record: Record,
    /// Met behind rows that were still good to be told of.
    fault: Option<Fault>,
}

/// What a file, or a row of it, is refused for.
pub(super) enum Unreadable {
    File(Vec<RowError>),
    Io(std::io::Error),
}

impl Reading {
    /// Opens a file at its header, and goes on behind it or at `place`.
    pub(super) fn open(spool: &Spool, job: &Job) -> Result<Self, Unreadable> {
        let mut table = Table::open(spool.source().map_err(Unreadable::Io)?).map_err(unreadable)?;
        let mut record = Record::default();
        let wrong = |row, errors| Unreadable::File(RowError::of(row, errors).collect());
        if !table.read(&mut record).map_err(unreadable)? {
            return Err(wrong(1, vec![FieldError::new("file", "required", "the file is empty")]));
        }
        let header = record
            .texts()
            .map_err(|(code, message)| wrong(record.row, vec![FieldError::new("header", code, message)]))?;
        let columns =
            Columns::read(&header, &job.mapping, job.resource).map_err(|errors| wrong(record.row, errors))?;
        if job.place != Place::default() {
            table.go_to(job.place).map_err(Unreadable::Io)?;
        }
        Ok(Self { table, columns, record, fault: None })
    }

    pub(super) fn place(&self) -> Place {
        self.table.place()
    }

    /// The next rows, none at the end.
    pub(super) fn batch(&mut self) -> Result<Vec<Row<Value>>, Unreadable> {
        let mut rows = Vec::with_capacity(BATCH_ROWS);
        if let Some(fault) = self.fault.take() {
            return Err(unreadable(fault));
        }
        while rows.len() < BATCH_ROWS {
            match self.table.read(&mut self.record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(fault) if rows.is_empty() => return Err(unreadable(fault)),
                Err(fault) => {
                    self.fault = Some(fault);
                    break;
                }
            }
            let number = self.record.row;
            let cells =
                self.record.texts().map_err(|(code, message)| vec![FieldError::new("row", code, message)]);
            rows.push(Row { number, drafted: cells.and_then(|cells| self.columns.record(&cells)) });
        }
        Ok(rows)
    }
}

fn unreadable(fault: Fault) -> Unreadable {
    match fault {
        Fault::Io(error) => Unreadable::Io(error),
        Fault::Wrong { row, code, message } => {
            Unreadable::File(RowError::of(row, vec![FieldError::new("file", code, message)]).collect())
        }
    }
}

/// What a validation found.
#[derive(Default)]
struct Findings {
    wanted: Wanted,
    rows: u64,
    valid: u64,
    /// Links that the valid rows would make: their own, or those of dynamic codes.
    links: u64,
    errors: Vec<RowError>,
    errors_total: u64,
    /// The file cannot be read to its end, so no row of it counts.
    is_broken: bool,
}

impl Findings {
    fn note(&mut self, errors: impl IntoIterator<Item = RowError>) {
        for error in errors {
            self.errors_total += 1;
            if self.errors.len() < REPORT_ROWS_MAX {
                self.errors.push(error);
            }
        }
    }

    fn break_off(&mut self, errors: Vec<RowError>) {
        self.note(errors);
        self.is_broken = true;
    }
}

/// Validates the file of a job and brings the job into the state that follows.
///
/// # Errors
/// As the database; the job is as it was.
pub(super) async fn validate(app: &App, spool: &Spool, job: &mut Job) -> Result<(), Problem> {
    let by = Arc::new(author(app, job).await?);
    job.place = Place::default();
    let mut findings = Findings::default();
    let opened = {
        let (spool, job) = (spool.clone(), job.clone());
        tokio::task::spawn_blocking(move || Reading::open(&spool, &job)).await.map_err(Problem::internal)?
    };
    match opened {
        Ok(reading) => {
            if !read_all(app, &by, job, reading, &mut findings).await? {
                return Ok(());
            }
        }
        Err(unreadable) => findings.break_off(told(unreadable)?),
    }
    if findings.rows == 0 && !findings.is_broken {
        let empty = FieldError::new("file", "required", "there are no rows below the header");
        findings.break_off(RowError::of(1, vec![empty]).collect());
    }
    if job.on_error == OnError::Abort {
        check_room(app, &by, job.resource, &mut findings).await?;
    }
    job.rows = findings.rows;
    job.valid = if findings.is_broken { 0 } else { findings.valid };
    job.invalid = findings.rows - findings.valid;
    job.errors_total = findings.errors_total;
    job.first_errors = findings.errors.iter().take(FIRST_ERRORS).cloned().collect();
    let spool = spool.clone();
    let report = move || spool.write_report(&findings.errors);
    tokio::task::spawn_blocking(report).await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    super::work::leave(app, job).await
}

/// All or none is none, where the plan is full before the end.
async fn check_room(
    app: &App,
    by: &Author,
    resource: Resource,
    findings: &mut Findings,
) -> Result<(), Problem> {
    let codes = match resource {
        Resource::Links => None,
        Resource::QrCodes => qr::room(app.db.read(), by).await?,
    };
    let links = links::room(app.db.read(), by).await?;
    for (what, room, needed) in [("links", links, findings.links), ("QR codes", codes, findings.valid)] {
        if let Some(room) = room.filter(|room| needed > *room) {
            let message = format!("the plan has room for {room} more {what}, and the file has {needed}");
            findings.note(RowError::of(1, vec![FieldError::new("file", write::NO_ROOM, message)]));
        }
    }
    Ok(())
}

/// `false` if the job was cancelled meanwhile.
async fn read_all(
    app: &App,
    by: &Arc<Author>,
    job: &mut Job,
    mut reading: Reading,
    findings: &mut Findings,
) -> Result<bool, Problem> {
    let mut written_ns = app.monotonic_ns();
    let mut drafting = Drafting::new(app, by, job.resource);
    loop {
        let (batch, back) = drafting.next_batch(reading).await?;
        reading = back;
        let mut rows = match batch {
            Ok(rows) if rows.is_empty() => return Ok(true),
            Ok(rows) => rows,
            Err(unreadable) => {
                findings.break_off(told(unreadable)?);
                return Ok(true);
            }
        };
        findings.rows += rows.len() as u64;
        if findings.rows > ROWS_MAX {
            let message = format!("at most {ROWS_MAX} rows; split the file");
            findings.break_off(RowError::of(1, vec![FieldError::new("file", "length", message)]).collect());
            return Ok(true);
        }
        if drafting.looks() > LOOKS_MAX {
            let message = format!(
                "the codes of one file have at most {LOOKS_MAX} looks, each style in each size of symbol counted; split it"
            );
            findings.break_off(RowError::of(1, vec![FieldError::new("file", "looks", message)]).collect());
            return Ok(true);
        }
        write::refuse_duplicates(&mut rows, &mut findings.wanted, |number| format!("row {number}"));
        write::refuse_taken(app, &mut rows).await?;
        for row in rows {
            match row.drafted {
                Ok(draft) => {
                    findings.valid += 1;
                    findings.links += u64::from(Draft::has_link(&draft));
                }
                Err(errors) => findings.note(RowError::of(row.number, errors)),
            }
        }
        if app.monotonic_ns().saturating_sub(written_ns) >= PROGRESS_NS {
            written_ns = app.monotonic_ns();
            (job.place, job.rows, job.valid) = (reading.place(), findings.rows, findings.valid);
            if !super::work::keep(app, job).await? {
                return Ok(false);
            }
        }
    }
}

fn told(unreadable: Unreadable) -> Result<Vec<RowError>, Problem> {
    match unreadable {
        Unreadable::File(errors) => Ok(errors),
        Unreadable::Io(error) => Err(Problem::internal(error)),
    }
}
