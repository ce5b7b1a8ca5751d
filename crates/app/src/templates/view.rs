//! A template as the API shows it, also where a code was saved as one.

use serde::Serialize;
use tessera_qr::Style;
use tessera_types::{TemplateId, Timestamp};
use utoipa::ToSchema;

use super::Template;

#[derive(Serialize, ToSchema)]
#[schema(as = Template)]
pub(crate) struct TemplateView {
    pub(crate) id: TemplateId,
    #[schema(examples("Spring"))]
    pub(crate) name: String,
    pub(crate) style: Style,
    #[schema(examples("key_01jd8qd4vkf4ktabjqvqxgqzne"))]
    pub(crate) created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) updated_at: Timestamp,
}

impl From<Template> for TemplateView {
    fn from(template: Template) -> Self {
        Self {
            id: template.id,
            name: template.name,
            style: template.style,
            created_by: template.created_by,
            created_at: template.created_at,
            updated_at: template.updated_at,
        }
    }
}
