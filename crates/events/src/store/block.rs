//! Rows where they are, in memory or in a segment, as the scan and the merge see them: columns on request.

use std::sync::Arc;

use uuid::Uuid;

use super::StoreError;
use super::cache::Cache;
use super::column::{Codes, Column, Part, Values};
use super::schema::{Field, Shape};
use super::segment::Segment;

/// At most 65,536 sorted rows.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    Memory(Arc<Part>),
    /// A row group of a segment.
    Stored(Arc<Segment>, usize),
}

impl Block {
    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Memory(part) => part.rows,
            Self::Stored(segment, group) => segment.group(*group).rows,
        }
    }

    pub(crate) fn first_ms(&self) -> i64 {
        match self {
            Self::Memory(part) => part.first_ms,
            Self::Stored(segment, group) => segment.group(*group).first_ms,
        }
    }

    pub(crate) fn last_ms(&self) -> i64 {
        match self {
            Self::Memory(part) => part.last_ms,
            Self::Stored(segment, group) => segment.group(*group).last_ms,
        }
    }

    /// Whether rows of a workspace may be in it.
    pub(crate) fn may_hold(&self, workspace: Uuid) -> bool {
        match self {
            Self::Memory(part) => !part.runs().of_workspace(workspace).is_empty(),
            Self::Stored(segment, group) => segment.group(*group).workspaces.contains(&workspace),
        }
    }
}

/// Where columns are got from: blocks in memory have them, others come from a cache or are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns<'c> {
    cache: &'c Cache,
}

impl<'c> Columns<'c> {
    pub(crate) fn new(cache: &'c Cache) -> Self {
        Self { cache }
    }

    /// A column of a block; of a kind that does not have it, or a file that left it out, the empty one.
    pub(crate) fn get(&self, block: &Block, field: Field) -> Result<Arc<Column>, StoreError> {
        match block {
            Block::Memory(part) => {
                Ok(part.column(field).map_or_else(|| Arc::new(nothing(field)), Arc::clone))
            }
            Block::Stored(segment, group) => self.cache.get(segment, *group, field),
        }
    }
}

/// A column in which every row has none.
pub(super) fn nothing(field: Field) -> Column {
    let values = match field.shape() {
        Shape::Id(_) => Values::Ids(vec![Uuid::nil()]),
        Shape::Number => Values::Numbers(vec![0]),
        _ => Values::Text(vec![Arc::from("")]),
    };
    Column::Coded(Codes::Same, values)
}
