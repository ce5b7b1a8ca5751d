//! Passwords of links: argon2id, a few at a time.
//!
//! Each check takes 19 MiB and some milliseconds of a core, by design; the permits keep visitors with guesses from
//! taking all the memory, and the checks run beside the threads that answer requests.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tessera_types::{Chance, Stream};
use tokio::sync::Semaphore;

use crate::problem::Problem;

const AT_ONCE_MAX: usize = 2;
const SALT_BYTES: usize = 16;

pub(super) struct Passwords {
    permits: Semaphore,
}

impl Passwords {
    pub(super) fn new() -> Self {
        Self { permits: Semaphore::new(AT_ONCE_MAX) }
    }

    /// The PHC string to keep.
    pub(super) async fn hash(&self, chance: &dyn Chance, plain: String) -> Result<String, Problem> {
        let mut salt = [0; SALT_BYTES];
        chance.fill(Stream::Salt, &mut salt);
        let work = move || {
            Argon2::default()
                .hash_password_with_salt(plain.as_bytes(), &salt)
                .map(|hash: PasswordHash| hash.to_string())
        };
        let _permit = self.permits.acquire().await.map_err(Problem::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?.map_err(Problem::internal)
    }

    pub(super) async fn is_right(&self, given: String, hash: &str) -> bool {
        let hash = hash.to_owned();
        let work = move || {
            PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(given.as_bytes(), &hash).is_ok())
        };
        let Ok(_permit) = self.permits.acquire().await else { return false };
        tokio::task::spawn_blocking(work).await.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use tessera_types::SeededChance;

    use super::*;

    #[tokio::test]
    async fn the_right_password_and_no_other_opens() {
        let passwords = Passwords::new();
        let hash = passwords.hash(&SeededChance::new(1), "mosaic".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.is_right("mosaic".to_owned(), &hash).await);
        for wrong in ["", "Mosaic", "mosaic "] {
            assert!(!passwords.is_right(wrong.to_owned(), &hash).await, "{wrong:?}");
        }
        assert!(!passwords.is_right("mosaic".to_owned(), "not a hash").await);
    }
}
