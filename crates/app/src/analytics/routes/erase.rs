//! `POST /v1/events/erase`: forgets the clicks of one visitor, or those on one link.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use tessera_types::LinkId;
use utoipa::ToSchema;

use crate::App;
use crate::analytics::erasure::{self, Whose};
use crate::http::auth::{AsAdmin, Can};
use crate::http::extract::Body;
use crate::problem::{Checks, Problem};

/// Either a visitor or a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EraseClicks {
    /// As clicks show it.
    #[schema(examples("vis_09f3c1a27be4d580"))]
    visitor: Option<String>,
    /// The id of a link, also of one that is deleted.
    link: Option<LinkId>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct ErasedClicks {
    /// How many there were.
    #[schema(examples(17))]
    clicks_erased: u64,
}

impl EraseClicks {
    fn parse(&self) -> Result<Whose, Problem> {
        let mut checks = Checks::default();
        let whose = match (&self.visitor, self.link) {
            (Some(text), None) => checks.keep("visitor", erasure::visitor(text)).map(Whose::Visitor),
            (None, Some(link)) => Some(Whose::Link(link)),
            (None, None) => {
                checks.refuse("visitor", "required", "name a visitor or a link");
                None
            }
            (Some(_), Some(_)) => {
                checks.refuse("link", "conflict", "name a visitor or a link, not both");
                None
            }
        };
        checks.done()?;
        whose.ok_or_else(|| Problem::internal("a field was refused without a word"))
    }
}

/// Erase clicks
///
/// Forgets every click of a visitor, or every click on a link: in memory, on disk and in the log, so it cannot be undone.
/// Only clicks of your workspace. A link's own `clicks` counter stays.
#[utoipa::path(post, path = "/v1/events/erase", tag = "Analytics", operation_id = "eraseEvents",
    request_body = EraseClicks,
    extensions(("x-needs" = json!("role:admin"))),
    responses((status = 200, description = "They are gone", body = ErasedClicks)))]
pub(super) async fn erase(
    can: Can<AsAdmin>,
    State(app): State<App>,
    Body(body): Body<EraseClicks>,
) -> Result<Json<ErasedClicks>, Problem> {
    let whose = body.parse()?;
    let clicks_erased = erasure::erase(&app, can.workspace(), &can.actor(), whose).await?;
    Ok(Json(ErasedClicks { clicks_erased }))
}
