//! `POST /v1/links`: a new link.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::view::{self, LinkView};
use crate::App;
use crate::http::auth::{Can, LinksCreate};
use crate::http::extract::{Body, Patch};
use crate::links::{self, Author, Wishes};
use crate::problem::Problem;

/// A link to make. Only `destination_url` is needed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateLink {
    /// `http`, `https`, or a scheme that this deployment allows. At most 8192 bytes; no user name or password.
    #[schema(examples("https://example.com/spring"), max_length = 8192)]
    destination_url: String,
    /// Letters a to z, digits and `-_./`. Absent: seven characters that cannot be mistaken for others.
    #[serde(default)]
    #[schema(examples("spring"), max_length = 190)]
    alias: Option<String>,
    /// One of this deployment's short domains. Absent: the default one.
    #[serde(default)]
    domain: Option<String>,
    #[serde(default)]
    #[schema(max_length = 200)]
    title: Option<String>,
    #[serde(default)]
    #[schema(max_length = 4000)]
    notes: Option<String>,
    /// Up to 50 entries of your own: texts, numbers, truths.
    #[serde(default)]
    #[schema(value_type = Option<Object>, examples(json!({"post_id": 4711})))]
    metadata: Option<Value>,
    /// Up to 50, each of 1 to 64 characters without a comma.
    #[serde(default)]
    #[schema(examples(json!(["production", "source:cms"])), max_items = 50)]
    tags: Option<Vec<String>>,
    /// Replaces a parameter of this name in the destination, at the redirect. So do the other `utm_` fields.
    #[serde(default)]
    #[schema(examples("newsletter"), max_length = 200)]
    utm_source: Option<String>,
    #[serde(default)]
    #[schema(examples("email"), max_length = 200)]
    utm_medium: Option<String>,
    #[serde(default)]
    #[schema(examples("spring-2026"), max_length = 200)]
    utm_campaign: Option<String>,
    #[serde(default)]
    #[schema(max_length = 200)]
    utm_term: Option<String>,
    #[serde(default)]
    #[schema(max_length = 200)]
    utm_content: Option<String>,
    /// 301, 302, 307 or 308; 302 if absent.
    #[serde(default)]
    #[schema(examples(302))]
    redirect_status: Option<i64>,
    /// Whether the visitor's own parameters are added to the destination, where it has none of that name.
    #[serde(default)]
    forward_query: Option<bool>,
    /// Before this the link answers 404.
    #[serde(default)]
    #[schema(format = DateTime)]
    starts_at: Option<String>,
    /// From then on it answers 410, or sends visitors to `expired_url`.
    #[serde(default)]
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Where visitors go once the link is expired or used up; such visits are no clicks.
    #[serde(default)]
    #[schema(max_length = 8192)]
    expired_url: Option<String>,
    /// So many visitors get through, then it is used up.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    max_clicks: Option<i64>,
    /// Visitors are asked for it. Never shown again.
    #[serde(default)]
    #[schema(min_length = 4, max_length = 128, format = Password)]
    password: Option<String>,
}

impl From<CreateLink> for Wishes {
    fn from(link: CreateLink) -> Self {
        Self {
            destination_url: Patch::Set(link.destination_url),
            alias: wish(link.alias),
            domain: wish(link.domain),
            title: wish(link.title),
            notes: wish(link.notes),
            metadata: wish(link.metadata),
            tags: wish(link.tags),
            utm_source: wish(link.utm_source),
            utm_medium: wish(link.utm_medium),
            utm_campaign: wish(link.utm_campaign),
            utm_term: wish(link.utm_term),
            utm_content: wish(link.utm_content),
            redirect_status: wish(link.redirect_status),
            forward_query: wish(link.forward_query),
            starts_at: wish(link.starts_at),
            expires_at: wish(link.expires_at),
            expired_url: wish(link.expired_url),
            max_clicks: wish(link.max_clicks),
            password: wish(link.password),
        }
    }
}

fn wish<T>(value: Option<T>) -> Patch<T> {
    value.map_or(Patch::Keep, Patch::Set)
}

/// Create a link
///
/// Works at once. An alias that another link of the domain has is a 409 with a `suggestion`.
#[utoipa::path(post, path = "/v1/links", tag = "Links", operation_id = "createLink",
    request_body = CreateLink,
    extensions(("x-needs" = json!("links.create")), ("x-errors" = json!(["alias_taken", "plan_required"]))),
    responses((status = 201, description = "The new link", body = LinkView,
        headers(("Location" = String, description = "Where the link is"), ("ETag" = String, description = "Its version")))))]
pub(super) async fn create(
    can: Can<LinksCreate>,
    State(app): State<App>,
    Body(body): Body<CreateLink>,
) -> Result<Response, Problem> {
    let link = links::create(&app, &Author::from(&can), body.into()).await?;
    Ok(view::created(&app, link))
}
