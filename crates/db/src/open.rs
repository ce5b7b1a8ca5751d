//! Opening: which database, how many connections, how patient.

use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::{Db, DbError};

/// Where the database is and how it is used.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// `sqlite:///absolute/or/./relative/path` (made if absent) or `postgres://…`.
    pub url: String,
    /// Connections for reading (SQLite), or for everything (PostgreSQL).
    pub connections_max: u32,
    /// How long a write waits for a lock or a connection before it counts as unavailable.
    pub wait_max: Duration,
}

impl Db {
    /// Connects and migrates. When it returns, the schema is current.
    ///
    /// # Errors
    /// Fails if the database does not answer, or holds a schema newer than this program.
    pub async fn open(options: &OpenOptions) -> Result<Self, DbError> {
        let db = match options.url.strip_prefix("sqlite:") {
            Some(_) => Self {
                write: sqlite(options, 1).await?,
                read: sqlite(options, options.connections_max).await?,
            },
            None => {
                let pool = postgres(options).await?;
                Self { read: pool.clone(), write: pool }
            }
        };
        db.migrate().await?;
        Ok(db)
    }
}

async fn sqlite(options: &OpenOptions, connections_max: u32) -> Result<DatabaseConnection, DbError> {
    let separator = if options.url.contains('?') { '&' } else { '?' };
    let mut connect = common(format!("{}{separator}mode=rwc", options.url), options, connections_max);
    let wait_max = options.wait_max;
    connect.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .busy_timeout(wait_max)
            .foreign_keys(true)
            .pragma("journal_mode", "WAL")
            // In WAL mode `normal` cannot corrupt; `full` would also make the last commits survive a power cut.
            .pragma("synchronous", "FULL")
            .pragma("cache_size", "-8000")
            // Pages that many writes touch, as those of an index of random aliases, are copied back once per 32 MiB of log
            // and not once per 4 MiB.
            .pragma("wal_autocheckpoint", "8000")
    });
    Ok(Database::connect(connect).await?)
}

async fn postgres(options: &OpenOptions) -> Result<DatabaseConnection, DbError> {
    let mut connect = common(options.url.clone(), options, options.connections_max);
    connect.statement_timeout(options.wait_max * 2);
    Ok(Database::connect(connect).await?)
}

fn common(url: String, options: &OpenOptions, connections_max: u32) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    connect
        .max_connections(connections_max)
        .min_connections(1)
        .acquire_timeout(options.wait_max)
        .connect_timeout(options.wait_max)
        .sqlx_logging(false);
    connect
}
