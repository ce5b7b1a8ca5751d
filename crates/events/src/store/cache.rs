//! Decoded columns of segments, kept within a bound: a warm question decodes nothing.
//!
//! What was used longest ago goes first. Reading happens outside the lock; two questions that miss the same column at
//! once both read it, and one of the two is kept.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::StoreError;
use super::column::Column;
use super::schema::Field;
use super::segment::Segment;

/// Segment, row group, column.
type Key = (u64, u32, Field);

#[derive(Debug)]
pub(crate) struct Cache {
    bytes_max: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    columns: HashMap<Key, (Arc<Column>, u64)>,
    /// By last use.
    uses: BTreeMap<u64, Key>,
    clock: u64,
    bytes: usize,
}

/// What an entry takes besides its column.
const ENTRY_BYTES: usize = 160;

impl Cache {
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self { bytes_max, kept: Mutex::default() }
    }

    /// From memory, else from the file.
    pub(crate) fn get(
        &self,
        segment: &Segment,
        group: usize,
        field: Field,
    ) -> Result<Arc<Column>, StoreError> {
        let key = (segment.number(), group as u32, field);
        if let Some(column) = self.lock().touch(key) {
            return Ok(column);
        }
        let column = Arc::new(segment.read(group, field)?);
        self.lock().keep(key, Arc::clone(&column), self.bytes_max);
        Ok(column)
    }

    /// Lets go of everything, as after a start.
    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    /// Lets go of a segment that is no longer asked.
    pub(crate) fn forget(&self, segment: u64) {
        let mut kept = self.lock();
        let gone: Vec<Key> = kept.columns.keys().filter(|key| key.0 == segment).copied().collect();
        gone.into_iter().for_each(|key| kept.remove(key));
    }

    pub(crate) fn bytes(&self) -> usize {
        self.lock().bytes
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn touch(&mut self, key: Key) -> Option<Arc<Column>> {
        let (column, used) = self.columns.get_mut(&key)?;
        self.uses.remove(used);
        self.clock += 1;
        *used = self.clock;
        self.uses.insert(self.clock, key);
        Some(Arc::clone(column))
    }

    fn keep(&mut self, key: Key, column: Arc<Column>, bytes_max: usize) {
        let bytes = column.bytes() + ENTRY_BYTES;
        if bytes > bytes_max {
            return;
        }
        self.remove(key);
        while self.bytes + bytes > bytes_max {
            let Some((_, oldest)) = self.uses.first_key_value() else { return };
            self.remove(*oldest);
        }
        self.clock += 1;
        self.bytes += bytes;
        self.uses.insert(self.clock, key);
        self.columns.insert(key, (column, self.clock));
    }

    fn remove(&mut self, key: Key) {
        if let Some((column, used)) = self.columns.remove(&key) {
            self.uses.remove(&used);
            self.bytes -= column.bytes() + ENTRY_BYTES;
        }
    }
}
