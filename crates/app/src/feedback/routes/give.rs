//! `POST /v1/feedback`: whether an article was helpful.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::App;
use crate::author::Author;
use crate::feedback::{self, model};
use crate::http::auth::{AnyCredential, Can};
use crate::http::extract::Body;
use crate::problem::{Checks, Problem};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveFeedback {
    /// The slug of a guide: 1 to 64 of `a` to `z`, `0` to `9` and `-`.
    #[schema(examples("api-keys"), min_length = 1, max_length = 64, pattern = "^[a-z0-9-]+$")]
    article: String,
    is_helpful: bool,
    /// What would make it better.
    #[schema(examples("An example for PowerShell would help."), max_length = 1000)]
    comment: Option<String>,
}

/// Say whether a guide helped
///
/// What the same person said of the same article before is replaced. A personal key speaks for its owner, any other for
/// itself.
#[utoipa::path(post, path = "/v1/feedback", tag = "Guides", operation_id = "giveFeedback",
    request_body = GiveFeedback,
    extensions(("x-needs" = json!("credential")), ("x-errors" = json!(["conflict"]))),
    responses((status = 204, description = "Kept")))]
pub(super) async fn give(
    can: Can<AnyCredential>,
    State(app): State<App>,
    Body(body): Body<GiveFeedback>,
) -> Result<StatusCode, Problem> {
    let mut checks = Checks::default();
    let article = checks.keep("article", model::article(&body.article)).unwrap_or_default();
    let comment = match body.comment {
        Some(text) => checks.keep("comment", model::comment(&text)).flatten(),
        None => None,
    };
    checks.done()?;
    let given = model::Feedback {
        article,
        created_by: can.personal_of().map_or_else(|| can.name(), |person| person.to_string()),
        is_helpful: body.is_helpful,
        comment,
        created_at: app.now(),
    };
    feedback::give(&app, &Author::from(&can), given).await?;
    Ok(StatusCode::NO_CONTENT)
}
