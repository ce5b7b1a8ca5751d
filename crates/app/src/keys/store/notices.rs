//! Notices about keys in the database, and the keys that are due for one.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Cond, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{ActiveValue::Set, QuerySelect};
use tessera_db::DbError;
use tessera_types::{ApiKeyId, NoticeId, WorkspaceId, from_millis, to_millis};

use super::rows::key;
use super::{Visibility, visible};
use crate::App;
use crate::http::page::{Cursor, CursorValue, Window};
use crate::keys::notices::{BATCH_ROWS, Kind, Notice};
use crate::store::newest_first;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "notices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub workspace_id: Uuid,
        pub api_key_id: Uuid,
        pub kind: String,
        pub topic: String,
        pub period: i64,
        pub at: i64,
        pub detail: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A key and since when it is in the state that is to be told of.
pub struct Life {
    pub workspace: WorkspaceId,
    pub key: ApiKeyId,
    pub since_ms: i64,
    pub is_used: bool,
}

/// Writes what was not told before. When it returns `Ok`, all of them are durable, each of them once.
pub async fn tell(app: &App, notices: &[Notice]) -> Result<(), DbError> {
    if notices.is_empty() {
        return Ok(());
    }
    let once = [row::Column::ApiKeyId, row::Column::Kind, row::Column::Topic, row::Column::Period];
    let txn = app.db.begin().await?;
    for notice in notices {
        let new = row::ActiveModel {
            id: Set(notice.id.uuid()),
            workspace_id: Set(notice.workspace.uuid()),
            api_key_id: Set(notice.key.uuid()),
            kind: Set(notice.kind.to_owned()),
            topic: Set(notice.topic.to_owned()),
            period: Set(notice.period),
            at: Set(to_millis(notice.at)),
            detail: Set(notice.detail.to_string()),
        };
        let known = OnConflict::columns(once).do_nothing().to_owned();
        row::Entity::insert(new).on_conflict(known).exec_without_returning(&txn).await?;
    }
    Ok(txn.commit().await?)
}

/// Forgets what was told before this time.
pub async fn forget(app: &App, before_ms: i64) -> Result<(), DbError> {
    let txn = app.db.begin().await?;
    row::Entity::delete_many().filter(row::Column::At.lt(before_ms)).exec(&txn).await?;
    Ok(txn.commit().await?)
}

/// Keys that are active, and end after `now_ms` and no later than `until_ms`.
pub async fn expiring(app: &App, now_ms: i64, until_ms: i64) -> Result<Vec<Life>, DbError> {
    let since = Expr::col((key::Entity, key::Column::ExpiresAt));
    let due = Cond::all().add(key::Column::ExpiresAt.gt(now_ms)).add(key::Column::ExpiresAt.lte(until_ms));
    lives(app, Kind::Expiring, since, due).await
}

/// Keys that are active, and were neither used nor made after `before_ms`.
pub async fn unused(app: &App, now_ms: i64, before_ms: i64) -> Result<Vec<Life>, DbError> {
    let since = Expr::cust("coalesce(api_keys.last_used_at, api_keys.created_at)");
    let is_open = Cond::any().add(key::Column::ExpiresAt.is_null()).add(key::Column::ExpiresAt.gt(now_ms));
    let due = Cond::all().add(is_open).add(since.clone().lte(before_ms));
    lives(app, Kind::Unused, since, due).await
}

async fn lives(app: &App, kind: Kind, since: Expr, due: Cond) -> Result<Vec<Life>, DbError> {
    let told = Query::select()
        .expr(Expr::val(1))
        .from(row::Entity)
        .and_where(
            Expr::col((row::Entity, row::Column::ApiKeyId)).eq(Expr::col((key::Entity, key::Column::Id))),
        )
        .and_where(Expr::col((row::Entity, row::Column::Kind)).eq(kind.as_str()))
        .and_where(Expr::col((row::Entity, row::Column::Period)).eq(since.clone()))
        .to_owned();
    let rows: Vec<(Uuid, Uuid, i64, Option<i64>)> = key::Entity::find()
        .select_only()
        .columns([key::Column::WorkspaceId, key::Column::Id])
        .expr_as(since, "since")
        .column(key::Column::LastUsedAt)
        .filter(key::Column::DeletedAt.is_null())
        .filter(key::Column::RevokedAt.is_null())
        .filter(key::Column::IsActive.eq(true))
        .filter(due)
        .filter(Expr::exists(told).not())
        .limit(BATCH_ROWS)
        .into_tuple()
        .all(app.db.read())
        .await?;
    let life = |(workspace, key, since_ms, last_used_at): (Uuid, Uuid, i64, Option<i64>)| Life {
        workspace: WorkspaceId::from_uuid(workspace),
        key: ApiKeyId::from_uuid(key),
        since_ms,
        is_used: last_used_at.is_some(),
    };
    Ok(rows.into_iter().map(life).collect())
}

/// What to list.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub kinds: Vec<Kind>,
    pub key: Option<ApiKeyId>,
    pub visible_to: Visibility,
}

/// A notice with the name of its key.
pub struct Named {
    pub notice: Notice,
    pub name: String,
}

impl Named {
    pub fn cursor(&self) -> Cursor {
        Cursor {
            s: "-at".into(),
            v: CursorValue::Number(to_millis(self.notice.at)),
            i: self.notice.id.uuid(),
        }
    }
}

fn matching(workspace: WorkspaceId, wanted: &Wanted) -> Select<row::Entity> {
    let mut query = row::Entity::find()
        .filter(row::Column::WorkspaceId.eq(workspace.uuid()))
        .filter(row::Column::ApiKeyId.in_subquery(keys_in_sight(workspace, wanted.visible_to)));
    if !wanted.kinds.is_empty() {
        query = query.filter(row::Column::Kind.is_in(wanted.kinds.iter().map(|kind| kind.as_str())));
    }
    if let Some(key) = wanted.key {
        query = query.filter(row::Column::ApiKeyId.eq(key.uuid()));
    }
    query
}

fn keys_in_sight(workspace: WorkspaceId, to: Visibility) -> SelectStatement {
    Query::select()
        .column(key::Column::Id)
        .from(key::Entity)
        .and_where(key::Column::WorkspaceId.eq(workspace.uuid()))
        .and_where(key::Column::DeletedAt.is_null())
        .cond_where(visible(to))
        .to_owned()
}

pub async fn count(app: &App, workspace: WorkspaceId, wanted: &Wanted) -> Result<u64, DbError> {
    Ok(matching(workspace, wanted).count(app.db.read()).await?)
}

/// Newest first; one notice more than the window's limit when there are more.
pub async fn list(
    app: &App,
    workspace: WorkspaceId,
    wanted: &Wanted,
    window: &Window,
) -> Result<Vec<Named>, DbError> {
    let db = app.db.read();
    let rows =
        newest_first(matching(workspace, wanted), row::Column::At, row::Column::Id, window).all(db).await?;
    let names: Vec<(Uuid, String)> = key::Entity::find()
        .select_only()
        .columns([key::Column::Id, key::Column::Name])
        .filter(key::Column::Id.is_in(rows.iter().map(|row| row.api_key_id)))
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter().map(|row| named(row, &names)).collect()
}

fn named(row: row::Model, names: &[(Uuid, String)]) -> Result<Named, DbError> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
    let kind = kind.ok_or_else(|| DbError::unreadable("a notice of no kind"))?;
    let name = names.iter().find(|(id, _)| *id == row.api_key_id).map(|(_, name)| name.clone());
    let notice = Notice {
        id: NoticeId::from_uuid(row.id),
        workspace: WorkspaceId::from_uuid(row.workspace_id),
        key: ApiKeyId::from_uuid(row.api_key_id),
        kind: kind.as_str(),
        topic: "",
        period: row.period,
        at: from_millis(row.at),
        detail: serde_json::from_str(&row.detail).map_err(DbError::unreadable)?,
    };
    Ok(Named { notice, name: name.unwrap_or_default() })
}
