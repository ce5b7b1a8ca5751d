//! The parts of an audit row, and the bytes its hash is made of.

use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;
use tessera_types::{RequestId, UserId};

use crate::caller::{Caller, Principal};
use crate::http::Facts;

/// Who did it, and by which request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Actor {
    /// `{"type": "api_key", "id": …, "name": …}` and its like.
    pub(super) who: Value,
    pub(super) address: Option<IpAddr>,
    pub(super) request: Option<RequestId>,
}

impl Actor {
    pub fn of(caller: &Caller, facts: &Facts) -> Self {
        let who = match &caller.principal {
            Principal::Key { id, name, .. } => json!({"type": "api_key", "id": id, "name": name}),
            Principal::Person { user, email, .. } => json!({"type": "user", "id": user, "name": email}),
        };
        Self { who, address: Some(facts.address()), request: Some(facts.id()) }
    }

    /// A person by their account, in whichever workspace or none.
    pub fn person(user: UserId, email: &str, facts: &Facts) -> Self {
        let who = json!({"type": "user", "id": user, "name": email});
        Self { who, address: Some(facts.address()), request: Some(facts.id()) }
    }

    /// Somebody without a credential: a person at the set-up page, a scanner reporting a leak.
    pub fn visitor(name: &str, facts: &Facts) -> Self {
        let who = json!({"type": "visitor", "name": name});
        Self { who, address: Some(facts.address()), request: Some(facts.id()) }
    }

    /// Whoever typed a command on the server.
    pub fn operator() -> Self {
        Self { who: json!({"type": "operator", "name": "command line"}), address: None, request: None }
    }
}

/// What was done to what. `before` and `after` hold the fields that changed, and never a secret.
pub struct Entry<'a> {
    /// `api_key.rotated`, `link.created`: the name of the event.
    pub action: &'static str,
    /// The id of what was changed.
    pub target: &'a (dyn std::fmt::Display + Sync),
    pub before: Option<Value>,
    pub after: Option<Value>,
}

impl<'a> Entry<'a> {
    pub fn new(action: &'static str, target: &'a (dyn std::fmt::Display + Sync)) -> Self {
        Self { action, target, before: None, after: None }
    }

    pub fn after(mut self, state: impl Serialize) -> Self {
        self.after = serde_json::to_value(state).ok();
        self
    }

    /// Keeps what differs between two states of a thing.
    pub fn between(mut self, before: impl Serialize, after: impl Serialize) -> Self {
        let (Ok(Value::Object(mut before)), Ok(Value::Object(mut after))) =
            (serde_json::to_value(before), serde_json::to_value(after))
        else {
            return self;
        };
        before.retain(|name, value| after.get(name) != Some(value));
        after.retain(|name, _| before.contains_key(name));
        self.before = Some(Value::Object(before));
        self.after = Some(Value::Object(after));
        self
    }
}

/// What the hash covers, each part preceded by its length so that no two rows share their bytes.
pub(super) fn row_hash(key: &[u8; 32], previous: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    for part in std::iter::once(&previous).chain(parts) {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
