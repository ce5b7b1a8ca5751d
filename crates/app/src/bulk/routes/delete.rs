//! `DELETE /v1/bulk/jobs/{id}`: removes a job that has ended, and its files.

use axum::extract::State;
use http::StatusCode;
use tessera_types::BulkJobId;

use crate::App;
use crate::bulk;
use crate::http::auth::{BulkCreate, Can};
use crate::http::extract::Path;
use crate::links::Author;
use crate::problem::Problem;

/// Delete a bulk job
///
/// With its report and result. What it made stays.
#[utoipa::path(delete, path = "/v1/bulk/jobs/{id}", tag = "Bulk", operation_id = "deleteBulkJob",
    params(("id" = BulkJobId, Path)),
    extensions(("x-needs" = json!("bulk.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 204, description = "It is gone")))]
pub(super) async fn delete(
    can: Can<BulkCreate>,
    State(app): State<App>,
    Path(id): Path<BulkJobId>,
) -> Result<StatusCode, Problem> {
    let job = bulk::read(&app, can.workspace(), id).await?;
    bulk::delete(&app, &Author::from(&can), job).await?;
    Ok(StatusCode::NO_CONTENT)
}
