//! People: how they prove who they are, and how long that holds.
//!
//! A login makes a session. Its access token is a short JWT bound to one workspace; its refresh token is a cookie
//! that changes with every use. What a session may do is kept in memory and obeys the same contract as keys: once
//! a log-out, a new password, a new role or a removal has been answered, no later request sees what was before.

pub mod model;
mod password;
mod people;
mod refresh;
pub mod routes;
mod sessions;
mod store;
pub mod tickets;
mod token;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use tessera_db::{Connection, DbError, Transaction};
use tessera_keys::{Keyring, Role};
use tessera_types::{SessionId, Timestamp, UserId, WorkspaceId};

pub use model::{Account, Email, Session};
pub use people::{Application, accept_invitation};
pub use people::{BootstrapError, bootstrap, issue_reset, reset_link, setup_link};

use crate::cache::FreshCache;
use crate::caller::{Caller, Principal};
use crate::http::network;
use crate::problem::{Code, Problem};
use crate::settings::{Plan, Settings};
use crate::throttle::Throttle;
use crate::workspaces;
use crate::{App, Change};
use token::{Signet, TokenError};

/// Sessions kept in memory; one beyond that is read from the database again.
const PRINCIPALS_CACHED_MAX: usize = 20_000;

/// What this feature keeps in memory.
pub struct Accounts {
    principals: FreshCache<(SessionId, Option<WorkspaceId>), Known>,
    signet: Signet,
    hasher: password::Hasher,
    failures_by_account: Throttle<String>,
    failures_by_network: Throttle<IpNet>,
}

/// What is known of a live session, in the workspace its token names.
struct Known {
    user: UserId,
    email: Email,
    is_operator: bool,
    expires_at: Timestamp,
    /// `None` if the person is no member there, or the token names no workspace.
    place: Option<Place>,
}

struct Place {
    role: Role,
    plan: Arc<Plan>,
    is_suspended: bool,
}

/// A person with a live login, in a workspace or in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedIn {
    pub user: UserId,
    pub email: Email,
    pub session: SessionId,
    /// Runs the deployment.
    pub is_operator: bool,
}

impl Accounts {
    pub fn new(settings: &Settings, keyring: &Keyring) -> Self {
        let limits = &settings.accounts;
        let forgiven_seconds = limits.login_failure_forgiven_seconds;
        Self {
            principals: FreshCache::new(PRINCIPALS_CACHED_MAX),
            signet: Signet::new(keyring, &settings.public_url(), limits.access_token_seconds),
            hasher: password::Hasher::new(),
            failures_by_account: Throttle::new(limits.login_failures_per_account, forgiven_seconds),
            failures_by_network: Throttle::new(limits.login_failures_per_network, forgiven_seconds),
        }
    }

    pub(crate) fn end(&self, change: &Change) {
        match change {
            Change::Session(ended) => self.principals.raise(|(session, _), _| session == ended),
            Change::User(changed) => self.principals.raise(|_, known| known.user == *changed),
            Change::Workspace(changed) => {
                self.principals.raise(|(_, workspace), _| *workspace == Some(*changed));
            }
            Change::Key(_) | Change::Link(_) => {}
        }
    }

    /// Claims one attempt at a secret before the secret is looked at, so that a hundred at once are counted.
    fn claim_attempt(&self, app: &App, address: IpAddr, account: &str) -> Result<Attempt, Problem> {
        let refuse = |seconds| Problem::plain(Code::TooManyAttempts).retry_after(seconds);
        let attempt = Attempt { account: account.to_owned(), network: network(address) };
        self.failures_by_account.claim(attempt.account.clone(), app.monotonic_ns()).map_err(refuse)?;
        self.failures_by_network.claim(attempt.network, app.monotonic_ns()).map_err(|seconds| {
            self.failures_by_account.give_back(&attempt.account);
            refuse(seconds)
        })?;
        Ok(attempt)
    }

    /// The secret was not looked at after all: nothing is counted.
    fn withdraw(&self, attempt: &Attempt) {
        self.failures_by_account.give_back(&attempt.account);
        self.failures_by_network.give_back(&attempt.network);
    }

    /// The secret was right: the account's failures are forgotten, the network's others are not.
    fn forgive(&self, attempt: &Attempt) {
        self.failures_by_account.forgive(&attempt.account);
        self.failures_by_network.give_back(&attempt.network);
    }
}

/// Whom an attempt at a secret is charged to.
struct Attempt {
    account: String,
    network: IpNet,
}

/// Who presents this access token, in the workspace it was made for.
///
/// # Errors
/// `unauthorized` for a token that is not ours or has expired, `session_ended` after a log-out.
pub async fn identify(app: &App, token: &str) -> Result<Caller, Problem> {
    let (claims, known) = known(app, token).await?;
    let Some(workspace) = claims.workspace else {
        let detail = "This login is in no workspace. Make one with POST /v1/workspaces or accept an invitation, then refresh.";
        return Err(Problem::new(Code::InsufficientScope, detail));
    };
    let Some(place) = &known.place else {
        return Err(invalid("You are no longer a member of this token's workspace. Refresh it for another."));
    };
    if place.is_suspended {
        return Err(Problem::plain(Code::WorkspaceSuspended));
    }
    Ok(Caller {
        workspace,
        principal: Principal::Person {
            user: known.user,
            session: claims.session,
            email: known.email.to_string(),
            role: place.role,
        },
        scopes: place.role.scopes(),
        plan: Arc::clone(&place.plan),
    })
}

/// Who presents this access token, whatever workspace it names.
///
/// # Errors
/// As [`identify`].
pub async fn logged_in(app: &App, token: &str) -> Result<LoggedIn, Problem> {
    let (claims, known) = known(app, token).await?;
    let email = known.email.clone();
    Ok(LoggedIn { user: known.user, email, session: claims.session, is_operator: known.is_operator })
}

async fn known(app: &App, token: &str) -> Result<(token::Claims, Arc<Known>), Problem> {
    let claims = app.accounts.signet.read(token, app.now()).map_err(|error| match error {
        TokenError::Expired => invalid("The access token has expired. Refresh it."),
        TokenError::Invalid => invalid("The access token is not valid here."),
    })?;
    let key = (claims.session, claims.workspace);
    // One that looks expired may have been refreshed since it was read.
    if let Some(known) = app.accounts.principals.get(&key).filter(|known| known.expires_at > app.now()) {
        return Ok((claims, known));
    }
    let ticket = app.accounts.principals.ticket();
    let known = Arc::new(read_known(app, key).await?.ok_or_else(session_ended)?);
    if known.user != claims.user {
        return Err(invalid("The access token is not valid here."));
    }
    app.accounts.principals.fill(ticket, key, Arc::clone(&known));
    Ok((claims, known))
}

async fn read_known(
    app: &App,
    (session, workspace): (SessionId, Option<WorkspaceId>),
) -> Result<Option<Known>, DbError> {
    let conn = app.db.read();
    let Some(session) = store::find_session(conn, session, app.now()).await? else { return Ok(None) };
    let Some(credentials) = store::find_user(conn, session.user).await? else { return Ok(None) };
    let place = match workspace {
        Some(workspace) => place(app, workspace, session.user).await?,
        None => None,
    };
    let Account { email, is_operator, .. } = credentials.account;
    Ok(Some(Known { user: session.user, email, is_operator, expires_at: session.expires_at, place }))
}

async fn place(app: &App, workspace: WorkspaceId, user: UserId) -> Result<Option<Place>, DbError> {
    let standing = workspaces::standing(app, app.db.read(), workspace, Some(user)).await?;
    Ok(standing.and_then(|standing| {
        Some(Place { role: standing.role?, plan: standing.plan, is_suspended: standing.suspended })
    }))
}

fn invalid(detail: &'static str) -> Problem {
    Problem::new(Code::Unauthorized, detail).challenged()
}

fn session_ended() -> Problem {
    Problem::plain(Code::SessionEnded).challenged()
}

/// Locks a person's row until the transaction ends: whoever counts what one person has holds this.
///
/// # Errors
/// As the database.
pub async fn lock(txn: &Transaction, user: UserId) -> Result<(), DbError> {
    store::lock_user(txn, user).await.map(|_| ())
}

/// # Errors
/// As the database.
pub async fn person(conn: &impl Connection, user: UserId) -> Result<Option<Account>, DbError> {
    Ok(store::find_user(conn, user).await?.map(|found| found.account))
}

/// # Errors
/// As the database.
pub async fn people(
    conn: &impl Connection,
    users: impl Iterator<Item = UserId>,
) -> Result<HashMap<UserId, Account>, DbError> {
    store::find_users(conn, users).await
}

/// Whether somebody has an account with this address.
///
/// # Errors
/// As the database.
pub async fn is_known(app: &App, email: &Email) -> Result<bool, DbError> {
    Ok(store::find_by_email(app.db.read(), email).await?.is_some())
}

/// Forgets sessions and tickets that nobody can use any more.
///
/// # Errors
/// As the database.
pub async fn sweep(app: &App) -> Result<(), DbError> {
    let txn = app.db.begin().await?;
    store::sweep_sessions(&txn, app.now()).await?;
    tickets::sweep(app, &txn).await?;
    app.commit(txn, &[]).await
}
