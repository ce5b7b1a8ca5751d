//! `POST /v1/bulk`: up to 1,200 at once.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::App;
use crate::bulk::BODY_BYTES_MAX;
use crate::bulk::many::{self, Made, Order};
use crate::bulk::model::{OnError, Resource};
use crate::bulk::write::Row;
use crate::http::auth::{BulkCreate, Can};
use crate::http::extract::BodyUpTo;
use crate::links::Author;
use crate::problem::{FieldError, Problem};

/// What to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateMany {
    resource: Resource,
    /// Each is the body of the call that makes one of them: `POST /v1/links` or `POST /v1/qr-codes`.
    #[schema(value_type = Vec<Object>, min_items = 1, max_items = 1200)]
    records: Vec<Value>,
    /// Fields that every record has which does not name them itself.
    #[serde(default)]
    #[schema(value_type = Object, examples(json!({"tags": ["spring"]})))]
    defaults: Map<String, Value>,
    #[serde(default)]
    on_error: OnError,
    /// Tries all of it and makes nothing.
    #[serde(default)]
    validate_only: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = BulkMade)]
pub(super) struct ManyView {
    #[schema(examples(2))]
    created: usize,
    #[schema(examples(0))]
    refused: usize,
    /// One for each record, in their order.
    results: Vec<OneView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = BulkResult)]
pub(super) struct OneView {
    index: u32,
    status: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("link_01jd8qd4vkf4ktabjqvqxgqzne"))]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("https://go.example.com/spring"))]
    short_url: Option<String>,
    /// Of a QR code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("https://go.example.com/v1/qr-codes/qr_01jd8qd4vkf4ktabjqvqxgqzne/image.svg"))]
    image_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BulkOutcome)]
enum Outcome {
    Created,
    /// It would have been made.
    Valid,
    Refused,
}

impl ManyView {
    fn new(app: &App, made: Made) -> Self {
        let is_kept = made.is_kept;
        let one = |row: Row| {
            let (status, thing, errors) = match &row.drafted {
                Ok(draft) if is_kept => (Outcome::Created, Some(draft.thing(app)), Vec::new()),
                Ok(_) => (Outcome::Valid, None, Vec::new()),
                Err(errors) => (Outcome::Refused, None, errors.clone()),
            };
            let (id, short_url, image_url) = match thing {
                Some(thing) => (Some(thing.id), thing.short_url, thing.image_url),
                None => (None, None, None),
            };
            OneView { index: row.number, status, id, short_url, image_url, errors }
        };
        let results: Vec<OneView> = made.rows.into_iter().map(one).collect();
        let refused = results.iter().filter(|one| matches!(one.status, Outcome::Refused)).count();
        Self { created: if is_kept { results.len() - refused } else { 0 }, refused, results }
    }
}

/// Create many
///
/// Up to 1,200 in one call and one transaction. With `on_error: abort` (the default) all are made or none, and a 400
/// names every wrong field of every record (`records[17].alias`); with `skip` those that can be made are. The answer is a
/// 200 that tells of each record, whatever became of it. QR codes are judged as one alone is; those of one call have at
/// most 100 looks, each style in each size of symbol counted. Beside `bulk.create` this takes the scope that making one takes.
#[utoipa::path(post, path = "/v1/bulk", tag = "Bulk", operation_id = "createMany",
    request_body = CreateMany,
    extensions(("x-needs" = json!("bulk.create")), ("x-errors" = json!(["plan_required"]))),
    responses((status = 200, description = "What became of each record", body = ManyView)))]
pub(super) async fn create(
    can: Can<BulkCreate>,
    State(app): State<App>,
    BodyUpTo(body): BodyUpTo<BODY_BYTES_MAX, CreateMany>,
) -> Result<Json<ManyView>, Problem> {
    can.may(body.resource.need())?;
    let CreateMany { resource, records, defaults, on_error, validate_only } = body;
    let order = Order { resource, records, defaults, on_error, validate_only };
    let made = Box::pin(many::create(&app, &Author::from(&can), order)).await?;
    Ok(Json(ManyView::new(&app, made)))
}
