//! Logging in, keeping a login going, logging out.

use jiff::SignedDuration;
use serde_json::json;
use subtle::ConstantTimeEq;
use tessera_db::{DbError, Transaction};
use tessera_types::{SessionId, Timestamp, UserId, WorkspaceId};

use super::model::{Account, Email, SecretText, Session};
use super::password::{Match, Password};
use super::store::{self, Credentials, Ending};
use super::{LoggedIn, refresh, session_ended};
use crate::audit::{self, Actor, Entry};
use crate::http::Facts;
use crate::http::page::Window;
use crate::problem::{Code, Problem};
use crate::workspaces::{self, Membership};
use crate::{App, Change};

/// Two tabs that refresh at once send the same token twice. Within this time that is not called theft.
const RACE_SECONDS: i64 = 10;

/// What a login, or its renewal, hands out.
pub struct Opened {
    pub access_token: String,
    pub access_seconds: i64,
    pub refresh_token: SecretText,
    pub account: Account,
    /// The workspace the access token is for.
    pub workspace: Option<Membership>,
    pub workspaces: Vec<Membership>,
}

/// Opens a session for whoever knows the password. When it returns, the session is durable.
///
/// # Errors
/// `invalid_login` without saying what is wrong; `too_many_attempts`; `not_found` for a workspace that is not
/// theirs.
pub async fn log_in(
    app: &App,
    facts: &Facts,
    email: &str,
    password: &str,
    workspace: Option<WorkspaceId>,
) -> Result<Opened, Problem> {
    let checked = check_password(app, facts, email, password).await?;
    let workspaces = workspaces::memberships(app.db.read(), checked.credentials.account.id).await?;
    let workspace = choose(&workspaces, workspace)?;
    let txn = app.db.begin().await?;
    let user = checked.credentials.account.id;
    let account = still_valid(&txn, user, &checked.credentials).await?;
    if let Some(hash) = &checked.rehashed {
        store::set_password(&txn, user, hash).await?;
    }
    let (session, refresh_token) = open(app, &txn, facts, user).await?;
    app.commit(txn, &[]).await?;
    opened(app, session, refresh_token, account, workspace, workspaces)
}

/// A password that was right, for the account as it was then.
pub(super) struct Checked {
    pub credentials: Credentials,
    rehashed: Option<String>,
}

/// Compares a password with the account's. Costs the same for an address that nobody has.
///
/// # Errors
/// `invalid_login`, `too_many_attempts`.
pub(super) async fn check_password(
    app: &App,
    facts: &Facts,
    email: &str,
    password: &str,
) -> Result<Checked, Problem> {
    let accounts = &app.accounts;
    let email = Email::parse(email).ok();
    // All that is no address shares one counter: nobody has such an account.
    let name = email.as_ref().map_or("", Email::as_str);
    let attempt = accounts.claim_attempt(app, facts.address(), name)?;
    let compared = compare(app, email.as_ref(), password).await;
    // A fault of ours, or a full queue, is nobody's failure.
    let (found, matched) = compared.inspect_err(|_| accounts.withdraw(&attempt))?;
    let Some(credentials) = found.filter(|_| matched != Match::Wrong) else {
        return Err(Problem::plain(Code::InvalidLogin));
    };
    accounts.forgive(&attempt);
    let rehashed = match matched {
        Match::Stale => rehash(app, password).await?,
        _ => None,
    };
    Ok(Checked { credentials, rehashed })
}

async fn compare(
    app: &App,
    email: Option<&Email>,
    password: &str,
) -> Result<(Option<Credentials>, Match), Problem> {
    let found = match email {
        Some(email) => store::find_by_email(app.db.read(), email).await?,
        None => None,
    };
    let stored = found.as_ref().map(|found| found.password_hash.as_str());
    let matched = app.accounts.hasher.compare(password, stored).await?;
    Ok((found, matched))
}

async fn rehash(app: &App, password: &str) -> Result<Option<String>, Problem> {
    // It was good enough when it was chosen; today's rules are for new ones.
    let Ok(password) = Password::parse(password.to_owned(), None, 1) else { return Ok(None) };
    app.accounts.hasher.hash(&password, app.chance()).await.map(Some)
}

/// The account, locked, if its password is still the one that was compared. A login that began before a change
/// of password must not outlive it.
pub(super) async fn still_valid(
    txn: &Transaction,
    user: UserId,
    checked: &Credentials,
) -> Result<Account, Problem> {
    let now = store::lock_user(txn, user).await?;
    now.filter(|now| now.password_hash == checked.password_hash)
        .map(|now| now.account)
        .ok_or_else(|| Problem::plain(Code::InvalidLogin))
}

/// The workspace asked for, or the one the person has been in longest.
fn choose(workspaces: &[Membership], wanted: Option<WorkspaceId>) -> Result<Option<Membership>, Problem> {
    match wanted {
        None => Ok(workspaces.first().cloned()),
        Some(id) => {
            workspaces.iter().find(|known| known.id == id).cloned().map(Some).ok_or_else(Problem::not_found)
        }
    }
}

/// Makes a session. Durable with the transaction.
pub(super) async fn open(
    app: &App,
    txn: &Transaction,
    facts: &Facts,
    user: UserId,
) -> Result<(SessionId, SecretText), DbError> {
    let now = app.now();
    let id = app.new_id();
    let token = refresh::issue(&app.keyring, app.chance(), id);
    let session = Session {
        id,
        user,
        created_at: now,
        last_seen_at: now,
        expires_at: end_of_life(app, now),
        address: facts.address().to_string(),
        user_agent: facts.user_agent().to_owned(),
    };
    store::insert_session(txn, &session, &app.keyring.digest_current(token.expose())).await?;
    Ok((id, token))
}

fn end_of_life(app: &App, now: Timestamp) -> Timestamp {
    let days = i64::from(app.settings.accounts.session_days_max);
    now.checked_add(SignedDuration::from_hours(days * 24)).unwrap_or(Timestamp::MAX)
}

pub(super) fn opened(
    app: &App,
    session: SessionId,
    refresh_token: SecretText,
    account: Account,
    workspace: Option<Membership>,
    workspaces: Vec<Membership>,
) -> Result<Opened, Problem> {
    let signet = &app.accounts.signet;
    let place = workspace.as_ref().map(|workspace| workspace.id);
    let access_token = signet.sign(account.id, session, place, app.now()).map_err(Problem::internal)?;
    Ok(Opened {
        access_token,
        access_seconds: signet.life_seconds(),
        refresh_token,
        account,
        workspace,
        workspaces,
    })
}

/// Renews a login: a new access token, and a new refresh token in place of the one presented.
///
/// A token that was replaced before comes from a thief, or a thief has used the one before it: the session ends.
/// Only within [`RACE_SECONDS`] it may be a second tab, which is refused and will find the new cookie.
///
/// # Errors
/// `session_ended`; `unauthorized` for the slower of two tabs; `not_found` for a workspace that is not theirs.
pub async fn renew(
    app: &App,
    facts: &Facts,
    token: &str,
    workspace: Option<WorkspaceId>,
) -> Result<Opened, Problem> {
    let id = refresh::session_of(&app.keyring, token).ok_or_else(session_ended)?;
    let txn = app.db.begin().await?;
    let now = app.now();
    let rotation = store::lock_session(&txn, id, now).await?.ok_or_else(session_ended)?;
    let digests = app.keyring.candidates_native(token);
    let is = |stored: &[u8]| digests.iter().any(|(_, _, digest)| bool::from(digest.as_bytes().ct_eq(stored)));
    if !is(&rotation.current) {
        let age = now.duration_since(rotation.rotated_at);
        if rotation.previous.as_deref().is_some_and(is) && age.as_secs() < RACE_SECONDS {
            return Err(Problem::new(
                Code::Unauthorized,
                "This refresh token was just replaced. Use the new one.",
            ));
        }
        return Err(end_reused(app, txn, facts, &rotation.session).await?);
    }
    let account = super::person(&txn, rotation.session.user).await?.ok_or_else(session_ended)?;
    let workspaces = workspaces::memberships(&txn, account.id).await?;
    let workspace = choose(&workspaces, workspace)?;
    let refresh_token = refresh::issue(&app.keyring, app.chance(), id);
    let renewed = Session {
        last_seen_at: now,
        expires_at: end_of_life(app, now),
        address: facts.address().to_string(),
        user_agent: facts.user_agent().to_owned(),
        ..rotation.session
    };
    store::rotate(&txn, &renewed, &rotation.current, &app.keyring.digest_current(refresh_token.expose()))
        .await?;
    app.commit(txn, &[]).await?;
    opened(app, id, refresh_token, account, workspace, workspaces)
}

async fn end_reused(
    app: &App,
    txn: Transaction,
    facts: &Facts,
    session: &Session,
) -> Result<Problem, Problem> {
    store::end_sessions(&txn, session.user, Ending::One(session.id), app.now()).await?;
    let seen = Entry::new("session.reuse_detected", &session.id)
        .after(json!({"user": session.user, "opened_from": session.address}));
    audit::record_for_deployment(app, &txn, &Actor::visitor("refresh token", facts), seen).await?;
    app.commit(txn, &[Change::Session(session.id)]).await?;
    tracing::warn!(session = %session.id, "a replaced refresh token was presented; the session has been ended");
    Ok(session_ended())
}

/// Ends the session that a refresh token belongs to. When it returns, no token of it is admitted.
///
/// # Errors
/// As the database.
pub async fn log_out_by_token(app: &App, token: &str) -> Result<(), Problem> {
    let Some(id) = refresh::session_of(&app.keyring, token) else { return Ok(()) };
    let Some(session) = store::find_session(app.db.read(), id, app.now()).await? else { return Ok(()) };
    end(app, session.user, Ending::One(id)).await.map(|_| ())
}

/// Ends one of a person's sessions. When it returns, no token of it is admitted.
///
/// # Errors
/// `not_found` if it is not theirs or has ended.
pub async fn end_one(app: &App, user: UserId, session: SessionId) -> Result<(), Problem> {
    match end(app, user, Ending::One(session)).await? {
        0 => Err(Problem::not_found()),
        _ => Ok(()),
    }
}

/// Ends all of a person's sessions, this one too. When it returns, none of their tokens is admitted.
///
/// # Errors
/// As the database.
pub async fn end_all(app: &App, user: UserId) -> Result<(), Problem> {
    end(app, user, Ending::All).await.map(|_| ())
}

async fn end(app: &App, user: UserId, which: Ending) -> Result<u64, Problem> {
    let txn = app.db.begin().await?;
    // A login that is just being made either is seen here or sees what comes after.
    super::lock(&txn, user).await?;
    let ended = store::end_sessions(&txn, user, which, app.now()).await?;
    let change = match which {
        Ending::One(session) => Change::Session(session),
        Ending::AllBut(_) | Ending::All => Change::User(user),
    };
    app.commit(txn, &[change]).await?;
    Ok(ended)
}

/// A person's live sessions, newest first.
///
/// # Errors
/// As the database.
pub async fn list(app: &App, who: &LoggedIn, window: &Window) -> Result<(u64, Vec<Session>), DbError> {
    store::list_sessions(app.db.read(), who.user, window, app.now()).await
}
