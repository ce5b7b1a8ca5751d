//! The newest rows, in memory: full parts, and one that still grows.
//!
//! Parts of the tail are small, because a question has to sort the one that still grows.

use std::sync::Arc;

use super::column::Part;
use super::open::Open;
use super::schema::Row;
use crate::Kind;

/// Rows of a part of the tail: sorting them takes a fraction of a millisecond. Tests have small ones.
const TAIL_PART_ROWS: usize = if cfg!(test) { 7 } else { 8_192 };

#[derive(Debug)]
pub(super) struct Tail {
    kind: Kind,
    parts: Vec<Arc<Part>>,
    open: Open,
    /// The growing part as the last question saw it.
    seen: Option<Arc<Part>>,
}

impl Tail {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, parts: Vec::new(), open: Open::new(kind), seen: None }
    }

    pub(super) fn push<R: Row>(&mut self, row: &R) {
        self.open.push(row);
        if self.open.rows() == TAIL_PART_ROWS {
            self.close();
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.parts.iter().map(|part| part.rows).sum::<usize>() + self.open.rows()
    }

    /// All rows so far.
    pub(super) fn parts(&mut self) -> impl Iterator<Item = Arc<Part>> {
        let is_current = self.seen.as_ref().is_some_and(|part| part.rows == self.open.rows());
        if !is_current && self.open.rows() > 0 {
            self.seen = Some(Arc::new(self.open.part()));
        }
        self.parts.iter().chain(&self.seen).map(Arc::clone)
    }

    /// All rows so far, which are no longer in the tail.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Arc<Part>> + use<> {
        if self.open.rows() > 0 {
            self.close();
        }
        std::mem::take(&mut self.parts).into_iter()
    }

    fn close(&mut self) {
        self.parts.push(Arc::new(self.open.part()));
        self.open = Open::new(self.kind);
        self.seen = None;
    }
}
