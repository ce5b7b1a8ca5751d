//! Tickets: links that let a person do one thing, once: set up, join, choose a new password.
//!
//! The link carries 256 random bits; the database holds only their keyed digest. Spending a ticket is one
//! conditional update, so of two people with the same link one gets in.

mod store;

use jiff::{SignedDuration, Timestamp};
use tessera_db::{Connection, DbError, Transaction};
use tessera_keys::Role;
use tessera_types::{InvitationId, UserId, WorkspaceId};

use super::model::{Email, SecretText};
use crate::App;
use crate::http::page::Window;

/// A first owner has this long to follow the set-up link; a restart makes a new one.
const SETUP_HOURS: u32 = 72;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketKind {
    Setup,
    Invitation,
    Reset,
}

impl TicketKind {
    fn as_str(self) -> &'static str {
        match self {
            TicketKind::Setup => "setup",
            TicketKind::Invitation => "invitation",
            TicketKind::Reset => "reset",
        }
    }

    /// What the secret part begins with, so that a leaked one says what it is.
    fn prefix(self) -> &'static str {
        match self {
            TicketKind::Setup => "tsr_setup_",
            TicketKind::Invitation => "tsr_invite_",
            TicketKind::Reset => "tsr_reset_",
        }
    }

    fn page(self) -> &'static str {
        match self {
            TicketKind::Setup => "setup",
            TicketKind::Invitation => "invite",
            TicketKind::Reset => "reset",
        }
    }

    fn hours_valid(self, app: &App) -> u32 {
        match self {
            TicketKind::Setup => SETUP_HOURS,
            TicketKind::Invitation => app.settings.accounts.invitation_hours_max,
            TicketKind::Reset => app.settings.accounts.reset_hours_max,
        }
    }
}

/// A ticket as stored. Which fields are set depends on the kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    pub id: InvitationId,
    pub kind: TicketKind,
    /// Where an invitation leads to.
    pub workspace: Option<WorkspaceId>,
    /// Whose password a reset changes.
    pub user: Option<UserId>,
    /// The only address that an invitation is for, if it names one.
    pub email: Option<Email>,
    pub role: Option<Role>,
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Ticket {
    /// A new ticket of this kind, valid from now for as long as the settings say.
    pub fn new(app: &App, kind: TicketKind) -> Self {
        let created_at = app.now();
        let life = SignedDuration::from_hours(kind.hours_valid(app).into());
        Self {
            id: app.new_id(),
            kind,
            workspace: None,
            user: None,
            email: None,
            role: None,
            created_by: None,
            created_at,
            expires_at: created_at.checked_add(life).unwrap_or(Timestamp::MAX),
        }
    }
}

/// Stores a ticket and makes its link: the one moment at which the link is known. Durable with the transaction.
///
/// # Errors
/// As the database.
pub async fn issue(app: &App, txn: &Transaction, ticket: &Ticket) -> Result<String, DbError> {
    let token = SecretText::new(ticket.kind.prefix(), app.chance());
    let digest = app.keyring.digest_current(token.expose());
    store::insert(txn, ticket, digest.as_bytes()).await?;
    Ok(format!("{}/{}?token={}", app.settings.public_url(), ticket.kind.page(), token.expose()))
}

/// The ticket of this kind that a token belongs to, if it can still be spent.
///
/// # Errors
/// As the database.
pub async fn find(
    app: &App,
    conn: &impl Connection,
    kind: TicketKind,
    token: &str,
) -> Result<Option<Ticket>, DbError> {
    if !SecretText::is_of(kind.prefix(), token) {
        return Ok(None);
    }
    let digests = app.keyring.candidates_native(token).into_iter().map(|(_, _, digest)| digest);
    store::find_live(conn, kind, digests, app.now()).await
}

/// Uses a ticket up. `false`: somebody was faster, or it has expired. Durable with the transaction.
///
/// # Errors
/// As the database.
pub async fn spend(app: &App, txn: &Transaction, ticket: &Ticket) -> Result<bool, DbError> {
    store::spend(txn, ticket.id, app.now()).await
}

/// Takes the one right there is to be a deployment's first owner. `false`: it was taken before. Of two at once
/// the second waits for the first and is then told so.
///
/// # Errors
/// As the database.
pub async fn claim_first_owner(app: &App, txn: &Transaction) -> Result<bool, DbError> {
    match store::insert_claim(txn, app.now()).await {
        Ok(()) => Ok(true),
        Err(DbError::Taken(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Ends every unspent set-up link.
///
/// # Errors
/// As the database.
pub async fn void_setups(txn: &Transaction) -> Result<(), DbError> {
    store::void_setups(txn).await
}

/// Ends every unspent reset link of this person.
///
/// # Errors
/// As the database.
pub async fn void_resets(txn: &Transaction, user: UserId) -> Result<(), DbError> {
    store::void_resets(txn, user).await
}

/// Invitations that can still be followed, newest first.
///
/// # Errors
/// As the database.
pub async fn invitations(
    app: &App,
    conn: &impl Connection,
    workspace: WorkspaceId,
    window: &Window,
) -> Result<(u64, Vec<Ticket>), DbError> {
    store::list_invitations(conn, workspace, window, app.now()).await
}

/// Takes an invitation back; what it was, or `None` if there is none that could still be followed.
///
/// # Errors
/// As the database.
pub async fn withdraw(
    app: &App,
    txn: &Transaction,
    workspace: WorkspaceId,
    id: InvitationId,
) -> Result<Option<Ticket>, DbError> {
    let Some(ticket) = store::find_invitation(txn, workspace, id).await? else { return Ok(None) };
    Ok(store::spend(txn, id, app.now()).await?.then_some(ticket))
}

/// Forgets tickets that can no longer be spent.
///
/// # Errors
/// As the database.
pub async fn sweep(app: &App, txn: &Transaction) -> Result<(), DbError> {
    store::sweep(txn, app.now()).await
}
