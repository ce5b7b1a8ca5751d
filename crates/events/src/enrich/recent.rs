//! A bounded memory of what was worked out lately, keyed by a hash that nobody outside can aim.
//!
//! Keys are 64 bits of a keyed hash (or an offset in a file of ours) and stand for the whole text: the text itself is
//! not kept, so a collision would hand out the other one's answer. At the bound, 2^14 entries, that happens once in
//! about 2^50 new texts. What was not used since the hand last passed makes room (the clock algorithm, Corbató 1968).

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

pub(super) struct Recent<V> {
    places: HashMap<u64, usize, BuildHasherDefault<Spread>>,
    entries: Vec<Entry<V>>,
    hand: usize,
    entries_max: usize,
}

struct Entry<V> {
    key: u64,
    was_used: bool,
    value: V,
}

impl<V> Recent<V> {
    pub(super) fn new(entries_max: usize) -> Self {
        Self { places: HashMap::default(), entries: Vec::new(), hand: 0, entries_max: entries_max.max(1) }
    }

    /// Where the value of this key stands. The place is good until the next [`Recent::keep`].
    pub(super) fn find(&mut self, key: u64) -> Option<usize> {
        let at = *self.places.get(&key)?;
        self.entries[at].was_used = true;
        Some(at)
    }

    pub(super) fn at(&self, place: usize) -> &V {
        &self.entries[place].value
    }

    /// Keeps a value for a key that was not found, and answers where.
    pub(super) fn keep(&mut self, key: u64, value: V) -> usize {
        let entry = Entry { key, was_used: false, value };
        let at = if self.entries.len() < self.entries_max {
            self.entries.push(entry);
            self.entries.len() - 1
        } else {
            let at = self.make_room();
            self.places.remove(&self.entries[at].key);
            self.entries[at] = entry;
            at
        };
        self.places.insert(key, at);
        at
    }

    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.entries.clear();
        self.hand = 0;
    }

    /// The place of an entry that was not used for a whole turn of the hand.
    fn make_room(&mut self) -> usize {
        loop {
            let at = self.hand;
            self.hand = (at + 1) % self.entries.len();
            if !std::mem::take(&mut self.entries[at].was_used) {
                return at;
            }
        }
    }
}

/// Keys are hashes already; offsets are not, so their bits are spread once.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte) ^ self.0);
        }
    }

    fn write_u64(&mut self, key: u64) {
        // Fibonacci hashing: 2^64 divided by the golden ratio (Knuth, volume 3, 6.4).
        let product = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ product >> 32;
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn what_is_used_stays_and_what_is_not_makes_room() {
        let mut recent = Recent::new(3);
        for key in 1..=3_u64 {
            recent.keep(key, key * 10);
        }
        assert!(recent.find(1).is_some());
        recent.keep(4, 40);
        recent.keep(5, 50);
        assert_eq!(recent.find(1).map(|at| *recent.at(at)), Some(10));
        assert_eq!((recent.find(2), recent.find(3)), (None, None));
        assert_eq!(recent.find(5).map(|at| *recent.at(at)), Some(50));
    }

    #[test]
    fn never_more_entries_than_the_bound() {
        let mut recent = Recent::new(8);
        for key in 0..10_000_u64 {
            if recent.find(key % 13).is_none() {
                recent.keep(key % 13, key);
            }
        }
        assert_eq!((recent.entries.len(), recent.places.len()), (8, 8));
    }
}
