//! Passwords of links: argon2id, apart from those of accounts, so that guessing visitors keep nobody from logging in.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tessera_types::{Chance, Stream};

use crate::problem::{Code, Problem};
use crate::workers::{Full, Workers};

const SALT_BYTES: usize = 16;

pub(super) struct Passwords {
    workers: Workers,
}

impl Passwords {
    pub(super) fn new() -> Self {
        Self { workers: Workers::new() }
    }

    /// The PHC string to keep.
    ///
    /// # Errors
    /// `unavailable` when too many wait.
    pub(super) async fn hash(&self, chance: &dyn Chance, plain: String) -> Result<String, Problem> {
        let mut salt = [0; SALT_BYTES];
        chance.fill(Stream::Salt, &mut salt);
        let work = move || {
            Argon2::default()
                .hash_password_with_salt(plain.as_bytes(), &salt)
                .map(|hash: PasswordHash| hash.to_string())
        };
        let full = |Full| {
            Problem::new(Code::Unavailable, "Too many passwords are being checked at this moment.")
                .retry_after(1)
        };
        self.workers.run(work).await.map_err(full)??.map_err(Problem::internal)
    }

    /// # Errors
    /// [`Full`]; then nothing was compared.
    pub(super) async fn is_right(&self, given: String, hash: &str) -> Result<bool, Full> {
        let hash = hash.to_owned();
        let work = move || {
            PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(given.as_bytes(), &hash).is_ok())
        };
        Ok(self.workers.run(work).await?.unwrap_or(false))
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
        assert!(passwords.is_right("mosaic".to_owned(), &hash).await.unwrap());
        for wrong in ["", "Mosaic", "mosaic "] {
            assert!(!passwords.is_right(wrong.to_owned(), &hash).await.unwrap(), "{wrong:?}");
        }
        assert!(!passwords.is_right("mosaic".to_owned(), "not a hash").await.unwrap());
    }
}
