//! `POST /v1/api-keys/{id}/revoke`: the end of every secret of a key, when the call returns.

use axum::extract::State;
use tessera_types::ApiKeyId;

use crate::App;
use crate::Change;
use crate::audit::{self, Entry};
use crate::http::answer::Versioned;
use crate::http::auth::{ApiKeysDelete, Can};
use crate::http::extract::Path;
use crate::keys::mint::is_visible;
use crate::keys::model::KeyView;
use crate::keys::store;
use crate::problem::Problem;

/// Revoke an API key
///
/// Final. When this answers, no later request with the key is admitted, also not with a secret in its grace.
/// Revoking twice changes nothing. To be able to undo it, deactivate instead.
#[utoipa::path(post, path = "/v1/api-keys/{id}/revoke", tag = "API keys", operation_id = "revokeApiKey",
    params(("id" = ApiKeyId, Path, description = "The key's id")),
    extensions(("x-needs" = json!("api_keys.delete"))),
    responses((status = 200, description = "The key, dead", body = KeyView)))]
pub async fn revoke(
    can: Can<ApiKeysDelete>,
    State(app): State<App>,
    Path(id): Path<ApiKeyId>,
) -> Result<Versioned<KeyView>, Problem> {
    let txn = app.db.begin().await?;
    let key = store::lock(&txn, can.workspace(), id).await?;
    let mut key = key.filter(|key| is_visible(&can, key)).ok_or_else(Problem::not_found)?;
    if key.facts.revoked_at.is_none() {
        key.facts.revoked_at = Some(app.now());
        store::update(&app, &txn, &key).await?;
        audit::record(&app, &txn, can.workspace(), &can.actor(), Entry::new("api_key.revoked", &id)).await?;
    }
    app.commit(txn, &[Change::Key(id)]).await?;
    let key = store::settled(&app, key).await;
    Ok(Versioned(key.version, key.view(app.now())))
}
