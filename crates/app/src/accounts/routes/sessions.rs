//! `GET /v1/auth/sessions` and `DELETE /v1/auth/sessions/{id}`: where you are logged in.

use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tessera_types::SessionId;
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::accounts::{Session, sessions};
use crate::http::auth::Person;
use crate::http::extract::{Path, Query};
use crate::http::page::{Cursor, CursorValue, Listing, SortedBy, Window};
use crate::problem::Problem;

const SORT: &str = "-created_at";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListSessions {
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

/// A place where you are logged in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    id: SessionId,
    /// Whether it is the one that asks.
    is_current: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last refreshed.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    /// When it ends unless it is refreshed before.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Where it was last refreshed from.
    #[schema(examples("203.0.113.7"))]
    address: String,
    #[schema(examples("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"))]
    user_agent: String,
}

/// List your sessions
///
/// Those that can still be used, newest first.
#[utoipa::path(get, path = "/v1/auth/sessions", tag = "Account", operation_id = "listSessions",
    params(ListSessions),
    extensions(("x-needs" = json!("person"))),
    responses((status = 200, description = "Sessions", body = Listing<SessionView>)))]
pub async fn list(
    person: Person,
    State(app): State<App>,
    Query(query): Query<ListSessions>,
) -> Result<Listing<SessionView>, Problem> {
    let window = Window::read(query.page, query.limit, query.cursor.as_deref(), SORT, SortedBy::Number)?;
    let (total, sessions) = sessions::list(&app, &person, &window).await?;
    let current = person.session;
    Ok(window.list(total, sessions, cursor, |session| SessionView {
        id: session.id,
        is_current: session.id == current,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at,
        address: session.address,
        user_agent: session.user_agent,
    }))
}

fn cursor(session: &Session) -> Cursor {
    let v = CursorValue::Number(session.created_at.as_millisecond());
    Cursor { s: SORT.to_owned(), v, i: session.id.uuid() }
}

/// End a session
///
/// When this has answered, no token of it is admitted.
#[utoipa::path(delete, path = "/v1/auth/sessions/{id}", tag = "Account", operation_id = "endSession",
    params(("id" = SessionId, Path, description = "The session's id")),
    extensions(("x-needs" = json!("person"))),
    responses((status = 204, description = "Ended")))]
pub async fn end(
    person: Person,
    State(app): State<App>,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    sessions::end_one(&app, person.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
