//! `POST /v1/bulk/jobs/{id}/cancel`: ends a job before its time.

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

/// Cancel a bulk job
///
/// With `on_error=skip` what was made stays. With `abort` it is removed: the job is `undoing` first, `cancelled` then.
#[utoipa::path(post, path = "/v1/bulk/jobs/{id}/cancel", tag = "Bulk", operation_id = "cancelBulkJob",
    params(("id" = BulkJobId, Path)),
    extensions(("x-needs" = json!("bulk.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 200, description = "The job", body = JobView)))]
pub(super) async fn cancel(
    can: Can<BulkCreate>,
    State(app): State<App>,
    Path(id): Path<BulkJobId>,
) -> Result<Json<JobView>, Problem> {
    let job = bulk::cancel(&app, &Author::from(&can), id).await?;
    Ok(Json(JobView::new(&app, job)))
}
