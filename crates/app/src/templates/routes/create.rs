//! `POST /v1/templates`: a new template.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use tessera_qr::Style;
use utoipa::ToSchema;

use super::answer;
use crate::App;
use crate::author::Author;
use crate::fields::line;
use crate::http::auth::{Can, TemplatesCreate};
use crate::http::extract::Body;
use crate::problem::{Checks, Problem};
use crate::templates::view::TemplateView;
use crate::templates::{self, NAME_CHARS_MAX};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTemplate {
    #[schema(examples("Spring"), min_length = 1, max_length = 100)]
    name: String,
    /// How codes look that are made with it.
    style: Style,
}

/// Create a template
///
/// Keeps a style by name, for codes to be made with.
#[utoipa::path(post, path = "/v1/templates", tag = "QR codes", operation_id = "createTemplate",
    request_body = CreateTemplate,
    extensions(("x-needs" = json!("templates.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 201, description = "The new template", body = TemplateView,
        headers(("Location" = String, description = "Where the template is"), ("ETag" = String, description = "Its version")))))]
pub(super) async fn create(
    can: Can<TemplatesCreate>,
    State(app): State<App>,
    Body(body): Body<CreateTemplate>,
) -> Result<Response, Problem> {
    let mut checks = Checks::default();
    let name = checks.keep("name", line(&body.name, NAME_CHARS_MAX));
    checks.extend(crate::logos::check_style(&body.style));
    checks.done()?;
    let name = name.unwrap_or_default();
    Ok(answer::created(templates::create(&app, &Author::from(&can), name, body.style).await?))
}
