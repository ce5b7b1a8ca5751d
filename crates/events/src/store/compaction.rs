//! Few and large segments out of many small ones.
//!
//! Segments are in tiers by their rows, each tier four times the one below; four of a tier become one of the
//! next. So a row is written about once per tier, and of a year's hundred million rows there are a few dozen segments. What has
//! [`SEGMENT_ROWS_MAX`] rows is left alone.

use std::sync::{Arc, PoisonError};

use uuid::Uuid;

use super::block::Block;
use super::merge::{self, Keep, Merge};
use super::segment::Segment;
use super::{SegmentMeta, Store, StoreError};
use crate::Kind;

/// Rows of a segment; more become another one.
pub const SEGMENT_ROWS_MAX: u64 = 64 << 20;
/// Segments of a tier that are left as they are.
const TIER_SEGMENTS_MAX: usize = 3;
/// Segments that are merged at once, for each of which a row group is in memory.
const MERGED_MAX: usize = 8;
/// The first tier ends here.
const FIRST_TIER_ROWS: u64 = 65_536;

/// Segments to be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compaction {
    pub kind: Kind,
    pub segments: Vec<Uuid>,
}

impl Store {
    /// What to merge next, smallest first; `None` if all is well.
    pub fn compaction(&self) -> Option<Compaction> {
        let segments = self.segments();
        [Kind::Click, Kind::Request].into_iter().find_map(|kind| choose(kind, &segments))
    }

    /// Writes the merged segments, next to the old ones. They answer after [`Store::replace`], once that is committed.
    /// Segments are exchanged by one at a time: two at once could each bring back what the other removed.
    ///
    /// # Errors
    ///
    /// If the disk is full or broken, or an old segment is damaged; nothing of the new ones stays then.
    pub fn merge(
        &self,
        compaction: &Compaction,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<Vec<SegmentMeta>, StoreError> {
        let live = self.live().segments.clone();
        let chosen = live.iter().filter(|segment| compaction.segments.contains(&segment.meta.id));
        let sources = chosen.map(blocks).collect();
        self.merged(compaction.kind, sources, &merge::Everything, new_id)
    }

    /// Writes what `keep` leaves of sorted sources.
    pub(super) fn merged(
        &self,
        kind: Kind,
        sources: Vec<Vec<Block>>,
        keep: &dyn Keep,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<Vec<SegmentMeta>, StoreError> {
        let present = merge::present(kind, sources.iter().flatten());
        let mut merge = Merge::new(kind, sources, keep)?;
        let (mut done, mut growing) = (Vec::<Arc<Segment>>::new(), None);
        let result = (|| {
            while let Some(part) = merge.next()? {
                let file = match &mut growing {
                    Some(file) => file,
                    none => none.insert(self.directory.begin(new_id(), kind, present.clone())?),
                };
                file.write(&part)?;
                if file.rows() >= SEGMENT_ROWS_MAX
                    && let Some(file) = growing.take()
                {
                    done.push(file.finish()?);
                }
            }
            if let Some(file) = growing.take() {
                done.push(file.finish()?);
            }
            Ok(())
        })();
        if let Err(error) = result {
            done.iter().for_each(|segment| super::directory::delete(segment.path()));
            return Err(error);
        }
        let metas = done.iter().map(|segment| segment.meta).collect();
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend(done.into_iter().map(|segment| (segment.meta.id, segment)));
        Ok(metas)
    }
}

pub(super) fn blocks(segment: &Arc<Segment>) -> Vec<Block> {
    (0..segment.groups()).map(|group| Block::Stored(Arc::clone(segment), group)).collect()
}

fn tier(rows: u64) -> u32 {
    (rows / FIRST_TIER_ROWS).checked_ilog2().map_or(0, |log| log / 2 + 1)
}

fn choose(kind: Kind, segments: &[SegmentMeta]) -> Option<Compaction> {
    let mut small: Vec<&SegmentMeta> =
        segments.iter().filter(|meta| meta.kind == kind && meta.rows < SEGMENT_ROWS_MAX).collect();
    small.sort_by_key(|meta| (meta.rows, meta.id));
    let tiers = small.chunk_by(|a, b| tier(a.rows) == tier(b.rows));
    let mut full = tiers.filter(|tier| tier.len() > TIER_SEGMENTS_MAX);
    let segments = full.next()?.iter().take(MERGED_MAX).map(|meta| meta.id).collect();
    Some(Compaction { kind, segments })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(id: u128, rows: u64) -> SegmentMeta {
        SegmentMeta { id: Uuid::from_u128(id), kind: Kind::Click, rows, first_ms: 0, last_ms: 0, bytes: 0 }
    }

    fn chosen(rows: &[u64]) -> Vec<u128> {
        let metas: Vec<SegmentMeta> =
            rows.iter().enumerate().map(|(at, rows)| meta(at as u128, *rows)).collect();
        let ids = choose(Kind::Click, &metas).map_or(Vec::new(), |compaction| compaction.segments);
        ids.iter().map(Uuid::as_u128).collect()
    }

    #[test]
    fn four_of_a_tier_are_merged_and_three_are_left() {
        assert_eq!(chosen(&[10, 20, 30]), [0u128; 0]);
        assert_eq!(chosen(&[10, 2_000_000, 20, 30, 65_535]), [0, 2, 3, 4]);
        assert_eq!(chosen(&[65_536, 200_000, 262_143, 100_000, 262_144]), [0, 3, 1, 2]);
        assert_eq!(choose(Kind::Request, &[meta(1, 1); 9]), None);
    }

    #[test]
    fn a_hundred_million_rows_in_small_segments_end_up_in_few() {
        let mut metas: Vec<SegmentMeta> = Vec::new();
        let (mut next, mut rewritten) = (0, 0);
        for _ in 0..1_000 {
            next += 1;
            metas.push(meta(next, 100_000));
            while let Some(Compaction { segments, .. }) = choose(Kind::Click, &metas) {
                let rows =
                    metas.iter().filter(|meta| segments.contains(&meta.id)).map(|meta| meta.rows).sum();
                metas.retain(|meta| !segments.contains(&meta.id));
                next += 1;
                rewritten += rows;
                metas.push(meta(next, rows));
            }
        }
        assert_eq!(metas.iter().map(|meta| meta.rows).sum::<u64>(), 100_000_000);
        assert!(metas.len() <= 15, "{} segments", metas.len());
        assert!(rewritten <= 600_000_000, "{rewritten} rows written again");
    }

    #[test]
    fn what_is_large_enough_is_left_alone() {
        assert_eq!(chosen(&[SEGMENT_ROWS_MAX; 9]), [0u128; 0]);
    }
}
