//! `POST /v1/api-keys/verify`: another service asks whether a key may do something.

use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tessera_events::{CallClass, Method};
use tessera_keys::{Scope, ScopeSet};
use tessera_types::{ApiKeyId, UserId};
use utoipa::ToSchema;

use crate::App;
use crate::http::auth::{ApiKeysRead, Can, unknown};
use crate::http::extract::Body;
use crate::http::rate_limits::problem;
use crate::http::write_down;
use crate::keys::admission::{judge_record, look_up};
use crate::keys::model::Record;
use crate::metering::Moment;
use crate::problem::{Checks, Code, Problem};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyApiKey {
    /// The key, as your service received it.
    #[schema(examples("tsr_live_7f3a9b2cQmB4xW8LkT0vYd1nHs2g0d4e1"))]
    pub key: String,
    /// Scopes it must have, every one of them.
    #[serde(default)]
    #[schema(examples(json!(["links.read"])))]
    pub scopes: Vec<String>,
    /// Where the request came from that carried the key, for its allow list. Absent: your own address.
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("203.0.113.9"))]
    pub address: Option<IpAddr>,
}

/// The verdict on a key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyVerdict)]
pub struct Verdict {
    pub valid: bool,
    /// Why not: the code this key would have been refused with. Null if valid.
    #[schema(examples("api_key_expired"))]
    pub code: Option<&'static str>,
    /// The same in words.
    pub detail: Option<String>,
    pub api_key_id: Option<ApiKeyId>,
    #[schema(examples("CI/CD Pipeline"))]
    pub name: Option<String>,
    pub owner_user_id: Option<UserId>,
    #[schema(examples(json!(["links.read"])))]
    pub scopes: Vec<&'static str>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

/// Verify an API key
///
/// For services that let these keys in. Always answers 200; `valid` and `code` tell. Only keys of your own
/// workspace are known. A valid verdict counts as a use of the key, and draws on its limits and the plan's: a key beyond
/// one is answered with `rate_limit_minute`, `rate_limit_day` or `rate_limit_month`.
#[utoipa::path(post, path = "/v1/api-keys/verify", tag = "API keys", operation_id = "verifyApiKey",
    request_body = VerifyApiKey,
    extensions(("x-needs" = json!("api_keys.read"))),
    responses((status = 200, description = "The verdict", body = Verdict)))]
pub async fn verify(
    can: Can<ApiKeysRead>,
    State(app): State<App>,
    Body(body): Body<VerifyApiKey>,
) -> Result<Json<Verdict>, Problem> {
    let mut checks = Checks::default();
    let wanted = checks.keep("scopes", wanted(&body.scopes)).unwrap_or_default();
    checks.done()?;
    let address = body.address.map_or(can.facts().address(), |address| address.to_canonical());
    let record = look_up(&app, &body.key).await?.filter(|record| record.workspace == can.workspace());
    let Some(record) = record else { return Ok(Json(refused(unknown()))) };
    if let Err(problem) = judge_record(&app, &record, address) {
        return Ok(Json(refused(problem)));
    }
    let scopes = record.scopes();
    let missing = wanted.difference(scopes);
    if !missing.is_empty() {
        return Ok(Json(refused(Problem::new(
            Code::InsufficientScope,
            format!("This API key lacks {missing}."),
        ))));
    }
    if let Err(problem) = note_use(&app, &record, &can, address).await {
        return Ok(Json(refused(problem)));
    }
    Ok(Json(Verdict {
        valid: true,
        code: None,
        detail: None,
        api_key_id: Some(record.id),
        name: Some(record.name.clone()),
        owner_user_id: record.owner,
        scopes: scopes.iter().map(Scope::as_str).collect(),
        expires_at: record.facts.expires_at,
    }))
}

/// A key that was found valid was used: it is counted and limited as if it had made this call itself.
async fn note_use(
    app: &App,
    record: &Record,
    can: &Can<ApiKeysRead>,
    address: IpAddr,
) -> Result<(), Problem> {
    let class = CallClass::Read;
    let place = app.limiter.reserve(&record.metered, &record.terms(), class, Moment::now(app));
    let place = place.map_err(|beyond| problem(&beyond))?;
    let request = tessera_events::Request {
        at_ms: place.at_ms(),
        workspace: record.workspace,
        key: record.id,
        secret: record.secret,
        id: can.facts().id(),
        method: Method::Post,
        class,
        status: 200,
        latency_us: 0,
        route: "/v1/api-keys/verify",
        address: Some(address),
        user_agent: can.facts().user_agent(),
    };
    write_down(app, &record.usage, request, address).await;
    Ok(())
}

fn wanted(names: &[String]) -> Result<ScopeSet, crate::problem::Wrong> {
    if names.is_empty() {
        Ok(ScopeSet::empty())
    } else {
        crate::keys::model::grant(names).map(|grant| grant.scopes())
    }
}

fn refused(problem: Problem) -> Verdict {
    Verdict {
        valid: false,
        code: Some(problem.code.as_str()),
        detail: Some(problem.detail.into_owned()),
        api_key_id: None,
        name: None,
        owner_user_id: None,
        scopes: Vec::new(),
        expires_at: None,
    }
}
