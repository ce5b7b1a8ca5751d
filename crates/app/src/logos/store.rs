//! Logos in the database.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, SimpleExpr};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, QuerySelect};
use tessera_db::DbError;
use tessera_types::{LogoId, WorkspaceId, from_millis, to_millis};

use super::model::Logo;
use crate::http::page::{Cursor, CursorValue, Window};
use crate::store::newest_first;

/// The only order there is: newest first.
pub(super) const SORT: &str = "-created_at";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "logos")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) id: Uuid,
        pub(super) workspace_id: Uuid,
        pub(super) name: String,
        pub(super) media_type: String,
        pub(super) content: Vec<u8>,
        pub(super) digest: Vec<u8>,
        pub(super) width_px: i32,
        pub(super) height_px: i32,
        pub(super) created_by: String,
        pub(super) created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A row without its picture.
#[derive(FromQueryResult)]
struct Lean {
    id: Uuid,
    workspace_id: Uuid,
    name: String,
    media_type: String,
    content_bytes: i64,
    digest: Vec<u8>,
    width_px: i32,
    height_px: i32,
    created_by: String,
    created_at: i64,
}

/// False if the workspace has the picture already. The transaction goes on.
pub(super) async fn insert(txn: &DatabaseTransaction, logo: &Logo, content: &[u8]) -> Result<bool, DbError> {
    let signed = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let model = row::Model {
        id: logo.id.uuid(),
        workspace_id: logo.workspace.uuid(),
        name: logo.name.clone(),
        media_type: logo.media_type.clone(),
        content: content.to_vec(),
        digest: logo.digest.clone(),
        width_px: signed(logo.width_px),
        height_px: signed(logo.height_px),
        created_by: logo.created_by.clone(),
        created_at: to_millis(logo.created_at),
    };
    let nothing = OnConflict::new().do_nothing().to_owned();
    let insert = row::Entity::insert(row::ActiveModel::from(model).reset_all()).on_conflict(nothing);
    Ok(insert.exec_without_returning(txn).await? > 0)
}

pub(super) async fn find(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: LogoId,
) -> Result<Option<Logo>, DbError> {
    one(connection, of(workspace).filter(row::Column::Id.eq(id.uuid()))).await
}

pub(super) async fn by_digest(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    digest: &[u8],
) -> Result<Option<Logo>, DbError> {
    one(connection, of(workspace).filter(row::Column::Digest.eq(digest.to_vec()))).await
}

/// The logo, locked until the transaction ends.
pub(super) async fn lock(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: LogoId,
) -> Result<Option<Logo>, DbError> {
    one(txn, of(workspace).filter(row::Column::Id.eq(id.uuid())).lock_exclusive()).await
}

/// Whether it is there, and stays until the transaction ends.
pub(super) async fn hold(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: LogoId,
) -> Result<bool, DbError> {
    Ok(one(txn, of(workspace).filter(row::Column::Id.eq(id.uuid())).lock_shared()).await?.is_some())
}

pub(super) async fn content(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: LogoId,
) -> Result<Option<Vec<u8>>, DbError> {
    Ok(of(workspace)
        .filter(row::Column::Id.eq(id.uuid()))
        .select_only()
        .column(row::Column::Content)
        .into_tuple()
        .one(connection)
        .await?)
}

pub(super) async fn count(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<u64, DbError> {
    Ok(of(workspace).count(connection).await?)
}

/// One row more than the window's limit when there are more.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    window: &Window,
) -> Result<Vec<Logo>, DbError> {
    let query = newest_first(of(workspace), row::Column::CreatedAt, row::Column::Id, window);
    let rows = lean(query).into_model::<Lean>().all(connection).await?;
    Ok(rows.into_iter().map(Logo::from).collect())
}

pub(super) fn cursor_of(logo: &Logo) -> Cursor {
    Cursor { s: SORT.to_owned(), v: CursorValue::Number(to_millis(logo.created_at)), i: logo.id.uuid() }
}

pub(super) async fn delete(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: LogoId,
) -> Result<u64, DbError> {
    let mine = row::Entity::delete_many().filter(row::Column::WorkspaceId.eq(workspace.uuid()));
    Ok(mine.filter(row::Column::Id.eq(id.uuid())).exec(txn).await?.rows_affected)
}

fn of(workspace: WorkspaceId) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::WorkspaceId.eq(workspace.uuid()))
}

async fn one(connection: &impl ConnectionTrait, query: Select<row::Entity>) -> Result<Option<Logo>, DbError> {
    Ok(lean(query).into_model::<Lean>().one(connection).await?.map(Logo::from))
}

fn lean(query: Select<row::Entity>) -> Select<row::Entity> {
    use row::Column as C;
    // SQLite's length() of a blob and PostgreSQL's of a bytea are both in bytes; the sum makes both a bigint.
    let bytes: SimpleExpr =
        Expr::expr(Func::cust("length").arg(Expr::col((row::Entity, C::Content)))).add(Expr::val(0_i64));
    query
        .select_only()
        .columns([C::Id, C::WorkspaceId, C::Name, C::MediaType, C::Digest, C::WidthPx, C::HeightPx])
        .columns([C::CreatedBy, C::CreatedAt])
        .column_as(bytes, "content_bytes")
}

impl From<Lean> for Logo {
    fn from(row: Lean) -> Self {
        Self {
            id: LogoId::from_uuid(row.id),
            workspace: WorkspaceId::from_uuid(row.workspace_id),
            name: row.name,
            media_type: row.media_type,
            bytes: u64::try_from(row.content_bytes).unwrap_or(0),
            digest: row.digest,
            width_px: u32::try_from(row.width_px).unwrap_or(0),
            height_px: u32::try_from(row.height_px).unwrap_or(0),
            created_by: row.created_by,
            created_at: from_millis(row.created_at),
        }
    }
}
