//! Which rows of a part a question looks at, and which of those pass.
//!
//! Rows stand in the order of (workspace, link or key, time), so workspace, link and time choose stretches of rows
//! without looking at each; only filters on other columns, and robots, are decided row by row.

use std::ops::Range;
use std::sync::Arc;

use super::plan::Choice;
use crate::Robots;
use crate::store::{Bits, Block, Codes, Column, Columns, Field, Runs, StoreError};

/// Rows next to each other, of one run unless runs were joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) run: usize,
    pub(super) rows: Range<usize>,
}

/// Whether neighbouring runs may be looked at as one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joining {
    Joined,
    RunByRun,
}

/// The rows of a block in the range that `choice` looks at, before its checks.
pub(super) fn stretches(
    choice: &Choice,
    range: &Range<i64>,
    block: &Block,
    columns: &Columns<'_>,
    joining: Joining,
) -> Result<Vec<Stretch>, StoreError> {
    if block.rows() == 0 || !overlaps(block, range) {
        return Ok(Vec::new());
    }
    let sort = columns.get(block, Field::Sort)?;
    let Column::Sort(runs) = &*sort else { return Ok(Vec::new()) };
    let is_inside = range.start <= block.first_ms() && block.last_ms() < range.end;
    if is_inside && choice.is_everything() && joining == Joining::Joined {
        return Ok(vec![Stretch { run: 0, rows: 0..block.rows() }]);
    }
    let chosen: Vec<usize> = choice.runs(runs).filter(|run| choice.passes(&runs.list()[*run])).collect();
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    if is_inside {
        return Ok(joined(chosen.into_iter().map(|run| Stretch { run, rows: runs.rows_of(run) }), joining));
    }
    let times = columns.get(block, Field::Time)?;
    let Column::Times(times) = &*times else { return Ok(Vec::new()) };
    Ok(joined(chosen.into_iter().map(|run| Stretch { run, rows: clipped(runs, run, times, range) }), joining))
}

fn overlaps(block: &Block, range: &Range<i64>) -> bool {
    block.first_ms() < range.end && range.start <= block.last_ms()
}

fn clipped(runs: &Runs, run: usize, times: &[i64], range: &Range<i64>) -> Range<usize> {
    let rows = runs.rows_of(run);
    let of_run = &times[rows.clone()];
    let start = rows.start + of_run.partition_point(|at| *at < range.start);
    let end = rows.start + of_run.partition_point(|at| *at < range.end);
    start..end.max(start)
}

fn joined(stretches: impl Iterator<Item = Stretch>, joining: Joining) -> Vec<Stretch> {
    let mut list: Vec<Stretch> = Vec::new();
    for next in stretches.filter(|stretch| !stretch.rows.is_empty()) {
        match list.last_mut() {
            Some(last) if joining == Joining::Joined && last.rows.end == next.rows.start => {
                last.rows.end = next.rows.end;
            }
            _ => list.push(next),
        }
    }
    list
}

/// What decides row by row, for one block.
pub(super) struct Sieve {
    robots: Option<Arc<Column>>,
    /// The column, and for each of its codes whether rows with it pass.
    checks: Vec<(Arc<Column>, Vec<bool>)>,
}

impl Sieve {
    pub(super) fn new(
        choice: &Choice,
        is_robots_known: bool,
        block: &Block,
        columns: &Columns<'_>,
    ) -> Result<Self, StoreError> {
        let mut checks = Vec::new();
        for check in &choice.checks {
            let column = columns.get(block, check.field)?;
            if let Column::Coded(_, values) = &*column {
                let passing = check.passing(values);
                // What every row passes need not be asked.
                if passing.iter().any(|passes| !passes) {
                    checks.push((column, passing));
                }
            }
        }
        let robots = if is_robots_known { Some(columns.get(block, Field::IsRobot)?) } else { None };
        Ok(Self { robots, checks })
    }

    fn robots(&self) -> Option<&Bits> {
        match self.robots.as_deref() {
            Some(Column::Flags(bits)) => Some(bits),
            _ => None,
        }
    }

    /// How many rows pass, where that is known without looking at each.
    pub(super) fn count(&self, rows: &Range<usize>, robots: Robots) -> Option<u64> {
        if !self.checks.is_empty() {
            return None;
        }
        let all = rows.len() as u64;
        Some(match (robots, self.robots()) {
            (Robots::Include, _) => all,
            (Robots::Exclude, Some(bits)) => all - bits.count(rows.clone()),
            (Robots::Only, Some(bits)) => bits.count(rows.clone()),
            (Robots::Exclude, None) => all,
            (Robots::Only, None) => 0,
        })
    }

    /// Writes the rows that pass to `selected`, in order.
    pub(super) fn select(&self, rows: &Range<usize>, robots: Robots, selected: &mut Vec<u32>) {
        let wants_robot = robots == Robots::Only;
        match (robots, self.robots()) {
            (Robots::Exclude | Robots::Only, Some(bits)) => {
                fill(selected, rows, |row| bits.at(row) == wants_robot);
            }
            (Robots::Only, None) => selected.clear(),
            (Robots::Include, _) | (Robots::Exclude, None) => fill(selected, rows, |_| true),
        }
        for (column, passing) in &self.checks {
            match &**column {
                Column::Coded(Codes::Bytes(codes), _) => {
                    keep(selected, |row| passing[usize::from(codes[row])]);
                }
                Column::Coded(Codes::Words(codes), _) => {
                    keep(selected, |row| passing[usize::from(codes[row])]);
                }
                _ if passing.first() == Some(&false) => selected.clear(),
                _ => {}
            }
        }
    }
}

/// Written without a branch per row: which rows pass is not to be guessed.
fn fill(selected: &mut Vec<u32>, rows: &Range<usize>, passes: impl Fn(usize) -> bool) {
    selected.clear();
    selected.resize(rows.len(), 0);
    let mut kept = 0;
    for row in rows.clone() {
        selected[kept] = row as u32;
        kept += usize::from(passes(row));
    }
    selected.truncate(kept);
}

fn keep(selected: &mut Vec<u32>, passes: impl Fn(usize) -> bool) {
    let mut kept = 0;
    for at in 0..selected.len() {
        let row = selected[at];
        selected[kept] = row;
        kept += usize::from(passes(row as usize));
    }
    selected.truncate(kept);
}
