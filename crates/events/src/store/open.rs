//! Rows as they come in: unsorted, text already turned into codes, until they are many enough to become a part.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use uuid::Uuid;

use super::column::{Bits, Codes, Column, PART_ROWS_MAX, Part, Runs, Values};
use super::schema::{Field, Row, Shape, layout};
use crate::Kind;

/// Rows of one kind that can still be added to.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    kind: Kind,
    rows: usize,
    columns: Vec<Growing>,
}

#[derive(Debug, Clone)]
enum Growing {
    Keys(Vec<(Uuid, Uuid)>),
    Times(Vec<i64>),
    Flags(Vec<bool>),
    Hashes(Vec<u64>),
    Text(Dictionary<Arc<str>>),
    Ids(Dictionary<Uuid>),
    Small(Dictionary<u64>),
    UniqueIds(Vec<Uuid>),
    Numbers(Vec<u32>),
}

/// Codes, and the values they stand for in the order of their first use.
#[derive(Debug, Clone)]
pub(crate) struct Dictionary<V> {
    codes: Vec<u16>,
    values: Vec<V>,
    places: HashMap<V, u16>,
}

impl<V> Default for Dictionary<V> {
    fn default() -> Self {
        Self { codes: Vec::new(), values: Vec::new(), places: HashMap::new() }
    }
}

impl<V: Clone + Eq + Hash> Dictionary<V> {
    /// The code of a value, which is new if it was never seen. A part has too few rows for codes to run out.
    pub(crate) fn code<Q>(&mut self, value: &Q, owned: impl FnOnce() -> V) -> u16
    where
        V: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        if let Some(code) = self.places.get(value) {
            return *code;
        }
        let code = u16::try_from(self.values.len()).unwrap_or(u16::MAX);
        let value = owned();
        self.values.push(value.clone());
        self.places.insert(value, code);
        code
    }

    fn push<Q>(&mut self, value: &Q, owned: impl FnOnce() -> V)
    where
        V: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        // Neighbours are often equal: a page of clicks on one link from one place.
        let last = self.codes.last().copied();
        let code = match last {
            Some(last) if self.values[usize::from(last)].borrow() == value => last,
            _ => self.code(value, owned),
        };
        self.codes.push(code);
    }

    pub(crate) fn push_code(&mut self, code: u16) {
        self.codes.push(code);
    }

    pub(crate) fn into_codes(self) -> (Codes, Vec<V>) {
        (Codes::new(self.codes, self.values.len()), self.values)
    }

    fn reordered(&self, order: &[u32]) -> Codes {
        Codes::new(order.iter().map(|row| self.codes[*row as usize]).collect(), self.values.len())
    }
}

impl Open {
    pub(crate) fn new(kind: Kind) -> Self {
        let column = |field: &Field| match field.shape() {
            Shape::Sort => Growing::Keys(Vec::new()),
            Shape::Time => Growing::Times(Vec::new()),
            Shape::Flag => Growing::Flags(Vec::new()),
            Shape::Hash => Growing::Hashes(Vec::new()),
            Shape::Text => Growing::Text(Dictionary::default()),
            Shape::Id(_) => Growing::Ids(Dictionary::default()),
            Shape::Number => Growing::Small(Dictionary::default()),
            Shape::UniqueId(_) => Growing::UniqueIds(Vec::new()),
            Shape::Microseconds => Growing::Numbers(Vec::new()),
        };
        Self { kind, rows: 0, columns: layout(kind).iter().map(column).collect() }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Adds a row of this kind; there must be fewer than [`PART_ROWS_MAX`].
    pub(crate) fn push<R: Row>(&mut self, row: &R) {
        debug_assert!(self.rows < PART_ROWS_MAX && R::KIND == self.kind);
        for (field, column) in layout(self.kind).iter().zip(&mut self.columns) {
            match column {
                Growing::Keys(keys) => keys.push(row.key()),
                Growing::Times(times) => times.push(row.at_ms()),
                Growing::Flags(flags) => flags.push(row.number(*field) != 0),
                Growing::Hashes(hashes) => hashes.push(row.number(*field)),
                Growing::Text(texts) => {
                    let text = row.text(*field);
                    texts.push(text, || Arc::from(text));
                }
                Growing::Ids(ids) => {
                    let id = row.id(*field);
                    ids.push(&id, || id);
                }
                Growing::Small(numbers) => {
                    let number = row.number(*field);
                    numbers.push(&number, || number);
                }
                Growing::UniqueIds(ids) => ids.push(row.id(*field)),
                Growing::Numbers(numbers) => {
                    numbers.push(u32::try_from(row.number(*field)).unwrap_or(u32::MAX));
                }
            }
        }
        self.rows += 1;
    }

    /// The rows so far, sorted; rows of one link and one moment stay in the order they came.
    pub(crate) fn part(&self) -> Part {
        let order = self.order();
        let pick = |row: &u32| *row as usize;
        let column = |growing: &Growing| match growing {
            Growing::Keys(keys) => Column::Sort(Runs::new(order.iter().map(|row| keys[pick(row)]))),
            Growing::Times(times) => Column::Times(order.iter().map(|row| times[pick(row)]).collect()),
            Growing::Flags(flags) => Column::Flags(Bits::new(order.iter().map(|row| flags[pick(row)]))),
            Growing::Hashes(hashes) => Column::Hashes(order.iter().map(|row| hashes[pick(row)]).collect()),
            Growing::Text(texts) => {
                Column::Coded(texts.reordered(&order), Values::Text(texts.values.clone()))
            }
            Growing::Ids(ids) => Column::Coded(ids.reordered(&order), Values::Ids(ids.values.clone())),
            Growing::Small(numbers) => {
                Column::Coded(numbers.reordered(&order), Values::Numbers(numbers.values.clone()))
            }
            Growing::UniqueIds(ids) => Column::UniqueIds(order.iter().map(|row| ids[pick(row)]).collect()),
            Growing::Numbers(numbers) => {
                Column::Numbers(order.iter().map(|row| numbers[pick(row)]).collect())
            }
        };
        Part::new(self.kind, self.columns.iter().map(|growing| Arc::new(column(growing))).collect())
    }

    fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..u32::try_from(self.rows).unwrap_or(u32::MAX)).collect();
        if let (Growing::Keys(keys), Growing::Times(times)) = (&self.columns[0], &self.columns[1]) {
            order.sort_by_key(|row| (keys[*row as usize], times[*row as usize]));
        }
        order
    }
}
