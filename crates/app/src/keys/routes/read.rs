//! `GET /v1/api-keys/{id}`: one key, without its secret.

use axum::extract::State;
use tessera_types::ApiKeyId;

use crate::App;
use crate::http::answer::Versioned;
use crate::http::auth::{ApiKeysRead, Can};
use crate::http::extract::Path;
use crate::keys::history::key_in_sight;
use crate::keys::model::KeyView;
use crate::problem::Problem;

/// Read an API key
#[utoipa::path(get, path = "/v1/api-keys/{id}", tag = "API keys", operation_id = "readApiKey",
    params(("id" = ApiKeyId, Path, description = "The key's id")),
    extensions(("x-needs" = json!("api_keys.read"))),
    responses((status = 200, description = "The key", body = KeyView,
        headers(("ETag" = String, description = "Its version, for If-Match")))))]
pub async fn read(
    can: Can<ApiKeysRead>,
    State(app): State<App>,
    Path(id): Path<ApiKeyId>,
) -> Result<Versioned<KeyView>, Problem> {
    let key = key_in_sight(&app, &can, id).await?;
    Ok(Versioned(key.version, key.view(app.now())))
}
