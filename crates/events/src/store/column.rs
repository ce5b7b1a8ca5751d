//! Rows as columns in memory: what a question is answered from, wherever the rows came from.
//!
//! A [`Part`] holds at most 65,536 rows sorted by (workspace, link or key, time), so a code of 16 bits always
//! suffices and the rows of one link stand together in the order of time. A part never changes once it is made.

use std::ops::Range;
use std::sync::Arc;

use uuid::Uuid;

use super::schema::{Field, place};
use crate::Kind;

/// Rows of a part in memory, and of a row group in a file. Tests have small ones, so that few rows make many.
pub(crate) const PART_ROWS_MAX: usize = if cfg!(test) { 24 } else { 65_536 };

#[derive(Debug)]
pub(crate) enum Column {
    Sort(Runs),
    Times(Vec<i64>),
    Flags(Bits),
    Hashes(Vec<u64>),
    Coded(Codes, Values),
    UniqueIds(Vec<Uuid>),
    Numbers(Vec<u32>),
}

impl Column {
    /// Roughly what it takes of memory.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Sort(runs) => runs.list.len() * size_of::<Run>(),
            Self::Times(times) => times.len() * 8,
            Self::Flags(bits) => bits.words.len() * 8,
            Self::Hashes(hashes) => hashes.len() * 8,
            Self::Coded(codes, values) => codes.bytes() + values.bytes(),
            Self::UniqueIds(ids) => ids.len() * 16,
            Self::Numbers(numbers) => numbers.len() * 4,
        }
    }
}

/// A code per row.
#[derive(Debug)]
pub(crate) enum Codes {
    /// Every row has the first value.
    Same,
    Bytes(Vec<u8>),
    Words(Vec<u16>),
}

impl Codes {
    pub(crate) fn new(codes: Vec<u16>, values: usize) -> Self {
        match values {
            0 | 1 => Self::Same,
            2..=256 => Self::Bytes(codes.into_iter().map(|code| code.to_le_bytes()[0]).collect()),
            _ => Self::Words(codes),
        }
    }

    pub(crate) fn at(&self, row: usize) -> usize {
        match self {
            Self::Same => 0,
            Self::Bytes(codes) => usize::from(codes[row]),
            Self::Words(codes) => usize::from(codes[row]),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Same => 0,
            Self::Bytes(codes) => codes.len(),
            Self::Words(codes) => codes.len() * 2,
        }
    }
}

/// What codes stand for.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    Text(Vec<Arc<str>>),
    Ids(Vec<Uuid>),
    Numbers(Vec<u64>),
}

impl Values {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Ids(values) => values.len(),
            Self::Numbers(values) => values.len(),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            // A pointer and a length, two counts beside the text, and what the allocator rounds up.
            Self::Text(values) => values.iter().map(|text| 40 + text.len()).sum(),
            Self::Ids(values) => values.len() * 16,
            Self::Numbers(values) => values.len() * 8,
        }
    }

    pub(crate) fn text(&self, code: usize) -> &str {
        match self {
            Self::Text(values) => values.get(code).map_or("", |text| text),
            Self::Ids(_) | Self::Numbers(_) => "",
        }
    }
}

/// A bit per row.
#[derive(Debug, Default)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    pub(crate) fn new(flags: impl ExactSizeIterator<Item = bool>) -> Self {
        let mut words = vec![0u64; flags.len().div_ceil(64)];
        for (row, _) in flags.enumerate().filter(|(_, is_set)| *is_set) {
            words[row / 64] |= 1 << (row % 64);
        }
        Self { words }
    }

    pub(crate) fn at(&self, row: usize) -> bool {
        self.words[row / 64] >> (row % 64) & 1 == 1
    }

    /// How many are set in a range of rows.
    pub(crate) fn count(&self, rows: Range<usize>) -> u64 {
        if rows.is_empty() {
            return 0;
        }
        let (first, last) = (rows.start / 64, (rows.end - 1) / 64);
        let head = u64::MAX << (rows.start % 64);
        let tail = u64::MAX >> (63 - (rows.end - 1) % 64);
        if first == last {
            return u64::from((self.words[first] & head & tail).count_ones());
        }
        let inner: u32 = self.words[first + 1..last].iter().map(|word| word.count_ones()).sum();
        let ends = (self.words[first] & head).count_ones() + (self.words[last] & tail).count_ones();
        u64::from(inner + ends)
    }
}

/// Rows next to each other that share a workspace and a link or key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) workspace: Uuid,
    pub(crate) owner: Uuid,
    pub(crate) start: u32,
}

/// The runs of a part, in order.
#[derive(Debug)]
pub(crate) struct Runs {
    list: Vec<Run>,
    rows: u32,
}

impl Runs {
    /// From the key of each row, which must be sorted.
    pub(crate) fn new(keys: impl Iterator<Item = (Uuid, Uuid)>) -> Self {
        let (mut list, mut rows) = (Vec::<Run>::new(), 0);
        for (workspace, owner) in keys {
            if list.last().is_none_or(|run| (run.workspace, run.owner) != (workspace, owner)) {
                list.push(Run { workspace, owner, start: rows });
            }
            rows += 1;
        }
        Self { list, rows }
    }

    pub(crate) fn from_list(list: Vec<Run>, rows: u32) -> Self {
        Self { list, rows }
    }

    pub(crate) fn list(&self) -> &[Run] {
        &self.list
    }

    pub(crate) fn rows_of(&self, run: usize) -> Range<usize> {
        let end = self.list.get(run + 1).map_or(self.rows, |next| next.start);
        self.list[run].start as usize..end as usize
    }

    /// The run that a row is in.
    pub(crate) fn run_of(&self, row: usize) -> usize {
        self.list.partition_point(|run| run.start as usize <= row).saturating_sub(1)
    }

    /// The runs of one workspace.
    pub(crate) fn of_workspace(&self, workspace: Uuid) -> Range<usize> {
        let start = self.list.partition_point(|run| run.workspace < workspace);
        let length = self.list[start..].partition_point(|run| run.workspace == workspace);
        start..start + length
    }
}

/// Sorted rows with all their columns, in the order of the layout.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) kind: Kind,
    pub(crate) rows: usize,
    /// Of the earliest and the latest row.
    pub(crate) first_ms: i64,
    pub(crate) last_ms: i64,
    pub(crate) columns: Vec<Arc<Column>>,
}

impl Part {
    /// `columns` in the order of the layout, the first two being runs and times.
    pub(crate) fn new(kind: Kind, columns: Vec<Arc<Column>>) -> Self {
        let (mut rows, mut first_ms, mut last_ms) = (0, i64::MAX, i64::MIN);
        if let Some(Column::Times(times)) = columns.get(1).map(|column| &**column) {
            rows = times.len();
            first_ms = times.iter().copied().min().unwrap_or(i64::MAX);
            last_ms = times.iter().copied().max().unwrap_or(i64::MIN);
        }
        Self { kind, rows, first_ms, last_ms, columns }
    }

    pub(crate) fn runs(&self) -> &Runs {
        match &*self.columns[0] {
            Column::Sort(runs) => runs,
            _ => unreachable!("the first column of a part is its runs"),
        }
    }

    pub(crate) fn times(&self) -> &[i64] {
        match &*self.columns[1] {
            Column::Times(times) => times,
            _ => unreachable!("the second column of a part is its times"),
        }
    }

    pub(crate) fn column(&self, field: Field) -> Option<&Arc<Column>> {
        place(self.kind, field).map(|place| &self.columns[place])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_across_and_inside_words() {
        // Every third row of 200 is set.
        let bits = Bits::new((0..200).map(|row| row % 3 == 0));
        for (start, end) in [(0, 200), (0, 0), (5, 6), (6, 7), (1, 63), (60, 70), (64, 128), (63, 193)] {
            let expected = (start..end).filter(|row| row % 3 == 0).count() as u64;
            assert_eq!(bits.count(start..end), expected, "{start}..{end}");
        }
    }

    #[test]
    fn runs_know_their_rows_and_their_workspace() {
        let id = Uuid::from_u128;
        let keys = [(1, 1), (1, 1), (1, 2), (3, 1), (3, 1), (3, 1)];
        let runs = Runs::new(keys.iter().map(|(workspace, owner)| (id(*workspace), id(*owner))));
        assert_eq!(runs.list().len(), 3);
        assert_eq!(runs.rows_of(0), 0..2);
        assert_eq!(runs.rows_of(2), 3..6);
        assert_eq!(runs.of_workspace(id(1)), 0..2);
        assert_eq!(runs.of_workspace(id(2)), 2..2);
        assert_eq!(runs.of_workspace(id(3)), 2..3);
        assert_eq!((runs.run_of(0), runs.run_of(2), runs.run_of(5)), (0, 1, 2));
    }
}
