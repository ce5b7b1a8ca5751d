//! Saved views in the database.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QuerySelect};
use tessera_db::DbError;
use tessera_types::{ViewId, WorkspaceId, from_millis, to_millis};

use super::model::SavedView;
use crate::http::page::{Cursor, CursorValue, Order, Window};
use crate::store::sorted;

/// The only order there is: by name, whatever its case.
pub(super) const SORT: &str = "name";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "views")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) id: Uuid,
        pub(super) workspace_id: Uuid,
        pub(super) name: String,
        pub(super) name_key: String,
        pub(super) query: String,
        pub(super) created_by: String,
        pub(super) created_at: i64,
        pub(super) updated_at: i64,
        pub(super) version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) async fn insert(txn: &DatabaseTransaction, view: &SavedView) -> Result<(), DbError> {
    row::Entity::insert(row_of(view)).exec_without_returning(txn).await?;
    Ok(())
}

pub(super) async fn update(txn: &DatabaseTransaction, view: &SavedView) -> Result<(), DbError> {
    row::Entity::update(row_of(view)).exec(txn).await?;
    Ok(())
}

pub(super) async fn delete(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: ViewId,
) -> Result<u64, DbError> {
    let mine = row::Entity::delete_many().filter(row::Column::WorkspaceId.eq(workspace.uuid()));
    Ok(mine.filter(row::Column::Id.eq(id.uuid())).exec(txn).await?.rows_affected)
}

pub(super) async fn find(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ViewId,
) -> Result<Option<SavedView>, DbError> {
    let row = of(workspace).filter(row::Column::Id.eq(id.uuid())).one(connection).await?;
    Ok(row.map(SavedView::from))
}

/// The view, locked until the transaction ends.
pub(super) async fn lock(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: ViewId,
) -> Result<Option<SavedView>, DbError> {
    let row = of(workspace).filter(row::Column::Id.eq(id.uuid())).lock_exclusive().one(txn).await?;
    Ok(row.map(SavedView::from))
}

pub(super) async fn count(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<u64, DbError> {
    Ok(of(workspace).count(connection).await?)
}

/// One row more than the window's limit when there are more.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    window: &Window,
) -> Result<Vec<SavedView>, DbError> {
    let name = || SimpleExpr::from(row::Column::NameKey.into_expr());
    let query = sorted(of(workspace), name, row::Column::Id, Order::Ascending, window);
    let rows = query.all(connection).await?;
    Ok(rows.into_iter().map(SavedView::from).collect())
}

pub(super) fn cursor_of(view: &SavedView) -> Cursor {
    Cursor { s: SORT.to_owned(), v: CursorValue::Text(view.name_key()), i: view.id.uuid() }
}

fn of(workspace: WorkspaceId) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::WorkspaceId.eq(workspace.uuid()))
}

fn row_of(view: &SavedView) -> row::ActiveModel {
    let model = row::Model {
        id: view.id.uuid(),
        workspace_id: view.workspace.uuid(),
        name: view.name.clone(),
        name_key: view.name_key(),
        query: view.query.clone(),
        created_by: view.created_by.clone(),
        created_at: to_millis(view.created_at),
        updated_at: to_millis(view.updated_at),
        version: view.version,
    };
    row::ActiveModel::from(model).reset_all()
}

impl From<row::Model> for SavedView {
    fn from(row: row::Model) -> Self {
        Self {
            id: ViewId::from_uuid(row.id),
            workspace: WorkspaceId::from_uuid(row.workspace_id),
            name: row.name,
            query: row.query,
            created_by: row.created_by,
            created_at: from_millis(row.created_at),
            updated_at: from_millis(row.updated_at),
            version: row.version,
        }
    }
}
