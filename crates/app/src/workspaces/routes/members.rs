//! `GET /v1/members`, `PATCH`, `PUT` and `DELETE /v1/members/{user_id}`: who is in the workspace.

use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tessera_keys::Role;
use tessera_types::UserId;
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::accounts::Account;
use crate::audit::Actor;
use crate::caller::{Caller, Principal};
use crate::http::auth::{AsAdmin, AsViewer, Can};
use crate::http::extract::{Body, Path, Query};
use crate::http::page::{Cursor, CursorValue, Listing, SortedBy, Window};
use crate::problem::{Code, Problem};
use crate::workspaces::members::{self, Acting};
use crate::workspaces::model::Member;

const SORT: &str = "joined_at";

/// Who acts, as a member of the workspace it acts in.
///
/// # Errors
/// `person_required` for keys, whatever their scopes.
pub fn acting<'a>(caller: &Caller, actor: &'a Actor) -> Result<Acting<'a>, Problem> {
    match &caller.principal {
        Principal::Person { user, role, .. } => {
            Ok(Acting { workspace: caller.workspace, user: *user, role: *role, actor })
        }
        Principal::Key { .. } => Err(Problem::plain(Code::PersonRequired)),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListMembers {
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

/// A person in the workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    user_id: UserId,
    #[schema(examples("ada@example.com"))]
    email: String,
    #[schema(examples("Ada Lovelace"))]
    name: String,
    role: Role,
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
}

impl From<(Member, Account)> for MemberView {
    fn from((member, account): (Member, Account)) -> Self {
        Self {
            user_id: member.user,
            email: account.email.to_string(),
            name: account.name,
            role: member.role,
            joined_at: member.joined_at,
        }
    }
}

/// List the members
///
/// Longest standing first.
#[utoipa::path(get, path = "/v1/members", tag = "Workspaces", operation_id = "listMembers",
    params(ListMembers),
    extensions(("x-needs" = json!("role:viewer"))),
    responses((status = 200, description = "Members", body = Listing<MemberView>)))]
pub async fn list(
    can: Can<AsViewer>,
    State(app): State<App>,
    Query(query): Query<ListMembers>,
) -> Result<Listing<MemberView>, Problem> {
    let window = Window::read(query.page, query.limit, query.cursor.as_deref(), SORT, SortedBy::Number)?;
    let (total, members) = members::list(&app, can.workspace(), &window).await?;
    Ok(window.list(total, members, |(member, _)| cursor(member), MemberView::from))
}

fn cursor(member: &Member) -> Cursor {
    let v = CursorValue::Number(member.joined_at.as_millisecond());
    Cursor { s: SORT.to_owned(), v, i: member.user.uuid() }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMember {
    role: Role,
}

/// Change a member's role
///
/// Acts on the member's next request, and on their personal keys. Only an owner makes or unmakes owners; the last
/// owner stays one.
#[utoipa::path(patch, path = "/v1/members/{user_id}", tag = "Workspaces", operation_id = "changeMember",
    params(("user_id" = UserId, Path, description = "The person's id")),
    request_body = ChangeMember,
    extensions(("x-needs" = json!("role:admin")), ("x-errors" = json!(["last_owner"]))),
    responses((status = 200, description = "The member as they are now", body = MemberView)))]
pub async fn change(
    can: Can<AsAdmin>,
    State(app): State<App>,
    Path(user): Path<UserId>,
    Body(body): Body<ChangeMember>,
) -> Result<axum::Json<MemberView>, Problem> {
    let actor = can.actor();
    let changed = members::set_role(&app, &acting(&can, &actor)?, user, body.role).await?;
    Ok(axum::Json(changed.into()))
}

/// Change a member's role (PUT)
///
/// The same as PATCH, for clients that send PUT.
#[utoipa::path(put, path = "/v1/members/{user_id}", tag = "Workspaces", operation_id = "putMember",
    params(("user_id" = UserId, Path, description = "The person's id")),
    request_body = ChangeMember,
    extensions(("x-needs" = json!("role:admin")), ("x-errors" = json!(["last_owner"]))),
    responses((status = 200, description = "The member as they are now", body = MemberView)))]
pub async fn put(
    can: Can<AsAdmin>,
    app: State<App>,
    path: Path<UserId>,
    body: Body<ChangeMember>,
) -> Result<axum::Json<MemberView>, Problem> {
    change(can, app, path, body).await
}

/// Remove a member, or leave
///
/// An admin removes others; anybody may leave. When this has answered, neither the person nor their personal keys
/// are admitted to the workspace. The last owner stays.
#[utoipa::path(delete, path = "/v1/members/{user_id}", tag = "Workspaces", operation_id = "removeMember",
    params(("user_id" = UserId, Path, description = "The person's id")),
    extensions(("x-needs" = json!("role:viewer")), ("x-errors" = json!(["last_owner"]))),
    responses((status = 204, description = "Removed")))]
pub async fn remove(
    can: Can<AsViewer>,
    State(app): State<App>,
    Path(user): Path<UserId>,
) -> Result<StatusCode, Problem> {
    let actor = can.actor();
    members::remove(&app, &acting(&can, &actor)?, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
