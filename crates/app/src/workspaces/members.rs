//! Who is a member as what: inviting, joining, changing roles, leaving.
//!
//! Every change here holds the workspace's row lock, and whoever joins also the person's. So two owners who
//! leave at the same moment do so one after the other, and the second is the last owner and stays.

use serde_json::json;
use tessera_db::{DbError, Transaction};
use tessera_keys::Role;
use tessera_types::{InvitationId, UserId, WorkspaceId};

use super::model::{Member, Membership, Workspace};
use super::{plan_of, room_for_another, store};
use crate::accounts::tickets::{self, Ticket, TicketKind};
use crate::accounts::{self, Account, Email};
use crate::audit::{self, Actor, Entry};
use crate::http::page::Window;
use crate::problem::{Code, Problem};
use crate::{App, Change};

/// Invitations of one workspace that nobody has followed yet.
pub const INVITATIONS_OPEN_MAX: u64 = 1_000;

/// An invitation and, this once, its link.
#[derive(Debug)]
pub struct Invitation {
    pub ticket: Ticket,
    pub url: String,
}

/// Whoever acts on members: what they are in this workspace decides about ownership.
#[derive(Debug)]
pub struct Acting<'a> {
    pub workspace: WorkspaceId,
    pub user: UserId,
    pub role: Role,
    pub actor: &'a Actor,
}

impl Acting<'_> {
    /// Ownership passes only through owners' hands.
    fn may_touch(&self, roles: &[Role]) -> Result<(), Problem> {
        if self.role < Role::Owner && roles.contains(&Role::Owner) {
            return Err(Problem::new(Code::InsufficientScope, "Only an owner makes or unmakes owners."));
        }
        Ok(())
    }
}

async fn lock(txn: &Transaction, workspace: WorkspaceId) -> Result<Workspace, Problem> {
    store::lock(txn, workspace).await?.ok_or_else(Problem::not_found)
}

async fn member_of(txn: &Transaction, workspace: WorkspaceId, user: UserId) -> Result<Member, Problem> {
    store::find_member(txn, workspace, user).await?.ok_or_else(Problem::not_found)
}

async fn spare_last_owner(txn: &Transaction, workspace: WorkspaceId) -> Result<(), Problem> {
    match store::count_owners(txn, workspace).await? {
        0 | 1 => Err(Problem::plain(Code::LastOwner)),
        _ => Ok(()),
    }
}

/// Members with their people, longest standing first.
///
/// # Errors
/// As the database.
pub async fn list(
    app: &App,
    workspace: WorkspaceId,
    window: &Window,
) -> Result<(u64, Vec<(Member, Account)>), DbError> {
    let (total, members) = store::list_members(app.db.read(), workspace, window).await?;
    let people = accounts::people(app.db.read(), members.iter().map(|member| member.user)).await?;
    let known = members.into_iter().filter_map(|member| Some((member, people.get(&member.user)?.clone())));
    Ok((total, known.collect()))
}

/// Adds a person. Durable with the transaction.
///
/// # Errors
/// `plan_required` when the plan is full, `conflict` if they are a member already.
pub async fn join(
    app: &App,
    txn: &Transaction,
    actor: &Actor,
    workspace: WorkspaceId,
    user: UserId,
    role: Role,
) -> Result<(), Problem> {
    let found = lock(txn, workspace).await?;
    if found.suspended_at.is_some() {
        return Err(Problem::plain(Code::WorkspaceSuspended));
    }
    room_for_a_member(app, txn, &found).await?;
    accounts::lock(txn, user).await?;
    room_for_another(txn, user).await?;
    match store::insert_member(txn, workspace, &Member { user, role, joined_at: app.now() }).await {
        Err(DbError::Taken(_)) => {
            return Err(Problem::new(Code::Conflict, "You are a member of this workspace already."));
        }
        done => done?,
    }
    // A reset link made while the person was in one workspace must not open a second one.
    tickets::void_resets(txn, user).await?;
    let added = Entry::new("member.added", &user).after(json!({"role": role}));
    Ok(audit::record(app, txn, workspace, actor, added).await?)
}

async fn room_for_a_member(app: &App, txn: &Transaction, workspace: &Workspace) -> Result<(), Problem> {
    let max = u64::from(plan_of(app, workspace)?.members_max);
    if max == 0 || store::count_members(txn, workspace.id).await? < max {
        return Ok(());
    }
    Err(Problem::new(Code::PlanRequired, format!("The workspace's plan has room for {max} members.")))
}

/// Makes a member something else. When it returns, the next request of that person is judged by the new role.
///
/// # Errors
/// `last_owner` if nobody would own the workspace; `insufficient_scope` where ownership is touched by others.
pub async fn set_role(
    app: &App,
    acting: &Acting<'_>,
    user: UserId,
    role: Role,
) -> Result<(Member, Account), Problem> {
    let workspace = acting.workspace;
    let txn = app.db.begin().await?;
    lock(&txn, workspace).await?;
    let before = member_of(&txn, workspace, user).await?;
    acting.may_touch(&[before.role, role])?;
    if before.role == Role::Owner && role < Role::Owner {
        spare_last_owner(&txn, workspace).await?;
    }
    let account = accounts::person(&txn, user).await?.ok_or_else(Problem::not_found)?;
    if before.role == role {
        return Ok((before, account));
    }
    store::set_role(&txn, workspace, user, role).await?;
    let changed =
        Entry::new("member.role_changed", &user).between(json!({"role": before.role}), json!({"role": role}));
    audit::record(app, &txn, workspace, acting.actor, changed).await?;
    app.commit(txn, &[Change::User(user), Change::Workspace(workspace)]).await?;
    Ok((Member { role, ..before }, account))
}

/// Ends a membership, one's own or, as admin, another's. When it returns, neither the person nor a personal key
/// of theirs is admitted to this workspace again.
///
/// # Errors
/// `last_owner` if nobody would own the workspace.
pub async fn remove(app: &App, acting: &Acting<'_>, user: UserId) -> Result<(), Problem> {
    let workspace = acting.workspace;
    if acting.user != user && acting.role < Role::Admin {
        return Err(Problem::new(
            Code::InsufficientScope,
            "This takes the role admin or higher, unless it is you who leaves.",
        ));
    }
    let txn = app.db.begin().await?;
    lock(&txn, workspace).await?;
    let member = member_of(&txn, workspace, user).await?;
    acting.may_touch(&[member.role])?;
    if member.role == Role::Owner {
        spare_last_owner(&txn, workspace).await?;
    }
    crate::keys::end_personal(app, &txn, workspace, user, acting.actor).await?;
    store::delete_member(&txn, workspace, user).await?;
    let removed =
        Entry::new("member.removed", &user).between(json!({"role": member.role}), json!({"role": null}));
    audit::record(app, &txn, workspace, acting.actor, removed).await?;
    Ok(app.commit(txn, &[Change::User(user), Change::Workspace(workspace)]).await?)
}

/// Makes an invitation; its link is known only now.
///
/// # Errors
/// `plan_required` when the plan has no room for another member.
pub async fn invite(
    app: &App,
    acting: &Acting<'_>,
    email: Option<Email>,
    role: Role,
) -> Result<Invitation, Problem> {
    let workspace = acting.workspace;
    acting.may_touch(&[role])?;
    let txn = app.db.begin().await?;
    let found = lock(&txn, workspace).await?;
    room_for_a_member(app, &txn, &found).await?;
    let first = Window { limit: 1, start: crate::http::page::Start::Page(1) };
    if tickets::invitations(app, &txn, workspace, &first).await?.0 >= INVITATIONS_OPEN_MAX {
        return Err(Problem::new(
            Code::Conflict,
            format!("{INVITATIONS_OPEN_MAX} invitations are open; delete some first."),
        ));
    }
    let ticket = Ticket {
        workspace: Some(workspace),
        email,
        role: Some(role),
        created_by: Some(acting.user),
        ..Ticket::new(app, TicketKind::Invitation)
    };
    let url = tickets::issue(app, &txn, &ticket).await?;
    let made =
        Entry::new("invitation.created", &ticket.id).after(json!({"role": role, "email": ticket.email}));
    audit::record(app, &txn, workspace, acting.actor, made).await?;
    app.commit(txn, &[]).await?;
    Ok(Invitation { ticket, url })
}

/// Takes an invitation back. When it returns, its link leads nowhere.
///
/// # Errors
/// `not_found` if there is none, or it was followed already.
pub async fn uninvite(app: &App, acting: &Acting<'_>, id: InvitationId) -> Result<(), Problem> {
    let txn = app.db.begin().await?;
    let found = tickets::withdraw(app, &txn, acting.workspace, id).await?.ok_or_else(Problem::not_found)?;
    acting.may_touch(&found.role.map_or_else(Vec::new, |role| vec![role]))?;
    audit::record(app, &txn, acting.workspace, acting.actor, Entry::new("invitation.revoked", &id)).await?;
    Ok(app.commit(txn, &[]).await?)
}

/// Follows an invitation with an account that exists. When it returns, the membership is durable.
///
/// # Errors
/// `invalid_ticket`; `conflict` if it is for another address, or the person is a member already.
pub async fn accept(app: &App, actor: &Actor, account: &Account, token: &str) -> Result<Membership, Problem> {
    let ticket = tickets::find(app, app.db.read(), TicketKind::Invitation, token).await?;
    let ticket = ticket.ok_or_else(|| Problem::plain(Code::InvalidTicket))?;
    let txn = app.db.begin().await?;
    let membership = accept_as_known(app, &txn, actor, &ticket, account).await?;
    let workspace = membership.id;
    app.commit(txn, &[Change::User(account.id), Change::Workspace(workspace)]).await?;
    Ok(membership)
}

/// Follows an invitation with an account that exists. Durable with the transaction, which then holds the person.
///
/// # Errors
/// As [`accept`].
pub async fn accept_as_known(
    app: &App,
    txn: &Transaction,
    actor: &Actor,
    ticket: &Ticket,
    account: &Account,
) -> Result<Membership, Problem> {
    if ticket.email.as_ref().is_some_and(|email| *email != account.email) {
        return Err(Problem::new(Code::Conflict, "This invitation is for another e-mail address."));
    }
    accept_as_newcomer(app, txn, actor, ticket, account.id).await
}

/// Follows an invitation inside the transaction that may just have made the account.
///
/// # Errors
/// As [`accept`].
pub async fn accept_as_newcomer(
    app: &App,
    txn: &Transaction,
    actor: &Actor,
    ticket: &Ticket,
    user: UserId,
) -> Result<Membership, Problem> {
    let (Some(id), Some(role)) = (ticket.workspace, ticket.role) else {
        return Err(Problem::plain(Code::InvalidTicket));
    };
    // The workspace's lock before anything else, as everywhere: two orders would be a deadlock.
    let name = lock(txn, id).await?.name;
    if !tickets::spend(app, txn, ticket).await? {
        return Err(Problem::plain(Code::InvalidTicket));
    }
    join(app, txn, actor, id, user, role).await?;
    audit::record(app, txn, id, actor, Entry::new("invitation.accepted", &ticket.id)).await?;
    Ok(Membership { id, name, role })
}

/// Makes a link with which a member chooses a new password; it is known only now.
///
/// # Errors
/// `insufficient_scope` if the member stands higher; `conflict` if they are in another workspace too, which an
/// admin of this one must not get into.
pub async fn reset_link(app: &App, acting: &Acting<'_>, user: UserId) -> Result<Invitation, Problem> {
    let workspace = acting.workspace;
    let txn = app.db.begin().await?;
    lock(&txn, workspace).await?;
    let member = member_of(&txn, workspace, user).await?;
    if member.role > acting.role {
        return Err(Problem::new(Code::InsufficientScope, "This member's role is higher than yours."));
    }
    accounts::lock(&txn, user).await?;
    if store::memberships(&txn, user).await?.len() > 1 {
        return Err(Problem::new(
            Code::Conflict,
            "This person is a member of another workspace too. Only who runs the server can make this link.",
        ));
    }
    let (ticket, url) = accounts::issue_reset(app, &txn, user, Some(acting.user)).await?;
    let made = Entry::new("member.reset_link_created", &user);
    audit::record(app, &txn, workspace, acting.actor, made).await?;
    app.commit(txn, &[]).await?;
    Ok(Invitation { ticket, url })
}
