//! The life of a key's secrets: rotation, grace, and whether a secret still opens the door.
//!
//! A key keeps its id, name, scopes and limits for life; only its secret changes. Rotating never lengthens a
//! life, and at most two secrets of one key are alive at any time.

use std::time::Duration;

use tessera_types::{SecretId, Timestamp};

use crate::words::words;

/// The longest grace a caller may ask for: seven days.
pub const GRACE_SECONDS_MAX: u32 = 604_800;
/// The grace where neither caller nor deployment says otherwise: one day.
pub const GRACE_SECONDS_DEFAULT: u32 = 86_400;
/// A secret older than this is due for rotation.
pub const ROTATION_DUE_DAYS: u32 = 90;
/// A key that was not used for so long is flagged as unused.
pub const UNUSED_AFTER_DAYS: u32 = 30;

/// One secret of a key. `valid_until` is set when it is rotated away, and never moved later again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretState {
    pub id: SecretId,
    pub created_at: Timestamp,
    pub valid_until: Option<Timestamp>,
}

impl SecretState {
    /// Alive up to, and not at, `valid_until`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.valid_until.is_none_or(|until| now < until)
    }
}

/// What rotating does to the secrets that exist. The new secret comes on top.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rotation {
    /// To be given this `valid_until`. At most one.
    pub retire: Vec<(SecretId, Timestamp)>,
    /// Dead at once.
    pub kill: Vec<SecretId>,
}

/// Decides what becomes of a key's secrets when a new one is minted at `now`.
///
/// The newest live secret stays alive until `min(now + grace, what it had, key_expires_at)`; every other live
/// one dies. `key_expires_at` is the expiry *before* the call: a later one given with the rotation is for
/// the new secret only. A grace of 0, or one that would end by now, kills. A grace above
/// [`GRACE_SECONDS_MAX`] counts as that.
pub fn rotate(
    now: Timestamp,
    secrets: &[SecretState],
    key_expires_at: Option<Timestamp>,
    grace_seconds: u32,
) -> Rotation {
    let grace = Duration::from_secs(grace_seconds.min(GRACE_SECONDS_MAX).into());
    let grace_end = now.checked_add(grace).unwrap_or(Timestamp::MAX);

    let mut live: Vec<_> = secrets.iter().filter(|secret| secret.is_live(now)).collect();
    // The one in use last: not yet rotated away before in grace, then the younger; ids settle a tie.
    live.sort_by_key(|secret| (secret.valid_until.is_none(), secret.created_at, secret.id));
    let mut rotation = Rotation::default();
    if let Some(newest) = live.pop() {
        let until =
            [newest.valid_until, key_expires_at].into_iter().flatten().fold(grace_end, Timestamp::min);
        match until > now {
            true => rotation.retire.push((newest.id, until)),
            false => rotation.kill.push(newest.id),
        }
    }
    rotation.kill.extend(live.iter().map(|secret| secret.id));
    rotation
}

words! {
    /// What a key is, as lists and filters name it. Computed from [`KeyFacts`], never stored.
    pub enum KeyStatus {
        Active = "active",
        /// Switched off; can be switched on again.
        Inactive = "inactive",
        /// Final.
        Revoked = "revoked",
        Expired = "expired",
    }
}

/// What decides over a key, apart from its secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyFacts {
    pub is_active: bool,
    /// Revoked from the moment this is set, whatever the clock says.
    pub revoked_at: Option<Timestamp>,
    /// Exclusive: at this very instant the key is dead.
    pub expires_at: Option<Timestamp>,
}

impl KeyFacts {
    pub fn status(&self, now: Timestamp) -> KeyStatus {
        if self.revoked_at.is_some() {
            KeyStatus::Revoked
        } else if !self.is_active {
            KeyStatus::Inactive
        } else if self.expires_at.is_some_and(|at| at <= now) {
            KeyStatus::Expired
        } else {
            KeyStatus::Active
        }
    }
}

/// Why a secret that is in the database opens nothing. Each is its own answer to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Rotated away: for the client the same as a secret that never existed.
    #[error("API key not found or inactive")]
    Unknown,
    /// The right secret of a revoked or deactivated key.
    #[error("API key is revoked or deactivated")]
    Inactive,
    #[error("API key has expired")]
    Expired,
}

/// Whether a secret opens the door at `now`. `valid_until` is the secret's own, from [`SecretState`].
///
/// A dead secret comes first: whoever holds it learns nothing about what became of the key.
pub fn judge(now: Timestamp, facts: &KeyFacts, valid_until: Option<Timestamp>) -> Result<(), Refusal> {
    if valid_until.is_some_and(|until| until <= now) {
        return Err(Refusal::Unknown);
    }
    match facts.status(now) {
        KeyStatus::Active => Ok(()),
        KeyStatus::Inactive | KeyStatus::Revoked => Err(Refusal::Inactive),
        KeyStatus::Expired => Err(Refusal::Expired),
    }
}

/// Whether the newest secret is older than [`ROTATION_DUE_DAYS`].
pub fn needs_rotation(now: Timestamp, newest_secret_created_at: Timestamp) -> bool {
    now.duration_since(newest_secret_created_at).as_secs() > i64::from(ROTATION_DUE_DAYS) * 86_400
}

/// Whole days since the key was last used, or since it was made if it never was. 0 if the clock went back.
pub fn unused_days(now: Timestamp, created_at: Timestamp, last_used_at: Option<Timestamp>) -> u32 {
    let days = now.duration_since(last_used_at.unwrap_or(created_at)).as_secs() / 86_400;
    u32::try_from(days.max(0)).unwrap_or(u32::MAX)
}

/// Whether the key was not used for [`UNUSED_AFTER_DAYS`] whole days or more.
pub fn is_unused(now: Timestamp, created_at: Timestamp, last_used_at: Option<Timestamp>) -> bool {
    unused_days(now, created_at, last_used_at) >= UNUSED_AFTER_DAYS
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
