//! Tickets in the database.

use std::str::FromStr;

use jiff::Timestamp;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Select};
use tessera_db::DbError;
use tessera_keys::{KeyDigest, Role};
use tessera_types::{InvitationId, UserId, WorkspaceId, from_millis};

use super::{Ticket, TicketKind};
use crate::accounts::model::Email;
use crate::http::page::Window;
use crate::store::newest_first;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "tickets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub token_digest: Vec<u8>,
        pub workspace_id: Option<Uuid>,
        pub user_id: Option<Uuid>,
        pub email: Option<String>,
        pub role: Option<String>,
        pub created_by: Option<Uuid>,
        pub created_at: i64,
        pub expires_at: i64,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use row::Column;

/// The row that says "this deployment has its first owner" has the nil id, so there can be one.
const CLAIM: Uuid = Uuid::nil();

fn read(row: row::Model, kind: TicketKind) -> Result<Ticket, DbError> {
    let role = row.role.map(|text| Role::from_str(&text).map_err(DbError::unreadable)).transpose()?;
    Ok(Ticket {
        id: InvitationId::from_uuid(row.id),
        kind,
        workspace: row.workspace_id.map(WorkspaceId::from_uuid),
        user: row.user_id.map(UserId::from_uuid),
        email: row.email.map(Email::stored),
        role,
        created_by: row.created_by.map(UserId::from_uuid),
        created_at: from_millis(row.created_at),
        expires_at: from_millis(row.expires_at),
    })
}

async fn insert_row(txn: &DatabaseTransaction, row: row::Model) -> Result<(), DbError> {
    row::Entity::insert(row::ActiveModel::from(row).reset_all()).exec_without_returning(txn).await?;
    Ok(())
}

pub(super) async fn insert(
    txn: &DatabaseTransaction,
    ticket: &Ticket,
    digest: &[u8; 32],
) -> Result<(), DbError> {
    let row = row::Model {
        id: ticket.id.uuid(),
        kind: ticket.kind.as_str().to_owned(),
        token_digest: digest.to_vec(),
        workspace_id: ticket.workspace.map(WorkspaceId::uuid),
        user_id: ticket.user.map(UserId::uuid),
        email: ticket.email.as_ref().map(ToString::to_string),
        role: ticket.role.map(|role| role.as_str().to_owned()),
        created_by: ticket.created_by.map(UserId::uuid),
        created_at: ticket.created_at.as_millisecond(),
        expires_at: ticket.expires_at.as_millisecond(),
        used_at: None,
    };
    insert_row(txn, row).await
}

/// # Errors
/// [`DbError::Taken`] if the claim was made before.
pub(super) async fn insert_claim(txn: &DatabaseTransaction, now: Timestamp) -> Result<(), DbError> {
    let at = now.as_millisecond();
    let row = row::Model {
        id: CLAIM,
        kind: "claim".to_owned(),
        token_digest: CLAIM.as_bytes().to_vec(),
        workspace_id: None,
        user_id: None,
        email: None,
        role: None,
        created_by: None,
        created_at: at,
        expires_at: at,
        used_at: Some(at),
    };
    insert_row(txn, row).await
}

fn live(kind: TicketKind, now: Timestamp) -> Select<row::Entity> {
    row::Entity::find()
        .filter(Column::Kind.eq(kind.as_str()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_millisecond()))
}

pub(super) async fn find_live(
    conn: &impl ConnectionTrait,
    kind: TicketKind,
    digests: impl Iterator<Item = KeyDigest>,
    now: Timestamp,
) -> Result<Option<Ticket>, DbError> {
    let digests = digests.map(|digest| digest.as_bytes().to_vec());
    let found = live(kind, now).filter(Column::TokenDigest.is_in(digests)).one(conn).await?;
    found.map(|row| read(row, kind)).transpose()
}

pub(super) async fn spend(
    txn: &DatabaseTransaction,
    id: InvitationId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let now = now.as_millisecond();
    let spent = row::Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(txn)
        .await?;
    Ok(spent.rows_affected == 1)
}

pub(super) async fn void_setups(txn: &DatabaseTransaction) -> Result<(), DbError> {
    row::Entity::delete_many()
        .filter(Column::Kind.eq(TicketKind::Setup.as_str()))
        .filter(Column::UsedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

pub(super) async fn void_resets(txn: &DatabaseTransaction, user: UserId) -> Result<(), DbError> {
    row::Entity::delete_many()
        .filter(Column::Kind.eq(TicketKind::Reset.as_str()))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::UsedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

pub(super) async fn find_invitation(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: InvitationId,
) -> Result<Option<Ticket>, DbError> {
    let found = row::Entity::find_by_id(id.uuid())
        .filter(Column::Kind.eq(TicketKind::Invitation.as_str()))
        .filter(Column::WorkspaceId.eq(workspace.uuid()))
        .one(txn)
        .await?;
    found.map(|row| read(row, TicketKind::Invitation)).transpose()
}

pub(super) async fn list_invitations(
    conn: &impl ConnectionTrait,
    workspace: WorkspaceId,
    window: &Window,
    now: Timestamp,
) -> Result<(u64, Vec<Ticket>), DbError> {
    let all = live(TicketKind::Invitation, now).filter(Column::WorkspaceId.eq(workspace.uuid()));
    let total = all.clone().count(conn).await?;
    let rows = newest_first(all, Column::CreatedAt, Column::Id, window).all(conn).await?;
    let tickets = rows.into_iter().map(|row| read(row, TicketKind::Invitation));
    Ok((total, tickets.collect::<Result<_, _>>()?))
}

pub(super) async fn sweep(txn: &DatabaseTransaction, now: Timestamp) -> Result<(), DbError> {
    row::Entity::delete_many()
        .filter(Column::Id.ne(CLAIM))
        .filter(Column::UsedAt.is_not_null().or(Column::ExpiresAt.lte(now.as_millisecond())))
        .exec(txn)
        .await?;
    Ok(())
}
