//! The result of a job that was undone: the lines that were written when its rows were made, with what became of them.
//!
//! Rows are removed in the order in which they were made (`run.rs`), so of those that were made the first are gone, as
//! many as were removed.

use std::io::{self, Read, Write};

use super::model::Job;
use super::spool::{RESULT_HEAD, Spool};
use crate::http::csv;

/// Lines of one piece.
const LINES: usize = 500;

/// # Errors
/// As the disk and `out`.
pub(super) fn write(spool: &Spool, job: &Job, mut out: impl Write) -> io::Result<()> {
    let place = |name: &str| RESULT_HEAD.iter().position(|known| *known == name).unwrap_or(usize::MAX);
    let (status, reason) = (place("status"), place("reason"));
    let why = job.failure.as_deref().unwrap_or("the job was cancelled");
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).from_reader(spool.result()?.take(job.result_bytes));
    let (mut gone, mut lines) = (0, Vec::with_capacity(LINES));
    for record in reader.records() {
        let record = record.map_err(io::Error::other)?;
        let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if cells.get(status).is_some_and(|word| word == "created") && gone < job.removed {
            gone += 1;
            (cells[status], cells[reason]) = ("removed".to_owned(), why.to_owned());
        }
        lines.push(cells);
        if lines.len() == LINES {
            out.write_all(&csv::lines(&lines))?;
            lines.clear();
        }
    }
    out.write_all(&csv::lines(&lines))
}
