//! What can go wrong below a query, sorted by what a caller can do about it.

use sea_orm::{DbErr, SqlErr};

/// A failed query. Its text is for the log; it never reaches a client.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A unique index said no: somebody else was first. Carries the database's words, which name the index.
    #[error("already taken: {0}")]
    Taken(String),
    /// Locked, full, gone or too slow. The same call may succeed later; nothing of it stays.
    #[error("database unavailable: {0}")]
    Unavailable(DbErr),
    /// A fault of ours: a query that does not fit the schema, or a row that does not read.
    #[error("database query failed: {0}")]
    Broken(DbErr),
}

impl DbError {
    /// A stored value that no longer parses: damage, or a downgrade.
    pub fn unreadable(what: impl std::fmt::Display) -> Self {
        Self::Broken(DbErr::Custom(format!("unreadable row: {what}")))
    }
}

impl From<DbErr> for DbError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(index)) => return Self::Taken(index),
            Some(_) => return Self::Broken(error),
            None => {}
        }
        match &error {
            DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Self::Unavailable(error),
            DbErr::Exec(_) | DbErr::Query(_) if is_passing(&error.to_string()) => Self::Unavailable(error),
            _ => Self::Broken(error),
        }
    }
}

/// Whether the words of a driver mean "not now" rather than "never". The drivers give no common code for
/// this, so their texts are matched: SQLite's primary result texts (sqlite.org/rescode.html), PostgreSQL's
/// classes 08, 53, 55P03, 57 (its appendix A), and the operating system's.
fn is_passing(text: &str) -> bool {
    const SIGNS: [&str; 17] = [
        "database is locked",
        "database table is locked",
        "disk I/O error",
        "database or disk is full",
        "unable to open database file",
        "readonly database",
        "Connection refused",
        "Connection reset",
        "Broken pipe",
        "closed",
        "timed out",
        "terminating connection",
        "the database system is",
        "too many clients",
        "could not serialize",
        "deadlock detected",
        "canceling statement",
    ];
    SIGNS.iter().any(|sign| text.contains(sign)) || text.contains("error communicating with database")
}
