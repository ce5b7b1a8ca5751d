//! Accounts: how they come to be, and how their owners change them.

use serde_json::json;
use tessera_db::{DbError, Transaction};
use tessera_types::{Timestamp, UserId, WorkspaceId};

use super::LoggedIn;
use super::model::{Account, Email, person_name};
use super::password::{Match, Password};
use super::sessions::{self, Opened};
use super::store::{self, Credentials, Ending};
use super::tickets::{self, Ticket, TicketKind};
use crate::audit::{self, Actor, Entry};
use crate::http::{Facts, network};
use crate::problem::{Checks, Code, Problem};
use crate::settings::SignUp;
use crate::workspaces::{self, Membership};
use crate::{App, Change};

/// Somebody about to get an account, with every field in order.
pub struct Newcomer {
    email: Email,
    password: Password,
    name: String,
    workspace_name: String,
}

/// What somebody typed who wants an account.
#[derive(Default)]
pub struct Application {
    pub email: String,
    pub password: String,
    /// The part of the address before the `@`, if absent.
    pub name: Option<String>,
    /// "…'s workspace", if absent.
    pub workspace_name: Option<String>,
}

impl Newcomer {
    /// # Errors
    /// Every field that is wrong.
    pub fn check(app: &App, form: Application) -> Result<Self, Problem> {
        let mut checks = Checks::default();
        let email = checks.keep("email", Email::parse(&form.email));
        let length_min = app.settings.accounts.password_length_min;
        let password = checks.keep("password", Password::parse(form.password, email.as_ref(), length_min));
        let name = match form.name {
            Some(name) => checks.keep("name", person_name(&name)),
            None => email.as_ref().map(|email| email.local_part().to_owned()),
        };
        let workspace_name = match form.workspace_name {
            Some(name) => checks.keep("workspace_name", workspaces::model::workspace_name(&name)),
            None => {
                name.as_ref().map(|name| format!("{}'s workspace", name.chars().take(60).collect::<String>()))
            }
        };
        checks.done()?;
        match (email, password, name, workspace_name) {
            (Some(email), Some(password), Some(name), Some(workspace_name)) => {
                Ok(Self { email, password, name, workspace_name })
            }
            _ => Err(Problem::internal("a field was neither right nor wrong")),
        }
    }
}

/// Stores a new account. Durable with the transaction.
async fn create(
    app: &App,
    txn: &Transaction,
    newcomer: &Newcomer,
    hash: &str,
    is_operator: bool,
) -> Result<Account, Problem> {
    let now = app.now();
    let (email, name) = (newcomer.email.clone(), newcomer.name.clone());
    let account = Account { id: app.new_id(), email, name, is_operator, created_at: now, updated_at: now };
    match store::insert_user(txn, &account, hash).await {
        Err(DbError::Taken(_)) => Err(Problem::plain(Code::EmailTaken)),
        done => Ok(done.map(|()| account)?),
    }
}

/// Last in its transaction: the deployment's chain is the lock that everybody shares.
async fn record_created(
    app: &App,
    txn: &Transaction,
    actor: &Actor,
    account: &Account,
) -> Result<(), DbError> {
    let made = Entry::new("user.created", &account.id)
        .after(json!({"email": account.email, "name": account.name, "is_operator": account.is_operator}));
    audit::record_for_deployment(app, txn, actor, made).await
}

/// The account and workspace of a newcomer, both theirs alone. Durable with the transaction.
async fn found(
    app: &App,
    txn: &Transaction,
    newcomer: &Newcomer,
    hash: &str,
    founder: Founder<'_>,
) -> Result<(Account, Membership), Problem> {
    let is_operator = !matches!(founder, Founder::SignedUp(_));
    let account = create(app, txn, newcomer, hash, is_operator).await?;
    let actor = match founder {
        Founder::Operator => Actor::operator(),
        Founder::SetUp(facts) | Founder::SignedUp(facts) => {
            Actor::person(account.id, account.email.as_str(), facts)
        }
    };
    let id = workspaces::create(app, txn, &actor, account.id, &newcomer.workspace_name).await?;
    record_created(app, txn, &actor, &account).await?;
    let name = newcomer.workspace_name.clone();
    Ok((account, Membership { id, name, role: tessera_keys::Role::Owner }))
}

/// By which door somebody came who gets a workspace of their own.
#[derive(Clone, Copy)]
enum Founder<'a> {
    /// The command line.
    Operator,
    /// The set-up link.
    SetUp(&'a Facts),
    /// Open sign-up.
    SignedUp(&'a Facts),
}

/// Why the command line made no first owner.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    #[error(
        "this deployment has its first owner already; invite people, or reset a password with a reset link"
    )]
    NotFirst,
    #[error("{}", words(.0))]
    Refused(Problem),
    #[error(transparent)]
    Db(#[from] DbError),
}

fn words(problem: &Problem) -> String {
    let fields = problem.errors.iter().map(|error| format!("{}: {}", error.field, error.message));
    let fields: Vec<String> = fields.collect();
    if fields.is_empty() { problem.detail.clone().into_owned() } else { fields.join("; ") }
}

/// Makes the first owner and their workspace without a browser. When it returns, both are durable, and set-up
/// links lead nowhere. Of two calls at once one succeeds.
///
/// # Errors
/// [`BootstrapError::NotFirst`] if anybody has an account.
pub async fn bootstrap(
    app: &App,
    email: &str,
    password: &str,
    name: Option<&str>,
    workspace: Option<&str>,
) -> Result<(UserId, WorkspaceId), BootstrapError> {
    let form = Application {
        email: email.to_owned(),
        password: password.to_owned(),
        name: name.map(ToOwned::to_owned),
        workspace_name: workspace.map(ToOwned::to_owned),
    };
    let newcomer = Newcomer::check(app, form).map_err(BootstrapError::Refused)?;
    let hash =
        app.accounts.hasher.hash(&newcomer.password, app.chance()).await.map_err(BootstrapError::Refused)?;
    let txn = app.db.begin().await?;
    if !tickets::claim_first_owner(app, &txn).await? || store::anybody(&txn).await? {
        return Err(BootstrapError::NotFirst);
    }
    tickets::void_setups(&txn).await?;
    let made = found(app, &txn, &newcomer, &hash, Founder::Operator).await;
    let (account, workspace) = made.map_err(BootstrapError::Refused)?;
    app.commit(txn, &[]).await?;
    Ok((account.id, workspace.id))
}

/// A new one-time link for the first owner, in place of any earlier one; `None` once somebody has an account.
///
/// # Errors
/// As the database.
pub async fn setup_link(app: &App) -> Result<Option<String>, DbError> {
    let txn = app.db.begin().await?;
    if store::anybody(&txn).await? {
        return Ok(None);
    }
    tickets::void_setups(&txn).await?;
    let link = tickets::issue(app, &txn, &Ticket::new(app, TicketKind::Setup)).await?;
    app.commit(txn, &[]).await?;
    Ok(Some(link))
}

/// Somebody's own account and workspace, freshly made, and a session to use them with.
pub struct Founded {
    pub opened: Opened,
    pub account: UserId,
    pub workspace: WorkspaceId,
}

/// Makes the first owner by the set-up link. When it returns, everything is durable and the link is used up.
///
/// # Errors
/// `invalid_ticket`, and every field that is wrong.
pub async fn set_up(app: &App, facts: &Facts, token: &str, form: Application) -> Result<Founded, Problem> {
    let ticket = live_ticket(app, TicketKind::Setup, token).await?;
    let newcomer = Newcomer::check(app, form)?;
    let hash = app.accounts.hasher.hash(&newcomer.password, app.chance()).await?;
    let txn = app.db.begin().await?;
    if !tickets::claim_first_owner(app, &txn).await? || !tickets::spend(app, &txn, &ticket).await? {
        return Err(Problem::plain(Code::InvalidTicket));
    }
    let made = found(app, &txn, &newcomer, &hash, Founder::SetUp(facts)).await?;
    move_in(app, txn, facts, made).await
}

/// Makes an account for anybody, where the settings let anybody in. When it returns, it is durable.
///
/// # Errors
/// `sign_up_closed`, `email_taken`, `too_many_attempts`, and every field that is wrong.
pub async fn sign_up(app: &App, facts: &Facts, form: Application) -> Result<Founded, Problem> {
    if app.settings.accounts.sign_up != SignUp::Open {
        return Err(Problem::plain(Code::SignUpClosed));
    }
    let newcomer = Newcomer::check(app, form)?;
    // Each costs a hash and some rows, and a refusal tells who has an account: not more per network than logins.
    let network = network(facts.address());
    let claimed = app.accounts.failures_by_network.claim(network, app.monotonic_ns());
    claimed.map_err(|seconds| Problem::plain(Code::TooManyAttempts).retry_after(seconds))?;
    let hash = app.accounts.hasher.hash(&newcomer.password, app.chance()).await?;
    let txn = app.db.begin().await?;
    let made = found(app, &txn, &newcomer, &hash, Founder::SignedUp(facts)).await?;
    move_in(app, txn, facts, made).await
}

async fn move_in(
    app: &App,
    txn: Transaction,
    facts: &Facts,
    (account, place): (Account, Membership),
) -> Result<Founded, Problem> {
    let (session, refresh_token) = sessions::open(app, &txn, facts, account.id).await?;
    app.commit(txn, &[]).await?;
    let (user, workspace) = (account.id, place.id);
    let opened = sessions::opened(app, session, refresh_token, account, Some(place.clone()), vec![place])?;
    Ok(Founded { opened, account: user, workspace })
}

async fn live_ticket(app: &App, kind: TicketKind, token: &str) -> Result<Ticket, Problem> {
    let found = tickets::find(app, app.db.read(), kind, token).await?;
    found.ok_or_else(|| Problem::plain(Code::InvalidTicket))
}

/// Makes an account by following an invitation. When it returns, account and membership are durable.
///
/// # Errors
/// `invalid_ticket`, `sign_up_closed`, `email_taken`, and every field that is wrong.
pub async fn accept_invitation(
    app: &App,
    facts: &Facts,
    token: &str,
    form: Application,
) -> Result<Opened, Problem> {
    if app.settings.accounts.sign_up == SignUp::Closed {
        return Err(Problem::plain(Code::SignUpClosed));
    }
    let ticket = live_ticket(app, TicketKind::Invitation, token).await?;
    let newcomer = Newcomer::check(app, form)?;
    if ticket.email.as_ref().is_some_and(|email| *email != newcomer.email) {
        return Err(Problem::field("email", "mismatch", "the address that this invitation was made for"));
    }
    let hash = app.accounts.hasher.hash(&newcomer.password, app.chance()).await?;
    let txn = app.db.begin().await?;
    let account = create(app, &txn, &newcomer, &hash, false).await?;
    let actor = Actor::person(account.id, account.email.as_str(), facts);
    let place = workspaces::accept_as_newcomer(app, &txn, &actor, &ticket, account.id).await?;
    let (session, refresh_token) = sessions::open(app, &txn, facts, account.id).await?;
    record_created(app, &txn, &actor, &account).await?;
    app.commit(txn, &[Change::Workspace(place.id)]).await?;
    sessions::opened(app, session, refresh_token, account, Some(place.clone()), vec![place])
}

/// Follows an invitation with an account that exists, proven by its password. When it returns, the membership is
/// durable.
///
/// # Errors
/// `invalid_login`, `too_many_attempts`; else as [`workspaces::accept`].
pub async fn accept_with_password(
    app: &App,
    facts: &Facts,
    token: &str,
    email: &str,
    password: &str,
) -> Result<Membership, Problem> {
    let ticket = live_ticket(app, TicketKind::Invitation, token).await?;
    let proved = sessions::check_password(app, facts, email, password).await?.credentials;
    let account = &proved.account;
    let actor = Actor::person(account.id, account.email.as_str(), facts);
    let txn = app.db.begin().await?;
    let membership = workspaces::accept_as_known(app, &txn, &actor, &ticket, account).await?;
    sessions::still_valid(&txn, account.id, &proved).await?;
    app.commit(txn, &[Change::User(account.id), Change::Workspace(membership.id)]).await?;
    Ok(membership)
}

/// A link with which this person chooses a new password, in place of any earlier one; `None` if nobody has this
/// address. When it returns, the link works.
///
/// # Errors
/// As the database.
pub async fn reset_link(app: &App, email: &str) -> Result<Option<String>, DbError> {
    let Ok(email) = Email::parse(email) else { return Ok(None) };
    let txn = app.db.begin().await?;
    let Some(found) = store::find_by_email(&txn, &email).await? else { return Ok(None) };
    super::lock(&txn, found.account.id).await?;
    let (_, url) = issue_reset(app, &txn, found.account.id, None).await?;
    let made = Entry::new("user.reset_link_created", &found.account.id);
    audit::record_for_deployment(app, &txn, &Actor::operator(), made).await?;
    app.commit(txn, &[]).await?;
    Ok(Some(url))
}

/// Makes a reset link, in place of any earlier one. Durable with the transaction.
///
/// # Errors
/// As the database.
pub async fn issue_reset(
    app: &App,
    txn: &Transaction,
    user: UserId,
    created_by: Option<UserId>,
) -> Result<(Ticket, String), DbError> {
    tickets::void_resets(txn, user).await?;
    let ticket = Ticket { user: Some(user), created_by, ..Ticket::new(app, TicketKind::Reset) };
    let url = tickets::issue(app, txn, &ticket).await?;
    Ok((ticket, url))
}

/// Sets a new password by a reset link. When it returns, every session of the person has ended.
///
/// # Errors
/// `invalid_ticket`, or what is wrong with the password.
pub async fn reset_password(app: &App, facts: &Facts, token: &str, password: String) -> Result<(), Problem> {
    let ticket = live_ticket(app, TicketKind::Reset, token).await?;
    let user = ticket.user.ok_or_else(|| Problem::plain(Code::InvalidTicket))?;
    let account =
        super::person(app.db.read(), user).await?.ok_or_else(|| Problem::plain(Code::InvalidTicket))?;
    let hash = hash_new(app, "new_password", &account.email, password).await?;
    let txn = app.db.begin().await?;
    super::lock(&txn, user).await?;
    if !tickets::spend(app, &txn, &ticket).await? {
        return Err(Problem::plain(Code::InvalidTicket));
    }
    tickets::void_resets(&txn, user).await?;
    store::set_password(&txn, user, &hash).await?;
    store::end_sessions(&txn, user, Ending::All, app.now()).await?;
    let actor = Actor::visitor("reset link", facts);
    audit::record_for_deployment(app, &txn, &actor, Entry::new("password.reset", &user)).await?;
    app.commit(txn, &[Change::User(user)]).await?;
    app.accounts.failures_by_account.forgive(&account.email.to_string());
    Ok(())
}

async fn hash_new(
    app: &App,
    field: &'static str,
    email: &Email,
    password: String,
) -> Result<String, Problem> {
    let mut checks = Checks::default();
    let length_min = app.settings.accounts.password_length_min;
    let password = checks.keep(field, Password::parse(password, Some(email), length_min));
    checks.done()?;
    match password {
        Some(password) => app.accounts.hasher.hash(&password, app.chance()).await,
        None => Err(Problem::internal("a password was neither right nor wrong")),
    }
}

/// Sets a new password. When it returns, every other session of the person has ended.
///
/// # Errors
/// A field error for a wrong current password; `too_many_attempts`; or what is wrong with the new one.
pub async fn change_password(
    app: &App,
    facts: &Facts,
    who: &LoggedIn,
    current: &str,
    new: String,
) -> Result<(), Problem> {
    let proved = prove(app, facts, who, current).await?;
    let hash = hash_new(app, "new_password", &who.email, new).await?;
    let txn = app.db.begin().await?;
    still_proved(app, &txn, who, &proved).await?;
    tickets::void_resets(&txn, who.user).await?;
    store::set_password(&txn, who.user, &hash).await?;
    store::end_sessions(&txn, who.user, Ending::AllBut(who.session), app.now()).await?;
    let actor = Actor::person(who.user, who.email.as_str(), facts);
    audit::record_for_deployment(app, &txn, &actor, Entry::new("password.changed", &who.user)).await?;
    Ok(app.commit(txn, &[Change::User(who.user)]).await?)
}

/// Asks again for the password of somebody who is logged in: a stolen token alone must not take an account over.
async fn prove(app: &App, facts: &Facts, who: &LoggedIn, password: &str) -> Result<Credentials, Problem> {
    let attempt = app.accounts.claim_attempt(app, facts.address(), who.email.as_str())?;
    let compared = compare(app, who, password).await;
    let (credentials, matched) = compared.inspect_err(|_| app.accounts.withdraw(&attempt))?;
    if matched == Match::Wrong {
        return Err(wrong_password());
    }
    app.accounts.forgive(&attempt);
    Ok(credentials)
}

async fn compare(app: &App, who: &LoggedIn, password: &str) -> Result<(Credentials, Match), Problem> {
    let found = store::find_user(app.db.read(), who.user).await?.ok_or_else(Problem::not_found)?;
    let matched = app.accounts.hasher.compare(password, Some(&found.password_hash)).await?;
    Ok((found, matched))
}

fn wrong_password() -> Problem {
    Problem::field("current_password", "wrong", "the password you log in with now")
}

/// Locks the person and looks again: what was proven while a password was hashed may have ended meanwhile.
async fn still_proved(
    app: &App,
    txn: &Transaction,
    who: &LoggedIn,
    proved: &Credentials,
) -> Result<(), Problem> {
    let now = store::lock_user(txn, who.user).await?.ok_or_else(Problem::not_found)?;
    if store::find_session(txn, who.session, app.now()).await?.is_none() {
        return Err(super::session_ended());
    }
    if now.password_hash != proved.password_hash {
        return Err(wrong_password());
    }
    Ok(())
}

/// What a person may change of themselves; absent fields stay.
pub struct AccountChange {
    pub name: Option<String>,
    pub email: Option<String>,
    /// Needed to change the address.
    pub current_password: Option<String>,
}

/// Changes what is named. When it returns, the change is durable and the next request sees it.
///
/// # Errors
/// `precondition_failed` if the account is not at `version`; `email_taken`; every field that is wrong.
pub async fn change(
    app: &App,
    facts: &Facts,
    who: &LoggedIn,
    version: Option<i64>,
    change: AccountChange,
) -> Result<Account, Problem> {
    let mut checks = Checks::default();
    let name = change.name.and_then(|name| checks.keep("name", person_name(&name)));
    let email = change.email.and_then(|email| checks.keep("email", Email::parse(&email)));
    let moves = email.as_ref().is_some_and(|email| *email != who.email);
    if moves && change.current_password.is_none() {
        checks.refuse("current_password", "required", "needed to change the e-mail");
    }
    checks.done()?;
    let proved = match change.current_password.filter(|_| moves) {
        Some(password) => Some(prove(app, facts, who, &password).await?),
        None => None,
    };
    let txn = app.db.begin().await?;
    if let Some(proved) = &proved {
        still_proved(app, &txn, who, proved).await?;
    }
    let before = store::lock_user(&txn, who.user).await?.ok_or_else(Problem::not_found)?.account;
    if version.is_some_and(|version| version != before.updated_at.as_millisecond()) {
        return Err(Problem::plain(Code::PreconditionFailed));
    }
    let mut after = before.clone();
    after.name = name.unwrap_or(after.name);
    after.email = email.unwrap_or(after.email);
    if after == before {
        return Ok(before);
    }
    after.updated_at = later(app.now(), before.updated_at);
    match store::update_user(&txn, &after).await {
        Err(DbError::Taken(_)) => return Err(Problem::plain(Code::EmailTaken)),
        done => done?,
    }
    let shown = |account: &Account| json!({"name": account.name, "email": account.email});
    let changed = Entry::new("user.updated", &who.user).between(shown(&before), shown(&after));
    let actor = Actor::person(who.user, before.email.as_str(), facts);
    audit::record_for_deployment(app, &txn, &actor, changed).await?;
    app.commit(txn, &[Change::User(who.user)]).await?;
    Ok(after)
}

/// The time of a change doubles as the version, so two changes in one millisecond must not share it.
fn later(now: Timestamp, last: Timestamp) -> Timestamp {
    let next = tessera_types::from_millis(last.as_millisecond() + 1);
    now.max(next)
}
