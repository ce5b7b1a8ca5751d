//! Every way a key comes to be, or changes: all of them pass the rule that nobody hands on more than they have.

use tessera_db::{DbError, Transaction};
use tessera_keys::{
    AllowList, AllowMode, DigestKind, Excess, ForeignDigest, Grant, PlainKey, may_grant, rotate,
};
use tessera_types::{ApiKeyId, Timestamp, UserId, WorkspaceId};

use super::limits::RateLimits;
use super::model::Key;
use super::store::{self, NewKey, NewSecret};
use crate::audit::{self, Actor, Entry};
use crate::caller::Caller;
use crate::problem::{Code, Problem};
use crate::workspaces::{self, Standing};
use crate::{App, Change};

/// What a new key is to be, as its maker wishes.
pub struct Wish {
    pub name: String,
    pub grant: Grant,
    pub owner: Option<UserId>,
    pub expires_at: Option<Timestamp>,
    pub allow: AllowList,
    pub allow_mode: AllowMode,
    pub rate_limits: RateLimits,
}

impl Wish {
    /// A workspace key without expiry or allow list.
    fn plain(name: &str, grant: Grant) -> Self {
        Self {
            name: name.to_owned(),
            grant,
            owner: None,
            expires_at: None,
            allow: AllowList::default(),
            allow_mode: AllowMode::Off,
            rate_limits: RateLimits::default(),
        }
    }
}

/// The rule of minting: granted ⊆ the minter's own effective scopes.
///
/// # Errors
/// Names the scopes that are missing.
pub fn granted(caller: &Caller, grant: Grant) -> Result<Grant, Problem> {
    may_grant(caller.scopes, &grant).map_err(|Excess(missing)| {
        Problem::new(
            Code::InsufficientScope,
            format!("Nobody can hand on more than they have; you lack {missing}."),
        )
    })?;
    Ok(grant.settled(&caller.grant()))
}

/// Whether the caller may take this key's secret into their hands, or change what it can do.
///
/// # Errors
/// `not_found` for another member's personal key, `insufficient_scope` for one that can do more.
pub fn within_reach(caller: &Caller, key: &Key) -> Result<(), Problem> {
    if !is_visible(caller, key) {
        return Err(Problem::not_found());
    }
    granted(caller, key.grant).map(drop)
}

/// Whether the caller may be handed a new secret of this key. A personal key speaks for its member, so nobody
/// else gets to hold it; an admin may still revoke or deactivate it.
///
/// # Errors
/// As [`within_reach`]; `insufficient_scope` for another member's personal key.
pub fn may_hold(caller: &Caller, key: &Key) -> Result<(), Problem> {
    within_reach(caller, key)?;
    if key.owner.is_none() || key.owner == caller.person() || key.owner == caller.personal_of() {
        return Ok(());
    }
    Err(Problem::new(Code::InsufficientScope, "Only the member a personal key belongs to can rotate it."))
}

/// A key never sees another member's personal keys.
pub fn is_visible(caller: &Caller, key: &Key) -> bool {
    use crate::caller::Principal;
    match &caller.principal {
        Principal::Person { .. } => true,
        Principal::Key { owner, .. } => key.owner.is_none() || key.owner == *owner,
    }
}

/// Mints one key within the transaction and the plan.
///
/// # Errors
/// `plan_required` if the workspace has as many keys as its plan allows.
pub async fn mint(
    app: &App,
    txn: &Transaction,
    workspace: WorkspaceId,
    wish: Wish,
    created_by: String,
) -> Result<(ApiKeyId, PlainKey), Problem> {
    let standing = room_for(app, txn, workspace, 1).await?;
    if wish.owner.is_some() {
        // The member may have been removed while this waited for the workspace.
        let member = workspaces::standing(app, txn, workspace, wish.owner).await?;
        member.and_then(|standing| standing.role).ok_or_else(Problem::not_found)?;
    }
    let prefix = standing.key_prefix.as_ref().unwrap_or(&app.settings.keys.prefix);
    let key = PlainKey::mint(prefix, app.chance());
    let id = store::insert(app, txn, wish.into_new(workspace, created_by), sealed(app, &key)).await?;
    Ok((id, key))
}

/// Takes in a key that was issued elsewhere, of which only a digest is known.
///
/// # Errors
/// `conflict` if that digest is here already, `plan_required` as for [`mint`].
pub async fn import(
    app: &App,
    txn: &Transaction,
    workspace: WorkspaceId,
    wish: Wish,
    foreign: &ForeignDigest,
    shown: (String, String, String),
    created_by: String,
) -> Result<ApiKeyId, Problem> {
    let version = app.keyring.current();
    let digest = app.keyring.wrap(version, foreign).ok_or_else(|| Problem::internal("no current pepper"))?;
    let (prefix, start, end) = shown;
    let secret = NewSecret { kind: foreign.kind(), version, digest, prefix, start, end };
    store::insert(app, txn, wish.into_new(workspace, created_by), secret)
        .await
        .map_err(|error| store::taken(error, "One of these digests belongs to a key that is here already."))
}

impl Wish {
    fn into_new(self, workspace: WorkspaceId, created_by: String) -> NewKey {
        NewKey {
            workspace,
            owner: self.owner,
            name: self.name,
            grant: self.grant,
            expires_at: self.expires_at,
            allow: self.allow,
            allow_mode: self.allow_mode,
            rate_limits: self.rate_limits,
            created_by,
        }
    }
}

/// Makes sure the plan has room, with the workspace locked so that two mints cannot both take the last place.
pub async fn room_for(
    app: &App,
    txn: &Transaction,
    workspace: WorkspaceId,
    more: u64,
) -> Result<Standing, Problem> {
    workspaces::lock(txn, workspace).await?;
    let standing = workspaces::standing(app, txn, workspace, None).await?.ok_or_else(Problem::not_found)?;
    let keys_max = u64::from(standing.plan.keys_max);
    if keys_max > 0 && store::count(txn, workspace).await? + more > keys_max {
        return Err(Problem::new(
            Code::PlanRequired,
            format!("The workspace's plan holds {keys_max} API keys."),
        ));
    }
    Ok(standing)
}

fn sealed(app: &App, key: &PlainKey) -> NewSecret {
    let mask = key.mask();
    NewSecret {
        kind: DigestKind::HmacSha256,
        version: app.keyring.current(),
        digest: app.keyring.digest_current(key.expose()),
        prefix: mask.prefix,
        start: mask.start,
        end: mask.end,
    }
}

/// Gives a key a new secret (keys.md §7). The caller commits and announces.
///
/// # Errors
/// As the database.
pub async fn turn(app: &App, txn: &Transaction, key: &Key, grace_seconds: u32) -> Result<PlainKey, Problem> {
    let rotation = rotate(app.now(), &key.secret_states(), key.facts.expires_at, grace_seconds);
    store::retire(app, txn, &rotation).await?;
    let standing =
        workspaces::standing(app, txn, key.workspace, None).await?.ok_or_else(Problem::not_found)?;
    let prefix = standing.key_prefix.as_ref().unwrap_or(&app.settings.keys.prefix);
    let plain = PlainKey::mint(prefix, app.chance());
    store::insert_secret(app, txn, key.id, sealed(app, &plain)).await?;
    Ok(plain)
}

/// The first key of a new workspace, for the page that set it up.
///
/// # Errors
/// As [`mint`].
pub async fn mint_first(
    app: &App,
    workspace: WorkspaceId,
    user: UserId,
    actor: &Actor,
) -> Result<String, Problem> {
    let wish = Wish::plain("First key", Grant::Preset(tessera_keys::Preset::All));
    mint_alone(app, workspace, wish, user.to_string(), actor).await
}

/// A key made on the server's command line, by whoever may run commands there.
///
/// # Errors
/// As [`mint`]; `invalid_request` for scopes that do not exist.
pub async fn mint_as_operator(
    app: &App,
    workspace: WorkspaceId,
    name: &str,
    scopes: &[String],
) -> Result<String, Problem> {
    let mut checks = crate::problem::Checks::default();
    let grant = checks.keep("scopes", super::model::grant(scopes));
    checks.done()?;
    let wish = Wish::plain(name, grant.unwrap_or(Grant::Preset(tessera_keys::Preset::Read)));
    mint_alone(app, workspace, wish, "operator".to_owned(), &Actor::operator()).await
}

async fn mint_alone(
    app: &App,
    workspace: WorkspaceId,
    wish: Wish,
    by: String,
    actor: &Actor,
) -> Result<String, Problem> {
    let txn = app.db.begin().await?;
    let (name, scopes) = (wish.name.clone(), wish.grant.names());
    let (id, key) = mint(app, &txn, workspace, wish, by).await?;
    let entry = Entry::new("api_key.created", &id).after(serde_json::json!({"name": name, "scopes": scopes}));
    audit::record(app, &txn, workspace, actor, entry).await?;
    app.commit(txn, &[Change::Key(id)]).await?;
    Ok(key.expose().to_owned())
}

/// Revokes the personal keys of a member who leaves. Durable with the transaction; announce
/// [`Change::User`] with it.
///
/// # Errors
/// As the database.
pub async fn end_personal(
    app: &App,
    txn: &Transaction,
    workspace: WorkspaceId,
    user: UserId,
    actor: &Actor,
) -> Result<(), DbError> {
    for id in store::revoke_personal(app, txn, workspace, user).await? {
        audit::record(app, txn, workspace, actor, Entry::new("api_key.revoked", &id)).await?;
    }
    Ok(())
}
