//! Many sorted sources into one sorted stream of full parts.
//!
//! Rows are moved in spans, not one by one: as long as a source is ahead of all others its rows are taken together,
//! which for links that are in one source only means all of them. Each span is then copied column by column. What stands in
//! memory is one block per source and the part that is being filled.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use uuid::Uuid;

use super::StoreError;
use super::block::Block;
use super::column::{Bits, Column, PART_ROWS_MAX, Part, Run, Runs, Values};
use super::open::Dictionary;
use super::schema::{Field, Shape, layout};
use super::write::Present;
use crate::Kind;

/// Which rows of a part go on; whoever drops rows says so here.
pub(super) trait Keep {
    /// The rows that stay, as ranges in order.
    fn kept(&self, part: &Arc<Part>) -> Result<Vec<Range<usize>>, StoreError>;
}

/// All of them.
pub(super) struct Everything;

impl Keep for Everything {
    fn kept(&self, part: &Arc<Part>) -> Result<Vec<Range<usize>>, StoreError> {
        Ok(std::iter::once(0..part.rows).collect())
    }
}

/// One sorted sequence of blocks.
pub(super) struct Input {
    blocks: std::vec::IntoIter<Block>,
    part: Arc<Part>,
    ranges: std::vec::IntoIter<Range<usize>>,
    /// What is left of the current range.
    rows: Range<usize>,
    run: usize,
}

type Key = (Uuid, Uuid, i64);

impl Input {
    fn new(kind: Kind, blocks: Vec<Block>) -> Self {
        let nothing = Arc::new(Part::new(kind, Vec::new()));
        Self { blocks: blocks.into_iter(), part: nothing, ranges: Vec::new().into_iter(), rows: 0..0, run: 0 }
    }

    /// The key of the next row, reading on if need be; `None` at the end.
    fn key(&mut self, keep: &dyn Keep) -> Result<Option<Key>, StoreError> {
        while self.rows.is_empty() {
            if let Some(rows) = self.ranges.next() {
                self.rows = rows;
            } else if let Some(block) = self.blocks.next() {
                self.part = loaded(&block)?;
                self.ranges = keep.kept(&self.part)?.into_iter();
            } else {
                return Ok(None);
            }
        }
        self.run = self.part.runs().run_of(self.rows.start);
        let run = self.part.runs().list()[self.run];
        Ok(Some((run.workspace, run.owner, self.part.times()[self.rows.start])))
    }

    /// How many of the next rows come before `other`, or with it if `is_first`; at least one.
    fn ahead(&self, other: Option<&Key>, is_first: bool) -> usize {
        let Some(other) = other else { return self.rows.len() };
        let (runs, times) = (self.part.runs(), self.part.times());
        let mut end = self.rows.start;
        let mut run = self.run;
        while end < self.rows.end {
            let Run { workspace, owner, .. } = runs.list()[run];
            let of_run = runs.rows_of(run).end.min(self.rows.end);
            match (workspace, owner).cmp(&(other.0, other.1)) {
                std::cmp::Ordering::Less => end = of_run,
                std::cmp::Ordering::Equal => {
                    let is_before = |at: &i64| *at < other.2 || is_first && *at == other.2;
                    let before = times[end..of_run].partition_point(is_before);
                    end += before;
                    if end < of_run {
                        break;
                    }
                }
                std::cmp::Ordering::Greater => break,
            }
            run += 1;
        }
        (end - self.rows.start).max(1)
    }
}

/// All columns of a block; those of a segment are read past the cache, which a merge would only empty.
pub(super) fn loaded(block: &Block) -> Result<Arc<Part>, StoreError> {
    match block {
        Block::Memory(part) => Ok(Arc::clone(part)),
        Block::Stored(segment, group) => {
            let read = |field: &Field| segment.read(*group, *field).map(Arc::new);
            let columns = layout(segment.meta.kind).iter().map(read).collect::<Result<_, _>>()?;
            Ok(Arc::new(Part::new(segment.meta.kind, columns)))
        }
    }
}

/// The sources of a merge.
pub(super) struct Merge<'m> {
    kind: Kind,
    inputs: Vec<Input>,
    keep: &'m dyn Keep,
    next: BinaryHeap<Reverse<(Key, usize)>>,
}

impl<'m> Merge<'m> {
    /// Of equal rows, those of the earlier source come first.
    pub(super) fn new(kind: Kind, sources: Vec<Vec<Block>>, keep: &'m dyn Keep) -> Result<Self, StoreError> {
        let mut inputs: Vec<Input> = sources.into_iter().map(|blocks| Input::new(kind, blocks)).collect();
        let mut next = BinaryHeap::new();
        for (at, input) in inputs.iter_mut().enumerate() {
            if let Some(key) = input.key(keep)? {
                next.push(Reverse((key, at)));
            }
        }
        Ok(Self { kind, inputs, keep, next })
    }

    /// The next rows, as many as a part holds unless they are the last; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Part>, StoreError> {
        let mut spans: Vec<(Arc<Part>, Range<usize>)> = Vec::new();
        let mut room = PART_ROWS_MAX;
        while room > 0
            && let Some(Reverse((_, at))) = self.next.pop()
        {
            let other = self.next.peek().map(|Reverse((key, other))| (key, *other));
            let input = &mut self.inputs[at];
            let is_first = other.is_some_and(|(_, other)| at < other);
            let count = input.ahead(other.map(|(key, _)| key), is_first).min(room);
            let rows = input.rows.start..input.rows.start + count;
            input.rows.start = rows.end;
            room -= count;
            match spans.last_mut() {
                Some((part, last)) if Arc::ptr_eq(part, &input.part) && last.end == rows.start => {
                    last.end = rows.end;
                }
                _ => spans.push((Arc::clone(&input.part), rows)),
            }
            if let Some(key) = input.key(self.keep)? {
                self.next.push(Reverse((key, at)));
            }
        }
        Ok((!spans.is_empty()).then(|| copied(self.kind, &spans)))
    }
}

/// The columns that any of the sources has.
pub(super) fn present<'b>(kind: Kind, blocks: impl Iterator<Item = &'b Block>) -> Present {
    let mut present = Present::new(kind);
    for block in blocks {
        match block {
            Block::Memory(part) => present.add_part(part),
            Block::Stored(segment, _) => {
                let there =
                    layout(kind).iter().enumerate().filter(|(_, field)| !segment.is_left_out(**field));
                there.for_each(|(place, _)| present.add(place));
            }
        }
    }
    present
}

type Spans = [(Arc<Part>, Range<usize>)];

fn copied(kind: Kind, spans: &Spans) -> Part {
    let column = |place: usize, field: &Field| match field.shape() {
        Shape::Sort => Column::Sort(runs(spans)),
        Shape::Time => Column::Times(gathered(spans, |part, rows| match &*part.columns[place] {
            Column::Times(times) => times[rows].to_vec(),
            _ => Vec::new(),
        })),
        Shape::Hash => Column::Hashes(gathered(spans, |part, rows| match &*part.columns[place] {
            Column::Hashes(hashes) => hashes[rows].to_vec(),
            _ => Vec::new(),
        })),
        Shape::Microseconds => Column::Numbers(gathered(spans, |part, rows| match &*part.columns[place] {
            Column::Numbers(numbers) => numbers[rows].to_vec(),
            _ => Vec::new(),
        })),
        Shape::UniqueId(_) => Column::UniqueIds(gathered(spans, |part, rows| match &*part.columns[place] {
            Column::UniqueIds(ids) => ids[rows].to_vec(),
            _ => Vec::new(),
        })),
        Shape::Flag => {
            let flags = gathered(spans, |part, rows| match &*part.columns[place] {
                Column::Flags(bits) => rows.map(|row| bits.at(row)).collect(),
                _ => Vec::new(),
            });
            Column::Flags(Bits::new(flags.into_iter()))
        }
        Shape::Text | Shape::Id(_) | Shape::Number => coded(spans, place, field.shape()),
    };
    let columns = layout(kind).iter().enumerate().map(|(place, field)| Arc::new(column(place, field)));
    Part::new(kind, columns.collect())
}

fn gathered<V>(spans: &Spans, rows: impl Fn(&Part, Range<usize>) -> Vec<V>) -> Vec<V> {
    let mut all = Vec::with_capacity(PART_ROWS_MAX);
    for (part, range) in spans {
        all.append(&mut rows(part, range.clone()));
    }
    all
}

fn runs(spans: &Spans) -> Runs {
    let keys = spans.iter().flat_map(|(part, rows)| {
        let runs = part.runs();
        let first = runs.run_of(rows.start);
        let of_run = move |run: usize| {
            let Run { workspace, owner, .. } = runs.list()[run];
            let all = runs.rows_of(run);
            let count = all.end.min(rows.end).saturating_sub(all.start.max(rows.start));
            std::iter::repeat_n((workspace, owner), count)
        };
        (first..runs.list().len()).take_while(|run| runs.rows_of(*run).start < rows.end).flat_map(of_run)
    });
    Runs::new(keys)
}

const UNKNOWN: u32 = u32::MAX;

/// Codes of the sources become codes of the new part as they are met.
fn coded(spans: &Spans, place: usize, shape: Shape) -> Column {
    let mut known: HashMap<*const Part, Vec<u32>> = HashMap::new();
    let (mut texts, mut ids, mut numbers) =
        (Dictionary::default(), Dictionary::default(), Dictionary::default());
    for (part, rows) in spans {
        let Column::Coded(codes, values) = &*part.columns[place] else { continue };
        let map = known.entry(Arc::as_ptr(part)).or_insert_with(|| vec![UNKNOWN; values.len()]);
        for row in rows.clone() {
            let code = codes.at(row);
            if map[code] == UNKNOWN {
                map[code] = u32::from(match values {
                    Values::Text(values) => texts.code(&*values[code], || Arc::clone(&values[code])),
                    Values::Ids(values) => ids.code(&values[code], || values[code]),
                    Values::Numbers(values) => numbers.code(&values[code], || values[code]),
                });
            }
            let new = map[code] as u16;
            match shape {
                Shape::Id(_) => ids.push_code(new),
                Shape::Number => numbers.push_code(new),
                _ => texts.push_code(new),
            }
        }
    }
    match shape {
        Shape::Id(_) => {
            let (codes, values) = ids.into_codes();
            Column::Coded(codes, Values::Ids(values))
        }
        Shape::Number => {
            let (codes, values) = numbers.into_codes();
            Column::Coded(codes, Values::Numbers(values))
        }
        _ => {
            let (codes, values) = texts.into_codes();
            Column::Coded(codes, Values::Text(values))
        }
    }
}
