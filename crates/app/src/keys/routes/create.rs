//! `POST /v1/api-keys`: a new key, shown once.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use tessera_keys::{AllowList, AllowMode, Preset};
use utoipa::ToSchema;

use crate::App;
use crate::Change;
use crate::audit::{self, Entry};
use crate::http::answer::{Created, Secret};
use crate::http::auth::{ApiKeysCreate, Can};
use crate::http::extract::Body;
use crate::keys::RateLimits;
use crate::keys::mint::{self, Wish};
use crate::keys::model::{self, ShownOnce};
use crate::keys::store;
use crate::problem::{Checks, Code, Problem};

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKey {
    /// 1 to 100 characters: what it is for.
    #[schema(examples("CI/CD Pipeline"), max_length = 100)]
    pub name: String,
    /// One preset (`read`, `read_write`, `all`) or a list of scopes, none of them beyond your own.
    #[schema(examples(json!(["links.read", "links.create"])))]
    pub scopes: Vec<String>,
    /// `workspace` (default), or `personal`: dies with your membership. Only people make personal keys.
    #[serde(default)]
    pub owner: Owner,
    /// Absent: valid until revoked.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime, examples("2027-03-01T00:00:00Z"))]
    pub expires_at: Option<Timestamp>,
    /// Networks (`203.0.113.0/24`) or addresses the key may be used from, at most 100.
    #[serde(default)]
    #[schema(examples(json!(["203.0.113.0/24"])))]
    pub ip_allow: Vec<String>,
    /// `off` (default), `report_only` (log, admit) or `enforce`.
    #[serde(default)]
    pub ip_allow_mode: Option<AllowMode>,
    /// Limits of this key alone, each at most the plan's.
    #[serde(default)]
    pub rate_limits: Option<RateLimits>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ApiKeyOwner)]
pub enum Owner {
    #[default]
    Workspace,
    Personal,
}

/// Create an API key
///
/// Answers with the whole key, once: it is not kept, and no later call shows it again.
#[utoipa::path(post, path = "/v1/api-keys", tag = "API keys", operation_id = "createApiKey",
    request_body = CreateApiKey,
    extensions(("x-needs" = json!("api_keys.create")), ("x-errors" = json!(["person_required", "secret_already_shown"]))),
    responses((status = 201, description = "The key, with its secret", body = ShownOnce,
        headers(("Location" = String, description = "Where the key can be read")))))]
pub async fn create(
    can: Can<ApiKeysCreate>,
    State(app): State<App>,
    Body(body): Body<CreateApiKey>,
) -> Result<Secret<Created<Json<ShownOnce>>>, Problem> {
    let wish = read(&app, &can, body)?;
    let txn = app.db.begin().await?;
    let (id, key) = mint::mint(&app, &txn, can.workspace(), wish, can.name()).await?;
    let view = store::lock(&txn, can.workspace(), id).await?.ok_or_else(Problem::not_found)?.view(app.now());
    audit::record(&app, &txn, can.workspace(), &can.actor(), Entry::new("api_key.created", &id).after(&view))
        .await?;
    app.commit(txn, &[Change::Key(id)]).await?;
    Ok(Secret(Created(format!("/v1/api-keys/{id}"), Json(ShownOnce { key, view }))))
}

fn read(app: &App, can: &Can<ApiKeysCreate>, body: CreateApiKey) -> Result<Wish, Problem> {
    let mut checks = Checks::default();
    let name = checks.keep("name", model::name(&body.name));
    let grant = checks.keep("scopes", model::grant(&body.scopes));
    let expires_at = body.expires_at.and_then(|at| checks.keep("expires_at", model::expiry(at, app.now())));
    let allow = checks.keep("ip_allow", model::allow_list(&body.ip_allow)).unwrap_or_else(AllowList::default);
    let allow_mode = body.ip_allow_mode.unwrap_or(AllowMode::Off);
    checks.keep("ip_allow", model::allow_fits(&allow, allow_mode));
    let rate_limits = body.rate_limits.unwrap_or_default().read(can, &mut checks);
    checks.done()?;
    let owner = match (body.owner, can.person()) {
        (Owner::Workspace, _) => None,
        (Owner::Personal, Some(person)) => Some(person),
        (Owner::Personal, None) => {
            return Err(Problem::new(Code::PersonRequired, "Only people make personal keys."));
        }
    };
    let grant = mint::granted(can, grant.unwrap_or(tessera_keys::Grant::Preset(Preset::Read)))?;
    Ok(Wish { name: name.unwrap_or_default(), grant, owner, expires_at, allow, allow_mode, rate_limits })
}
