//! `POST /v1/auth/logout` and `POST /v1/auth/logout-everywhere`: ending sessions.

use axum::extract::State;
use http::StatusCode;

use super::cookie::{RefreshCookie, WithCookie};
use crate::App;
use crate::accounts::sessions;
use crate::http::auth::Person;
use crate::problem::{Code, Problem};

/// Log out
///
/// Ends the session of the access token sent, and that of the refresh cookie; one of them is enough, and next to a
/// cookie the access token may have expired. When this has answered, no token of the session is admitted.
#[utoipa::path(post, path = "/v1/auth/logout", tag = "Account", operation_id = "logOut",
    extensions(("x-needs" = json!("person")), ("x-errors" = json!(["foreign_origin"]))),
    responses((status = 204, description = "Logged out")))]
pub async fn log_out(
    State(app): State<App>,
    RefreshCookie(cookie): RefreshCookie,
    person: Result<Option<Person>, Problem>,
) -> Result<WithCookie<StatusCode>, Problem> {
    let person = match person {
        // The access token is short-lived: the cookie alone says which session to end.
        Err(problem) if cookie.is_some() && problem.code.status() == 401 => None,
        other => other?,
    };
    if person.is_none() && cookie.is_none() {
        return Err(Problem::new(
            Code::Unauthorized,
            "Send the access token or the refresh cookie of a login.",
        ));
    }
    if let Some(token) = cookie {
        sessions::log_out_by_token(&app, &token).await?;
    }
    if let Some(person) = person {
        // The cookie may have ended the same session a moment ago.
        match sessions::end_one(&app, person.user, person.session).await {
            Err(problem) if problem.code != Code::NotFound => return Err(problem),
            _ => {}
        }
    }
    Ok(WithCookie::clear(&app, StatusCode::NO_CONTENT))
}

/// Log out everywhere
///
/// Ends every session you have, this one too. When this has answered, none of their tokens is admitted.
#[utoipa::path(post, path = "/v1/auth/logout-everywhere", tag = "Account", operation_id = "logOutEverywhere",
    extensions(("x-needs" = json!("person"))),
    responses((status = 204, description = "Logged out everywhere")))]
pub async fn log_out_everywhere(
    State(app): State<App>,
    person: Person,
) -> Result<WithCookie<StatusCode>, Problem> {
    sessions::end_all(&app, person.user).await?;
    Ok(WithCookie::clear(&app, StatusCode::NO_CONTENT))
}
