//! `PATCH /v1/api-keys/{id}`: name, scopes, activity, expiry, allow list. `PUT` is the same.

use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use tessera_keys::AllowMode;
use tessera_types::ApiKeyId;
use utoipa::ToSchema;

use crate::App;
use crate::Change;
use crate::audit::{self, Entry};
use crate::http::answer::Versioned;
use crate::http::auth::{ApiKeysUpdate, Can};
use crate::http::extract::{Body, IfMatch, Patch, Path};
use crate::keys::RateLimits;
use crate::keys::mint;
use crate::keys::model::{self, Key, KeyView};
use crate::keys::store;
use crate::problem::{Checks, Code, Problem};

/// What is to change. A field that is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeApiKey {
    #[serde(default)]
    #[schema(examples("CI/CD Pipeline"), max_length = 100)]
    pub name: Option<String>,
    /// One preset or a list of scopes, none of them beyond your own.
    #[serde(default)]
    #[schema(examples(json!(["read"])))]
    pub scopes: Option<Vec<String>>,
    /// `false` deactivates at once; `true` undoes it.
    #[serde(default)]
    pub is_active: Option<bool>,
    /// `null`: no expiry.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Patch<Timestamp>,
    #[serde(default)]
    #[schema(examples(json!(["203.0.113.0/24"])))]
    pub ip_allow: Option<Vec<String>>,
    #[serde(default)]
    pub ip_allow_mode: Option<AllowMode>,
    /// All three limits of this key alone, each at most the plan's; `null` for none.
    #[serde(default)]
    #[schema(value_type = Option<RateLimits>)]
    pub rate_limits: Patch<RateLimits>,
}

/// Change an API key
///
/// Acts on the next request that uses the key. A key that can do more than you is out of your reach.
#[utoipa::path(patch, path = "/v1/api-keys/{id}", tag = "API keys", operation_id = "changeApiKey",
    params(("id" = ApiKeyId, Path, description = "The key's id")),
    request_body = ChangeApiKey,
    extensions(("x-needs" = json!("api_keys.update")), ("x-errors" = json!(["conflict", "precondition_failed"]))),
    responses((status = 200, description = "The key as it is now", body = KeyView)))]
pub async fn change(
    can: Can<ApiKeysUpdate>,
    State(app): State<App>,
    Path(id): Path<ApiKeyId>,
    if_match: IfMatch,
    Body(body): Body<ChangeApiKey>,
) -> Result<Versioned<KeyView>, Problem> {
    let txn = app.db.begin().await?;
    let before = store::lock(&txn, can.workspace(), id).await?.ok_or_else(Problem::not_found)?;
    mint::within_reach(&can, &before)?;
    if if_match.0.is_some_and(|version| version != before.version) {
        return Err(Problem::plain(Code::PreconditionFailed));
    }
    if before.facts.revoked_at.is_some() {
        return Err(Problem::new(Code::Conflict, "This key is revoked, which is final."));
    }
    let after = apply(&app, &can, before.clone(), body)?;
    store::update(&app, &txn, &after).await?;
    let entry = Entry::new("api_key.updated", &id).between(before.view(app.now()), after.view(app.now()));
    audit::record(&app, &txn, can.workspace(), &can.actor(), entry).await?;
    app.commit(txn, &[Change::Key(id)]).await?;
    let key = store::settled(&app, after).await;
    Ok(Versioned(key.version, key.view(app.now())))
}

/// Change an API key (PUT)
///
/// The same as PATCH, for clients that send PUT.
#[utoipa::path(put, path = "/v1/api-keys/{id}", tag = "API keys", operation_id = "putApiKey",
    params(("id" = ApiKeyId, Path, description = "The key's id")),
    request_body = ChangeApiKey,
    extensions(("x-needs" = json!("api_keys.update")), ("x-errors" = json!(["conflict", "precondition_failed"]))),
    responses((status = 200, description = "The key as it is now", body = KeyView)))]
pub async fn put(
    can: Can<ApiKeysUpdate>,
    app: State<App>,
    path: Path<ApiKeyId>,
    if_match: IfMatch,
    body: Body<ChangeApiKey>,
) -> Result<Versioned<KeyView>, Problem> {
    change(can, app, path, if_match, body).await
}

fn apply(app: &App, can: &Can<ApiKeysUpdate>, mut key: Key, body: ChangeApiKey) -> Result<Key, Problem> {
    let mut checks = Checks::default();
    if let Some(name) = body.name {
        key.name = checks.keep("name", model::name(&name)).unwrap_or(key.name);
    }
    let grant = body.scopes.and_then(|names| checks.keep("scopes", model::grant(&names)));
    let expires_at = checks.keep("expires_at", body.expires_at.try_map(|at| model::expiry(at, app.now())));
    if let Some(entries) = body.ip_allow {
        key.allow = checks.keep("ip_allow", model::allow_list(&entries)).unwrap_or(key.allow);
    }
    key.allow_mode = body.ip_allow_mode.unwrap_or(key.allow_mode);
    checks.keep("ip_allow", model::allow_fits(&key.allow, key.allow_mode));
    key.rate_limits = match body.rate_limits {
        Patch::Keep => key.rate_limits,
        Patch::Clear => RateLimits::default().read(can, &mut checks),
        Patch::Set(limits) => limits.read(can, &mut checks),
    };
    checks.done()?;
    if let Some(grant) = grant {
        key.grant = mint::granted(can, grant)?;
    }
    key.facts.expires_at = expires_at.unwrap_or_default().or(key.facts.expires_at);
    key.facts.is_active = body.is_active.unwrap_or(key.facts.is_active);
    Ok(key)
}
