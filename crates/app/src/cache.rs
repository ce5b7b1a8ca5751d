//! A cache that cannot serve what a finished change has ended.
//!
//! The contract (keys.md §8): after [`FreshCache::raise`] returned, no reader sees an entry that was read from
//! the database before the change. Whoever fills takes a [`Ticket`] before the database read; the entry is kept
//! only if no change was raised since. Filling and raising meet under the shard's lock: either the fill comes
//! first and the raise removes it, or the raise comes first and the fill sees the new generation.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

const SHARDS: usize = 64;

/// The generation a database read began in.
#[derive(Debug, Clone, Copy)]
pub struct Ticket(u64);

struct Entry<V> {
    value: Arc<V>,
    /// Set by readers, cleared by eviction: an entry in use survives one round.
    is_recent: AtomicBool,
}

pub struct FreshCache<K, V> {
    shards: Vec<RwLock<HashMap<K, Entry<V>>>>,
    hasher: RandomState,
    generation: AtomicU64,
    shard_entries_max: usize,
}

impl<K: Hash + Eq + Clone, V> FreshCache<K, V> {
    /// Holds about `entries_max` entries, then forgets those not read lately.
    pub fn new(entries_max: usize) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            hasher: RandomState::new(),
            generation: AtomicU64::new(0),
            shard_entries_max: entries_max.div_ceil(SHARDS).max(1),
        }
    }

    pub fn get<Q>(&self, key: &Q) -> Option<Arc<V>>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let shard = self.shard(key).read().unwrap_or_else(PoisonError::into_inner);
        let entry = shard.get(key)?;
        if !entry.is_recent.load(Ordering::Relaxed) {
            entry.is_recent.store(true, Ordering::Relaxed);
        }
        Some(Arc::clone(&entry.value))
    }

    /// Take this before reading from the database what you are going to [`fill`](Self::fill).
    pub fn ticket(&self) -> Ticket {
        Ticket(self.generation.load(Ordering::SeqCst))
    }

    /// Keeps the value unless a change was raised since the ticket was taken. The value may be used for the
    /// request that read it either way: that request arrived before the change was answered.
    pub fn fill(&self, ticket: Ticket, key: K, value: Arc<V>) {
        let mut shard = self.shard(&key).write().unwrap_or_else(PoisonError::into_inner);
        if self.generation.load(Ordering::SeqCst) != ticket.0 {
            return;
        }
        if shard.len() >= self.shard_entries_max && !shard.contains_key(&key) {
            evict_one(&mut shard);
        }
        shard.insert(key, Entry { value, is_recent: AtomicBool::new(true) });
    }

    /// Ends every entry that `is_ended` names. When it returns, none of them is served again, nor anything
    /// whose database read began before the call.
    pub fn raise(&self, is_ended: impl Fn(&K, &V) -> bool) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        for shard in &self.shards {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            shard.retain(|key, entry| !is_ended(key, &entry.value));
        }
    }

    /// [`raise`](Self::raise) for one entry whose key is known: touches one shard.
    pub fn raise_key<Q>(&self, key: &Q)
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.shard(key).write().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    fn shard<Q: Hash + ?Sized>(&self, key: &Q) -> &RwLock<HashMap<K, Entry<V>>> {
        &self.shards[self.hasher.hash_one(key) as usize % SHARDS]
    }
}

/// Second chance: the first entry in table order that was not read since the last round goes.
fn evict_one<K: Hash + Eq + Clone, V>(shard: &mut HashMap<K, Entry<V>>) {
    let victim = shard
        .iter()
        .find(|(_, entry)| !entry.is_recent.swap(false, Ordering::Relaxed))
        .or_else(|| shard.iter().next())
        .map(|(key, _)| key.clone());
    if let Some(key) = victim {
        shard.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fill_that_began_before_a_change_is_not_kept() {
        let cache = FreshCache::new(100);
        let ticket = cache.ticket();
        cache.raise_key(&1);
        cache.fill(ticket, 1, Arc::new("old"));
        assert!(cache.get(&1).is_none());
        cache.fill(cache.ticket(), 1, Arc::new("new"));
        assert_eq!(cache.get(&1).as_deref(), Some(&"new"));
    }

    #[test]
    fn raising_ends_what_it_names_and_nothing_else() {
        let cache = FreshCache::new(1000);
        for key in 0..100 {
            cache.fill(cache.ticket(), key, Arc::new(key % 10));
        }
        cache.raise(|_, value| *value == 3);
        assert_eq!(cache.len(), 90);
        assert!(cache.get(&13).is_none());
    }

    #[test]
    fn the_cache_stays_within_its_bound() {
        let cache = FreshCache::new(640);
        for key in 0..100_000 {
            cache.fill(cache.ticket(), key, Arc::new(()));
        }
        assert!(cache.len() <= 640, "{}", cache.len());
    }
}
