//! `GET /v1/templates/presets`: styles that come with the house.

use axum::Json;
use serde::Serialize;
use tessera_qr::Style;
use utoipa::ToSchema;

use crate::http::auth::{Can, TemplatesRead};

#[derive(Serialize, ToSchema)]
#[schema(as = TemplatePresets)]
pub(super) struct Presets {
    data: Vec<Preset>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = TemplatePreset)]
pub(super) struct Preset {
    #[schema(examples("classic"))]
    name: &'static str,
    style: Style,
}

/// List presets
///
/// Ready styles, to start from. Give one as `style` of a code or a template.
#[utoipa::path(get, path = "/v1/templates/presets", tag = "QR codes", operation_id = "listTemplatePresets",
    extensions(("x-needs" = json!("templates.read"))),
    responses((status = 200, description = "Presets", body = Presets)))]
pub(super) async fn presets(_can: Can<TemplatesRead>) -> Json<Presets> {
    let presets = Style::presets().iter().map(|(name, style)| Preset { name, style: style.clone() });
    Json(Presets { data: presets.collect() })
}
