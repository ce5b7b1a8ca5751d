//! The key engine of Tessera: everything about an API key that needs no database and no clock of its own.
//!
//! Pure: time and chance are arguments, nothing blocks, nothing is read or written. One module for each part
//! of a key's life, all re-exported here:
//!
//! | module | what it knows |
//! |---|---|
//! | [`format`](mod@format) | how a key looks: mint, parse, mask |
//! | [`scan`] | where keys leaked: an exact search through any bytes |
//! | [`digest`] | what is stored instead of a key; peppers and their versions |
//! | [`scope`], [`grant`] | what a key may do, and who may hand on what |
//! | [`secret`] | rotation, grace, and whether a secret still opens the door |
//! | [`allow`] | from which addresses |
//! | [`limit`] | how often |
//!
//! # From minting to a verdict
//!
//! ```
//! use tessera_keys::{Keyring, KeyFacts, PlainKey, Presented, Refusal, judge};
//! use tessera_types::{SeededChance, Timestamp};
//!
//! // A server hands in the operating system's chance and clock; a test pins both.
//! let chance = SeededChance::new(42);
//! let now: Timestamp = "2026-02-15T10:30:00Z".parse()?;
//!
//! // Mint. The plain key is shown once; the digest and the mask are what is kept.
//! let keyring = Keyring::generate(&chance);
//! let key = PlainKey::mint(&"tsr_live_".parse()?, &chance);
//! let stored = keyring.digest_current(key.expose());
//! let facts = KeyFacts { is_active: true, revoked_at: None, expires_at: Some("2026-03-01T00:00:00Z".parse()?) };
//!
//! // A client presents it. Shape and checksum first: what is no key costs no query.
//! let sent = key.expose().to_owned();
//! let presented = Presented::parse(&sent)?;
//! let digest = keyring.digest(keyring.current(), presented.text()).ok_or("pepper missing")?;
//! assert!(digest.matches(&stored));
//! assert_eq!(judge(now, &facts, None), Ok(()));
//!
//! // At its expiry, to the instant, it is dead.
//! assert_eq!(judge("2026-03-01T00:00:00Z".parse()?, &facts, None), Err(Refusal::Expired));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod allow;
pub mod digest;
pub mod format;
pub mod grant;
mod hex;
pub mod limit;
pub mod scan;
pub mod scope;
pub mod secret;
mod words;

pub use allow::{ALLOW_ENTRIES_MAX, AllowError, AllowList, AllowMode};
pub use digest::{
    DigestKind, ForeignDigest, ForeignDigestError, ImportKind, KeyDigest, Keyring, KeyringError, Pepper,
    PepperVersion,
};
pub use format::{
    ALPHABET, BODY_LEN, CHECKSUM_LEN, FormatError, KEY_LEN_MAX, KEY_LEN_MIN, MASK_END_LEN, MASK_START_LEN,
    Mask, PREFIX_LEN_MAX, PlainKey, Prefix, PrefixError, Presented, RANDOM_LEN,
};
pub use grant::{Excess, Grant, ScopeError, edits, effective, may_grant};
pub use limit::{Decision, Gcra, Tat};
pub use scan::{Found, find_keys};
pub use scope::{Preset, Role, Scope, ScopeSet};
pub use secret::{
    GRACE_SECONDS_DEFAULT, GRACE_SECONDS_MAX, KeyFacts, KeyStatus, ROTATION_DUE_DAYS, Refusal, Rotation,
    SecretState, UNUSED_AFTER_DAYS, is_unused, judge, needs_rotation, rotate, unused_days,
};
pub use words::UnknownWord;
