//! A fresh, migrated database for one test, gone when the test ends.
//!
//! SQLite is a file in a temporary directory. PostgreSQL copies a template that is migrated once per schema and
//! cluster: a copy takes some hundredths of a second, whichever process asks.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement,
    TransactionTrait,
};
use tempfile::TempDir;
use tessera_db::{Db, OpenOptions};
use url::Url;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// One test's database. Dropping it removes it, whatever is still connected.
pub struct TestDb {
    pub db: Db,
    pub url: String,
    backend: Backend,
    directory: TempDir,
}

/// Serialises the making of the template between test processes: an arbitrary number only this file uses.
const TEMPLATE_LOCK: i64 = 0x7465_7373_7465_7374;
const POSTGRES_CONNECTIONS_MAX: u32 = 4;
const WAIT_MAX: Duration = Duration::from_secs(5);

impl TestDb {
    pub async fn new(backend: Backend) -> Self {
        let directory =
            tempfile::Builder::new().prefix("tessera-test-").tempdir().expect("a temporary directory");
        let url = match backend {
            Backend::Sqlite => format!("sqlite://{}", directory.path().join("tessera.db").display()),
            Backend::Postgres => copy_of_template(&name_from(directory.path())).await,
        };
        let db = open(&url).await;
        Self { db, url, backend, directory }
    }

    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// A directory that lives as long as the database.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Everything that is stored, for searching in it: SQLite's files with their free pages and write-ahead
    /// log; every row of every PostgreSQL table, binary columns in the `escape` form so that text shows.
    pub async fn dump(&self) -> Vec<u8> {
        match self.backend {
            Backend::Sqlite => {
                let file = self.directory.path().join("tessera.db");
                let wal = PathBuf::from(format!("{}-wal", file.display()));
                [std::fs::read(file).expect("the database file"), std::fs::read(wal).unwrap_or_default()]
                    .concat()
            }
            Backend::Postgres => rows_as_text(&self.db).await.expect("every table reads").into_bytes(),
        }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if self.backend == Backend::Sqlite {
            return;
        }
        let name = name_from(self.directory.path());
        // A test's runtime may be on its way down; a thread with its own can still wait for an answer.
        let dropped = std::thread::spawn(move || {
            super::runtime().block_on(async {
                let admin = Database::connect(admin_url().as_str()).await?;
                admin.execute_unprepared(&format!("drop database if exists \"{name}\" with (force)")).await?;
                admin.close().await
            })
        });
        if !matches!(dropped.join(), Ok(Ok(()))) {
            tracing::warn!("a test database stays behind");
        }
    }
}

async fn open(url: &str) -> Db {
    let options =
        OpenOptions { url: url.to_owned(), connections_max: POSTGRES_CONNECTIONS_MAX, wait_max: WAIT_MAX };
    Db::open(&options).await.unwrap_or_else(|error| panic!("the test database does not open: {error}"))
}

/// The random name of the temporary directory names the database too: unique without a clock or chance.
fn name_from(directory: &Path) -> String {
    let name = directory.file_name().expect("a temporary directory has a name").to_string_lossy();
    format!("{}_{}", name.replace('-', "_"), std::process::id())
}

#[expect(
    clippy::disallowed_methods,
    reason = "where PostgreSQL is, is the one thing a test cannot know itself"
)]
fn admin_url() -> Url {
    let url = std::env::var("TESSERA_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!(
            "This test needs PostgreSQL. Run `make test`, which starts one, or set TESSERA_TEST_POSTGRES_URL to a \
             server on which databases may be created, like postgres://postgres@localhost/postgres."
        )
    });
    Url::parse(&url).unwrap_or_else(|error| panic!("TESSERA_TEST_POSTGRES_URL is no URL: {error}"))
}

fn url_of(name: &str) -> String {
    let mut url = admin_url();
    url.set_path(name);
    url.into()
}

async fn copy_of_template(name: &str) -> String {
    let admin = Database::connect(admin_url().as_str()).await.unwrap_or_else(|error| {
        panic!("the PostgreSQL of TESSERA_TEST_POSTGRES_URL does not answer: {error}")
    });
    let template = template(&admin).await.expect("a template database can be made");
    admin
        .execute_unprepared(&format!("create database \"{name}\" template \"{template}\""))
        .await
        .expect("the template can be copied");
    admin.close().await.expect("the connection closes");
    url_of(name)
}

/// The name of a migrated template, made if this cluster has none of this schema.
async fn template(admin: &DatabaseConnection) -> Result<String, DbErr> {
    let name = format!("tessera_template_{:016x}", schema_hash());
    // A transaction only for its lock: `create database` itself runs beside it, on a second connection.
    let lock = admin.begin().await?;
    lock.execute_unprepared(&format!("select pg_advisory_xact_lock({TEMPLATE_LOCK})")).await?;
    if !is_finished(&lock, &name).await? {
        let maker = Database::connect(admin_url().as_str()).await?;
        // Left over from a process that died half-way.
        maker.execute_unprepared(&format!("drop database if exists \"{name}\" with (force)")).await?;
        maker.execute_unprepared(&format!("create database \"{name}\"")).await?;
        open(&url_of(&name)).await.close().await;
        // Last, since this mark is what `is_finished` looks for.
        maker.execute_unprepared(&format!("alter database \"{name}\" is_template true")).await?;
        maker.close().await?;
    }
    lock.commit().await?;
    Ok(name)
}

async fn is_finished(txn: &DatabaseTransaction, name: &str) -> Result<bool, DbErr> {
    let sql = format!("select 1 from pg_database where datname = '{name}' and datistemplate");
    Ok(txn.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?.is_some())
}

/// FNV-1a over the migrations: a changed schema gets a new template.
fn schema_hash() -> u64 {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../db/migrations");
    let entries = std::fs::read_dir(&directory).expect("crates/db/migrations");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("a readable directory").path()).collect();
    files.sort();
    let texts = files.iter().map(|file| std::fs::read(file).expect("a readable migration"));
    texts.flatten().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

async fn rows_as_text(db: &Db) -> Result<String, DbErr> {
    let query = |sql: String| Statement::from_string(DbBackend::Postgres, sql);
    let txn = db.read().begin().await?;
    txn.execute_unprepared("set local bytea_output = 'escape'").await?;
    let tables = query("select tablename from pg_tables where schemaname = current_schema()".to_owned());
    let mut text = String::new();
    for table in txn.query_all_raw(tables).await? {
        let table: String = table.try_get("", "tablename")?;
        let rows = query(format!("select row_to_json(whole_row)::text as row from \"{table}\" whole_row"));
        for row in txn.query_all_raw(rows).await? {
            text += &format!("{table} {}\n", row.try_get::<String>("", "row")?);
        }
    }
    Ok(text)
}
