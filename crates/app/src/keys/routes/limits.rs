//! `GET /v1/api-keys/{id}/limits`: what a key may still do, in each of the windows that it is held to.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tessera_types::ApiKeyId;
use utoipa::ToSchema;

use crate::App;
use crate::caller::Caller;
use crate::http::auth::{ApiKeysRead, Can};
use crate::http::extract::Path;
use crate::keys::history::key_in_sight;
use crate::keys::model::Key;
use crate::metering::{self, LimitsView, Terms};
use crate::problem::Problem;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyLimits)]
pub struct KeyLimits {
    pub api_key_id: ApiKeyId,
    #[serde(flatten)]
    pub standing: LimitsView,
}

/// Read a key's limits
///
/// What it has used of the day and the month, and how each limit stands that it is held to: the plan's, those of the
/// plan's classes of calls, and its own. Exact at the moment of the answer. Asking costs one request, as any call.
#[utoipa::path(get, path = "/v1/api-keys/{id}/limits", tag = "API keys", operation_id = "readApiKeyLimits",
    params(("id" = ApiKeyId, Path, description = "The key's id")),
    extensions(("x-needs" = json!("api_keys.read"))),
    responses((status = 200, description = "The limits", body = KeyLimits)))]
pub async fn limits(
    can: Can<ApiKeysRead>,
    State(app): State<App>,
    Path(id): Path<ApiKeyId>,
) -> Result<Json<KeyLimits>, Problem> {
    let key = key_in_sight(&app, &can, id).await?;
    Ok(Json(KeyLimits { api_key_id: id, standing: limits_of(&app, &can, &key).await? }))
}

/// How this key stands, of the caller's workspace and so of its plan.
pub(super) async fn limits_of(app: &App, caller: &Caller, key: &Key) -> Result<LimitsView, Problem> {
    let terms = Terms { plan: caller.plan.clone(), own: key.rate_limits.limits() };
    Ok(metering::of_key(app, key.workspace, key.id, &terms).await?)
}
