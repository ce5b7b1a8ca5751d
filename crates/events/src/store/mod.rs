//! The store: rows in memory first, then in Parquet segments, and never counted twice or missed in between.
//!
//! New rows go to the *tail*. [`Store::freeze`] sets the tail apart, [`Store::write`] turns what was set apart into segments, the
//! caller commits their names together with whatever else the events changed, and [`Store::adopt`] exchanges rows for
//! segments in one step. Compaction, retention and erasure go the same way: write, commit, [`Store::replace`]. A question
//! takes one look at what there is and is answered from that, whatever is exchanged meanwhile.

mod block;
mod cache;
mod column;
mod compaction;
mod directory;
mod merge;
mod open;
mod pages;
mod rewrite;
mod rows;
mod schema;
mod segment;
mod tail;
mod write;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

pub(crate) use block::{Block, Columns};
pub(crate) use cache::Cache;
pub(crate) use column::{Bits, Codes, Column, Run, Runs, Values};
pub use compaction::{Compaction, SEGMENT_ROWS_MAX};
pub use rewrite::{Removal, Rewritten};
pub(crate) use schema::{Field, Row, layout};

use crate::{Answer, AskError, Cancel, ClickRow, Kind, Question, RequestRow, scan};
use column::Part;
use directory::Directory;
use segment::Segment;
use tail::Tail;

#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Where segments lie; made if it is missing.
    pub directory: PathBuf,
    /// Decoded columns that are kept in memory.
    pub cache_bytes_max: usize,
    /// That work on one question.
    pub threads: usize,
}

/// What a manifest remembers of a segment. Its file is called `{id}.parquet`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentMeta {
    pub id: Uuid,
    pub kind: Kind,
    pub rows: u64,
    /// Of the earliest and the latest row.
    pub first_ms: i64,
    pub last_ms: i64,
    pub bytes: u64,
}

/// Why segments cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    /// A file is not what was written: restore it from a backup, or take its line out of the manifest and lose its rows.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged { path: PathBuf, reason: String },
}

/// Rows that were set apart: still in memory and answered from, until their segments are adopted.
#[derive(Debug, Clone)]
pub struct Frozen {
    number: u64,
    parts: Vec<Arc<Part>>,
}

impl Frozen {
    pub fn rows(&self) -> usize {
        self.parts.iter().map(|part| part.rows).sum()
    }
}

/// Rows of both kinds, and answers about them.
#[derive(Debug)]
pub struct Store {
    directory: Directory,
    cache: Cache,
    threads: usize,
    live: Mutex<Live>,
    /// Segments that were written and not yet adopted or discarded.
    written: Mutex<HashMap<Uuid, Arc<Segment>>>,
}

/// What answers questions; exchanged under one lock.
#[derive(Debug)]
struct Live {
    tails: [Tail; 2],
    frozen: Vec<(u64, Vec<Arc<Part>>)>,
    frozen_next: u64,
    segments: Vec<Arc<Segment>>,
}

impl Store {
    /// Opens what a manifest names. Files of `retired` segments and half-written ones are deleted; segments that nobody
    /// names are moved to `unclaimed/`, with a warning.
    ///
    /// # Errors
    ///
    /// If the directory cannot be used, or a segment is missing or damaged: the error names the file.
    pub fn open(options: StoreOptions, live: &[SegmentMeta], retired: &[Uuid]) -> Result<Self, StoreError> {
        let directory = Directory::open(options.directory, live, retired)?;
        let segments = live.iter().map(|meta| directory.segment(*meta)).collect::<Result<_, _>>()?;
        Ok(Self {
            directory,
            cache: Cache::new(options.cache_bytes_max),
            threads: options.threads.max(1),
            live: Mutex::new(Live {
                tails: [Tail::new(Kind::Click), Tail::new(Kind::Request)],
                frozen: Vec::new(),
                frozen_next: 0,
                segments,
            }),
            written: Mutex::default(),
        })
    }

    /// Adds a click to the tail: questions see it from now on, a crash loses it.
    pub fn push_click(&self, row: &ClickRow<&str>) {
        self.live().tails[0].push(row);
    }

    /// Adds a request to the tail: questions see it from now on, a crash loses it.
    pub fn push_request(&self, row: &RequestRow<&str>) {
        self.live().tails[1].push(row);
    }

    /// Rows in the tail, without what was set apart.
    pub fn tail_rows(&self) -> usize {
        self.live().tails.iter().map(Tail::rows).sum()
    }

    /// What decoded columns take of memory.
    pub fn cache_bytes(&self) -> usize {
        self.cache.bytes()
    }

    /// Lets go of all decoded columns: the next question reads files.
    pub fn clear_cache(&self) {
        self.cache.clear();
    }

    /// The segments that answer now.
    pub fn segments(&self) -> Vec<SegmentMeta> {
        self.live().segments.iter().map(|segment| segment.meta).collect()
    }

    /// Sets the tail apart, at once; new rows go to a fresh one. `None` if there are none.
    ///
    /// What was set apart is answered from until it is adopted, also if its owner forgets it.
    pub fn freeze(&self) -> Option<Frozen> {
        let mut live = self.live();
        let parts: Vec<Arc<Part>> = live.tails.iter_mut().flat_map(Tail::take).collect();
        if parts.is_empty() {
            return None;
        }
        let number = live.frozen_next;
        live.frozen_next += 1;
        live.frozen.push((number, parts.clone()));
        Some(Frozen { number, parts })
    }

    /// Writes what was set apart, one segment per kind that it has rows of. When it returns, they are on disk, names and all.
    /// May be tried again after an error, with new ids.
    ///
    /// # Errors
    ///
    /// If the disk is full or broken; nothing of the segments stays then.
    pub fn write(
        &self,
        frozen: &Frozen,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<Vec<SegmentMeta>, StoreError> {
        let mut written = Vec::new();
        for kind in [Kind::Click, Kind::Request] {
            let of_kind = frozen.parts.iter().filter(|part| part.kind == kind);
            let sources: Vec<Vec<Block>> =
                of_kind.map(|part| vec![Block::Memory(Arc::clone(part))]).collect();
            match self.merged(kind, sources, &merge::Everything, new_id) {
                Ok(mut segments) => written.append(&mut segments),
                Err(error) => {
                    self.discard(&written);
                    return Err(error);
                }
            }
        }
        Ok(written)
    }

    /// Exchanges what was set apart for its segments, in one step. Call it once their names are committed.
    pub fn adopt(&self, frozen: Frozen, segments: &[SegmentMeta]) {
        let new = self.take_written(segments);
        let mut live = self.live();
        live.frozen.retain(|(number, _)| *number != frozen.number);
        live.segments.extend(new);
    }

    /// Exchanges segments for others, in one step, and deletes the old files; a question that is reading them goes on. Call it
    /// once the exchange is committed. An empty `old` only adds.
    pub fn replace(&self, old: &[Uuid], new: &[SegmentMeta]) {
        let new = self.take_written(new);
        let mut gone = Vec::new();
        {
            let mut live = self.live();
            live.segments.retain(|segment| {
                let stays = !old.contains(&segment.meta.id);
                if !stays {
                    gone.push(Arc::clone(segment));
                }
                stays
            });
            live.segments.extend(new);
        }
        for segment in gone {
            self.cache.forget(segment.number());
            directory::delete(segment.path());
        }
    }

    /// Deletes segments that were written and will not be used, after a commit that failed for good.
    pub fn discard(&self, segments: &[SegmentMeta]) {
        for segment in self.take_written(segments) {
            directory::delete(segment.path());
        }
    }

    /// Writes clicks past the tail, sorted segments at once. They answer after [`Store::replace`] with them as new.
    ///
    /// # Errors
    ///
    /// If the disk is full or broken; nothing of the segments stays then.
    pub fn load_clicks<S: AsRef<str>>(
        &self,
        rows: impl Iterator<Item = ClickRow<S>>,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<Vec<SegmentMeta>, StoreError> {
        self.load(rows, new_id)
    }

    /// As [`Store::load_clicks`].
    ///
    /// # Errors
    ///
    /// As [`Store::load_clicks`].
    pub fn load_requests<S: AsRef<str>>(
        &self,
        rows: impl Iterator<Item = RequestRow<S>>,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<Vec<SegmentMeta>, StoreError> {
        self.load(rows, new_id)
    }

    fn load<R: Row>(
        &self,
        rows: impl Iterator<Item = R>,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<Vec<SegmentMeta>, StoreError> {
        let mut written = Vec::new();
        let mut tail = Tail::new(R::KIND);
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            rows.by_ref().take(LOAD_ROWS_MAX).for_each(|row| tail.push(&row));
            let sources = tail.take().map(|part| vec![Block::Memory(part)]).collect();
            match self.merged(R::KIND, sources, &merge::Everything, new_id) {
                Ok(mut segments) => written.append(&mut segments),
                Err(error) => {
                    self.discard(&written);
                    return Err(error);
                }
            }
        }
        Ok(written)
    }

    /// Answers a question from everything that is there at this moment.
    ///
    /// # Errors
    ///
    /// See [`AskError`]; whether the question is at fault tells [`AskError::is_question`].
    pub fn ask(&self, question: &Question, cancel: &Cancel) -> Result<Answer, AskError> {
        let blocks = self.blocks(question.kind);
        scan::ask(question, &blocks, &self.columns(), self.threads, cancel)
    }

    /// Everything of a kind: segments, what was set apart, the tail.
    pub(crate) fn blocks(&self, kind: Kind) -> Vec<Block> {
        let mut live = self.live();
        let mut blocks = Vec::new();
        for segment in live.segments.iter().filter(|segment| segment.meta.kind == kind) {
            blocks.extend((0..segment.groups()).map(|group| Block::Stored(Arc::clone(segment), group)));
        }
        let frozen = live.frozen.iter().flat_map(|(_, parts)| parts).filter(|part| part.kind == kind);
        blocks.extend(frozen.map(|part| Block::Memory(Arc::clone(part))));
        let tail = &mut live.tails[usize::from(kind == Kind::Request)];
        blocks.extend(tail.parts().map(Block::Memory));
        blocks
    }

    pub(crate) fn columns(&self) -> Columns<'_> {
        Columns::new(&self.cache)
    }

    fn take_written(&self, segments: &[SegmentMeta]) -> Vec<Arc<Segment>> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        segments.iter().filter_map(|meta| written.remove(&meta.id)).collect()
    }

    fn live(&self) -> MutexGuard<'_, Live> {
        // Nothing that holds the lock can leave the lists half changed.
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rows that a bulk load sorts in memory at a time, some 100 bytes each.
const LOAD_ROWS_MAX: usize = 2_000_000;

#[cfg(test)]
mod tests;
