//! QR codes in the database.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryOrder, QuerySelect};
use tessera_db::DbError;
use tessera_types::{LinkId, LogoId, QrCodeId, WorkspaceId, from_millis, to_millis};

use super::listing::{SortBy, Wanted, grade_name};
use super::model::{Kind, Printed, QrCode, Status};
use crate::http::page::{Cursor, CursorValue, Sort, Window};
use crate::links;
use crate::search::anywhere;
use crate::store::sorted;

/// Rows of one statement: 20 values each, and SQLite takes 32,766.
const INSERT_ROWS: usize = 500;
/// Ids of one statement.
const IDS_MAX: usize = 1_000;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "qr_codes")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) id: Uuid,
        pub(super) workspace_id: Uuid,
        pub(super) name: String,
        pub(super) kind: String,
        pub(super) payload_type: String,
        pub(super) payload: String,
        pub(super) link_id: Option<Uuid>,
        pub(super) domain: Option<String>,
        pub(super) alias: Option<String>,
        pub(super) style: String,
        pub(super) logo_id: Option<Uuid>,
        pub(super) verdict: String,
        pub(super) score: i32,
        pub(super) judgement: String,
        pub(super) notes: Option<String>,
        pub(super) metadata: String,
        pub(super) archived_at: Option<i64>,
        pub(super) search_text: String,
        pub(super) created_by: String,
        pub(super) created_at: i64,
        pub(super) updated_at: i64,
        pub(super) version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod tag {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "qr_code_tags")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) qr_code_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) tag: String,
        pub(super) workspace_id: Uuid,
        pub(super) place: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) async fn insert(txn: &DatabaseTransaction, codes: &[&QrCode]) -> Result<(), DbError> {
    for batch in codes.chunks(INSERT_ROWS) {
        let rows = batch.iter().copied().map(row_of).collect::<Result<Vec<_>, _>>()?;
        row::Entity::insert_many(rows).exec_without_returning(txn).await?;
        insert_tags(txn, batch).await?;
    }
    Ok(())
}

/// Writes everything. The row must be locked.
pub(super) async fn update(txn: &DatabaseTransaction, before: &QrCode, code: &QrCode) -> Result<(), DbError> {
    row::Entity::update(row_of(code)?).exec(txn).await?;
    if before.tags != code.tags {
        tag::Entity::delete_many().filter(tag::Column::QrCodeId.eq(code.id.uuid())).exec(txn).await?;
        insert_tags(txn, &[code]).await?;
    }
    Ok(())
}

async fn insert_tags(txn: &DatabaseTransaction, codes: &[&QrCode]) -> Result<(), DbError> {
    let tags: Vec<tag::ActiveModel> = codes
        .iter()
        .flat_map(|code| (0..).zip(&code.tags).map(move |(place, tag)| (code, place, tag)))
        .map(|(code, place, tag)| tag::Model {
            qr_code_id: code.id.uuid(),
            tag: tag.clone(),
            workspace_id: code.workspace.uuid(),
            place,
        })
        .map(|tag| tag::ActiveModel::from(tag).reset_all())
        .collect();
    // Four values each.
    for batch in tags.chunks(INSERT_ROWS * 5) {
        tag::Entity::insert_many(batch.to_vec()).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Removes the code and its tags. Says how many codes that were.
pub(super) async fn delete(txn: &DatabaseTransaction, code: &QrCode) -> Result<u64, DbError> {
    Ok(row::Entity::delete_by_id(code.id.uuid()).exec(txn).await?.rows_affected)
}

pub(super) async fn find(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: QrCodeId,
) -> Result<Option<QrCode>, DbError> {
    let rows = of(workspace).filter(row::Column::Id.eq(id.uuid())).all(connection).await?;
    Ok(complete(connection, rows).await?.pop())
}

/// Those of the codes that are there, in no order.
pub(super) async fn with_ids(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    ids: &[QrCodeId],
) -> Result<Vec<QrCode>, DbError> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(IDS_MAX) {
        let here = row::Column::Id.is_in(chunk.iter().map(|id| id.uuid()));
        rows.extend(of(workspace).filter(here).all(connection).await?);
    }
    complete(connection, rows).await
}

/// Removes codes with their tags; the links of those that were there.
pub(super) async fn delete_many(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    ids: &[QrCodeId],
) -> Result<Vec<LinkId>, DbError> {
    let mut links = Vec::new();
    for chunk in ids.chunks(IDS_MAX) {
        let here = || {
            let id = row::Column::Id.is_in(chunk.iter().map(|id| id.uuid()));
            id.and(row::Column::WorkspaceId.eq(workspace.uuid()))
        };
        let of_codes: Vec<Option<Uuid>> = row::Entity::find()
            .select_only()
            .column(row::Column::LinkId)
            .filter(here())
            .into_tuple()
            .all(txn)
            .await?;
        row::Entity::delete_many().filter(here()).exec(txn).await?;
        links.extend(of_codes.into_iter().flatten().map(LinkId::from_uuid));
    }
    Ok(links)
}

/// The code, locked until the transaction ends.
pub(super) async fn lock(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: QrCodeId,
) -> Result<Option<QrCode>, DbError> {
    let rows = of(workspace).filter(row::Column::Id.eq(id.uuid())).lock_exclusive().all(txn).await?;
    Ok(complete(txn, rows).await?.pop())
}

/// Codes that count towards the plan: all but the archived.
pub(crate) async fn count_live(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<u64, DbError> {
    Ok(of(workspace).filter(row::Column::ArchivedAt.is_null()).count(connection).await?)
}

pub(super) async fn count_with_logo(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    logo: LogoId,
) -> Result<u64, DbError> {
    Ok(of(workspace).filter(row::Column::LogoId.eq(logo.uuid())).count(connection).await?)
}

pub(super) async fn count(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    wanted: &Wanted,
) -> Result<u64, DbError> {
    Ok(matching(workspace, wanted).count(connection).await?)
}

/// One row more than the window's limit when there are more.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    wanted: &Wanted,
    window: &Window,
) -> Result<Vec<QrCode>, DbError> {
    let Sort { by, order } = wanted.sort;
    let matching = matching(workspace, wanted);
    let rows = sorted(matching, || sort_key(by), row::Column::Id, order, window).all(connection).await?;
    complete(connection, rows).await
}

/// Where a list goes on after this code.
pub(super) fn cursor_of(sort: Sort<SortBy>, code: &QrCode) -> Cursor {
    let v = match sort.by {
        SortBy::CreatedAt => CursorValue::Number(to_millis(code.created_at)),
        SortBy::UpdatedAt => CursorValue::Number(to_millis(code.updated_at)),
        SortBy::Score => CursorValue::Number(i64::from(code.verdict.score)),
        SortBy::Name => CursorValue::Text(code.name.clone()),
    };
    Cursor { s: sort.text(), v, i: code.id.uuid() }
}

fn sort_key(by: SortBy) -> SimpleExpr {
    let column = match by {
        SortBy::CreatedAt => row::Column::CreatedAt,
        SortBy::UpdatedAt => row::Column::UpdatedAt,
        SortBy::Score => row::Column::Score,
        SortBy::Name => row::Column::Name,
    };
    Expr::col((row::Entity, column))
}

fn of(workspace: WorkspaceId) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::WorkspaceId.eq(workspace.uuid()))
}

fn matching(workspace: WorkspaceId, wanted: &Wanted) -> Select<row::Entity> {
    use row::Column as C;
    let mut query = of(workspace);
    query = match wanted.statuses.as_slice() {
        [Status::Archived] => query.filter(C::ArchivedAt.is_not_null()),
        [] | [Status::Active] => query.filter(C::ArchivedAt.is_null()),
        _ => query,
    };
    if !wanted.tags.is_empty() {
        let tagged = Query::select()
            .column(tag::Column::QrCodeId)
            .from(tag::Entity)
            .and_where(tag::Column::WorkspaceId.eq(workspace.uuid()))
            .and_where(tag::Column::Tag.is_in(wanted.tags.iter()))
            .to_owned();
        query = query.filter(C::Id.in_subquery(tagged));
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(C::Kind.eq(kind.as_str()));
    }
    if !wanted.types.is_empty() {
        query = query.filter(C::PayloadType.is_in(wanted.types.iter().map(|kind| kind.as_str())));
    }
    if !wanted.verdicts.is_empty() {
        query = query.filter(C::Verdict.is_in(wanted.verdicts.iter().map(|grade| grade_name(*grade))));
    }
    if let Some(domain) = &wanted.domain {
        query = query.filter(C::Domain.eq(domain));
    }
    if let Some(search) = &wanted.search {
        let own = C::SearchText.like(LikeExpr::new(anywhere(search)).escape('\\'));
        query = query.filter(own.or(C::LinkId.in_subquery(links::found_of_codes(workspace, search))));
    }
    if let Some(from) = wanted.created_after {
        query = query.filter(C::CreatedAt.gt(to_millis(from)));
    }
    if let Some(to) = wanted.created_before {
        query = query.filter(C::CreatedAt.lt(to_millis(to)));
    }
    query
}

/// With tags, which stand in a table of their own.
async fn complete(connection: &impl ConnectionTrait, rows: Vec<row::Model>) -> Result<Vec<QrCode>, DbError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let found = tag::Entity::find()
        .filter(tag::Column::QrCodeId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(tag::Column::Place)
        .all(connection)
        .await?;
    let mut tags: HashMap<Uuid, Vec<String>> = HashMap::new();
    for found in found {
        tags.entry(found.qr_code_id).or_default().push(found.tag);
    }
    rows.into_iter()
        .map(|row| {
            let tags = tags.remove(&row.id).unwrap_or_default();
            code_of(row, tags)
        })
        .collect()
}

fn row_of(code: &QrCode) -> Result<row::ActiveModel, DbError> {
    let model = row::Model {
        id: code.id.uuid(),
        workspace_id: code.workspace.uuid(),
        name: code.name.clone(),
        kind: code.kind.as_str().to_owned(),
        payload_type: code.payload.kind().as_str().to_owned(),
        payload: json(&code.payload)?,
        link_id: code.address.as_ref().map(|at| at.link.uuid()),
        domain: code.address.as_ref().map(|at| at.domain.clone()),
        alias: code.address.as_ref().map(|at| at.alias.clone()),
        style: json(&code.style)?,
        logo_id: code.logo.map(LogoId::uuid),
        verdict: grade_name(code.verdict.verdict).to_owned(),
        score: i32::from(code.verdict.score),
        judgement: json(&code.verdict)?,
        notes: code.notes.clone(),
        metadata: json(&code.metadata)?,
        archived_at: code.archived_at.map(to_millis),
        search_text: code.search_text(),
        created_by: code.created_by.clone(),
        created_at: to_millis(code.created_at),
        updated_at: to_millis(code.updated_at),
        version: code.version,
    };
    Ok(row::ActiveModel::from(model).reset_all())
}

fn json(value: &impl serde::Serialize) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(DbError::unreadable)
}

fn code_of(row: row::Model, tags: Vec<String>) -> Result<QrCode, DbError> {
    let unreadable = |column: &str| DbError::unreadable(format!("{column} of QR code {}", row.id));
    let address = match (row.link_id, row.domain, row.alias) {
        (Some(link), Some(domain), Some(alias)) => {
            Some(Printed { link: LinkId::from_uuid(link), domain, alias })
        }
        _ => None,
    };
    Ok(QrCode {
        id: QrCodeId::from_uuid(row.id),
        workspace: WorkspaceId::from_uuid(row.workspace_id),
        kind: Kind::parse(&row.kind).ok_or_else(|| unreadable("kind"))?,
        payload: serde_json::from_str(&row.payload).map_err(|_| unreadable("payload"))?,
        address,
        style: serde_json::from_str(&row.style).map_err(|_| unreadable("style"))?,
        logo: row.logo_id.map(LogoId::from_uuid),
        verdict: serde_json::from_str(&row.judgement).map_err(|_| unreadable("judgement"))?,
        metadata: serde_json::from_str(&row.metadata).map_err(|_| unreadable("metadata"))?,
        name: row.name,
        notes: row.notes,
        tags,
        archived_at: row.archived_at.map(from_millis),
        created_by: row.created_by,
        created_at: from_millis(row.created_at),
        updated_at: from_millis(row.updated_at),
        version: row.version,
    })
}
