//! `GET` and `POST /v1/workspaces`: the workspaces you are in, and another one.

use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::workspace::WorkspaceView;
use crate::App;
use crate::http::answer::{Created, Versioned};
use crate::http::auth::Person;
use crate::http::extract::{Body, Query};
use crate::http::page::{Listing, Meta, SortedBy, Start, Window};
use crate::problem::{Checks, Problem};
use crate::workspaces::{self, Membership, model};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListWorkspaces {
    #[serde(default)]
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<i64>,
    #[serde(default)]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// List your workspaces
///
/// The one you have been in longest comes first. One person is in at most 100.
#[utoipa::path(get, path = "/v1/workspaces", tag = "Workspaces", operation_id = "listWorkspaces",
    params(ListWorkspaces),
    extensions(("x-needs" = json!("person"))),
    responses((status = 200, description = "Workspaces", body = Listing<Membership>)))]
pub async fn list(
    person: Person,
    State(app): State<App>,
    Query(query): Query<ListWorkspaces>,
) -> Result<Listing<Membership>, Problem> {
    let window = Window::read(query.page, query.limit, None, "created_at", SortedBy::Number)?;
    let all = workspaces::memberships(app.db.read(), person.user).await?;
    let page = match window.start {
        Start::Page(page) => Some(page),
        Start::After(_) => None,
    };
    let meta = Meta { total: all.len() as u64, page, limit: window.limit, next_cursor: None };
    let passed_over = usize::try_from(window.offset()).unwrap_or(usize::MAX);
    let data = all.into_iter().skip(passed_over).take(window.limit as usize).collect();
    Ok(Listing { data, meta })
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenWorkspace {
    #[schema(examples("Mosaic Works"), max_length = 80)]
    name: String,
}

/// Make a workspace
///
/// You become its owner. To work in it, refresh your login with its id.
#[utoipa::path(post, path = "/v1/workspaces", tag = "Workspaces", operation_id = "createWorkspace",
    request_body = OpenWorkspace,
    extensions(("x-needs" = json!("person")), ("x-errors" = json!(["conflict"]))),
    responses((status = 201, description = "Made", body = WorkspaceView)))]
pub async fn open(
    person: Person,
    State(app): State<App>,
    Body(body): Body<OpenWorkspace>,
) -> Result<Created<Versioned<WorkspaceView>>, Problem> {
    let mut checks = Checks::default();
    let name = checks.keep("name", model::workspace_name(&body.name)).unwrap_or_default();
    checks.done()?;
    let made = workspaces::open(&app, &person.actor(), person.user, &name).await?;
    Ok(Created("/v1/workspace".to_owned(), Versioned(made.version, made.into())))
}
