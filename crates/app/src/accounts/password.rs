//! Passwords: which are good enough, and how they are kept (argon2id, RFC 9106).
//!
//! Hashing is slow on purpose: a flood of logins is refused at the queue of `workers.rs` and does not stop links
//! from redirecting.

use std::collections::HashSet;
use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tessera_types::{Chance, Stream};
use zeroize::Zeroizing;

use super::model::Email;
use crate::problem::{Code, Problem, Wrong};
use crate::workers::{Full, Workers};

/// Longer ones are no safer, and somebody has to hash them.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Shorter local parts stand in too many good passwords by chance.
const LOCAL_PART_CHARS_MIN: usize = 4;

// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;

/// The most common passwords of eight characters and more, in lower case.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// A password that may be chosen.
pub struct Password(Zeroizing<String>);

impl Password {
    /// # Errors
    /// Says which rule it breaks, and never repeats it.
    pub fn parse(text: String, email: Option<&Email>, length_min: usize) -> Result<Self, Wrong> {
        let text = Zeroizing::new(text);
        let lower = Zeroizing::new(text.to_lowercase());
        if !(length_min..=PASSWORD_CHARS_MAX).contains(&text.chars().count()) {
            return Err(Wrong::new("length", format!("{length_min} to {PASSWORD_CHARS_MAX} characters")));
        }
        if COMMON.contains(lower.trim()) || is_one_character(&lower) {
            return Err(Wrong::new(
                "too_common",
                "this is among the passwords that are guessed first; choose another",
            ));
        }
        let local =
            email.map(Email::local_part).filter(|local| local.chars().count() >= LOCAL_PART_CHARS_MIN);
        if local.is_some_and(|local| lower.contains(local)) {
            return Err(Wrong::new("too_close", "a password without your e-mail's name in it"));
        }
        Ok(Self(text))
    }
}

fn is_one_character(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| chars.all(|c| c == first))
}

/// What comparing a password with a stored hash found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    Wrong,
    Right,
    /// Right, and hashed with other parameters than today's: hash it again.
    Stale,
}

/// Hashes and compares, a few at once.
pub struct Hasher {
    workers: Workers,
}

impl Hasher {
    pub fn new() -> Self {
        Self { workers: Workers::new() }
    }

    /// The PHC string to store.
    ///
    /// # Errors
    /// `too_many_attempts` when the queue is full.
    pub async fn hash(&self, password: &Password, chance: &dyn Chance) -> Result<String, Problem> {
        let mut salt = [0u8; SALT_BYTES];
        chance.fill(Stream::Salt, &mut salt);
        let text = password.0.clone();
        self.run(move || hash(&text, &salt).map_err(Problem::internal)).await?
    }

    /// Compares. Without a stored hash it works as long and says `Wrong`, so that the time an answer takes does
    /// not tell who has an account.
    ///
    /// # Errors
    /// `too_many_attempts` when the queue is full.
    pub async fn compare(&self, password: &str, stored: Option<&str>) -> Result<Match, Problem> {
        let (text, stored) = (Zeroizing::new(password.to_owned()), stored.map(ToOwned::to_owned));
        self.run(move || match stored {
            None => hash(&text, &[0; SALT_BYTES]).map(|_| Match::Wrong).map_err(Problem::internal),
            Some(stored) => compare(&text, &stored),
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let full = |Full| {
            Problem::new(Code::TooManyAttempts, "Too many passwords are being checked at this moment.")
                .retry_after(1)
        };
        self.workers.run(work).await.map_err(full)?
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str, salt: &[u8]) -> Result<String, argon2::password_hash::Error> {
    Ok(argon2().hash_password_with_salt(password.as_bytes(), salt)?.to_string())
}

fn compare(password: &str, stored: &str) -> Result<Match, Problem> {
    use argon2::password_hash::Error;
    match argon2().verify_password(password.as_bytes(), stored) {
        Ok(()) if stored.starts_with(&current_parameters()) => Ok(Match::Right),
        Ok(()) => Ok(Match::Stale),
        Err(Error::PasswordInvalid) => Ok(Match::Wrong),
        Err(error) => Err(Problem::internal(format!("a stored password hash does not read: {error}"))),
    }
}

fn current_parameters() -> String {
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$")
}

#[cfg(test)]
mod tests {
    use tessera_types::SeededChance;

    use super::*;

    fn refused(text: &str) -> Option<&'static str> {
        let email = Email::parse("olivia@example.com").unwrap();
        Password::parse(text.to_owned(), Some(&email), 10).err().map(|wrong| wrong.code)
    }

    #[test]
    fn passwords_are_judged_by_length_commonness_and_nearness() {
        assert_eq!(refused("mosaic-of-nine-tiles"), None);
        assert_eq!(refused("ninechars"), Some("length"));
        assert_eq!(refused("tenletters"), None);
        assert_eq!(refused(&"ü".repeat(9)), Some("length"));
        assert_eq!(refused(&"ab".repeat(64)), None);
        assert_eq!(refused(&"ab".repeat(65)), Some("length"));
        for common in
            ["password123", "Password123", "1234567890", "QWERTYUIOP", "iloveyou123", "aaaaaaaaaaaa"]
        {
            assert_eq!(refused(common), Some("too_common"), "{common}");
        }
        assert_eq!(refused("my-name-is-Olivia"), Some("too_close"));
    }

    #[test]
    fn the_list_of_common_passwords_is_what_it_says() {
        let lines: Vec<&str> = include_str!("common_passwords.txt").lines().collect();
        assert!(lines.len() >= 2_000, "{}", lines.len());
        assert!(
            lines.is_sorted()
                && lines.iter().all(|line| line.chars().count() >= 8 && *line == line.to_lowercase())
        );
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_and_matches_its_password_only() {
        let hasher = Hasher::new();
        let password = Password::parse("mosaic-of-nine-tiles".to_owned(), None, 10).unwrap();
        let stored = hasher.hash(&password, &SeededChance::new(1)).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(hasher.compare("mosaic-of-nine-tiles", Some(&stored)).await.unwrap(), Match::Right);
        assert_eq!(hasher.compare("mosaic-of-nine-tilez", Some(&stored)).await.unwrap(), Match::Wrong);
        assert_eq!(hasher.compare("mosaic-of-nine-tiles", None).await.unwrap(), Match::Wrong);
        let weaker = Argon2::from(Params::new(8_192, 1, 1, None).unwrap());
        let old = weaker.hash_password_with_salt(b"mosaic-of-nine-tiles", &[7; 16]).unwrap().to_string();
        assert_eq!(hasher.compare("mosaic-of-nine-tiles", Some(&old)).await.unwrap(), Match::Stale);
    }
}
