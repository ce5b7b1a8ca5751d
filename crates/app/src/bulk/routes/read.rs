//! `GET /v1/bulk/jobs/{id}`: where a job stands.

use axum::Json;
use axum::extract::State;
use tessera_types::BulkJobId;

use super::view::JobView;
use crate::http::auth::{BulkCreate, Can};
use crate::http::extract::Path;
use crate::problem::Problem;
use crate::{App, bulk};

/// Read a bulk job
#[utoipa::path(get, path = "/v1/bulk/jobs/{id}", tag = "Bulk", operation_id = "readBulkJob",
    params(("id" = BulkJobId, Path)),
    extensions(("x-needs" = json!("bulk.create"))),
    responses((status = 200, description = "The job", body = JobView)))]
pub(super) async fn read(
    can: Can<BulkCreate>,
    State(app): State<App>,
    Path(id): Path<BulkJobId>,
) -> Result<Json<JobView>, Problem> {
    let job = bulk::read(&app, can.workspace(), id).await?;
    Ok(Json(JobView::new(&app, job)))
}
