//! People and their sessions in the database.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QuerySelect, Select};
use tessera_db::DbError;
use tessera_keys::KeyDigest;
use tessera_types::{SessionId, UserId, from_millis};

use super::model::{Account, Email, Session};
use crate::http::page::Window;
use crate::store::newest_first;

mod user_row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub email: String,
        pub name: String,
        pub password_hash: String,
        pub is_operator: bool,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod session_row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub refresh_digest: Vec<u8>,
        pub previous_digest: Option<Vec<u8>>,
        pub rotated_at: i64,
        pub created_at: i64,
        pub last_seen_at: i64,
        pub expires_at: i64,
        pub ended_at: Option<i64>,
        pub address: String,
        pub user_agent: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use {session_row as session, user_row as user};

impl From<user::Model> for Account {
    fn from(row: user::Model) -> Self {
        Self {
            id: UserId::from_uuid(row.id),
            email: Email::stored(row.email),
            name: row.name,
            is_operator: row.is_operator,
            created_at: from_millis(row.created_at),
            updated_at: from_millis(row.updated_at),
        }
    }
}

impl From<session::Model> for Session {
    fn from(row: session::Model) -> Self {
        Self {
            id: SessionId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            created_at: from_millis(row.created_at),
            last_seen_at: from_millis(row.last_seen_at),
            expires_at: from_millis(row.expires_at),
            address: row.address,
            user_agent: row.user_agent,
        }
    }
}

/// An account with the hash that its password must match.
#[derive(Debug, Clone)]
pub(super) struct Credentials {
    pub account: Account,
    pub password_hash: String,
}

impl From<user::Model> for Credentials {
    fn from(row: user::Model) -> Self {
        Self { password_hash: row.password_hash.clone(), account: row.into() }
    }
}

/// # Errors
/// [`DbError::Taken`] if the address belongs to somebody.
pub(super) async fn insert_user(
    txn: &DatabaseTransaction,
    account: &Account,
    password_hash: &str,
) -> Result<(), DbError> {
    let row = user::Model {
        id: account.id.uuid(),
        email: account.email.to_string(),
        name: account.name.clone(),
        password_hash: password_hash.to_owned(),
        is_operator: account.is_operator,
        created_at: account.created_at.as_millisecond(),
        updated_at: account.updated_at.as_millisecond(),
    };
    user::Entity::insert(user::ActiveModel::from(row).reset_all()).exec_without_returning(txn).await?;
    Ok(())
}

pub(super) async fn anybody(conn: &impl ConnectionTrait) -> Result<bool, DbError> {
    Ok(user::Entity::find().one(conn).await?.is_some())
}

pub(super) async fn find_user(
    conn: &impl ConnectionTrait,
    id: UserId,
) -> Result<Option<Credentials>, DbError> {
    Ok(user::Entity::find_by_id(id.uuid()).one(conn).await?.map(Credentials::from))
}

pub(super) async fn find_by_email(
    conn: &impl ConnectionTrait,
    email: &Email,
) -> Result<Option<Credentials>, DbError> {
    let found = user::Entity::find().filter(user::Column::Email.eq(email.as_str())).one(conn).await?;
    Ok(found.map(Credentials::from))
}

pub(super) async fn find_users(
    conn: &impl ConnectionTrait,
    ids: impl Iterator<Item = UserId>,
) -> Result<HashMap<UserId, Account>, DbError> {
    let rows = user::Entity::find().filter(user::Column::Id.is_in(ids.map(UserId::uuid))).all(conn).await?;
    Ok(rows.into_iter().map(|row| (UserId::from_uuid(row.id), row.into())).collect())
}

/// The person, with their row locked until the transaction ends.
pub(super) async fn lock_user(txn: &DatabaseTransaction, id: UserId) -> Result<Option<Credentials>, DbError> {
    Ok(user::Entity::find_by_id(id.uuid()).lock_exclusive().one(txn).await?.map(Credentials::from))
}

/// Writes name and address. The row must be locked.
///
/// # Errors
/// [`DbError::Taken`] if the address belongs to somebody else.
pub(super) async fn update_user(txn: &DatabaseTransaction, account: &Account) -> Result<(), DbError> {
    user::Entity::update_many()
        .col_expr(user::Column::Name, Expr::value(account.name.as_str()))
        .col_expr(user::Column::Email, Expr::value(account.email.as_str()))
        .col_expr(user::Column::UpdatedAt, Expr::value(account.updated_at.as_millisecond()))
        .filter(user::Column::Id.eq(account.id.uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

pub(super) async fn set_password(txn: &DatabaseTransaction, id: UserId, hash: &str) -> Result<(), DbError> {
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(hash))
        .filter(user::Column::Id.eq(id.uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

pub(super) async fn insert_session(
    txn: &DatabaseTransaction,
    new: &Session,
    refresh: &KeyDigest,
) -> Result<(), DbError> {
    let row = session::Model {
        id: new.id.uuid(),
        user_id: new.user.uuid(),
        refresh_digest: refresh.as_bytes().to_vec(),
        previous_digest: None,
        rotated_at: new.created_at.as_millisecond(),
        created_at: new.created_at.as_millisecond(),
        last_seen_at: new.last_seen_at.as_millisecond(),
        expires_at: new.expires_at.as_millisecond(),
        ended_at: None,
        address: new.address.clone(),
        user_agent: new.user_agent.clone(),
    };
    session::Entity::insert(session::ActiveModel::from(row).reset_all()).exec_without_returning(txn).await?;
    Ok(())
}

fn live(now: Timestamp) -> Select<session::Entity> {
    session::Entity::find()
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now.as_millisecond()))
}

pub(super) async fn find_session(
    conn: &impl ConnectionTrait,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<Session>, DbError> {
    Ok(live(now).filter(session::Column::Id.eq(id.uuid())).one(conn).await?.map(Session::from))
}

/// A session about to be refreshed: which tokens it knows, and since when the current one.
pub(super) struct Rotation {
    pub session: Session,
    pub current: Vec<u8>,
    pub previous: Option<Vec<u8>>,
    pub rotated_at: Timestamp,
}

/// The session with its tokens, its row locked until the transaction ends.
pub(super) async fn lock_session(
    txn: &DatabaseTransaction,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<Rotation>, DbError> {
    let found = live(now).filter(session::Column::Id.eq(id.uuid())).lock_exclusive().one(txn).await?;
    Ok(found.map(|row| Rotation {
        current: row.refresh_digest.clone(),
        previous: row.previous_digest.clone(),
        rotated_at: from_millis(row.rotated_at),
        session: row.into(),
    }))
}

/// Replaces the refresh token and lengthens the session's life. The row must be locked.
pub(super) async fn rotate(
    txn: &DatabaseTransaction,
    session: &Session,
    previous: &[u8],
    refresh: &KeyDigest,
) -> Result<(), DbError> {
    session::Entity::update_many()
        .col_expr(session::Column::RefreshDigest, Expr::value(refresh.as_bytes().to_vec()))
        .col_expr(session::Column::PreviousDigest, Expr::value(previous.to_vec()))
        .col_expr(session::Column::RotatedAt, Expr::value(session.last_seen_at.as_millisecond()))
        .col_expr(session::Column::LastSeenAt, Expr::value(session.last_seen_at.as_millisecond()))
        .col_expr(session::Column::ExpiresAt, Expr::value(session.expires_at.as_millisecond()))
        .col_expr(session::Column::Address, Expr::value(session.address.as_str()))
        .col_expr(session::Column::UserAgent, Expr::value(session.user_agent.as_str()))
        .filter(session::Column::Id.eq(session.id.uuid()))
        .exec(txn)
        .await?;
    Ok(())
}

/// Which sessions of a person to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    One(SessionId),
    AllBut(SessionId),
    All,
}

/// Ends sessions; how many were still open.
pub(super) async fn end_sessions(
    txn: &DatabaseTransaction,
    user: UserId,
    which: Ending,
    now: Timestamp,
) -> Result<u64, DbError> {
    let mut update = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now.as_millisecond()))
        .filter(session::Column::UserId.eq(user.uuid()))
        .filter(session::Column::EndedAt.is_null());
    update = match which {
        Ending::One(id) => update.filter(session::Column::Id.eq(id.uuid())),
        Ending::AllBut(id) => update.filter(session::Column::Id.ne(id.uuid())),
        Ending::All => update,
    };
    Ok(update.exec(txn).await?.rows_affected)
}

/// A person's live sessions, newest first; one more than the window's limit when there are more.
pub(super) async fn list_sessions(
    conn: &impl ConnectionTrait,
    user: UserId,
    window: &Window,
    now: Timestamp,
) -> Result<(u64, Vec<Session>), DbError> {
    let all = live(now).filter(session::Column::UserId.eq(user.uuid()));
    let total = all.clone().count(conn).await?;
    let rows = newest_first(all, session::Column::CreatedAt, session::Column::Id, window).all(conn).await?;
    Ok((total, rows.into_iter().map(Session::from).collect()))
}

/// Forgets sessions that nobody can use any more.
pub(super) async fn sweep_sessions(txn: &DatabaseTransaction, now: Timestamp) -> Result<(), DbError> {
    session::Entity::delete_many()
        .filter(
            session::Column::EndedAt.is_not_null().or(session::Column::ExpiresAt.lte(now.as_millisecond())),
        )
        .exec(txn)
        .await?;
    Ok(())
}
