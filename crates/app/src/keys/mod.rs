//! API keys: minted once, shown once, checked on every request, dead when the call that ends them returns.
//!
//! What a key looks like and when it opens is decided in `tessera-keys`, without I/O. Here its record is kept
//! in the database and in memory. The way of a request is in [`admission`]; how a change reaches the memory
//! before it is answered, in [`crate::App::commit`].

mod admission;
mod history;
mod leaks;
mod limits;
mod mint;
mod model;
mod notices;
pub mod routes;
mod store;
mod usage;

pub use admission::{Admitted, Keys, admit};
pub use limits::RateLimits;
pub use mint::{end_personal, mint_as_operator, mint_first};
pub(crate) use notices::{tell_of_life, tell_reached};
pub(crate) use store::count;
pub use usage::Usage;

use tessera_db::{Db, DbError, Transaction};
use tessera_keys::Keyring;

use crate::StartError;
use crate::events::Uses;

/// Refuses to start over a database whose keys this keyring cannot check.
///
/// # Errors
/// Names the version that is missing.
pub async fn check_peppers(db: &Db, keyring: &Keyring) -> Result<(), StartError> {
    for version in store::pepper_versions(db.read()).await? {
        if !keyring.has(version) {
            return Err(StartError::PepperMissing(version.0));
        }
    }
    Ok(())
}

/// Adds up uses from the event log. Durable with the transaction.
pub(crate) async fn add_uses(txn: &Transaction, uses: &[Uses]) -> Result<(), DbError> {
    store::write_uses(txn, uses).await
}
