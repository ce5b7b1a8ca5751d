//! `/v1/operator/workspaces`: every workspace of the deployment, for who runs it.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tessera_types::WorkspaceId;
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::http::auth::Operator;
use crate::http::extract::{Body, Path, Query};
use crate::http::page::{Cursor, CursorValue, Listing, SortedBy, Window};
use crate::problem::Problem;
use crate::workspaces::model::{TermsChange, Workspace};
use crate::workspaces::operator;

const SORT: &str = "-created_at";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListEveryWorkspace {
    #[serde(default)]
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<i64>,
    #[serde(default)]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `meta.next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Part of the name; a to z in either case.
    #[serde(default)]
    search: Option<String>,
}

/// A workspace as who runs the deployment sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatedWorkspace {
    id: WorkspaceId,
    #[schema(examples("Mosaic Works"))]
    name: String,
    #[schema(examples("standard"))]
    plan: String,
    /// Since when it is suspended; null: it is not.
    #[schema(value_type = Option<String>, format = DateTime)]
    suspended_at: Option<Timestamp>,
    /// How many people are in it.
    #[schema(examples(3))]
    members: u64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<(Workspace, u64)> for OperatedWorkspace {
    fn from((workspace, members): (Workspace, u64)) -> Self {
        let Workspace { id, name, plan, suspended_at, created_at, .. } = workspace;
        Self { id, name, plan, suspended_at, members, created_at }
    }
}

/// List every workspace
///
/// Newest first. For people who set the deployment up.
#[utoipa::path(get, path = "/v1/operator/workspaces", tag = "Workspaces", operation_id = "listEveryWorkspace",
    params(ListEveryWorkspace),
    extensions(("x-needs" = json!("operator"))),
    responses((status = 200, description = "Workspaces", body = Listing<OperatedWorkspace>)))]
pub async fn list(
    _operator: Operator,
    State(app): State<App>,
    Query(query): Query<ListEveryWorkspace>,
) -> Result<Listing<OperatedWorkspace>, Problem> {
    let window = Window::read(query.page, query.limit, query.cursor.as_deref(), SORT, SortedBy::Number)?;
    let (total, found) = operator::list(&app, query.search.as_deref(), &window).await?;
    Ok(window.list(total, found, |(workspace, _)| cursor(workspace), OperatedWorkspace::from))
}

fn cursor(workspace: &Workspace) -> Cursor {
    let v = CursorValue::Number(workspace.created_at.as_millisecond());
    Cursor { s: SORT.to_owned(), v, i: workspace.id.uuid() }
}

/// What is to change. A field that is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeTerms {
    /// One of the plans in the settings.
    #[serde(default)]
    #[schema(examples("standard"))]
    plan: Option<String>,
    /// Neither keys nor people are admitted to a suspended workspace. Its links go on working.
    #[serde(default)]
    suspended: Option<bool>,
}

/// Change a workspace's plan or suspend it
///
/// Acts on the next request of its keys and people. For people who set the deployment up.
#[utoipa::path(patch, path = "/v1/operator/workspaces/{id}", tag = "Workspaces", operation_id = "changeTerms",
    params(("id" = WorkspaceId, Path, description = "The workspace's id")),
    request_body = ChangeTerms,
    extensions(("x-needs" = json!("operator"))),
    responses((status = 200, description = "The workspace as it is now", body = OperatedWorkspace)))]
pub async fn change(
    operator: Operator,
    State(app): State<App>,
    Path(id): Path<WorkspaceId>,
    Body(body): Body<ChangeTerms>,
) -> Result<Json<OperatedWorkspace>, Problem> {
    let change = TermsChange { plan: body.plan, suspended: body.suspended };
    Ok(Json(operator::change(&app, &operator.actor(), id, change).await?.into()))
}

/// Change a workspace's plan or suspend it (PUT)
///
/// The same as PATCH, for clients that send PUT.
#[utoipa::path(put, path = "/v1/operator/workspaces/{id}", tag = "Workspaces", operation_id = "putTerms",
    params(("id" = WorkspaceId, Path, description = "The workspace's id")),
    request_body = ChangeTerms,
    extensions(("x-needs" = json!("operator"))),
    responses((status = 200, description = "The workspace as it is now", body = OperatedWorkspace)))]
pub async fn put(
    operator: Operator,
    app: State<App>,
    path: Path<WorkspaceId>,
    body: Body<ChangeTerms>,
) -> Result<Json<OperatedWorkspace>, Problem> {
    change(operator, app, path, body).await
}
