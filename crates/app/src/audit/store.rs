//! The chains in the database.
//!
//! An append locks its chain's head row, so rows of one chain are numbered without gaps whatever runs beside.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LikeExpr;
use sea_orm::{Condition, DatabaseTransaction, QueryOrder, QuerySelect, TransactionTrait};
use serde_json::Value;
use subtle::ConstantTimeEq;
use tessera_db::DbError;
use tessera_keys::PepperVersion;
use tessera_types::{AuditId, Timestamp, WorkspaceId, from_millis, to_millis};

use super::Fault;
use super::model::{Actor, Entry, row_hash};
use crate::App;
use crate::http::page::{Cursor, CursorValue, Start, Window};
use crate::search::anywhere;

pub(super) mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_rows")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub chain_id: Uuid,
        pub seq: i64,
        pub at: i64,
        pub actor: String,
        pub action: String,
        pub target: String,
        pub address: Option<String>,
        pub request_id: Option<String>,
        pub change: String,
        pub pepper_version: i32,
        pub hash: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod head {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_heads")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub chain_id: Uuid,
        pub seq: i64,
        pub pepper_version: i32,
        pub hash: Vec<u8>,
        pub seal: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) async fn append(
    app: &App,
    txn: &DatabaseTransaction,
    chain_id: Uuid,
    actor: &Actor,
    entry: Entry<'_>,
) -> Result<(), DbError> {
    let head = lock_head(txn, chain_id).await?;
    let seq = head.seq + 1;
    let change = serde_json::json!({"before": entry.before, "after": entry.after});
    let version = app.keyring.current();
    let mut row = row::Model {
        id: app.new_id::<tessera_types::AuditTag>().uuid(),
        chain_id,
        seq,
        at: to_millis(app.now()),
        actor: actor.who.to_string(),
        action: entry.action.to_owned(),
        target: entry.target.to_string(),
        address: actor.address.map(|address| address.to_string()),
        request_id: actor.request.map(|id| id.to_string()),
        change: change.to_string(),
        pepper_version: i32::from(version.0),
        hash: Vec::new(),
    };
    row.hash = hash(app, &head.hash, &row)?.to_vec();
    let mut moved = head::Model { seq, pepper_version: row.pepper_version, hash: row.hash.clone(), ..head };
    moved.seal = seal(app, &moved)?.to_vec();
    let moved = head::ActiveModel::from(moved).reset_all();
    row::Entity::insert(row::ActiveModel::from(row).reset_all()).exec_without_returning(txn).await?;
    head::Entity::update(moved).exec(txn).await?;
    Ok(())
}

/// The head of the chain, locked until the transaction ends; made if this is the chain's first row.
async fn lock_head(txn: &DatabaseTransaction, chain_id: Uuid) -> Result<head::Model, DbError> {
    let find = || head::Entity::find_by_id(chain_id).lock_exclusive();
    if let Some(head) = find().one(txn).await? {
        return Ok(head);
    }
    let first = head::Model { chain_id, seq: 0, pepper_version: 0, hash: Vec::new(), seal: Vec::new() };
    // Two first rows at once: one makes the head, the other waits for it and finds it.
    let insert = head::Entity::insert(head::ActiveModel::from(first).reset_all())
        .on_conflict(sea_orm::sea_query::OnConflict::column(head::Column::ChainId).do_nothing().to_owned());
    insert.exec_without_returning(txn).await?;
    find().one(txn).await?.ok_or_else(|| DbError::unreadable("an audit head vanished"))
}

/// Binds a head to its place. Without it, whoever writes to the database could cut rows off and set the head
/// back to the last one left, whose hash stands there for everybody to read.
fn seal(app: &App, head: &head::Model) -> Result<[u8; 32], DbError> {
    let key = chain_key(app, head.pepper_version, "audit head")?;
    Ok(row_hash(&key, &head.hash, &[head.chain_id.as_bytes(), &head.seq.to_le_bytes()]))
}

fn chain_key(app: &App, pepper_version: i32, label: &str) -> Result<[u8; 32], DbError> {
    let version = PepperVersion(u16::try_from(pepper_version).unwrap_or_default());
    let missing = || DbError::unreadable(format!("the audit log wants pepper version {}", version.0));
    app.keyring.derive(version, label).ok_or_else(missing)
}

fn hash(app: &App, previous: &[u8], row: &row::Model) -> Result<[u8; 32], DbError> {
    let key = chain_key(app, row.pepper_version, "audit")?;
    let (seq, at) = (row.seq.to_le_bytes(), row.at.to_le_bytes());
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let (address, request) = (optional(&row.address), optional(&row.request_id));
    Ok(row_hash(
        &key,
        previous,
        &[
            row.id.as_bytes(),
            row.chain_id.as_bytes(),
            &seq,
            &at,
            row.actor.as_bytes(),
            row.action.as_bytes(),
            row.target.as_bytes(),
            address.as_bytes(),
            request.as_bytes(),
            row.change.as_bytes(),
        ],
    ))
}

pub(super) async fn heads(app: &App) -> Result<Vec<head::Model>, DbError> {
    Ok(head::Entity::find().order_by_asc(head::Column::ChainId).all(app.db.read()).await?)
}

pub(super) async fn chains_without_head(app: &App) -> Result<Vec<Uuid>, DbError> {
    let known: Vec<Uuid> = heads(app).await?.into_iter().map(|head| head.chain_id).collect();
    let chains: Vec<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::ChainId)
        .distinct()
        .into_tuple()
        .all(app.db.read())
        .await?;
    Ok(chains.into_iter().filter(|chain| !known.contains(chain)).collect())
}

/// How many rows hold, and the first place that does not.
///
/// Reads in one transaction, so that an append meanwhile does not look like a fault.
pub(super) async fn verify_chain(app: &App, head: &head::Model) -> Result<(u64, Option<Fault>), DbError> {
    const BATCH: u64 = 1_000;
    let fault = |seq, what| Fault { chain: head.chain_id.to_string(), seq, what };
    let (mut seq, mut previous) = (0i64, Vec::new());
    if !bool::from(seal(app, head)?.ct_eq(&head.seal)) {
        return Ok((0, Some(fault(head.seq, "the chain's head was altered"))));
    }
    let snapshot = app.db.read().begin().await?;
    loop {
        let rows = row::Entity::find()
            .filter(row::Column::ChainId.eq(head.chain_id))
            .filter(row::Column::Seq.gt(seq))
            .order_by_asc(row::Column::Seq)
            .limit(BATCH)
            .all(&snapshot)
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.seq != seq + 1 {
                return Ok((seq as u64, Some(fault(seq + 1, "a row is missing"))));
            }
            if !bool::from(hash(app, &previous, &row)?.ct_eq(&row.hash)) {
                return Ok((seq as u64, Some(fault(row.seq, "the row was altered"))));
            }
            seq = row.seq;
            previous = row.hash;
            if seq == head.seq && previous != head.hash {
                return Ok((seq as u64, Some(fault(seq, "the chain's head was altered"))));
            }
        }
    }
    let cut = (seq < head.seq).then(|| fault(seq + 1, "the chain's end is missing"));
    Ok((seq as u64, cut))
}

/// An audit row as the API shows it.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: AuditId,
    pub seq: i64,
    pub at: Timestamp,
    pub actor: Value,
    pub action: String,
    pub target: String,
    pub address: Option<String>,
    pub request_id: Option<String>,
    pub change: Value,
}

/// What to list of a workspace's chain.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub actions: Vec<String>,
    pub targets: Vec<String>,
    /// Ids, or the type of those who have none.
    pub actors: Vec<String>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

fn matching(workspace: WorkspaceId, wanted: &Wanted) -> Select<row::Entity> {
    let mut query = row::Entity::find().filter(row::Column::ChainId.eq(workspace.uuid()));
    if !wanted.actions.is_empty() {
        query = query.filter(row::Column::Action.is_in(wanted.actions.iter()));
    }
    if !wanted.targets.is_empty() {
        query = query.filter(row::Column::Target.is_in(wanted.targets.iter()));
    }
    if !wanted.actors.is_empty() {
        // Actors stand in their rows as JSON. In a name the quotes would be escaped, so only an id is found as an id.
        let is = |name: &str, word: &str| {
            let member = format!("{}:{}", serde_json::json!(name), serde_json::json!(word));
            row::Column::Actor.like(LikeExpr::new(anywhere(&member)).escape('\\'))
        };
        let any = wanted.actors.iter().fold(Condition::any(), |any, word| match word.as_str() {
            "operator" | "visitor" => any.add(is("type", word)),
            id => any.add(is("id", id)),
        });
        query = query.filter(any);
    }
    if let Some(from) = wanted.from {
        query = query.filter(row::Column::At.gte(to_millis(from)));
    }
    if let Some(to) = wanted.to {
        query = query.filter(row::Column::At.lt(to_millis(to)));
    }
    query
}

pub async fn count(app: &App, workspace: WorkspaceId, wanted: &Wanted) -> Result<u64, DbError> {
    Ok(matching(workspace, wanted).count(app.db.read()).await?)
}

/// Newest first; one row more than the window's limit when there are more.
pub async fn list(
    app: &App,
    workspace: WorkspaceId,
    wanted: &Wanted,
    window: &Window,
) -> Result<Vec<Row>, DbError> {
    let mut query = matching(workspace, wanted);
    if let Start::After(Cursor { v: CursorValue::Number(seq), .. }) = &window.start {
        query = query.filter(row::Column::Seq.lt(*seq));
    }
    let rows = query
        .order_by_desc(row::Column::Seq)
        .offset(window.offset())
        .limit(u64::from(window.limit) + 1)
        .all(app.db.read())
        .await?;
    Ok(rows.into_iter().map(Row::from).collect())
}

impl From<row::Model> for Row {
    fn from(row: row::Model) -> Self {
        let json = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Self {
            id: AuditId::from_uuid(row.id),
            seq: row.seq,
            at: from_millis(row.at),
            actor: json(&row.actor),
            action: row.action,
            target: row.target,
            address: row.address,
            request_id: row.request_id,
            change: json(&row.change),
        }
    }
}
