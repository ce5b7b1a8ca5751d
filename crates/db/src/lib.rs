//! One handle over SQLite or PostgreSQL.
//!
//! SQLite runs in WAL mode with one writing connection and several reading ones, so a writer never meets
//! another and a reader never waits. A write begins `immediate`: it either holds the lock or says so at once,
//! instead of failing half-way. PostgreSQL uses one pool for both.

mod error;
mod migrate;
mod open;

pub use error::DbError;
pub use open::OpenOptions;

/// Anything a query can run on: the reading side, or a write in progress.
pub use sea_orm::ConnectionTrait as Connection;
/// A write that is not committed yet; dropped, all of it is undone.
pub use sea_orm::DatabaseTransaction as Transaction;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

/// A connection to the one relational database of this deployment. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
}

impl Db {
    /// For queries that change nothing. Sees every commit that returned before the call.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Begins a write. Nothing is durable before [`DatabaseTransaction::commit`] returned `Ok`; dropped
    /// before that, all of it is undone.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] if the database is locked or gone.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    pub fn is_sqlite(&self) -> bool {
        self.read.get_database_backend() == DbBackend::Sqlite
    }

    /// Proves that the database answers.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] if it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        Ok(self.read.ping().await?)
    }

    /// Lets go of every connection; for SQLite this also folds the write-ahead log into the file.
    pub async fn close(self) {
        // A failed close loses nothing that was committed, and nobody is left to act on it.
        let _ = self.read.close().await;
        let _ = self.write.close().await;
    }
}
