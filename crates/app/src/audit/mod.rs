//! Who changed what, from where: a chain of rows that cannot be altered unseen.
//!
//! Each row's hash is an HMAC over the row and the hash before it, under a key derived from the pepper. Whoever
//! can write to the database but does not hold the pepper cannot change, insert or remove a row without
//! [`verify`] finding the place; the head of a chain is sealed too, so its end cannot be cut off. What it cannot
//! see: a whole chain that is gone with its head, or set back to an earlier copy of both. A row is written in the transaction of the change it tells of: both or neither.

mod model;
pub mod routes;
mod store;

pub use model::{Actor, Entry};
pub use store::{Row, Wanted, count, list};

use tessera_db::{DbError, Transaction};
use tessera_types::WorkspaceId;
use uuid::Uuid;

use crate::App;

/// The chain of what concerns no workspace: accounts, set-up.
pub const DEPLOYMENT: Uuid = Uuid::nil();

/// Appends to the workspace's chain. Durable with the transaction.
///
/// # Errors
/// As the database.
pub async fn record(
    app: &App,
    txn: &Transaction,
    workspace: WorkspaceId,
    actor: &Actor,
    entry: Entry<'_>,
) -> Result<(), DbError> {
    store::append(app, txn, workspace.uuid(), actor, entry).await
}

/// Appends to the deployment's own chain.
///
/// # Errors
/// As the database.
pub async fn record_for_deployment(
    app: &App,
    txn: &Transaction,
    actor: &Actor,
    entry: Entry<'_>,
) -> Result<(), DbError> {
    store::append(app, txn, DEPLOYMENT, actor, entry).await
}

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Verdict {
    pub chains: u64,
    pub rows: u64,
    pub faults: Vec<Fault>,
}

/// A place where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    pub chain: String,
    pub seq: i64,
    pub what: &'static str,
}

/// Recomputes every chain.
///
/// # Errors
/// As the database.
pub async fn verify(app: &App) -> Result<Verdict, DbError> {
    let heads = store::heads(app).await?;
    let mut verdict = Verdict { chains: heads.len() as u64, rows: 0, faults: Vec::new() };
    for head in heads {
        let (rows, fault) = store::verify_chain(app, &head).await?;
        verdict.rows += rows;
        verdict.faults.extend(fault);
    }
    for chain in store::chains_without_head(app).await? {
        verdict.faults.push(Fault { chain: chain.to_string(), seq: 0, what: "the chain's head is missing" });
    }
    Ok(verdict)
}
