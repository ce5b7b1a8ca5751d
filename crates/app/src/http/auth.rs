//! Finding the caller, and proving in the type of a handler's argument what it may do.
//!
//! A credential travels in one carrier: `Authorization: Bearer`, `X-API-Key` or `?api_key=`. Two in one
//! request are refused, so that no proxy and no log can disagree about which one counted.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::header::AUTHORIZATION;
use http::request::Parts;
use tessera_keys::{Role, Scope};
use tessera_types::WorkspaceId;

use super::{Facts, rate_limits};
use crate::App;
use crate::accounts::LoggedIn;
use crate::audit::Actor;
use crate::caller::{Caller, Need};
use crate::problem::{Code, Problem};
use crate::settings::QueryParameter;

/// Names one [`Need`] as a type.
pub trait Permission: Send + Sync + 'static {
    const NEED: Need;
}

/// Proof that the caller may do `P`, and the only source of a workspace id in a handler.
pub struct Can<P: Permission> {
    caller: Caller,
    facts: Facts,
    proof: PhantomData<P>,
}

impl<P: Permission> Can<P> {
    pub fn workspace(&self) -> WorkspaceId {
        self.caller.workspace
    }

    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Who to write into the audit log.
    pub fn actor(&self) -> Actor {
        Actor::of(&self.caller, &self.facts)
    }
}

impl<P: Permission> Deref for Can<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<P: Permission> FromRequestParts<App> for Can<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let facts = Facts::from_request_parts(parts, app).await?;
        let caller = caller(app, parts, &facts).await?;
        caller.may(P::NEED)?;
        rate_limits::admit(app, &facts, rate_limits::class(&parts.method, P::NEED))?;
        Ok(Self { caller, facts, proof: PhantomData })
    }
}

/// The credential of an answer that goes on: whether it still may is asked again and again.
pub struct Lasting<P: Permission> {
    parts: Parts,
    facts: Facts,
    workspace: WorkspaceId,
    proof: PhantomData<P>,
}

impl<P: Permission> Lasting<P> {
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// Looks the credential up as for a new request, and takes no place in any limit.
    ///
    /// # Errors
    /// What a new request would be refused with.
    pub async fn check(&self, app: &App) -> Result<(), Problem> {
        let caller = identify(app, &self.parts, &self.facts).await?;
        caller.may(P::NEED)?;
        if caller.workspace == self.workspace { Ok(()) } else { Err(Problem::not_found()) }
    }
}

impl<P: Permission> FromRequestParts<App> for Lasting<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let can = Can::<P>::from_request_parts(parts, app).await?;
        let (mut kept, ()) = http::Request::new(()).into_parts();
        kept.headers = parts.headers.clone();
        kept.uri = parts.uri.clone();
        Ok(Self { parts: kept, workspace: can.workspace(), facts: can.facts, proof: PhantomData })
    }
}

/// Proof that a person is logged in, in whichever workspace or in none. Keys are never persons.
pub struct Person {
    who: LoggedIn,
    facts: Facts,
}

impl Person {
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    pub fn actor(&self) -> Actor {
        Actor::person(self.who.user, self.who.email.as_str(), &self.facts)
    }
}

impl Deref for Person {
    type Target = LoggedIn;

    fn deref(&self) -> &LoggedIn {
        &self.who
    }
}

impl FromRequestParts<App> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let facts = Facts::from_request_parts(parts, app).await?;
        if let Some(Credential::Token(token)) = carried(parts)? {
            return Ok(Self { who: crate::accounts::logged_in(app, token).await?, facts });
        }
        // A key that is not known stays unknown; one that is learns that it is no person.
        caller(app, parts, &facts).await?;
        Err(Problem::plain(Code::PersonRequired))
    }
}

/// Proof that a person is logged in who runs the deployment, in whichever workspace, suspended or not.
pub struct Operator(Person);

impl Deref for Operator {
    type Target = Person;

    fn deref(&self) -> &Person {
        &self.0
    }
}

impl FromRequestParts<App> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let person = <Person as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        if !person.is_operator {
            return Err(Problem::new(Code::InsufficientScope, "Only who runs this deployment may do this."));
        }
        Ok(Self(person))
    }
}

/// `None` without a credential; one that is refused is refused here too.
impl OptionalFromRequestParts<App> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        if carried(parts)?.is_none() {
            return Ok(None);
        }
        <Self as FromRequestParts<App>>::from_request_parts(parts, app).await.map(Some)
    }
}

macro_rules! permissions {
    ($($name:ident = $need:expr;)*) => {$(
        #[derive(Debug)]
        pub enum $name {}
        impl Permission for $name { const NEED: Need = $need; }
    )*};
}

permissions! {
    AnyCredential = Need::Nothing;
    ApiKeysRead = Need::Scope(Scope::ApiKeysRead);
    ApiKeysCreate = Need::Scope(Scope::ApiKeysCreate);
    ApiKeysUpdate = Need::Scope(Scope::ApiKeysUpdate);
    ApiKeysDelete = Need::Scope(Scope::ApiKeysDelete);
    AccountRead = Need::Scope(Scope::AccountRead);
    AnalyticsRead = Need::Scope(Scope::AnalyticsRead);
    AnalyticsWrite = Need::Scope(Scope::AnalyticsWrite);
    BulkCreate = Need::Scope(Scope::BulkCreate);
    AuditRead = Need::Scope(Scope::AuditRead);
    EventsRead = Need::Scope(Scope::EventsRead);
    LinksRead = Need::Scope(Scope::LinksRead);
    LinksCreate = Need::Scope(Scope::LinksCreate);
    LinksUpdate = Need::Scope(Scope::LinksUpdate);
    LinksDelete = Need::Scope(Scope::LinksDelete);
    LinksPause = Need::Scope(Scope::LinksPause);
    LinksResume = Need::Scope(Scope::LinksResume);
    QrRead = Need::Scope(Scope::QrRead);
    QrCreate = Need::Scope(Scope::QrCreate);
    QrUpdate = Need::Scope(Scope::QrUpdate);
    QrDelete = Need::Scope(Scope::QrDelete);
    TemplatesRead = Need::Scope(Scope::TemplatesRead);
    TemplatesCreate = Need::Scope(Scope::TemplatesCreate);
    TemplatesUpdate = Need::Scope(Scope::TemplatesUpdate);
    TemplatesDelete = Need::Scope(Scope::TemplatesDelete);
    AsViewer = Need::Role(Role::Viewer);
    AsAdmin = Need::Role(Role::Admin);
    AsOwner = Need::Role(Role::Owner);
}

/// The caller of this request. Looked up once, however many extractors ask.
///
/// # Errors
/// In the order of keys.md §6; every kind of unknown credential is the same 401.
pub(super) async fn caller(app: &App, parts: &Parts, facts: &Facts) -> Result<Caller, Problem> {
    if let Some(known) = facts.0.caller.get() {
        return known.clone();
    }
    let found = identify(app, parts, facts).await;
    facts.0.caller.get_or_init(|| found).clone()
}

async fn identify(app: &App, parts: &Parts, facts: &Facts) -> Result<Caller, Problem> {
    let credential = carried(parts)?.ok_or_else(|| {
        Problem::new(Code::Unauthorized, "Send an API key as `Authorization: Bearer <key>`.")
    })?;
    if let Credential::Token(token) = credential {
        return crate::accounts::identify(app, token).await;
    }
    let Credential::Key { text, carrier } = credential else { return Err(unknown()) };
    if carrier == Carrier::Query && app.settings.keys.query_parameter == QueryParameter::Refuse {
        return Err(Problem::new(
            Code::Unauthorized,
            "This deployment takes no keys in the query; use a header.",
        ));
    }
    let admitted = crate::keys::admit(app, &text, facts.address(), carrier).await?;
    if let Some(at) = admitted.sunset {
        let _ = facts.0.sunset.set(at);
    }
    let _ = facts.0.usage.set(admitted.usage);
    let _ = facts.0.metered.set((admitted.metered, admitted.terms));
    Ok(admitted.caller)
}

/// Whose an idempotency key is. A workspace is part of it: a person's keys in one are not theirs in another.
pub(super) async fn owner(app: &App, parts: &Parts, facts: &Facts) -> Result<String, Problem> {
    match caller(app, parts, facts).await {
        Ok(caller) => Ok(format!("{} {}", caller.workspace, caller.name())),
        // A person who is in no workspace still makes one.
        Err(problem) => match carried(parts)? {
            Some(Credential::Token(token)) => {
                Ok(crate::accounts::logged_in(app, token).await?.user.to_string())
            }
            _ => Err(problem),
        },
    }
}

/// The one answer for every key that is malformed, unknown, deleted or rotated away.
pub fn unknown() -> Problem {
    Problem::new(Code::Unauthorized, "API key not found or inactive").challenged()
}

/// Where a key was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    Header,
    Query,
}

enum Credential<'a> {
    Key {
        text: std::borrow::Cow<'a, str>,
        carrier: Carrier,
    },
    Token(&'a str),
    /// Sent, but in no form that can belong to anybody.
    Nonsense,
}

fn carried(parts: &Parts) -> Result<Option<Credential<'_>>, Problem> {
    let mut found: Option<Credential<'_>> = None;
    let mut count = 0;
    let mut take = |credential| {
        count += 1;
        found = Some(credential);
    };
    for value in parts.headers.get_all(AUTHORIZATION) {
        take(bearer(value));
    }
    for value in parts.headers.get_all("x-api-key") {
        take(value.to_str().map_or(Credential::Nonsense, |text| Credential::Key {
            text: text.trim().into(),
            carrier: Carrier::Header,
        }));
    }
    for (name, value) in url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
        if name == "api_key" {
            take(Credential::Key { text: value.into_owned().into(), carrier: Carrier::Query });
        }
    }
    if count > 1 {
        return Err(Problem::plain(Code::MultipleCredentials));
    }
    Ok(found)
}

fn bearer(value: &http::HeaderValue) -> Credential<'_> {
    let Some((scheme, text)) = value.to_str().ok().and_then(|text| text.split_once(' ')) else {
        return Credential::Nonsense;
    };
    let text = text.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || text.is_empty() {
        Credential::Nonsense
    } else if text.starts_with("eyJ") && text.bytes().filter(|&byte| byte == b'.').count() == 2 {
        Credential::Token(text)
    } else {
        Credential::Key { text: text.into(), carrier: Carrier::Header }
    }
}
