//! `GET /v1/views`: the workspace's views.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::Shown;
use crate::App;
use crate::http::auth::{AnalyticsRead, Can};
use crate::http::extract::Query;
use crate::http::page::{Listing, SortedBy, Window};
use crate::problem::Problem;
use crate::views::{self, store};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Parameters {
    /// From 1 to 10000.
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<i64>,
    /// From 1 to 100; 20 if absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `meta.next_cursor` of the answer before. Instead of `page`.
    cursor: Option<String>,
}

/// List saved views
///
/// By name. At most 200 in a workspace.
#[utoipa::path(get, path = "/v1/views", tag = "Analytics", operation_id = "listViews",
    params(Parameters),
    extensions(("x-needs" = json!("analytics.read"))),
    responses((status = 200, description = "Views", body = Listing<Shown>)))]
pub(super) async fn list(
    can: Can<AnalyticsRead>,
    State(app): State<App>,
    Query(asked): Query<Parameters>,
) -> Result<Response, Problem> {
    let window = Window::read(asked.page, asked.limit, asked.cursor.as_deref(), store::SORT, SortedBy::Text)?;
    let (total, list) = views::list(&app, can.workspace(), &window).await?;
    Ok(window.list(total, list, store::cursor_of, Shown::from).into_response())
}
