//! `GET /v1/bulk/jobs/{id}/images.zip`: an image of everything a job made.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use tessera_types::BulkJobId;
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::bulk;
use crate::bulk::images::{Format, Wanted};
use crate::http::auth::{BulkCreate, Can};
use crate::http::extract::{Path, Query};
use crate::http::pipe;
use crate::problem::Problem;

#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Parameters {
    #[param(inline)]
    format: Option<Format>,
    /// Pixels of a side, 128 to 4096; 512 if absent.
    size: Option<i64>,
    /// The first row whose image is wanted.
    from_row: Option<i64>,
    /// The last one.
    to_row: Option<i64>,
}

/// The images of a bulk job
///
/// A ZIP of QR codes named by row and title: `000123-summer-sale.svg`. One archive holds up to 100,000; ask for more in
/// parts, by rows. There is none before the job runs (409).
#[utoipa::path(get, path = "/v1/bulk/jobs/{id}/images.zip", tag = "Bulk", operation_id = "readBulkImages",
    params(("id" = BulkJobId, Path), Parameters),
    extensions(("x-needs" = json!("bulk.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 200, description = "The archive", body = Vec<u8>, content_type = "application/zip")))]
pub(super) async fn images(
    can: Can<BulkCreate>,
    State(app): State<App>,
    Path(id): Path<BulkJobId>,
    Query(parameters): Query<Parameters>,
) -> Result<Response, Problem> {
    let Parameters { format, size, from_row, to_row } = parameters;
    let wanted = Wanted::read(format, size, from_row, to_row)?;
    let job = bulk::read(&app, can.workspace(), id).await?;
    let archive = bulk::archive(&app, &job, wanted).await?;
    Ok(pipe::download(archive, "application/zip", &format!("{id}.zip")))
}
