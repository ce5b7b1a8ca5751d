//! `POST /v1/bulk/jobs/{id}/start`: makes the rows of a job that waits.

use axum::Json;
use axum::extract::State;
use tessera_types::BulkJobId;

use super::view::JobView;
use crate::App;
use crate::bulk;
use crate::http::auth::{BulkCreate, Can};
use crate::http::extract::Path;
use crate::links::Author;
use crate::problem::Problem;

/// Start a bulk job
///
/// For a job that is `ready`: validated, with `start=manual`.
#[utoipa::path(post, path = "/v1/bulk/jobs/{id}/start", tag = "Bulk", operation_id = "startBulkJob",
    params(("id" = BulkJobId, Path)),
    extensions(("x-needs" = json!("bulk.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 200, description = "The job, running", body = JobView)))]
pub(super) async fn start(
    can: Can<BulkCreate>,
    State(app): State<App>,
    Path(id): Path<BulkJobId>,
) -> Result<Json<JobView>, Problem> {
    let job = bulk::read(&app, can.workspace(), id).await?;
    can.may(job.resource.need())?;
    let job = bulk::start(&app, &Author::from(&can), job).await?;
    Ok(Json(JobView::new(&app, job)))
}
