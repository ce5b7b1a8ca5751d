//! `GET`, `PATCH` and `PUT /v1/auth/user`: yourself.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::UserView;
use crate::App;
use crate::accounts::people::{self, AccountChange};
use crate::accounts::{self, Account};
use crate::http::answer::Versioned;
use crate::http::auth::Person;
use crate::http::extract::{Body, IfMatch};
use crate::problem::Problem;

fn versioned(account: Account) -> Versioned<UserView> {
    Versioned(account.updated_at.as_millisecond(), account.into())
}

/// Read your account
#[utoipa::path(get, path = "/v1/auth/user", tag = "Account", operation_id = "readUser",
    extensions(("x-needs" = json!("person"))),
    responses((status = 200, description = "You", body = UserView)))]
pub async fn read(person: Person, State(app): State<App>) -> Result<Versioned<UserView>, Problem> {
    let account = accounts::person(app.db.read(), person.user).await?;
    account.map(versioned).ok_or_else(Problem::not_found)
}

/// What is to change. A field that is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeUser {
    #[serde(default)]
    #[schema(examples("Ada Lovelace"), max_length = 80)]
    name: Option<String>,
    #[serde(default)]
    #[schema(examples("ada@example.com"))]
    email: Option<String>,
    /// Needed to change the e-mail.
    #[serde(default)]
    #[schema(format = Password)]
    current_password: Option<String>,
}

/// Change your account
#[utoipa::path(patch, path = "/v1/auth/user", tag = "Account", operation_id = "changeUser",
    request_body = ChangeUser,
    extensions(("x-needs" = json!("person")), ("x-errors" = json!(["email_taken", "precondition_failed"]))),
    responses((status = 200, description = "You, as you are now", body = UserView)))]
pub async fn change(
    person: Person,
    State(app): State<App>,
    if_match: IfMatch,
    Body(body): Body<ChangeUser>,
) -> Result<Versioned<UserView>, Problem> {
    let change =
        AccountChange { name: body.name, email: body.email, current_password: body.current_password };
    people::change(&app, person.facts(), &person, if_match.0, change).await.map(versioned)
}

/// Change your account (PUT)
///
/// The same as PATCH, for clients that send PUT.
#[utoipa::path(put, path = "/v1/auth/user", tag = "Account", operation_id = "putUser",
    request_body = ChangeUser,
    extensions(("x-needs" = json!("person")), ("x-errors" = json!(["email_taken", "precondition_failed"]))),
    responses((status = 200, description = "You, as you are now", body = UserView)))]
pub async fn put(
    person: Person,
    app: State<App>,
    if_match: IfMatch,
    body: Body<ChangeUser>,
) -> Result<Versioned<UserView>, Problem> {
    change(person, app, if_match, body).await
}
