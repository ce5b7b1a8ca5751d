//! `DELETE /v1/api-keys/{id}`: out of every list, its audit trail kept.

use axum::extract::State;
use http::StatusCode;
use tessera_types::ApiKeyId;

use crate::App;
use crate::Change;
use crate::audit::{self, Entry};
use crate::http::auth::{ApiKeysDelete, Can};
use crate::http::extract::Path;
use crate::keys::mint::is_visible;
use crate::keys::store;
use crate::problem::Problem;

/// Delete an API key
///
/// When this answers, no later request with the key is admitted. It leaves the lists; the audit log keeps its
/// story.
#[utoipa::path(delete, path = "/v1/api-keys/{id}", tag = "API keys", operation_id = "deleteApiKey",
    params(("id" = ApiKeyId, Path, description = "The key's id")),
    extensions(("x-needs" = json!("api_keys.delete"))),
    responses((status = 204, description = "Gone")))]
pub async fn delete(
    can: Can<ApiKeysDelete>,
    State(app): State<App>,
    Path(id): Path<ApiKeyId>,
) -> Result<StatusCode, Problem> {
    let txn = app.db.begin().await?;
    let key = store::lock(&txn, can.workspace(), id).await?;
    let key = key.filter(|key| is_visible(&can, key)).ok_or_else(Problem::not_found)?;
    store::delete(&app, &txn, &key).await?;
    audit::record(&app, &txn, can.workspace(), &can.actor(), Entry::new("api_key.deleted", &id)).await?;
    app.commit(txn, &[Change::Key(id)]).await?;
    Ok(StatusCode::NO_CONTENT)
}
