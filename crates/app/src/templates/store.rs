//! Templates in the database.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LikeExpr;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QuerySelect};
use tessera_db::DbError;
use tessera_qr::Style;
use tessera_types::{LogoId, TemplateId, WorkspaceId, from_millis, to_millis};

use super::model::{Template, Wanted};
use crate::http::page::{Cursor, CursorValue, Window};
use crate::search::anywhere;
use crate::store::newest_first;

/// The only order there is: newest first.
pub(super) const SORT: &str = "-created_at";

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "templates")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) id: Uuid,
        pub(super) workspace_id: Uuid,
        pub(super) name: String,
        pub(super) style: String,
        pub(super) logo_id: Option<Uuid>,
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

pub(super) async fn insert(txn: &DatabaseTransaction, template: &Template) -> Result<(), DbError> {
    row::Entity::insert(row_of(template)?).exec_without_returning(txn).await?;
    Ok(())
}

pub(super) async fn update(txn: &DatabaseTransaction, template: &Template) -> Result<(), DbError> {
    row::Entity::update(row_of(template)?).exec(txn).await?;
    Ok(())
}

pub(super) async fn delete(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: TemplateId,
) -> Result<u64, DbError> {
    let mine = row::Entity::delete_many().filter(row::Column::WorkspaceId.eq(workspace.uuid()));
    Ok(mine.filter(row::Column::Id.eq(id.uuid())).exec(txn).await?.rows_affected)
}

pub(super) async fn find(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: TemplateId,
) -> Result<Option<Template>, DbError> {
    let row = of(workspace).filter(row::Column::Id.eq(id.uuid())).one(connection).await?;
    row.map(Template::try_from).transpose()
}

/// The template, locked until the transaction ends.
pub(super) async fn lock(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: TemplateId,
) -> Result<Option<Template>, DbError> {
    let row = of(workspace).filter(row::Column::Id.eq(id.uuid())).lock_exclusive().one(txn).await?;
    row.map(Template::try_from).transpose()
}

pub(super) async fn count(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    wanted: &Wanted,
) -> Result<u64, DbError> {
    Ok(matching(workspace, wanted).count(connection).await?)
}

pub(super) async fn count_with_logo(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    logo: LogoId,
) -> Result<u64, DbError> {
    Ok(of(workspace).filter(row::Column::LogoId.eq(logo.uuid())).count(connection).await?)
}

/// One row more than the window's limit when there are more.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    wanted: &Wanted,
    window: &Window,
) -> Result<Vec<Template>, DbError> {
    let rows = newest_first(matching(workspace, wanted), row::Column::CreatedAt, row::Column::Id, window)
        .all(connection)
        .await?;
    rows.into_iter().map(Template::try_from).collect()
}

pub(super) fn cursor_of(template: &Template) -> Cursor {
    Cursor {
        s: SORT.to_owned(),
        v: CursorValue::Number(to_millis(template.created_at)),
        i: template.id.uuid(),
    }
}

fn of(workspace: WorkspaceId) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::WorkspaceId.eq(workspace.uuid()))
}

fn matching(workspace: WorkspaceId, wanted: &Wanted) -> Select<row::Entity> {
    match &wanted.search {
        Some(search) => {
            of(workspace).filter(row::Column::SearchText.like(LikeExpr::new(anywhere(search)).escape('\\')))
        }
        None => of(workspace),
    }
}

fn row_of(template: &Template) -> Result<row::ActiveModel, DbError> {
    let model = row::Model {
        id: template.id.uuid(),
        workspace_id: template.workspace.uuid(),
        name: template.name.clone(),
        style: serde_json::to_string(&template.style).map_err(DbError::unreadable)?,
        logo_id: template.logo.map(LogoId::uuid),
        search_text: template.name.to_lowercase(),
        created_by: template.created_by.clone(),
        created_at: to_millis(template.created_at),
        updated_at: to_millis(template.updated_at),
        version: template.version,
    };
    Ok(row::ActiveModel::from(model).reset_all())
}

impl TryFrom<row::Model> for Template {
    type Error = DbError;

    fn try_from(row: row::Model) -> Result<Self, DbError> {
        let style: Style = serde_json::from_str(&row.style)
            .map_err(|_| DbError::unreadable(format!("style of template {}", row.id)))?;
        Ok(Self {
            id: TemplateId::from_uuid(row.id),
            workspace: WorkspaceId::from_uuid(row.workspace_id),
            name: row.name,
            style,
            logo: row.logo_id.map(LogoId::from_uuid),
            created_by: row.created_by,
            created_at: from_millis(row.created_at),
            updated_at: from_millis(row.updated_at),
            version: row.version,
        })
    }
}
