//! `POST /v1/qr-codes/{id}/template` and `POST /v1/templates/{id}/apply`: a style from a code, and back onto codes.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tessera_qr::Verdict;
use tessera_types::{QrCodeId, TemplateId};
use utoipa::ToSchema;

use crate::App;
use crate::author::Author;
use crate::fields::line;
use crate::http::answer::{Created, Versioned};
use crate::http::auth::{Can, QrUpdate, TemplatesCreate};
use crate::http::extract::{Body, Path};
use crate::problem::{Checks, Problem};
use crate::qr::{change, store};
use crate::templates::view::TemplateView;
use crate::templates::{self, NAME_CHARS_MAX};

const CODES_MAX: usize = 100;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveTemplate {
    /// Required.
    #[serde(default)]
    #[schema(examples("Spring"), min_length = 1, max_length = 100)]
    name: String,
}

/// Save a QR code's style as a template
///
/// For other codes to be made with.
#[utoipa::path(post, path = "/v1/qr-codes/{id}/template", tag = "QR codes", operation_id = "saveQrCodeTemplate",
    params(("id" = QrCodeId, Path, description = "The code's id")),
    request_body = SaveTemplate,
    extensions(("x-needs" = json!("templates.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 201, description = "The new template", body = TemplateView,
        headers(("Location" = String, description = "Where the template is"), ("ETag" = String, description = "Its version")))))]
pub(super) async fn save(
    can: Can<TemplatesCreate>,
    State(app): State<App>,
    Path(id): Path<QrCodeId>,
    Body(body): Body<SaveTemplate>,
) -> Result<Response, Problem> {
    let code = store::find(app.db.read(), can.workspace(), id).await?.ok_or_else(Problem::not_found)?;
    let mut checks = Checks::default();
    let name = checks.keep("name", line(&body.name, NAME_CHARS_MAX));
    checks.done()?;
    let template = templates::create(&app, &Author::from(&can), name.unwrap_or_default(), code.style).await?;
    let place = format!("/v1/templates/{}", template.id);
    Ok(Created(place, Versioned(template.version, TemplateView::from(template))).into_response())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyTemplate {
    /// From 1 to 100 codes.
    #[serde(default)]
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 100)]
    qr_code_ids: Vec<QrCodeId>,
    /// Changes codes also if nothing would read them like that.
    #[serde(default)]
    allow_unscannable: Option<bool>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct TemplateApplied {
    /// In the order asked for.
    data: Vec<CodeStyled>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = QrCodeStyled)]
pub(super) struct CodeStyled {
    id: QrCodeId,
    verdict: Verdict,
}

/// Apply a template to QR codes
///
/// Replaces the style of each; all of them or, with the reason for each that stands in the way, none.
#[utoipa::path(post, path = "/v1/templates/{id}/apply", tag = "QR codes", operation_id = "applyTemplate",
    params(("id" = TemplateId, Path, description = "The template's id")),
    request_body = ApplyTemplate,
    extensions(("x-needs" = json!("qr.update")), ("x-errors" = json!(["conflict"]))),
    responses((status = 200, description = "The codes, with how they will scan now", body = TemplateApplied)))]
pub(super) async fn apply(
    can: Can<QrUpdate>,
    State(app): State<App>,
    Path(id): Path<TemplateId>,
    Body(body): Body<ApplyTemplate>,
) -> Result<Json<TemplateApplied>, Problem> {
    // A template that is not there is that, whatever the codes are.
    templates::read(&app, can.workspace(), id).await?;
    let mut checks = Checks::default();
    if !(1..=CODES_MAX).contains(&body.qr_code_ids.len()) {
        checks.refuse("qr_code_ids", "length", format!("1 to {CODES_MAX} codes"));
    }
    for (place, id) in body.qr_code_ids.iter().enumerate().take(CODES_MAX) {
        if body.qr_code_ids.iter().take(place).any(|known| known == id) {
            checks.refuse(format!("qr_code_ids[{place}]"), "duplicate", "each code once");
        }
    }
    checks.done()?;
    let unscannable = body.allow_unscannable.into();
    let made = change::apply_template(&app, &Author::from(&can), id, &body.qr_code_ids, unscannable).await?;
    let styled = made.into_iter().map(|made| CodeStyled { id: made.code.id, verdict: made.code.verdict });
    Ok(Json(TemplateApplied { data: styled.collect() }))
}
