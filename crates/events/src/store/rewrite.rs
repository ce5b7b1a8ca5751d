//! Retention and erasure: segments without the rows that must go.
//!
//! Only segments that hold such a row are written again. Rows in memory are not looked at: whoever erases sets the tail apart and
//! has it adopted first.

use std::ops::Range;
use std::sync::Arc;

use tessera_types::{LinkId, WorkspaceId};
use uuid::Uuid;

use super::block::Block;
use super::column::{Column, Part};
use super::compaction::blocks;
use super::merge::{self, Keep};
use super::schema::{Field, place};
use super::segment::Segment;
use super::{SegmentMeta, Store, StoreError};
use crate::Kind;

/// Which rows must go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// Rows of a kind from before this moment.
    Before { kind: Kind, cutoff_ms: i64 },
    /// Clicks of one visitor.
    Visitor { workspace: WorkspaceId, visitor: u64 },
    /// Clicks on a link.
    Link { workspace: WorkspaceId, link: LinkId },
}

/// Segments to be exchanged, see [`Store::replace`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewritten {
    pub old: Vec<Uuid>,
    pub new: Vec<SegmentMeta>,
    pub rows_removed: u64,
}

impl Store {
    /// Writes anew, without the rows that must go, each segment that has such rows. The exchange is the caller's: commit it,
    /// then [`Store::replace`].
    ///
    /// # Errors
    ///
    /// If the disk is full or broken, or a segment is damaged; nothing of the new ones stays then.
    pub fn rewrite(
        &self,
        removal: &Removal,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<Rewritten, StoreError> {
        let live = self.live().segments.clone();
        let mut rewritten = Rewritten::default();
        for segment in live.iter().filter(|segment| removal.concerns(segment)) {
            let result = self.without(segment, removal, new_id, &mut rewritten);
            if let Err(error) = result {
                self.discard(&rewritten.new);
                return Err(error);
            }
        }
        Ok(rewritten)
    }

    fn without(
        &self,
        segment: &Arc<Segment>,
        removal: &Removal,
        new_id: &mut dyn FnMut() -> Uuid,
        rewritten: &mut Rewritten,
    ) -> Result<(), StoreError> {
        if !self.has_any(segment, removal)? {
            return Ok(());
        }
        let mut new = self.merged(segment.meta.kind, vec![blocks(segment)], removal, new_id)?;
        let left: u64 = new.iter().map(|meta| meta.rows).sum();
        rewritten.rows_removed += segment.meta.rows - left;
        rewritten.old.push(segment.meta.id);
        rewritten.new.append(&mut new);
        Ok(())
    }

    /// Whether a segment has rows that must go; only row groups that may are read.
    fn has_any(&self, segment: &Arc<Segment>, removal: &Removal) -> Result<bool, StoreError> {
        for (group, block) in blocks(segment).iter().enumerate() {
            if removal.may_concern(block) {
                let part = merge::loaded(block)?;
                let kept: usize = removal.kept(&part)?.iter().map(Range::len).sum();
                if kept < segment.group(group).rows {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

impl Removal {
    fn concerns(&self, segment: &Segment) -> bool {
        let meta = &segment.meta;
        match self {
            Self::Before { kind, cutoff_ms } => meta.kind == *kind && meta.first_ms < *cutoff_ms,
            Self::Visitor { .. } | Self::Link { .. } => meta.kind == Kind::Click,
        }
    }

    fn may_concern(&self, block: &Block) -> bool {
        match self {
            Self::Before { cutoff_ms, .. } => block.first_ms() < *cutoff_ms,
            Self::Visitor { workspace, .. } | Self::Link { workspace, .. } => {
                block.may_hold(workspace.uuid())
            }
        }
    }
}

impl Keep for Removal {
    fn kept(&self, part: &Arc<Part>) -> Result<Vec<Range<usize>>, StoreError> {
        let (runs, times) = (part.runs(), part.times());
        let visitors = place(part.kind, Field::Visitor).map(|place| &*part.columns[place]);
        let mut kept = Vec::<Range<usize>>::new();
        let mut keep = |rows: Range<usize>| match kept.last_mut() {
            _ if rows.is_empty() => {}
            Some(last) if last.end == rows.start => last.end = rows.end,
            _ => kept.push(rows),
        };
        for (at, run) in runs.list().iter().enumerate() {
            let rows = runs.rows_of(at);
            match self {
                Self::Before { cutoff_ms, .. } => {
                    let gone = times[rows.clone()].partition_point(|time| time < cutoff_ms);
                    keep(rows.start + gone..rows.end);
                }
                Self::Visitor { workspace, visitor } if workspace.uuid() == run.workspace => {
                    if let Some(Column::Hashes(visitors)) = visitors {
                        rows.filter(|row| visitors[*row] != *visitor).for_each(|row| keep(row..row + 1));
                    }
                }
                Self::Link { workspace, link }
                    if workspace.uuid() == run.workspace && link.uuid() == run.owner => {}
                _ => keep(rows),
            }
        }
        Ok(kept)
    }
}
