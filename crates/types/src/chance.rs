//! Chance is an argument: ids, secrets and aliases draw from a [`Chance`], each kind from its own stream.

use std::collections::HashMap;
use std::sync::Mutex;

use sha2::{Digest, Sha256};

/// What the bytes are for. Streams are independent: one more draw from one moves no value of another, so a
/// test that mints an extra link does not change every key in a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stream {
    Id(super::Kind),
    Key,
    Alias,
    Token,
    Salt,
    Pepper,
    Nonce,
}

/// A source of unpredictable bytes. The operating system's generator implements this once, in
/// `crates/server`; tests use [`SeededChance`].
pub trait Chance: Send + Sync + 'static {
    /// Fills `bytes` completely.
    fn fill(&self, stream: Stream, bytes: &mut [u8]);
}

/// Repeatable bytes for tests and demonstrations: SHA-256(seed, stream, counter). Predictable by design,
/// so never a source of real secrets.
pub struct SeededChance {
    seed: u64,
    counters: Mutex<HashMap<Stream, u64>>,
}

impl SeededChance {
    pub fn new(seed: u64) -> Self {
        Self { seed, counters: Mutex::default() }
    }
}

impl Chance for SeededChance {
    fn fill(&self, stream: Stream, bytes: &mut [u8]) {
        let mut counters = self.counters.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let counter = counters.entry(stream).or_default();
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::new()
                .chain_update(self.seed.to_le_bytes())
                .chain_update(format!("{stream:?}"))
                .chain_update(counter.to_le_bytes())
                .finalize();
            chunk.copy_from_slice(&block[..chunk.len()]);
            *counter += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_do_not_move_each_other() {
        let (one, other) = (SeededChance::new(7), SeededChance::new(7));
        let mut spare = [0; 64];
        other.fill(Stream::Alias, &mut spare);
        let (mut a, mut b) = ([0; 16], [0; 16]);
        one.fill(Stream::Key, &mut a);
        other.fill(Stream::Key, &mut b);
        assert_eq!(a, b);
        one.fill(Stream::Key, &mut b);
        assert_ne!(a, b);
    }
}
