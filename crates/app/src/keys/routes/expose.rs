//! `POST /v1/credentials/revoke`: whoever holds a secret may end it.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::App;
use crate::audit::Actor;
use crate::http::Facts;
use crate::http::extract::Body;
use crate::keys::leaks::{self, Exposed};
use crate::problem::Problem;

const CREDENTIALS_MAX: usize = 100;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeCredentials {
    /// 1 to 100 whole keys that were found somewhere they should not be.
    #[schema(examples(json!(["tsr_live_7f3a9b2cQmB4xW8LkT0vYd1nHs2g0d4e1"])))]
    pub credentials: Vec<String>,
}

/// Revoke by possession
///
/// Found a key in a log, a screenshot, a repository? Send it here and it is dead when this answers. Takes no
/// credential and always answers 202, whether the keys were live, dead or invented.
#[utoipa::path(post, path = "/v1/credentials/revoke", tag = "Leaks", operation_id = "revokeCredentials",
    request_body = RevokeCredentials,
    extensions(("x-errors" = json!(["too_many_attempts"]))),
    responses((status = 202, description = "Those that were live keys are dead now")))]
pub async fn expose(
    State(app): State<App>,
    facts: Facts,
    Body(body): Body<RevokeCredentials>,
) -> Result<StatusCode, Problem> {
    if body.credentials.is_empty() || body.credentials.len() > CREDENTIALS_MAX {
        return Err(Problem::field("credentials", "range", format!("1 to {CREDENTIALS_MAX} keys")));
    }
    let actor = Actor::visitor("holder of the key", &facts);
    for text in &body.credentials {
        app.keys.may_guess(&app, facts.address())?;
        if leaks::end_exposed(&app, text, &actor, None).await? == Exposed::Unknown {
            app.keys.guessed_wrong(&app, facts.address());
        }
    }
    Ok(StatusCode::ACCEPTED)
}
