//! `GET /v1/bulk/jobs/{id}/report.csv` and `result.csv`: what a validation found, and what became of each row.

use axum::extract::State;
use axum::response::Response;
use tessera_types::BulkJobId;

use crate::App;
use crate::bulk;
use crate::http::auth::{BulkCreate, Can};
use crate::http::extract::Path;
use crate::http::pipe;
use crate::problem::Problem;

/// The report of a bulk job
///
/// What is wrong with which row: `row,field,code,reason`, the first 10,000. Rows are numbered as a spreadsheet numbers
/// them. There is none before the file is validated (409).
#[utoipa::path(get, path = "/v1/bulk/jobs/{id}/report.csv", tag = "Bulk", operation_id = "readBulkReport",
    params(("id" = BulkJobId, Path)),
    extensions(("x-needs" = json!("bulk.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 200, description = "The report", body = String, content_type = "text/csv")))]
pub(super) async fn report(
    can: Can<BulkCreate>,
    State(app): State<App>,
    Path(id): Path<BulkJobId>,
) -> Result<Response, Problem> {
    let job = bulk::read(&app, can.workspace(), id).await?;
    let file = bulk::report(&app, &job).await?;
    Ok(pipe::download(file, "text/csv; charset=utf-8", &format!("{id}-report.csv")))
}

/// The result of a bulk job
///
/// One line for each row so far: `row,name,id,short_url,alias,status,reason`. `status` is `created`, `refused` or
/// `removed`: made, and gone again because the job was undone. Names that a spreadsheet would run as a formula begin with an
/// apostrophe. There is none before the job runs (409).
#[utoipa::path(get, path = "/v1/bulk/jobs/{id}/result.csv", tag = "Bulk", operation_id = "readBulkResult",
    params(("id" = BulkJobId, Path)),
    extensions(("x-needs" = json!("bulk.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 200, description = "The result", body = String, content_type = "text/csv")))]
pub(super) async fn result(
    can: Can<BulkCreate>,
    State(app): State<App>,
    Path(id): Path<BulkJobId>,
) -> Result<Response, Problem> {
    let job = bulk::read(&app, can.workspace(), id).await?;
    let file = bulk::result(&app, &job).await?;
    Ok(pipe::download(file, "text/csv; charset=utf-8", &format!("{id}.csv")))
}
