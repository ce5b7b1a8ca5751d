//! `POST /v1/api-keys/{id}/rotate`: a new secret for the same key, and a grace for the old one.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use tessera_keys::{GRACE_SECONDS_MAX, KeyStatus};
use tessera_types::ApiKeyId;
use utoipa::ToSchema;

use crate::App;
use crate::Change;
use crate::audit::{self, Entry};
use crate::http::answer::Secret;
use crate::http::auth::{ApiKeysUpdate, Can};
use crate::http::extract::{Body, Patch, Path};
use crate::keys::mint;
use crate::keys::model::{self, ShownOnce};
use crate::keys::store;
use crate::problem::{Checks, Code, Problem};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateApiKey {
    /// How long the old secret still works: 0 (dead when this call returns) to 604800. Default: the
    /// deployment's setting, 86400 unless changed.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 604_800, examples(86_400))]
    pub grace_seconds: Option<u32>,
    /// A new expiry for the key; `null` for none. The old secret never lives longer than it would have.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Patch<Timestamp>,
}

/// Rotate an API key
///
/// The id, name, scopes, limits and counts stay; the secret changes and is shown once. At most two secrets live:
/// rotating again during the grace ends the oldest at once. Answers to the old secret carry `Deprecation` and
/// `Sunset`.
#[utoipa::path(post, path = "/v1/api-keys/{id}/rotate", tag = "API keys", operation_id = "rotateApiKey",
    params(("id" = ApiKeyId, Path, description = "The key's id")),
    request_body = RotateApiKey,
    extensions(("x-needs" = json!("api_keys.update")), ("x-errors" = json!(["conflict", "secret_already_shown"]))),
    responses((status = 200, description = "The key, with its new secret", body = ShownOnce)))]
pub async fn rotate(
    can: Can<ApiKeysUpdate>,
    State(app): State<App>,
    Path(id): Path<ApiKeyId>,
    Body(body): Body<RotateApiKey>,
) -> Result<Secret<Json<ShownOnce>>, Problem> {
    let grace_seconds = body.grace_seconds.unwrap_or(app.settings.keys.grace_seconds);
    let mut checks = Checks::default();
    if grace_seconds > GRACE_SECONDS_MAX {
        checks.refuse("grace_seconds", "range", format!("0 to {GRACE_SECONDS_MAX}"));
    }
    let expires_at = checks.keep("expires_at", body.expires_at.try_map(|at| model::expiry(at, app.now())));
    checks.done()?;

    let txn = app.db.begin().await?;
    let mut key = store::lock(&txn, can.workspace(), id).await?.ok_or_else(Problem::not_found)?;
    mint::may_hold(&can, &key)?;
    if key.facts.status(app.now()) == KeyStatus::Revoked {
        return Err(Problem::new(Code::Conflict, "This key is revoked, which is final. Create a new one."));
    }
    let plain = mint::turn(&app, &txn, &key, grace_seconds).await?;
    key.facts.expires_at = expires_at.unwrap_or_default().or(key.facts.expires_at);
    store::update(&app, &txn, &key).await?;
    let entry = Entry::new("api_key.rotated", &id)
        .after(serde_json::json!({"grace_seconds": grace_seconds, "expires_at": key.facts.expires_at}));
    audit::record(&app, &txn, can.workspace(), &can.actor(), entry).await?;
    let written = store::lock(&txn, can.workspace(), id).await?.ok_or_else(Problem::not_found)?;
    app.commit(txn, &[Change::Key(id)]).await?;
    let key = store::settled(&app, written).await;
    Ok(Secret(Json(ShownOnce { key: plain, view: key.view(app.now()) })))
}
