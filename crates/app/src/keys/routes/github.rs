//! `POST /v1/integrations/github/secret-scanning`: GitHub found keys of ours in somebody's repository.

use axum::Json;
use axum::extract::{Request, State};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::audit::Actor;
use crate::http::Facts;
use crate::http::extract;
use crate::keys::leaks::{self, Exposed};
use crate::problem::{Code, Problem};

const REPORTS_MAX: usize = 1_000;

/// One find, as GitHub reports it. Fields it may add later are passed over.
#[derive(Deserialize, ToSchema)]
#[schema(as = SecretScanningReport)]
pub struct Report {
    #[schema(examples("tsr_live_7f3a9b2cQmB4xW8LkT0vYd1nHs2g0d4e1"))]
    pub token: String,
    #[schema(examples("tessera_api_key"))]
    pub r#type: String,
    #[serde(default)]
    #[schema(examples("https://github.com/octocat/hello/blob/main/.env"))]
    pub url: Option<String>,
    #[serde(default)]
    #[schema(examples("commit"))]
    pub source: Option<String>,
}

/// What the find turned out to be.
#[derive(Serialize, ToSchema)]
#[schema(as = SecretScanningVerdict)]
pub struct Verdict {
    /// The first 8 characters of what was reported, never all of it.
    pub token_start: String,
    #[schema(examples("tessera_api_key"))]
    pub token_type: String,
    /// `true_positive` or `false_positive`.
    #[schema(examples("true_positive"))]
    pub label: &'static str,
}

/// GitHub secret scanning
///
/// Takes GitHub's signed reports of leaked keys; a live key is revoked at once. The signature is ECDSA P-256
/// over the raw body, by one of the keys in `github.secret_scanning_keys`. Without such a setting: 404.
#[utoipa::path(post, path = "/v1/integrations/github/secret-scanning", tag = "Leaks", operation_id = "reportSecrets",
    request_body = Vec<Report>,
    params(("Github-Public-Key-Identifier" = String, Header, description = "Which of GitHub's keys signed"),
           ("Github-Public-Key-Signature" = String, Header, description = "The signature, base64 of DER")),
    extensions(("x-errors" = json!(["not_found", "invalid_signature"]))),
    responses((status = 200, description = "Verdicts, in the order of the reports", body = Vec<Verdict>)))]
pub async fn report(
    State(app): State<App>,
    facts: Facts,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<Vec<Verdict>>, Problem> {
    let keys = &app.settings.github.secret_scanning_keys;
    if keys.is_empty() {
        return Err(Problem::new(Code::NotFound, "This deployment takes no reports from GitHub."));
    }
    let body = extract::read(request, app.settings.server.body_bytes_max).await?;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !leaks::is_signed(
        keys,
        header("github-public-key-identifier"),
        header("github-public-key-signature"),
        &body,
    ) {
        return Err(Problem::plain(Code::InvalidSignature));
    }
    let reports: Vec<Report> = serde_json::from_slice(&body).map_err(|error| {
        Problem::new(Code::InvalidJson, format!("The body is no list of reports: {error}."))
    })?;
    if reports.len() > REPORTS_MAX {
        return Err(Problem::field("body", "range", format!("at most {REPORTS_MAX} reports")));
    }
    let actor = Actor::visitor("GitHub secret scanning", &facts);
    let mut verdicts = Vec::with_capacity(reports.len());
    for found in reports {
        let place = found.url.or(found.source);
        let exposed = leaks::end_exposed(&app, &found.token, &actor, place.as_deref()).await?;
        let label = if exposed == Exposed::Unknown { "false_positive" } else { "true_positive" };
        let token_start = found.token.chars().take(8).collect();
        verdicts.push(Verdict { token_start, token_type: found.r#type, label });
    }
    Ok(Json(verdicts))
}
