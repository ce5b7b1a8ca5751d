//! A logo as the API shows it.

use serde::Serialize;
use tessera_types::{LogoId, Timestamp};
use utoipa::ToSchema;

use crate::App;
use crate::logos::Logo;

#[derive(Serialize, ToSchema)]
#[schema(as = Logo)]
pub(super) struct LogoView {
    /// What `style.image` takes.
    pub(super) id: LogoId,
    #[schema(examples("Mosaic Works"))]
    pub(super) name: String,
    /// Of what is kept: `image/png`, `image/jpeg` or `image/svg+xml`.
    #[schema(examples("image/png"))]
    pub(super) media_type: String,
    /// Of what is kept, which was written anew and may be smaller than what was sent.
    #[schema(examples(4096))]
    pub(super) bytes: u64,
    #[schema(examples(512))]
    pub(super) width_px: u32,
    #[schema(examples(512))]
    pub(super) height_px: u32,
    /// The picture; takes the same credentials as this call.
    #[schema(examples("https://go.example.com/v1/logos/logo_01jd8qd4vkf4ktabjqvqxgqzne/image"))]
    pub(super) image_url: String,
    #[schema(examples("key_01jd8qd4vkf4ktabjqvqxgqzne"))]
    pub(super) created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
}

impl LogoView {
    pub(super) fn new(app: &App, logo: Logo) -> Self {
        Self {
            image_url: format!("{}/v1/logos/{}/image", app.settings.public_url(), logo.id),
            id: logo.id,
            name: logo.name,
            media_type: logo.media_type,
            bytes: logo.bytes,
            width_px: logo.width_px,
            height_px: logo.height_px,
            created_by: logo.created_by,
            created_at: logo.created_at,
        }
    }
}
