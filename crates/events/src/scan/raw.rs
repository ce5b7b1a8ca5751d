//! Single rows, newest first: a page at a time, or all of them as one Parquet file.
//!
//! A cursor names the last row that was given: its millisecond, a digest of all its values, and how many equal rows
//! were given. It stays good while rows move from memory to segments and between segments, and when others come in.

use std::ops::Range;

use tessera_types::WorkspaceId;

use super::AskError;
use super::plan::Choice;
use super::select::{Joining, Sieve, stretches};
use crate::store::{Block, Cache, Column, Columns, Field, Row, StoreError, layout};
use crate::{Cancel, Filter, Kind, Question, Robots};

/// Which rows are wanted.
#[derive(Debug, Clone)]
pub struct RowsQuestion {
    pub workspace: WorkspaceId,
    pub from_ms: i64,
    pub until_ms: i64,
    pub filters: Vec<Filter>,
    pub robots: Robots,
    /// Go on behind this row.
    pub after: Option<RowCursor>,
    /// At most [`RowsQuestion::LIMIT_MAX`]; an export has none.
    pub limit: usize,
}

impl RowsQuestion {
    pub const LIMIT_MAX: usize = 1_000;
}

/// A place in the order of rows: newest first, those of one millisecond by digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCursor {
    pub at_ms: i64,
    pub digest: u64,
    /// Rows equal in everything that were given, at least 1.
    pub given: u32,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<R> {
    pub rows: Vec<R>,
    /// `None` if these were the last.
    pub next: Option<RowCursor>,
}

/// Rows of the kind that `R` is.
pub(crate) fn rows<R: Row + Clone>(
    question: &RowsQuestion,
    mut blocks: Vec<Block>,
    columns: &Columns<'_>,
    read: impl Fn(&Block, usize, &Columns<'_>) -> Result<R, AskError>,
    cancel: &Cancel,
) -> Result<Rows<R>, AskError> {
    let picker = Picker::new(R::KIND, question)?;
    let wanted = question.limit + 1;
    // Rows of the millisecond that the cursor is in are looked at again, so as many more may be needed.
    let mut newest = Newest {
        wanted,
        found: Vec::new(),
        floor_ms: i64::MIN,
        always_ms: question.after.map(|after| after.at_ms),
    };
    blocks.retain(|block| block.may_hold(question.workspace.uuid()));
    blocks.sort_by_key(|block| std::cmp::Reverse(block.last_ms()));
    for (at, block) in blocks.iter().enumerate() {
        if cancel.is_cancelled() {
            return Err(AskError::Cancelled);
        }
        if block.last_ms() < newest.floor_ms {
            break;
        }
        picker.pick(block, columns, |at_ms, row| newest.add(at_ms, at, row))?;
    }
    let mut rows = Vec::new();
    for (at_ms, at, row) in newest.finish() {
        let row = read(&blocks[at], row, columns)?;
        rows.push((at_ms, digest(&row), row));
    }
    rows.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    Ok(page(question, rows))
}

fn page<R>(question: &RowsQuestion, rows: Vec<(i64, u64, R)>) -> Rows<R> {
    let mut given_of_last = 0;
    let mut skipped = 0;
    let mut page: Vec<(i64, u64, R)> = Vec::new();
    let mut next = None;
    for (at_ms, digest, row) in rows {
        if let Some(after) = &question.after {
            let is_before = at_ms == after.at_ms && digest < after.digest;
            let is_given = (at_ms, digest) == (after.at_ms, after.digest) && skipped < after.given;
            skipped += u32::from(is_given);
            if at_ms > after.at_ms || is_before || is_given {
                continue;
            }
        }
        if page.len() == question.limit {
            next = page.last().map(|(at_ms, digest, _)| RowCursor {
                at_ms: *at_ms,
                digest: *digest,
                given: given_of_last,
            });
            break;
        }
        let is_same = page.last().is_some_and(|last| (last.0, last.1) == (at_ms, digest));
        let is_resumed = question.after.is_some_and(|after| (after.at_ms, after.digest) == (at_ms, digest));
        given_of_last = match (is_same, is_resumed) {
            (true, _) => given_of_last + 1,
            (false, true) => skipped + 1,
            (false, false) => 1,
        };
        page.push((at_ms, digest, row));
    }
    Rows { rows: page.into_iter().map(|(_, _, row)| row).collect(), next }
}

/// Finds the rows of a block that are wanted.
pub(crate) struct Picker {
    choice: Choice,
    range: Range<i64>,
    robots: Robots,
    kind: Kind,
}

impl Picker {
    pub(crate) fn new(kind: Kind, question: &RowsQuestion) -> Result<Self, AskError> {
        if question.from_ms > question.until_ms {
            return Err(AskError::Range);
        }
        if question.limit == 0 || question.limit > Question::LIMIT_MAX {
            return Err(AskError::Limit);
        }
        let choice = Choice::new(kind, Some(question.workspace.uuid()), &question.filters)?;
        let until_ms = question
            .after
            .map_or(question.until_ms, |after| question.until_ms.min(after.at_ms.saturating_add(1)));
        // A request is nobody's robot.
        let robots = match (kind, question.robots) {
            (Kind::Request, Robots::Exclude | Robots::Include) => Robots::Include,
            (_, robots) => robots,
        };
        Ok(Self { choice, range: question.from_ms..until_ms, robots, kind })
    }

    /// Hands out the time and the place of each row that is wanted.
    pub(crate) fn pick(
        &self,
        block: &Block,
        columns: &Columns<'_>,
        mut found: impl FnMut(i64, u32),
    ) -> Result<(), StoreError> {
        let stretches = stretches(&self.choice, &self.range, block, columns, Joining::Joined)?;
        if stretches.is_empty() {
            return Ok(());
        }
        let is_robots_known = self.kind == Kind::Click && self.robots != Robots::Include;
        let sieve = Sieve::new(&self.choice, is_robots_known, block, columns)?;
        let times = columns.get(block, Field::Time)?;
        let Column::Times(times) = &*times else { return Ok(()) };
        let mut selected = Vec::new();
        for stretch in stretches {
            sieve.select(&stretch.rows, self.robots, &mut selected);
            selected.iter().for_each(|row| found(times[*row as usize], *row));
        }
        Ok(())
    }

    /// The rows of a block in memory that are wanted, joined to ranges.
    pub(crate) fn ranges(&self, block: &Block) -> Result<Vec<Range<usize>>, StoreError> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        // A block in memory has its columns.
        let nothing = Cache::new(0);
        self.pick(block, &Columns::new(&nothing), |_, row| {
            let row = row as usize;
            match ranges.last_mut() {
                Some(last) if last.end == row => last.end += 1,
                _ => ranges.push(row..row + 1),
            }
        })?;
        Ok(ranges)
    }
}

/// The newest rows so far, and all others of the last millisecond among them.
struct Newest {
    wanted: usize,
    found: Vec<(i64, usize, usize)>,
    /// Rows from before this moment are too old.
    floor_ms: i64,
    /// Rows of this millisecond do not count towards those wanted: some of them were given before.
    always_ms: Option<i64>,
}

impl Newest {
    fn add(&mut self, at_ms: i64, block: usize, row: u32) {
        if at_ms < self.floor_ms {
            return;
        }
        self.found.push((at_ms, block, row as usize));
        if self.found.len() >= 4 * self.wanted + 4_096 && self.found.len().is_power_of_two() {
            self.shed();
        }
    }

    fn shed(&mut self) {
        let mut counted: Vec<i64> =
            self.found.iter().map(|row| row.0).filter(|at_ms| Some(*at_ms) != self.always_ms).collect();
        if counted.len() > self.wanted {
            let (_, floor_ms, _) = counted.select_nth_unstable_by(self.wanted - 1, |a, b| b.cmp(a));
            self.floor_ms = *floor_ms;
            let floor_ms = self.floor_ms;
            self.found.retain(|row| row.0 >= floor_ms);
        }
    }

    fn finish(mut self) -> Vec<(i64, usize, usize)> {
        self.shed();
        self.found
    }
}

/// FNV-1a, 64 bits, over all values of a row, each text behind its length: the same on every machine and after every start.
fn digest<R: Row>(row: &R) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    let (workspace, owner) = row.key();
    add(workspace.as_bytes());
    add(owner.as_bytes());
    for field in layout(R::KIND) {
        let text = row.text(*field);
        add(&(text.len() as u64).to_le_bytes());
        add(text.as_bytes());
        add(&row.number(*field).to_le_bytes());
        add(row.id(*field).as_bytes());
    }
    hash
}
