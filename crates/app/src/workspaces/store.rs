//! Workspaces and their members in the database.
//!
//! Whoever changes who is a member locks the workspace's row first, so that "is another owner left?" and "is
//! there room in the plan?" are asked by one transaction at a time.

use std::collections::HashMap;
use std::str::FromStr;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryOrder, QuerySelect};
use tessera_db::DbError;
use tessera_keys::Role;
use tessera_types::{Timestamp, UserId, WorkspaceId, from_millis};

use super::model::{Member, Membership, Workspace};
use crate::http::page::{Order, Window};
use crate::store::{newest_first, sorted};

mod workspace_row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "workspaces")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub plan: String,
        pub timezone: String,
        pub query_key_off: bool,
        pub key_prefix: Option<String>,
        pub suspended_at: Option<i64>,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod member_row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "members")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub workspace_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub role: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use {member_row as member, workspace_row as workspace};

impl TryFrom<workspace::Model> for Workspace {
    type Error = DbError;

    fn try_from(row: workspace::Model) -> Result<Self, DbError> {
        let key_prefix = row.key_prefix.map(|text| text.parse().map_err(DbError::unreadable)).transpose()?;
        Ok(Self {
            id: WorkspaceId::from_uuid(row.id),
            name: row.name,
            plan: row.plan,
            timezone: row.timezone,
            refuse_query_keys: row.query_key_off,
            key_prefix,
            suspended_at: row.suspended_at.map(from_millis),
            created_at: from_millis(row.created_at),
            updated_at: from_millis(row.updated_at),
            version: row.version,
        })
    }
}

impl TryFrom<member::Model> for Member {
    type Error = DbError;

    fn try_from(row: member::Model) -> Result<Self, DbError> {
        Ok(Self {
            user: UserId::from_uuid(row.user_id),
            role: role(&row.role)?,
            joined_at: from_millis(row.created_at),
        })
    }
}

fn role(text: &str) -> Result<Role, DbError> {
    Role::from_str(text).map_err(DbError::unreadable)
}

pub(super) async fn insert(txn: &DatabaseTransaction, new: &Workspace) -> Result<(), DbError> {
    let row = workspace::Model {
        id: new.id.uuid(),
        name: new.name.clone(),
        plan: new.plan.clone(),
        timezone: new.timezone.clone(),
        query_key_off: new.refuse_query_keys,
        key_prefix: new.key_prefix.as_ref().map(ToString::to_string),
        suspended_at: None,
        created_at: new.created_at.as_millisecond(),
        updated_at: new.updated_at.as_millisecond(),
        version: new.version,
    };
    workspace::Entity::insert(workspace::ActiveModel::from(row).reset_all())
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

pub(super) async fn find(conn: &impl ConnectionTrait, id: WorkspaceId) -> Result<Option<Workspace>, DbError> {
    workspace::Entity::find_by_id(id.uuid()).one(conn).await?.map(Workspace::try_from).transpose()
}

/// The workspace, with its row locked until the transaction ends.
pub(super) async fn lock(txn: &DatabaseTransaction, id: WorkspaceId) -> Result<Option<Workspace>, DbError> {
    workspace::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(txn)
        .await?
        .map(Workspace::try_from)
        .transpose()
}

/// Writes what may change, as the next version. The row must be locked.
pub(super) async fn update(txn: &DatabaseTransaction, changed: &Workspace) -> Result<(), DbError> {
    let prefix = changed.key_prefix.as_ref().map(ToString::to_string);
    let suspended_at = changed.suspended_at.map(Timestamp::as_millisecond);
    workspace::Entity::update_many()
        .col_expr(workspace::Column::Name, Expr::value(changed.name.as_str()))
        .col_expr(workspace::Column::Plan, Expr::value(changed.plan.as_str()))
        .col_expr(workspace::Column::SuspendedAt, Expr::value(suspended_at))
        .col_expr(workspace::Column::Timezone, Expr::value(changed.timezone.as_str()))
        .col_expr(workspace::Column::QueryKeyOff, Expr::value(changed.refuse_query_keys))
        .col_expr(workspace::Column::KeyPrefix, Expr::value(prefix))
        .col_expr(workspace::Column::UpdatedAt, Expr::value(changed.updated_at.as_millisecond()))
        .col_expr(workspace::Column::Version, Expr::value(changed.version))
        .filter(workspace::Column::Id.eq(changed.id.uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

/// # Errors
/// [`DbError::Taken`] if the person is a member already.
pub(super) async fn insert_member(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    new: &Member,
) -> Result<(), DbError> {
    let row = member::Model {
        workspace_id: workspace.uuid(),
        user_id: new.user.uuid(),
        role: new.role.as_str().to_owned(),
        created_at: new.joined_at.as_millisecond(),
    };
    member::Entity::insert(member::ActiveModel::from(row).reset_all()).exec_without_returning(txn).await?;
    Ok(())
}

pub(super) async fn find_member(
    conn: &impl ConnectionTrait,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Option<Member>, DbError> {
    let id = (workspace.uuid(), user.uuid());
    member::Entity::find_by_id(id).one(conn).await?.map(Member::try_from).transpose()
}

pub(super) async fn set_role(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    user: UserId,
    role: Role,
) -> Result<(), DbError> {
    member::Entity::update_many()
        .col_expr(member::Column::Role, Expr::value(role.as_str()))
        .filter(member::Column::WorkspaceId.eq(workspace.uuid()))
        .filter(member::Column::UserId.eq(user.uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

pub(super) async fn delete_member(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<(), DbError> {
    member::Entity::delete_by_id((workspace.uuid(), user.uuid())).exec(txn).await?;
    Ok(())
}

pub(crate) async fn count_members(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<u64, DbError> {
    Ok(member::Entity::find()
        .filter(member::Column::WorkspaceId.eq(workspace.uuid()))
        .count(connection)
        .await?)
}

pub(super) async fn count_owners(txn: &DatabaseTransaction, workspace: WorkspaceId) -> Result<u64, DbError> {
    let owners = member::Entity::find()
        .filter(member::Column::WorkspaceId.eq(workspace.uuid()))
        .filter(member::Column::Role.eq(Role::Owner.as_str()));
    Ok(owners.count(txn).await?)
}

/// Every workspace, newest first; one more than the window's limit when there are more.
pub(super) async fn list(
    conn: &impl ConnectionTrait,
    search: Option<&str>,
    window: &Window,
) -> Result<(u64, Vec<Workspace>), DbError> {
    let mut all = workspace::Entity::find();
    if let Some(search) = search {
        let pattern = LikeExpr::new(crate::search::anywhere(search)).escape('\\');
        all = all.filter(Expr::expr(Func::lower(Expr::col(workspace::Column::Name))).like(pattern));
    }
    let total = all.clone().count(conn).await?;
    let rows =
        newest_first(all, workspace::Column::CreatedAt, workspace::Column::Id, window).all(conn).await?;
    Ok((total, rows.into_iter().map(Workspace::try_from).collect::<Result<_, _>>()?))
}

/// How many members each of these has.
pub(super) async fn members_of_each(
    conn: &impl ConnectionTrait,
    workspaces: impl Iterator<Item = WorkspaceId>,
) -> Result<HashMap<WorkspaceId, u64>, DbError> {
    let rows: Vec<(Uuid, i64)> = member::Entity::find()
        .select_only()
        .column(member::Column::WorkspaceId)
        .column_as(member::Column::UserId.count(), "members")
        .filter(member::Column::WorkspaceId.is_in(workspaces.map(WorkspaceId::uuid)))
        .group_by(member::Column::WorkspaceId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|(id, count)| (WorkspaceId::from_uuid(id), count.unsigned_abs())).collect())
}

/// Members, longest standing first; one more than the window's limit when there are more.
pub(super) async fn list_members(
    conn: &impl ConnectionTrait,
    workspace: WorkspaceId,
    window: &Window,
) -> Result<(u64, Vec<Member>), DbError> {
    let all = member::Entity::find().filter(member::Column::WorkspaceId.eq(workspace.uuid()));
    let total = all.clone().count(conn).await?;
    let joined = || SimpleExpr::from(member::Column::CreatedAt.into_expr());
    let rows = sorted(all, joined, member::Column::UserId, Order::Ascending, window).all(conn).await?;
    Ok((total, rows.into_iter().map(Member::try_from).collect::<Result<_, _>>()?))
}

/// Everywhere this person is a member, the oldest membership first.
pub(super) async fn memberships(
    conn: &impl ConnectionTrait,
    user: UserId,
) -> Result<Vec<Membership>, DbError> {
    let rows = member::Entity::find()
        .filter(member::Column::UserId.eq(user.uuid()))
        .order_by_asc(member::Column::CreatedAt)
        .order_by_asc(member::Column::WorkspaceId)
        .all(conn)
        .await?;
    let ids = rows.iter().map(|row| row.workspace_id);
    let names: HashMap<Uuid, String> = workspace::Entity::find()
        .filter(workspace::Column::Id.is_in(ids))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    rows.into_iter()
        .map(|row| {
            let name = names.get(&row.workspace_id).cloned().unwrap_or_default();
            Ok(Membership { id: WorkspaceId::from_uuid(row.workspace_id), name, role: role(&row.role)? })
        })
        .collect()
}
