//! `POST /v1/api-keys/import`: keys issued elsewhere, by their digests, so that nobody has to re-issue them.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tessera_keys::{AllowMode, ForeignDigest, ImportKind};
use tessera_types::ApiKeyId;
use utoipa::ToSchema;

use crate::App;
use crate::Change;
use crate::audit::{self, Entry};
use crate::http::auth::{ApiKeysCreate, Can};
use crate::http::extract::Body;
use crate::keys::RateLimits;
use crate::keys::mint::{self, Wish};
use crate::keys::{model, store};
use crate::problem::{Checks, Problem, Wrong};

const KEYS_MAX: usize = 1_000;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportApiKeys {
    /// 1 to 1000 keys; all of them or none.
    pub keys: Vec<ForeignKey>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ImportedApiKey)]
pub struct ForeignKey {
    #[schema(examples("Billing service"), max_length = 100)]
    pub name: String,
    /// As for a new key.
    #[schema(examples(json!(["read"])))]
    pub scopes: Vec<String>,
    /// How `digest` was made from the whole key.
    pub digest_kind: ImportKind,
    #[schema(examples("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"))]
    pub digest: String,
    /// What the key begins with, for people to tell it by. At most 24 characters.
    #[serde(default)]
    #[schema(examples("sk_live_"), max_length = 24)]
    pub prefix: Option<String>,
    /// Its last characters, likewise. At most 4.
    #[serde(default)]
    #[schema(examples("d4e1"), max_length = 4)]
    pub last4: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    #[serde(default)]
    pub ip_allow: Vec<String>,
    #[serde(default)]
    pub ip_allow_mode: Option<AllowMode>,
    /// Limits of this key alone, each at most the plan's.
    #[serde(default)]
    pub rate_limits: Option<RateLimits>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportedApiKeys)]
pub struct Imported {
    /// In the order of the request.
    pub ids: Vec<ApiKeyId>,
}

/// Import API keys
///
/// Takes digests of keys issued by another system, so that its clients need no new ones. Each digest is
/// wrapped with this server's pepper before it is stored.
#[utoipa::path(post, path = "/v1/api-keys/import", tag = "API keys", operation_id = "importApiKeys",
    request_body = ImportApiKeys,
    extensions(("x-needs" = json!("api_keys.create")), ("x-errors" = json!(["conflict"]))),
    responses((status = 201, description = "Imported", body = Imported)))]
pub async fn import(
    can: Can<ApiKeysCreate>,
    State(app): State<App>,
    Body(body): Body<ImportApiKeys>,
) -> Result<(StatusCode, Json<Imported>), Problem> {
    let wishes = read(&app, &can, body)?;
    let txn = app.db.begin().await?;
    mint::room_for(&app, &txn, can.workspace(), wishes.len() as u64).await?;
    let mut ids = Vec::with_capacity(wishes.len());
    for (wish, digest, shown) in wishes {
        let name = wish.name.clone();
        let scopes = wish.grant.names();
        let rate_limits = wish.rate_limits.shown();
        let id = mint::import(&app, &txn, can.workspace(), wish, &digest, shown, can.name()).await?;
        let entry = Entry::new("api_key.imported", &id).after(serde_json::json!({
            "name": name, "scopes": scopes, "rate_limits": rate_limits,
        }));
        audit::record(&app, &txn, can.workspace(), &can.actor(), entry).await?;
        ids.push(id);
    }
    // Before the commit: from the moment they are stored they must be looked for.
    store::note_imports(&app);
    app.commit(txn, &[Change::Workspace(can.workspace())]).await?;
    Ok((StatusCode::CREATED, Json(Imported { ids })))
}

type Read = (Wish, ForeignDigest, (String, String, String));

fn read(app: &App, can: &Can<ApiKeysCreate>, body: ImportApiKeys) -> Result<Vec<Read>, Problem> {
    if body.keys.is_empty() || body.keys.len() > KEYS_MAX {
        return Err(Problem::field("keys", "range", format!("1 to {KEYS_MAX} keys")));
    }
    let mut errors = Vec::new();
    let mut wishes = Vec::with_capacity(body.keys.len());
    for (index, key) in body.keys.into_iter().enumerate() {
        match read_one(app, can, key) {
            Ok(wish) => wishes.push(wish),
            Err(problem) if problem.errors.is_empty() => return Err(problem),
            Err(problem) => errors.extend(problem.errors.into_iter().map(|mut error| {
                error.field = format!("keys[{index}].{}", error.field).into();
                error
            })),
        }
    }
    if errors.is_empty() { Ok(wishes) } else { Err(Problem::fields(errors)) }
}

fn read_one(app: &App, can: &Can<ApiKeysCreate>, key: ForeignKey) -> Result<Read, Problem> {
    let mut checks = Checks::default();
    let name = checks.keep("name", model::name(&key.name));
    let grant = checks.keep("scopes", model::grant(&key.scopes));
    let digest = ForeignDigest::parse(key.digest_kind, &key.digest);
    let digest = checks.keep("digest", digest.map_err(|error| Wrong::new("format", error.to_string())));
    let prefix = checks.keep("prefix", shown(key.prefix, 24));
    let last4 = checks.keep("last4", shown(key.last4, 4));
    let expires_at = key.expires_at.and_then(|at| checks.keep("expires_at", model::expiry(at, app.now())));
    let allow = checks.keep("ip_allow", model::allow_list(&key.ip_allow)).unwrap_or_default();
    let allow_mode = key.ip_allow_mode.unwrap_or(AllowMode::Off);
    checks.keep("ip_allow", model::allow_fits(&allow, allow_mode));
    let rate_limits = key.rate_limits.unwrap_or_default().read(can, &mut checks);
    checks.done()?;
    let (Some(name), Some(grant), Some(digest)) = (name, grant, digest) else {
        return Err(Problem::internal("a refused field without a refusal"));
    };
    let grant = mint::granted(can, grant)?;
    let wish = Wish { name, grant, owner: None, expires_at, allow, allow_mode, rate_limits };
    Ok((wish, digest, (prefix.unwrap_or_default(), String::new(), last4.unwrap_or_default())))
}

/// So little of a key that it cannot be the key.
fn shown(text: Option<String>, chars_max: usize) -> Result<String, Wrong> {
    let text = text.unwrap_or_default();
    if text.chars().count() <= chars_max && text.chars().all(|c| c.is_ascii_graphic()) {
        Ok(text)
    } else {
        Err(Wrong::new("range", format!("at most {chars_max} printable ASCII characters")))
    }
}
