//! How a saved view is answered.

use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tessera_types::{Timestamp, ViewId};
use utoipa::ToSchema;

use crate::http::answer::{Created, Versioned};
use crate::views::SavedView;

#[derive(Serialize, ToSchema)]
#[schema(as = SavedView)]
pub(super) struct Shown {
    id: ViewId,
    #[schema(examples("Scans in Germany"))]
    name: String,
    /// The search string of the analytics page, without the `?`.
    #[schema(examples("range=30d&country=DE&trigger=qr"))]
    query: String,
    #[schema(examples("usr_01jd8qd4vkf4ktabjqvqxgqzne"))]
    created_by: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<SavedView> for Shown {
    fn from(view: SavedView) -> Self {
        Self {
            id: view.id,
            name: view.name,
            query: view.query,
            created_by: view.created_by,
            created_at: view.created_at,
            updated_at: view.updated_at,
        }
    }
}

/// The view as it is now, with its version.
pub(super) fn versioned(view: SavedView) -> Response {
    Versioned(view.version, Shown::from(view)).into_response()
}

/// 201, with where it is.
pub(super) fn created(view: SavedView) -> Response {
    Created(format!("/v1/views/{}", view.id), versioned(view)).into_response()
}
