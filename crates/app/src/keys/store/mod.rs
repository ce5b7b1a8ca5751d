//! Keys and their secrets in the database. Only digests come here.

pub mod notices;
mod rows;

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, LikeExpr};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, QueryOrder, QuerySelect};
use tessera_db::DbError;
use tessera_keys::{AllowList, DigestKind, Grant, KeyDigest, KeyFacts, PepperVersion, Rotation, SecretState};
use tessera_types::{ApiKeyId, Id, SecretId, Tag, UserId, WorkspaceId, from_millis, to_millis};

use self::rows::{key, secret};
use super::limits::RateLimits;
use super::model::{Key, Record, Secret};
use crate::App;
use crate::events::Uses;
use crate::http::page::{Cursor, CursorValue, Window};
use crate::problem::Problem;
use crate::search::anywhere;
use crate::store::newest_first;

fn time(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(from_millis)
}

fn ids<T: Tag>(id: Option<Uuid>) -> Option<Id<T>> {
    id.map(Id::from_uuid)
}

impl key::Model {
    fn facts(&self) -> KeyFacts {
        KeyFacts {
            is_active: self.is_active,
            revoked_at: time(self.revoked_at),
            expires_at: time(self.expires_at),
        }
    }

    fn grant(&self) -> Result<Grant, DbError> {
        Grant::from_text(&self.scopes).map_err(DbError::unreadable)
    }

    fn allow(&self) -> Result<AllowList, DbError> {
        AllowList::from_text(&self.ip_allow).map_err(DbError::unreadable)
    }

    fn rate_limits(&self) -> Result<RateLimits, DbError> {
        RateLimits::from_text(self.rate_limits.as_deref())
    }
}

/// A record as it was found: under what kind of digest, and whether of an older pepper.
pub struct FoundRecord {
    pub kind: DigestKind,
    pub record: Record,
    pub is_outdated: bool,
}

/// The key that one of these digests belongs to. Deleted keys are not found.
pub async fn find_record(
    app: &App,
    candidates: &[(DigestKind, PepperVersion, KeyDigest)],
    current: KeyDigest,
) -> Result<Option<FoundRecord>, DbError> {
    let any = candidates.iter().fold(Cond::any(), |any, (_, version, digest)| {
        any.add(
            Cond::all()
                .add(secret::Column::PepperVersion.eq(i32::from(version.0)))
                .add(secret::Column::Digest.eq(digest.as_bytes().to_vec())),
        )
    });
    let db = app.db.read();
    let Some(secret) = secret::Entity::find().filter(any).one(db).await? else { return Ok(None) };
    let Some(key) =
        key::Entity::find_by_id(secret.key_id).filter(key::Column::DeletedAt.is_null()).one(db).await?
    else {
        return Ok(None);
    };
    let workspace = WorkspaceId::from_uuid(key.workspace_id);
    let owner: Option<UserId> = ids(key.owner_user_id);
    let Some(standing) = crate::workspaces::standing(app, db, workspace, owner).await? else {
        return Ok(None);
    };
    let kind: DigestKind = secret.digest_kind.parse().map_err(DbError::unreadable)?;
    let (id, secret_id) = (ApiKeyId::from_uuid(key.id), SecretId::from_uuid(secret.id));
    Ok(Some(FoundRecord {
        kind,
        is_outdated: secret.pepper_version != i32::from(app.keyring.current().0),
        record: Record {
            digest: current,
            id,
            secret: secret_id,
            workspace,
            owner,
            grant: key.grant()?,
            facts: key.facts(),
            retired_at: time(secret.retired_at),
            valid_until: time(secret.valid_until),
            allow: key.allow()?,
            allow_mode: key.ip_allow_mode.parse().map_err(DbError::unreadable)?,
            usage: app.keys.ledger.usage(id, secret_id),
            metered: app.limiter.meters(app, workspace, id).await?,
            rate_limits: key.rate_limits()?,
            name: key.name,
            standing,
        },
    }))
}

pub async fn redigest(app: &App, id: SecretId, digest: KeyDigest) -> Result<(), DbError> {
    let txn = app.db.begin().await?;
    secret::Entity::update(secret::ActiveModel {
        id: Set(id.uuid()),
        pepper_version: Set(i32::from(app.keyring.current().0)),
        digest: Set(digest.as_bytes().to_vec()),
        ..Default::default()
    })
    .exec(&txn)
    .await?;
    Ok(txn.commit().await?)
}

pub async fn has_imports(connection: &impl ConnectionTrait) -> Result<bool, DbError> {
    let foreign = secret::Column::DigestKind.ne(DigestKind::HmacSha256.as_str());
    Ok(secret::Entity::find().filter(foreign).one(connection).await?.is_some())
}

/// Every version that some stored digest was made under.
pub async fn pepper_versions(connection: &impl ConnectionTrait) -> Result<Vec<PepperVersion>, DbError> {
    let versions: Vec<i32> = secret::Entity::find()
        .select_only()
        .column(secret::Column::PepperVersion)
        .distinct()
        .into_tuple()
        .all(connection)
        .await?;
    versions
        .into_iter()
        .map(|version| u16::try_from(version).map(PepperVersion).map_err(DbError::unreadable))
        .collect()
}

/// How a secret is kept: under what digest, and what of it may be shown.
pub struct NewSecret {
    pub kind: DigestKind,
    pub version: PepperVersion,
    pub digest: KeyDigest,
    pub prefix: String,
    pub start: String,
    pub end: String,
}

pub struct NewKey {
    pub workspace: WorkspaceId,
    pub owner: Option<UserId>,
    pub name: String,
    pub grant: Grant,
    pub expires_at: Option<Timestamp>,
    pub allow: AllowList,
    pub allow_mode: tessera_keys::AllowMode,
    pub rate_limits: RateLimits,
    pub created_by: String,
}

/// # Errors
/// [`DbError::Taken`] if the digest is stored already.
pub async fn insert(
    app: &App,
    txn: &DatabaseTransaction,
    new: NewKey,
    secret: NewSecret,
) -> Result<ApiKeyId, DbError> {
    let now = to_millis(app.now());
    let id: ApiKeyId = app.new_id();
    let row = key::Model {
        id: id.uuid(),
        workspace_id: new.workspace.uuid(),
        owner_user_id: new.owner.map(Id::uuid),
        search_text: new.name.to_lowercase(),
        name: new.name,
        scopes: new.grant.to_text(),
        is_active: true,
        expires_at: new.expires_at.map(to_millis),
        revoked_at: None,
        deleted_at: None,
        ip_allow: new.allow.to_text(),
        ip_allow_mode: new.allow_mode.as_str().to_owned(),
        created_by: new.created_by,
        created_at: now,
        updated_at: now,
        version: 1,
        request_count: 0,
        last_used_at: None,
        last_used_ip: None,
        last_used_agent: None,
        rate_limits: new.rate_limits.to_text(),
    };
    key::Entity::insert(key::ActiveModel::from(row).reset_all()).exec_without_returning(txn).await?;
    insert_secret(app, txn, id, secret).await?;
    Ok(id)
}

pub async fn insert_secret(
    app: &App,
    txn: &DatabaseTransaction,
    key: ApiKeyId,
    new: NewSecret,
) -> Result<(), DbError> {
    let row = secret::Model {
        id: app.new_id::<tessera_types::SecretTag>().uuid(),
        key_id: key.uuid(),
        digest_kind: new.kind.as_str().to_owned(),
        pepper_version: i32::from(new.version.0),
        digest: new.digest.as_bytes().to_vec(),
        prefix: new.prefix,
        start_chars: new.start,
        end_chars: new.end,
        created_at: to_millis(app.now()),
        retired_at: None,
        valid_until: None,
        last_used_at: None,
    };
    secret::Entity::insert(secret::ActiveModel::from(row).reset_all()).exec_without_returning(txn).await?;
    Ok(())
}

/// A workspace's keys that are not deleted.
fn of(workspace: WorkspaceId) -> Select<key::Entity> {
    key::Entity::find()
        .filter(key::Column::WorkspaceId.eq(workspace.uuid()))
        .filter(key::Column::DeletedAt.is_null())
}

pub async fn count(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<u64, DbError> {
    Ok(of(workspace).filter(key::Column::RevokedAt.is_null()).count(connection).await?)
}

/// One key, with what is still pending in memory.
pub async fn find(app: &App, workspace: WorkspaceId, id: ApiKeyId) -> Result<Option<Key>, DbError> {
    let _gate = app.keys.ledger.gate.read().await;
    let row = of(workspace).filter(key::Column::Id.eq(id.uuid())).one(app.db.read()).await?;
    Ok(with_secrets(app.db.read(), row.into_iter().collect(), &pending(app)).await?.pop())
}

/// One key for a change: locked until the transaction ends, with the counts as stored.
///
/// Takes no gate: the flush waits for this transaction while it holds the gate.
pub async fn lock(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: ApiKeyId,
) -> Result<Option<Key>, DbError> {
    let row = of(workspace).filter(key::Column::Id.eq(id.uuid())).lock_exclusive().one(txn).await?;
    Ok(with_secrets(txn, row.into_iter().collect(), &HashMap::new()).await?.pop())
}

/// A key after its change was committed. Where it cannot be read any more, as it was written: the change stands,
/// and its answer may carry a secret that is nowhere else.
pub async fn settled(app: &App, written: Key) -> Key {
    find(app, written.workspace, written.id).await.ok().flatten().unwrap_or(written)
}

fn pending(app: &App) -> HashMap<SecretId, Uses> {
    app.keys.ledger.pending().into_iter().map(|uses| (uses.secret, uses)).collect()
}

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub statuses: Vec<tessera_keys::KeyStatus>,
    pub search: Option<String>,
    /// Only this member's personal keys and the workspace's: what a key may see.
    pub visible_to: Visibility,
}

/// Whose personal keys are in sight.
#[derive(Debug, Clone, Copy, Default)]
pub enum Visibility {
    #[default]
    Everybodys,
    /// The workspace's keys, and this member's own if there is one.
    Own(Option<UserId>),
}

fn matching(workspace: WorkspaceId, wanted: &Wanted, now: i64) -> Select<key::Entity> {
    let mut query = of(workspace).filter(visible(wanted.visible_to));
    if !wanted.statuses.is_empty() {
        query = query.filter(
            wanted.statuses.iter().fold(Cond::any(), |any, status| any.add(has_status(*status, now))),
        );
    }
    if let Some(search) = &wanted.search {
        query = query.filter(key::Column::SearchText.like(LikeExpr::new(anywhere(search)).escape('\\')));
    }
    query
}

pub async fn count_listed(app: &App, workspace: WorkspaceId, wanted: &Wanted) -> Result<u64, DbError> {
    Ok(matching(workspace, wanted, to_millis(app.now())).count(app.db.read()).await?)
}

/// Newest first; one key more than the window's limit when there are more.
pub async fn list(
    app: &App,
    workspace: WorkspaceId,
    wanted: &Wanted,
    window: &Window,
) -> Result<Vec<Key>, DbError> {
    let _gate = app.keys.ledger.gate.read().await;
    let db = app.db.read();
    let rows = newest_first(
        matching(workspace, wanted, to_millis(app.now())),
        key::Column::CreatedAt,
        key::Column::Id,
        window,
    )
    .all(db)
    .await?;
    with_secrets(db, rows, &pending(app)).await
}

fn visible(to: Visibility) -> Cond {
    match to {
        Visibility::Everybodys => Cond::all(),
        Visibility::Own(None) => Cond::all().add(key::Column::OwnerUserId.is_null()),
        Visibility::Own(Some(user)) => {
            Cond::any().add(key::Column::OwnerUserId.is_null()).add(key::Column::OwnerUserId.eq(user.uuid()))
        }
    }
}

fn has_status(status: tessera_keys::KeyStatus, now: i64) -> Cond {
    use tessera_keys::KeyStatus as Status;
    let expired = Cond::all().add(key::Column::ExpiresAt.is_not_null()).add(key::Column::ExpiresAt.lte(now));
    let living = Cond::all().add(key::Column::RevokedAt.is_null());
    match status {
        Status::Revoked => Cond::all().add(key::Column::RevokedAt.is_not_null()),
        Status::Inactive => living.add(key::Column::IsActive.eq(false)),
        Status::Expired => living.add(key::Column::IsActive.eq(true)).add(expired),
        Status::Active => living.add(key::Column::IsActive.eq(true)).add(expired.not()),
    }
}

async fn with_secrets(
    connection: &impl ConnectionTrait,
    rows: Vec<key::Model>,
    pending: &HashMap<SecretId, Uses>,
) -> Result<Vec<Key>, DbError> {
    let secrets = secret::Entity::find()
        .filter(secret::Column::KeyId.is_in(rows.iter().map(|row| row.id)))
        .order_by_desc(secret::Column::CreatedAt)
        .order_by_desc(secret::Column::Id)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let own: Vec<_> = secrets.iter().filter(|secret| secret.key_id == row.id).cloned().collect();
            assemble(row, own, pending)
        })
        .collect()
}

fn assemble(
    row: key::Model,
    own: Vec<secret::Model>,
    pending: &HashMap<SecretId, Uses>,
) -> Result<Key, DbError> {
    let mut key = Key {
        id: ApiKeyId::from_uuid(row.id),
        workspace: WorkspaceId::from_uuid(row.workspace_id),
        owner: ids(row.owner_user_id),
        grant: row.grant()?,
        facts: row.facts(),
        allow: row.allow()?,
        allow_mode: row.ip_allow_mode.parse().map_err(DbError::unreadable)?,
        rate_limits: row.rate_limits()?,
        name: row.name,
        created_by: row.created_by,
        created_at: from_millis(row.created_at),
        updated_at: from_millis(row.updated_at),
        version: row.version,
        request_count: u64::try_from(row.request_count).unwrap_or(0),
        last_used_at: time(row.last_used_at),
        last_used_ip: row.last_used_ip,
        last_used_agent: row.last_used_agent,
        secrets: Vec::new(),
    };
    for secret in own {
        let id = SecretId::from_uuid(secret.id);
        let mut last_used_at = time(secret.last_used_at);
        if let Some(uses) = pending.get(&id) {
            let at = Some(from_millis(uses.last_ms));
            key.request_count += uses.requests;
            last_used_at = last_used_at.max(at);
            if key.last_used_at < at {
                key.last_used_at = at;
                key.last_used_ip = uses.address.map(|address| address.to_string());
                key.last_used_agent = Some(uses.user_agent.clone());
            }
        }
        key.secrets.push(Secret {
            id,
            preview: format!("{}{}...{}", secret.prefix, secret.start_chars, secret.end_chars),
            prefix: secret.prefix,
            created_at: from_millis(secret.created_at),
            valid_until: time(secret.valid_until),
            last_used_at,
        });
    }
    // Two secrets of one millisecond: the one that was not rotated away is the current one.
    key.secrets.sort_by_key(|secret| (secret.valid_until.is_some(), std::cmp::Reverse(secret.created_at)));
    Ok(key)
}

/// Writes the state of a key over version `key.version`. `false`: it was another version by then.
pub async fn update(app: &App, txn: &DatabaseTransaction, key: &Key) -> Result<bool, DbError> {
    let changed = key::Entity::update_many()
        .set(key::ActiveModel {
            name: Set(key.name.clone()),
            search_text: Set(key.name.to_lowercase()),
            scopes: Set(key.grant.to_text()),
            is_active: Set(key.facts.is_active),
            expires_at: Set(key.facts.expires_at.map(to_millis)),
            revoked_at: Set(key.facts.revoked_at.map(to_millis)),
            ip_allow: Set(key.allow.to_text()),
            ip_allow_mode: Set(key.allow_mode.as_str().to_owned()),
            rate_limits: Set(key.rate_limits.to_text()),
            updated_at: Set(to_millis(app.now())),
            version: Set(key.version + 1),
            ..Default::default()
        })
        .filter(key::Column::Id.eq(key.id.uuid()))
        .filter(key::Column::WorkspaceId.eq(key.workspace.uuid()))
        .filter(key::Column::Version.eq(key.version))
        .filter(key::Column::DeletedAt.is_null())
        .exec(txn)
        .await?;
    Ok(changed.rows_affected == 1)
}

pub async fn delete(app: &App, txn: &DatabaseTransaction, key: &Key) -> Result<bool, DbError> {
    let changed = key::Entity::update_many()
        .set(key::ActiveModel { deleted_at: Set(Some(to_millis(app.now()))), ..Default::default() })
        .filter(key::Column::Id.eq(key.id.uuid()))
        .filter(key::Column::WorkspaceId.eq(key.workspace.uuid()))
        .filter(key::Column::DeletedAt.is_null())
        .exec(txn)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Carries out what a rotation decided about the secrets that exist.
pub async fn retire(app: &App, txn: &DatabaseTransaction, rotation: &Rotation) -> Result<(), DbError> {
    let now = app.now();
    let ended = rotation.kill.iter().map(|id| (*id, now)).chain(rotation.retire.iter().copied());
    for (id, until) in ended {
        secret::Entity::update_many()
            .set(secret::ActiveModel { valid_until: Set(Some(to_millis(until))), ..Default::default() })
            .filter(secret::Column::Id.eq(id.uuid()))
            .exec(txn)
            .await?;
        secret::Entity::update_many()
            .set(secret::ActiveModel { retired_at: Set(Some(to_millis(now))), ..Default::default() })
            .filter(secret::Column::Id.eq(id.uuid()))
            .filter(secret::Column::RetiredAt.is_null())
            .exec(txn)
            .await?;
    }
    Ok(())
}

impl Key {
    pub fn secret_states(&self) -> Vec<SecretState> {
        self.secrets
            .iter()
            .map(|secret| SecretState {
                id: secret.id,
                created_at: secret.created_at,
                valid_until: secret.valid_until,
            })
            .collect()
    }

    pub fn cursor(&self) -> Cursor {
        Cursor {
            s: "-created_at".into(),
            v: CursorValue::Number(to_millis(self.created_at)),
            i: self.id.uuid(),
        }
    }
}

/// Revokes a departing member's personal keys; tells which.
pub async fn revoke_personal(
    app: &App,
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Vec<ApiKeyId>, DbError> {
    // In the order in which uses are written, so that neither waits for the other.
    let mine = of(workspace)
        .filter(key::Column::OwnerUserId.eq(user.uuid()))
        .filter(key::Column::RevokedAt.is_null())
        .order_by_asc(key::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await?;
    key::Entity::update_many()
        .set(key::ActiveModel { revoked_at: Set(Some(to_millis(app.now()))), ..Default::default() })
        .filter(key::Column::Id.is_in(mine.iter().map(|row| row.id)))
        .exec(txn)
        .await?;
    Ok(mine.into_iter().map(|row| ApiKeyId::from_uuid(row.id)).collect())
}

/// Adds uses to what is stored, with a handful of statements for each secret used. Durable with the transaction.
pub async fn write_uses(txn: &DatabaseTransaction, uses: &[Uses]) -> Result<(), DbError> {
    for used in uses {
        let requests = i64::try_from(used.requests).unwrap_or(i64::MAX);
        key::Entity::update_many()
            .col_expr(key::Column::RequestCount, Expr::col(key::Column::RequestCount).add(requests))
            .filter(key::Column::Id.eq(used.key.uuid()))
            .exec(txn)
            .await?;
        // Uses of two secrets of one key may be written in either order; the later one stands.
        key::Entity::update_many()
            .set(key::ActiveModel {
                last_used_at: Set(Some(used.last_ms)),
                last_used_ip: Set(used.address.map(|address| address.to_string())),
                last_used_agent: Set(Some(used.user_agent.clone())),
                ..Default::default()
            })
            .filter(key::Column::Id.eq(used.key.uuid()))
            .filter(
                Cond::any()
                    .add(key::Column::LastUsedAt.is_null())
                    .add(key::Column::LastUsedAt.lte(used.last_ms)),
            )
            .exec(txn)
            .await?;
        secret::Entity::update_many()
            .set(secret::ActiveModel { last_used_at: Set(Some(used.last_ms)), ..Default::default() })
            .filter(secret::Column::Id.eq(used.secret.uuid()))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Notes that keys without our shape exist from now on.
pub fn note_imports(app: &App) {
    app.keys.has_imports.store(true, Ordering::Relaxed);
}

/// The answer to a digest that is stored already.
pub fn taken(error: DbError, words: &'static str) -> Problem {
    match error {
        DbError::Taken(_) => Problem::new(crate::problem::Code::Conflict, words),
        other => other.into(),
    }
}
