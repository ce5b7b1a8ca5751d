//! What a client wishes of a link, and the rules each wish must keep.
//!
//! Creating and changing share everything here: a new link is a blank one with the wishes applied. Parsing
//! looks at each field alone and says all that is wrong at once; what depends on the link's other fields is looked
//! at when the wishes are applied.

use serde::Deserialize;
use serde_json::{Map, Value};
use tessera_types::Timestamp;
use utoipa::ToSchema;

use super::alias::Alias;
use super::destination::Destination;
use super::model::{LeadsTo, Link, RedirectStatus, Utm};
use super::rules::{self, Rules, Target, TargetWish, Variant, VariantWish};
use super::{Links, coded};
use crate::App;
use crate::fields::{line, metadata, notes, tags, time};
use crate::http::extract::Patch;
use crate::problem::{Checks, Problem, Wrong};

pub const TITLE_CHARS_MAX: usize = 200;
pub const UTM_CHARS_MAX: usize = 200;
pub const MAX_CLICKS_MAX: i64 = 1_000_000_000;
pub const PASSWORD_CHARS_MIN: usize = 4;
pub const PASSWORD_CHARS_MAX: usize = 128;

/// What to change of a link. A field that is absent stays; `null` clears it, or sets its default.
#[derive(Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields)]
#[schema(as = LinkChange)]
pub struct Wishes {
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("https://example.com/spring"), max_length = 8192)]
    pub destination_url: Patch<String>,
    /// Where some visitors go instead, by country, device and language. The first that fits decides.
    #[serde(default)]
    #[schema(value_type = Option<Vec<TargetWish>>, max_items = 50)]
    pub targets: Patch<Vec<TargetWish>>,
    /// Where iPhones and iPads go, unless a target fits.
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("https://apps.apple.com/app/id1234567890"), max_length = 8192)]
    pub ios_url: Patch<String>,
    /// Where Android devices go, unless a target fits.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 8192)]
    pub android_url: Patch<String>,
    /// Where a share of the others goes.
    #[serde(default)]
    #[schema(value_type = Option<Vec<VariantWish>>, max_items = 10)]
    pub variants: Patch<Vec<VariantWish>>,
    /// Letters, digits and `-_./`. The old address stops working and is free for other links.
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("spring"), max_length = 190)]
    pub alias: Patch<String>,
    /// One of this deployment's short domains.
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("go.example.com"))]
    pub domain: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub title: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 4000)]
    pub notes: Patch<String>,
    /// Up to 50 entries of your own: texts, numbers, truths.
    #[serde(default)]
    #[schema(value_type = Option<Object>, examples(json!({"post_id": 4711})))]
    pub metadata: Patch<Value>,
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, examples(json!(["production", "source:cms"])), max_items = 50)]
    pub tags: Patch<Vec<String>>,
    /// Replaces a parameter of this name in the destination, at the redirect.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub utm_source: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub utm_medium: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub utm_campaign: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub utm_term: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub utm_content: Patch<String>,
    /// 301, 302, 307 or 308.
    #[serde(default)]
    #[schema(value_type = Option<i64>, examples(302))]
    pub redirect_status: Patch<i64>,
    /// Whether the visitor's own parameters are added to the destination, where it has none of that name.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    pub forward_query: Patch<bool>,
    /// Before this the link answers 404.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub starts_at: Patch<String>,
    /// From then on it answers 410, or sends visitors to `expired_url`.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 8192)]
    pub expired_url: Patch<String>,
    /// So many visitors get through, then it is used up.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000_000)]
    pub max_clicks: Patch<i64>,
    /// Visitors are asked for it. Never shown again.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 4, max_length = 128, format = Password)]
    pub password: Patch<String>,
}

/// Wishes that keep the rules, each in its type.
pub(super) struct Edits {
    destination: Patch<Destination>,
    targets: Patch<Vec<Target>>,
    ios_url: Patch<Destination>,
    android_url: Patch<Destination>,
    variants: Patch<Vec<Variant>>,
    alias: Patch<String>,
    domain: Patch<String>,
    title: Patch<String>,
    notes: Patch<String>,
    metadata: Patch<Map<String, Value>>,
    tags: Patch<Vec<String>>,
    utm: [Patch<String>; 5],
    redirect_status: Patch<RedirectStatus>,
    forward_query: Patch<bool>,
    starts_at: Patch<Timestamp>,
    expires_at: Patch<Timestamp>,
    expired_url: Patch<Destination>,
    max_clicks: Patch<u64>,
    /// In plain; hashed by [`Edits::take_password`] before any transaction begins.
    password: Patch<String>,
    password_hash: Patch<String>,
}

impl Wishes {
    /// # Errors
    /// Every field that breaks a rule.
    pub(super) fn parse(self, app: &App) -> Result<Edits, Problem> {
        let links = &app.links;
        let mut checks = Checks::default();
        let parse = |text: &str| Destination::parse(text, &links.domains, &links.app_schemes);
        let destination = |text: String| parse(&text);
        let case =
            links.domains.choose(set(&self.domain).map(String::as_str)).map(|domain| domain.alias_case);
        let domain =
            self.domain.try_map(|name| links.domains.choose(Some(&name)).map(|known| known.host.clone()));
        let alias =
            self.alias.try_map(|text| Alias::parse(&text, case.unwrap_or_default()).map(|alias| alias.text));
        let utm = [
            ("utm_source", self.utm_source),
            ("utm_medium", self.utm_medium),
            ("utm_campaign", self.utm_campaign),
            ("utm_term", self.utm_term),
            ("utm_content", self.utm_content),
        ]
        .map(|(field, wish)| keep(&mut checks, field, wish.try_map(|text| line(&text, UTM_CHARS_MAX))));
        let knows_countries = app.events.places.is_chosen();
        let targets = self.targets.map(|wishes| rules::targets(&mut checks, wishes, knows_countries, &parse));
        let variants = self.variants.map(|wishes| rules::variants(&mut checks, wishes, &parse));
        let edits = Edits {
            destination: keep(
                &mut checks,
                "destination_url",
                never_null(self.destination_url).and_then(|wish| wish.try_map(destination)),
            ),
            targets,
            ios_url: keep(&mut checks, "ios_url", self.ios_url.try_map(destination)),
            android_url: keep(&mut checks, "android_url", self.android_url.try_map(destination)),
            variants,
            alias: keep(&mut checks, "alias", alias.and_then(never_null)),
            domain: keep(&mut checks, "domain", domain.and_then(never_null)),
            title: keep(&mut checks, "title", self.title.try_map(|text| line(&text, TITLE_CHARS_MAX))),
            notes: keep(&mut checks, "notes", self.notes.try_map(notes)),
            metadata: keep(&mut checks, "metadata", self.metadata.try_map(metadata)),
            tags: tags(&mut checks, self.tags),
            utm,
            redirect_status: keep(
                &mut checks,
                "redirect_status",
                self.redirect_status.try_map(redirect_status),
            ),
            forward_query: self.forward_query,
            starts_at: keep(&mut checks, "starts_at", self.starts_at.try_map(|text| time(&text))),
            expires_at: keep(&mut checks, "expires_at", self.expires_at.try_map(|text| time(&text))),
            expired_url: keep(&mut checks, "expired_url", self.expired_url.try_map(destination)),
            max_clicks: keep(&mut checks, "max_clicks", self.max_clicks.try_map(max_clicks)),
            password: keep(&mut checks, "password", self.password.try_map(password)),
            password_hash: Patch::Keep,
        };
        if let (Some(starts), Some(expires)) = (set(&edits.starts_at), set(&edits.expires_at)) {
            check_order(&mut checks, Some(*starts), Some(*expires));
        }
        checks.done()?;
        Ok(edits)
    }
}

impl Edits {
    pub(super) fn destination(&self) -> Option<&Destination> {
        set(&self.destination)
    }

    pub(super) fn names_alias(&self) -> bool {
        set(&self.alias).is_some()
    }

    /// The new password in plain, if there is one; give its hash back.
    pub(super) fn take_password(&mut self) -> Option<String> {
        match std::mem::take(&mut self.password) {
            Patch::Set(plain) => Some(plain),
            Patch::Clear => {
                self.password_hash = Patch::Clear;
                None
            }
            Patch::Keep => None,
        }
    }

    pub(super) fn give_password_hash(&mut self, hash: String) {
        self.password_hash = Patch::Set(hash);
    }

    /// # Errors
    /// A wish that does not go with the link's other fields.
    pub(super) fn apply(self, links: &Links, link: &mut Link) -> Result<(), Problem> {
        let mut checks = Checks::default();
        if let Patch::Set(domain) = self.domain {
            link.domain = domain;
        }
        let case = links.domains.alias_case(&link.domain);
        let text = self.alias.or(Some(link.alias.text.clone())).unwrap_or_default();
        link.alias =
            Alias::parse(&text, case).map_err(|wrong| Problem::field("alias", wrong.code, wrong.message))?;
        if let Patch::Set(destination) = self.destination {
            link.leads_to = LeadsTo::Destination(destination);
        }
        let Rules { targets, ios_url, android_url, variants } = std::mem::take(&mut *link.rules);
        *link.rules = Rules {
            targets: self.targets.or(Some(targets)).unwrap_or_default(),
            ios_url: self.ios_url.or(ios_url),
            android_url: self.android_url.or(android_url),
            variants: self.variants.or(Some(variants)).unwrap_or_default(),
        };
        let [source, medium, campaign, term, content] = self.utm;
        let utm = std::mem::take(&mut link.utm);
        link.utm = Utm {
            source: source.or(utm.source),
            medium: medium.or(utm.medium),
            campaign: campaign.or(utm.campaign),
            term: term.or(utm.term),
            content: content.or(utm.content),
        };
        link.title = self.title.or(link.title.take());
        link.notes = self.notes.or(link.notes.take());
        link.metadata = self.metadata.or(Some(std::mem::take(&mut link.metadata))).unwrap_or_default();
        link.tags = self.tags.or(Some(std::mem::take(&mut link.tags))).unwrap_or_default();
        link.redirect_status = self.redirect_status.or(Some(link.redirect_status)).unwrap_or_default();
        link.forward_query = self.forward_query.or(Some(link.forward_query)).unwrap_or_default();
        link.starts_at = self.starts_at.or(link.starts_at);
        link.expires_at = self.expires_at.or(link.expires_at);
        link.expired_url = self.expired_url.or(link.expired_url.take());
        link.max_clicks = self.max_clicks.or(link.max_clicks);
        link.password_hash = self.password_hash.or(link.password_hash.take());
        check_order(&mut checks, link.starts_at, link.expires_at);
        if link.landing().is_some() {
            coded::check_leads_nowhere(&mut checks, &link.rules);
        }
        checks.done()
    }
}

fn set<T>(wish: &Patch<T>) -> Option<&T> {
    match wish {
        Patch::Set(value) => Some(value),
        Patch::Keep | Patch::Clear => None,
    }
}

fn keep<T>(checks: &mut Checks, field: &'static str, parsed: Result<Patch<T>, Wrong>) -> Patch<T> {
    checks.keep(field, parsed).unwrap_or_default()
}

fn never_null<T>(wish: Patch<T>) -> Result<Patch<T>, Wrong> {
    match wish {
        Patch::Clear => Err(Wrong::new("required", "this cannot be null")),
        other => Ok(other),
    }
}

fn check_order(checks: &mut Checks, starts: Option<Timestamp>, expires: Option<Timestamp>) {
    if let (Some(starts), Some(expires)) = (starts, expires)
        && expires <= starts
    {
        checks.refuse("expires_at", "range", "later than starts_at");
    }
}

fn redirect_status(code: i64) -> Result<RedirectStatus, Wrong> {
    RedirectStatus::from_code(code).ok_or_else(|| Wrong::new("choice", "expected one of 301, 302, 307, 308"))
}

fn max_clicks(number: i64) -> Result<u64, Wrong> {
    let number = Some(number).filter(|number| (1..=MAX_CLICKS_MAX).contains(number));
    number
        .and_then(|number| u64::try_from(number).ok())
        .ok_or_else(|| Wrong::new("range", format!("from 1 to {MAX_CLICKS_MAX}")))
}

fn password(text: String) -> Result<String, Wrong> {
    match text.chars().count() {
        PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX => Ok(text),
        _ => Err(Wrong::new("length", format!("{PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters"))),
    }
}
