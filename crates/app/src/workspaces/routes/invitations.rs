//! `POST` and `GET /v1/invitations`, `DELETE /v1/invitations/{id}`: links that make members.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tessera_keys::Role;
use tessera_types::{InvitationId, UserId};
use utoipa::{IntoParams, ToSchema};

use super::members::acting;
use crate::App;
use crate::accounts::Email;
use crate::accounts::tickets::{self, Ticket};
use crate::http::answer::{Created, Secret};
use crate::http::auth::{AsAdmin, Can};
use crate::http::extract::{Body, Path, Query};
use crate::http::page::{Cursor, CursorValue, Listing, SortedBy, Window};
use crate::problem::{Checks, Problem};
use crate::workspaces::members;

const SORT: &str = "-created_at";

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Absent: whoever has the link may use it. Given: only an account with this address.
    #[serde(default)]
    #[schema(examples("grace@example.com"))]
    email: Option<String>,
    role: Role,
}

/// An invitation that nobody has followed yet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    id: InvitationId,
    role: Role,
    email: Option<String>,
    created_by: Option<UserId>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// A new invitation and its link, which is not shown again.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationMade {
    #[serde(flatten)]
    invitation: InvitationView,
    #[schema(examples(
        "https://go.example.com/invite?token=tsr_invite_8mIhK0kU5mZgYl6v4v3zVQhH8qQm2b2oJ2s9oBq0aXc"
    ))]
    invite_url: String,
}

fn view(ticket: Ticket) -> InvitationView {
    InvitationView {
        id: ticket.id,
        role: ticket.role.unwrap_or(Role::Viewer),
        email: ticket.email.map(|email| email.to_string()),
        created_by: ticket.created_by,
        created_at: ticket.created_at,
        expires_at: ticket.expires_at,
    }
}

/// Invite somebody
///
/// Makes a link; hand it over yourself. Only an owner invites owners.
#[utoipa::path(post, path = "/v1/invitations", tag = "Workspaces", operation_id = "createInvitation",
    request_body = Invite,
    extensions(("x-needs" = json!("role:admin")), ("x-errors" = json!(["conflict", "secret_already_shown"]))),
    responses((status = 201, description = "The invitation; its link is shown this once", body = InvitationMade)))]
pub async fn create(
    can: Can<AsAdmin>,
    State(app): State<App>,
    Body(body): Body<Invite>,
) -> Result<Created<Secret<Json<InvitationMade>>>, Problem> {
    let mut checks = Checks::default();
    let email = body.email.and_then(|email| checks.keep("email", Email::parse(&email)));
    checks.done()?;
    let actor = can.actor();
    let made = members::invite(&app, &acting(&can, &actor)?, email, body.role).await?;
    let place = format!("/v1/invitations/{}", made.ticket.id);
    let made = InvitationMade { invitation: view(made.ticket), invite_url: made.url };
    Ok(Created(place, Secret(Json(made))))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListInvitations {
    #[serde(default)]
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<i64>,
    #[serde(default)]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `meta.next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// List open invitations
///
/// Those that can still be followed, newest first, without their links.
#[utoipa::path(get, path = "/v1/invitations", tag = "Workspaces", operation_id = "listInvitations",
    params(ListInvitations),
    extensions(("x-needs" = json!("role:admin"))),
    responses((status = 200, description = "Invitations", body = Listing<InvitationView>)))]
pub async fn list(
    can: Can<AsAdmin>,
    State(app): State<App>,
    Query(query): Query<ListInvitations>,
) -> Result<Listing<InvitationView>, Problem> {
    let window = Window::read(query.page, query.limit, query.cursor.as_deref(), SORT, SortedBy::Number)?;
    let (total, tickets) = tickets::invitations(&app, app.db.read(), can.workspace(), &window).await?;
    Ok(window.list(total, tickets, cursor, view))
}

fn cursor(ticket: &Ticket) -> Cursor {
    let v = CursorValue::Number(ticket.created_at.as_millisecond());
    Cursor { s: SORT.to_owned(), v, i: ticket.id.uuid() }
}

/// Take an invitation back
///
/// When this has answered, its link leads nowhere.
#[utoipa::path(delete, path = "/v1/invitations/{id}", tag = "Workspaces", operation_id = "deleteInvitation",
    params(("id" = InvitationId, Path, description = "The invitation's id")),
    extensions(("x-needs" = json!("role:admin"))),
    responses((status = 204, description = "Taken back")))]
pub async fn delete(
    can: Can<AsAdmin>,
    State(app): State<App>,
    Path(id): Path<InvitationId>,
) -> Result<StatusCode, Problem> {
    let actor = can.actor();
    members::uninvite(&app, &acting(&can, &actor)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
