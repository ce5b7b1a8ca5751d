//! Schema changes, in order, each once.
//!
//! A migration is one SQL text that both databases read. It runs in a transaction with the row that records
//! it, and under a lock, so two processes that start together apply it once.

use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};

use crate::{Db, DbError};

const MIGRATIONS: &[(i32, &str, &str)] = &[
    (1, "start", include_str!("../migrations/0001_start.sql")),
    (2, "events", include_str!("../migrations/0002_events.sql")),
    (3, "qr", include_str!("../migrations/0003_qr.sql")),
    (4, "bulk", include_str!("../migrations/0004_bulk.sql")),
    (5, "views", include_str!("../migrations/0005_views.sql")),
    (6, "scans", include_str!("../migrations/0006_scans.sql")),
    (7, "rules", include_str!("../migrations/0007_rules.sql")),
];

/// PostgreSQL's advisory lock for migrations: an arbitrary number that only this program uses.
const LOCK: i64 = 0x0074_6573_7365_7261;

impl Db {
    /// Brings the schema up to date; when it returns, every migration is committed.
    ///
    /// # Errors
    /// Fails if the database was last used by a newer version of this program, or does not answer.
    pub(crate) async fn migrate(&self) -> Result<(), DbError> {
        let backend = self.write.get_database_backend();
        let txn = self.begin().await?;
        if backend == DbBackend::Postgres {
            txn.execute_unprepared(&format!("select pg_advisory_xact_lock({LOCK})")).await?;
        }
        txn.execute_unprepared(
            "create table if not exists schema_migrations (version integer not null primary key, name text not null)",
        )
        .await?;
        let rows = txn
            .query_all_raw(Statement::from_string(backend, "select version from schema_migrations"))
            .await?;
        let applied = rows.iter().map(|row| row.try_get("", "version")).collect::<Result<Vec<i32>, _>>()?;
        if let Some(newer) =
            applied.iter().find(|version| !MIGRATIONS.iter().any(|(known, ..)| known == *version))
        {
            return Err(DbError::unreadable(format!(
                "the database has schema {newer}, which this version does not know"
            )));
        }
        for (version, name, sql) in MIGRATIONS.iter().filter(|(version, ..)| !applied.contains(version)) {
            let step = txn.begin().await?;
            step.execute_unprepared(sql).await?;
            step.execute_unprepared(&format!("insert into schema_migrations values ({version}, '{name}')"))
                .await?;
            step.commit().await?;
            tracing::info!(version, name, "schema migrated");
        }
        Ok(txn.commit().await?)
    }
}
