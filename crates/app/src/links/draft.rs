//! What a client sends to make a link, and the link it would make.
//!
//! One link and a million go through here, so there is one set of rules. A draft keeps every rule that can be looked at
//! without the database; whether its alias is free, only the database says.

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::alias::Alias;
use super::model::{LeadsTo, Link};
use super::rules::{TargetWish, VariantWish};
use super::wishes::{Edits, Wishes};
use super::{ALIAS_DRAWS_MAX, Address, Author, blank};
use crate::http::extract::Patch;
use crate::http::json::{self, Source};
use crate::problem::Problem;
use crate::{App, Change};

/// A link to make. Only `destination_url` is needed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateLink {
    /// `http`, `https`, or a scheme that this deployment allows. At most 8192 bytes; no user name or password.
    #[schema(examples("https://example.com/spring"), max_length = 8192)]
    destination_url: String,
    /// Where some visitors go instead, by country, device and language. The first that fits decides.
    #[serde(default)]
    #[schema(max_items = 50)]
    targets: Option<Vec<TargetWish>>,
    /// Where iPhones and iPads go, unless a target fits.
    #[serde(default)]
    #[schema(examples("https://apps.apple.com/app/id1234567890"), max_length = 8192)]
    ios_url: Option<String>,
    /// Where Android devices go, unless a target fits.
    #[serde(default)]
    #[schema(max_length = 8192)]
    android_url: Option<String>,
    /// Where a share of the others goes.
    #[serde(default)]
    #[schema(max_items = 10)]
    variants: Option<Vec<VariantWish>>,
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
            targets: link.targets.into(),
            ios_url: link.ios_url.into(),
            android_url: link.android_url.into(),
            variants: link.variants.into(),
            alias: link.alias.into(),
            domain: link.domain.into(),
            title: link.title.into(),
            notes: link.notes.into(),
            metadata: link.metadata.into(),
            tags: link.tags.into(),
            utm_source: link.utm_source.into(),
            utm_medium: link.utm_medium.into(),
            utm_campaign: link.utm_campaign.into(),
            utm_term: link.utm_term.into(),
            utm_content: link.utm_content.into(),
            redirect_status: link.redirect_status.into(),
            forward_query: link.forward_query.into(),
            starts_at: link.starts_at.into(),
            expires_at: link.expires_at.into(),
            expired_url: link.expired_url.into(),
            max_clicks: link.max_clicks.into(),
            password: link.password.into(),
        }
    }
}

/// A link that keeps the rules and is not in the database yet.
pub(crate) struct Draft {
    pub(super) link: Link,
    /// In plain, until [`hash_password`](Self::hash_password).
    password: Option<String>,
    is_alias_given: bool,
}

impl Draft {
    /// Reads the body of `POST /v1/links`.
    ///
    /// # Errors
    /// Every field that is unknown, missing or breaks a rule.
    pub(crate) fn read(app: &App, by: &Author, body: Value) -> Result<Self, Problem> {
        Self::new(app, by, json::fit::<CreateLink>(body, Source::Body)?.into())
    }

    /// # Errors
    /// Every wish that breaks a rule.
    pub(super) fn new(app: &App, by: &Author, wishes: Wishes) -> Result<Self, Problem> {
        let edits = wishes.parse(app)?;
        let Some(destination) = edits.destination().cloned() else {
            return Err(Problem::field("destination_url", "required", "this is required"));
        };
        Self::of(app, by, edits, LeadsTo::Destination(destination))
    }

    /// # Errors
    /// Wishes that do not go together.
    pub(super) fn of(app: &App, by: &Author, mut edits: Edits, leads_to: LeadsTo) -> Result<Self, Problem> {
        let is_alias_given = edits.names_alias();
        let password = edits.take_password();
        let mut link = blank(app, by, leads_to)?;
        edits.apply(&app.links, &mut link)?;
        Ok(Self { link, password, is_alias_given })
    }

    /// To be called before the draft is inserted, and outside any transaction: it takes milliseconds of a core.
    ///
    /// # Errors
    /// `unavailable` when too many passwords wait to be hashed.
    pub(crate) async fn hash_password(&mut self, app: &App) -> Result<(), Problem> {
        if let Some(plain) = self.password.take() {
            self.link.password_hash = Some(app.links.passwords.hash(app.chance(), plain).await?);
        }
        Ok(())
    }

    pub(crate) fn has_password(&self) -> bool {
        self.password.is_some()
    }

    pub(super) fn is_alias_given(&self) -> bool {
        self.is_alias_given
    }

    /// How often an alias may be tried: one that was given, once.
    pub(super) fn draws(&self) -> usize {
        if self.is_alias_given { 1 } else { ALIAS_DRAWS_MAX }
    }

    /// The link as it would be.
    pub(crate) fn link(&self) -> &Link {
        &self.link
    }

    /// Another alias, where nobody asked for this one.
    pub(super) fn draw_again(&mut self, app: &App) {
        self.link.alias = Alias::draw(app.chance(), app.links.domains.alias_case(&self.link.domain));
    }

    /// The address somebody asked for.
    pub(crate) fn wanted_address(&self) -> Option<Address> {
        self.is_alias_given.then(|| self.link.address())
    }

    pub(crate) fn id(&self) -> String {
        self.link.id.to_string()
    }

    pub(crate) fn alias(&self) -> &str {
        &self.link.alias.text
    }

    pub(crate) fn title(&self) -> &str {
        self.link.title.as_deref().unwrap_or_default()
    }

    pub(crate) fn short_url(&self, app: &App) -> String {
        app.links.domains.short_url(&self.link.domain, &self.link.alias.text)
    }

    /// What to announce once the link is made: an archived link may have been met at its address until now.
    pub(crate) fn change(&self) -> Change {
        Change::Link(self.link.address())
    }
}
