//! `GET /v1/bulk/jobs`: the jobs of this workspace.

use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::view::JobView;
use crate::App;
use crate::bulk::{self, store};
use crate::http::auth::{BulkCreate, Can};
use crate::http::extract::Query;
use crate::http::page::{Listing, SortedBy, Window};
use crate::problem::Problem;

#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Parameters {
    /// From 1.
    page: Option<i64>,
    /// 1 to 100; 20 if absent.
    limit: Option<i64>,
    /// `meta.next_cursor` of an earlier answer.
    cursor: Option<String>,
}

/// List bulk jobs
///
/// Newest first.
#[utoipa::path(get, path = "/v1/bulk/jobs", tag = "Bulk", operation_id = "listBulkJobs",
    params(Parameters),
    extensions(("x-needs" = json!("bulk.create"))),
    responses((status = 200, description = "A page of jobs", body = Listing<JobView>)))]
pub(super) async fn list(
    can: Can<BulkCreate>,
    State(app): State<App>,
    Query(parameters): Query<Parameters>,
) -> Result<Listing<JobView>, Problem> {
    let Parameters { page, limit, cursor } = parameters;
    let window = Window::read(page, limit, cursor.as_deref(), store::SORT, SortedBy::Number)?;
    let (total, jobs) = bulk::list(&app, can.workspace(), &window).await?;
    Ok(window.list(total, jobs, store::cursor_of, |job| JobView::new(&app, job)))
}
