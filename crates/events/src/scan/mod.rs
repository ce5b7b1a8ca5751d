//! The scan: answers a [`Question`] by going once over the columns it needs.
//!
//! The rows come as blocks of at most 65,536, sorted, from memory and from segments alike; each is counted on its own by
//! one of a few threads, and what the threads counted is added up. An answer depends on the events and the question
//! alone, never on where the rows were or in which order they were met.

mod answer;
mod count;
mod error;
mod latency;
mod place;
mod plan;
mod raw;
mod select;
mod time;
mod visitors;

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use count::QUESTION_BYTES_MAX;
pub use error::AskError;
pub use place::is_country;
pub(crate) use raw::{Picker, rows};
pub use raw::{RowCursor, Rows, RowsQuestion};
pub use time::{BUCKETS_MAX, buckets};
pub use visitors::VISITORS_EXACT_MAX;

use count::Worker;
use plan::Plan;

use crate::store::{Block, Columns};
use crate::{Answer, Cancel, Question};

/// Answers a question from these blocks, which hold all rows of its kind.
pub(crate) fn ask(
    question: &Question,
    blocks: &[Block],
    columns: &Columns<'_>,
    threads: usize,
    cancel: &Cancel,
) -> Result<Answer, AskError> {
    let plan = Plan::new(question, held(blocks))?;
    let is_wanted = |block: &&Block| {
        let is_in_range = block.first_ms() < plan.range.end && plan.range.start <= block.last_ms();
        is_in_range && question.workspace.is_none_or(|workspace| block.may_hold(workspace.uuid()))
    };
    let blocks: Vec<&Block> = blocks.iter().filter(is_wanted).collect();
    let (next, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || -> Result<Worker<'_>, AskError> {
        let mut worker = Worker::new(&plan, columns, &bytes);
        while let Some(block) = blocks.get(next.fetch_add(1, Ordering::Relaxed)) {
            if cancel.is_cancelled() {
                return Err(AskError::Cancelled);
            }
            worker.add(block)?;
        }
        Ok(worker)
    };
    let counted =
        if threads < 2 || blocks.len() < 2 { work()? } else { together(&work, threads.min(blocks.len()))? };
    Ok(answer::answer(&plan, counted))
}

/// The work of several threads, this one among them.
fn together<'w>(
    work: &(impl Fn() -> Result<Worker<'w>, AskError> + Sync),
    threads: usize,
) -> Result<Worker<'w>, AskError> {
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut counted = work();
        for other in others {
            let theirs = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            counted = match (counted, theirs) {
                (Ok(mut ours), Ok(theirs)) => ours.merge(theirs).map(|()| ours),
                (Err(error), _) | (_, Err(error)) => Err(error),
            };
        }
        counted
    })
}

/// From the first event to after the last.
fn held(blocks: &[Block]) -> Range<i64> {
    let first = blocks.iter().map(Block::first_ms).min().unwrap_or(0);
    let last = blocks.iter().map(Block::last_ms).max().unwrap_or(-1);
    first..last.saturating_add(1)
}

#[cfg(test)]
mod obvious;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;
