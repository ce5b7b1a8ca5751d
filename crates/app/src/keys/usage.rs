//! How often and when a key was used, as known this instant; the database follows a few seconds behind, from the
//! event log.
//!
//! Reading a count takes the same gate as writing it, so a use is seen exactly once: in memory or in the database,
//! never in both.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tessera_types::{ApiKeyId, SecretId};

use crate::events::Uses;

/// The uses of one secret that are not written yet.
pub struct Usage {
    pub key: ApiKeyId,
    pub secret: SecretId,
    requests: AtomicU64,
    last_ms: AtomicI64,
    last_from: Mutex<(Option<IpAddr>, String)>,
}

impl std::fmt::Debug for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Usage({})", self.key)
    }
}

impl Usage {
    /// Counts a served request.
    pub fn count(&self, at_ms: i64, address: IpAddr, user_agent: &str) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.last_ms.fetch_max(at_ms, Ordering::Relaxed);
        // Of two uses at the same instant either may be the last: nobody waits to be it.
        if let Ok(mut last) = self.last_from.try_lock()
            && (last.0 != Some(address) || last.1 != user_agent)
        {
            *last = (Some(address), user_agent.to_owned());
        }
    }

    /// Undoes one count: its event could not be kept.
    pub fn take_back(&self) {
        self.requests.fetch_sub(1, Ordering::Relaxed);
    }

    pub fn pending(&self) -> Uses {
        let (address, user_agent) = self.last_from.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Uses {
            key: self.key,
            secret: self.secret,
            requests: self.requests.load(Ordering::Relaxed),
            last_ms: self.last_ms.load(Ordering::Relaxed),
            address,
            user_agent,
        }
    }
}

/// All secrets used since they were last written, and the gate between writing and reading.
#[derive(Default)]
pub struct Ledger {
    usages: Mutex<HashMap<SecretId, Arc<Usage>>>,
    pub gate: tokio::sync::RwLock<()>,
}

impl Ledger {
    /// The counter of a secret: the same one for whoever asks while anybody holds it.
    pub fn usage(&self, key: ApiKeyId, secret: SecretId) -> Arc<Usage> {
        let fresh = || {
            Arc::new(Usage {
                key,
                secret,
                requests: AtomicU64::new(0),
                last_ms: AtomicI64::new(0),
                last_from: Mutex::default(),
            })
        };
        Arc::clone(self.usages().entry(secret).or_insert_with(fresh))
    }

    /// What is not written yet, in the order of the keys.
    pub fn pending(&self) -> Vec<Uses> {
        let used = |usage: &&Arc<Usage>| usage.requests.load(Ordering::Relaxed) > 0;
        let mut uses: Vec<Uses> = self.usages().values().filter(used).map(|usage| usage.pending()).collect();
        uses.sort_by_key(|uses| (uses.key, uses.secret));
        uses
    }

    /// Takes off what was written, and lets go of counters that nobody holds.
    pub fn written(&self, uses: &[Uses]) {
        let mut usages = self.usages();
        for written in uses {
            if let Some(usage) = usages.get(&written.secret) {
                usage.requests.fetch_sub(written.requests, Ordering::Relaxed);
            }
        }
        usages.retain(|_, usage| Arc::strong_count(usage) > 1 || usage.requests.load(Ordering::Relaxed) > 0);
    }

    fn usages(&self) -> MutexGuard<'_, HashMap<SecretId, Arc<Usage>>> {
        self.usages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
