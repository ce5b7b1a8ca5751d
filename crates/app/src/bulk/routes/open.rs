//! `POST /v1/bulk/jobs`: a file of up to a million rows.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::view::JobView;
use crate::App;
use crate::bulk::model::{OnError, Resource, Start};
use crate::bulk::{self, FILE_BYTES_MAX, Wishes};
use crate::http::auth::{BulkCreate, Can};
use crate::http::extract::Query;
use crate::links::Author;
use crate::problem::{Code, Problem};

#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Parameters {
    resource: Resource,
    /// `abort`: all rows or none. `skip`: those that can be made.
    #[serde(default)]
    #[param(inline)]
    on_error: OnError,
    /// `auto`: rows are made once the file is validated. `manual`: when you say so.
    #[serde(default)]
    #[param(inline)]
    start: Start,
    /// JSON: columns of the file, and the fields they stand for; an empty name passes a column over.
    #[param(example = "{\"Target URL\": \"destination_url\", \"Remarks\": \"\"}")]
    mapping: Option<String>,
}

/// Create many from a file
///
/// Takes CSV of up to 1,000,000 rows and 512 MiB, in UTF-8, whose first row names the columns: fields of the call that
/// makes one (`destination_url,alias,tags`). Every row is validated before any is made. The answer comes once the file is
/// here; follow the job at its `Location`. Beside `bulk.create` this takes the scope that making one takes.
#[utoipa::path(post, path = "/v1/bulk/jobs", tag = "Bulk", operation_id = "createBulkJob",
    params(Parameters),
    request_body(content = String, content_type = "text/csv", description = "The file"),
    extensions(("x-needs" = json!("bulk.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 202, description = "The job", body = JobView,
        headers(("Location" = String, description = "Where the job is")))))]
pub(super) async fn open(
    can: Can<BulkCreate>,
    State(app): State<App>,
    Query(parameters): Query<Parameters>,
    request: Request,
) -> Result<Response, Problem> {
    can.may(parameters.resource.need())?;
    let mapping = mapping(parameters.mapping.as_deref())?;
    check_head(request.headers())?;
    let Parameters { resource, on_error, start, .. } = parameters;
    let wishes = Wishes { resource, on_error, start, mapping };
    let file = request.into_body().into_data_stream();
    let job = bulk::open(&app, &Author::from(&can), can.name(), wishes, file).await?;
    let place = HeaderValue::from_str(&format!("/v1/bulk/jobs/{}", job.id)).map_err(Problem::internal)?;
    let answer = (StatusCode::ACCEPTED, [(LOCATION, place)], Json(JobView::new(&app, job)));
    Ok(answer.into_response())
}

fn mapping(text: Option<&str>) -> Result<BTreeMap<String, String>, Problem> {
    let Some(text) = text else { return Ok(BTreeMap::new()) };
    serde_json::from_str(text).map_err(|_| {
        Problem::field(
            "mapping",
            "format",
            "a JSON object of texts, like {\"Target URL\": \"destination_url\"}",
        )
    })
}

fn check_head(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (kind, rest) = kind.split_once(';').unwrap_or((kind, ""));
    let charset = rest.trim().to_ascii_lowercase();
    let is_utf8 = ["", "charset=utf-8", "charset=\"utf-8\"", "header=present"].contains(&charset.as_str());
    if !kind.trim().eq_ignore_ascii_case("text/csv") || !is_utf8 {
        let detail = "Send the file as the body, with `Content-Type: text/csv`, in UTF-8.";
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > FILE_BYTES_MAX) {
        let detail = format!("A file has at most {FILE_BYTES_MAX} bytes; split it.");
        return Err(Problem::new(Code::BodyTooLarge, detail));
    }
    Ok(())
}
