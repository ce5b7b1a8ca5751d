//! What clients wish of a code, and the code that comes of it.
//!
//! One code and a thousand go through here, so there is one set of rules. A [`Draft`] keeps every rule that can be looked at
//! before a transaction begins; whether its alias is free, only the database says.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};
use tessera_qr::payload::Url;
use tessera_qr::{Fix, Logo as Picture, Payload, PayloadKind, Style, Verdict};
use tessera_types::{LogoId, TemplateId};
use utoipa::ToSchema;

use super::drawing::{Drawing, Unscannable, Verdicts, check_scannable};
use super::model::{Kind, NAME_CHARS_MAX, QrCode};
use crate::author::Author;
use crate::fields::{line, metadata, notes, tags};
use crate::http::extract::Patch;
use crate::links::{self, Prepared, Wishes};
use crate::problem::{Checks, Code, FieldError, Problem};
use crate::{App, logos, templates};

/// As long as an alias that is drawn, so that a symbol can be judged before there is one.
const SAMPLE_ALIAS: &str = "2a3b4c5";

/// A code to make. `name` and one of `payload` and `destination_url` are needed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateQrCode {
    #[schema(examples("Menu of the week"), min_length = 1, max_length = 200)]
    name: String,
    /// `dynamic` if absent.
    #[serde(default)]
    kind: Option<Kind>,
    /// What a scan brings. Dynamic codes take `url`, `wifi`, `vcard`, `event` and `app`.
    #[serde(default)]
    #[schema(value_type = Option<Payload>, examples(json!({"type": "url", "url": "https://example.com/menu"})))]
    payload: Option<Value>,
    /// Short for a payload of type `url`.
    #[serde(default)]
    #[schema(examples("https://example.com/menu"), max_length = 8192)]
    destination_url: Option<String>,
    /// How it looks; over the template's style, if there is one. Plain if neither is given.
    #[serde(default)]
    style: Option<Style>,
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("tpl_01jd8qd4vkf4ktabjqvqxgqzne"))]
    template_id: Option<TemplateId>,
    /// Keeps the code also if nothing would read it.
    #[serde(default)]
    allow_unscannable: Option<bool>,
    /// How the style may be mended if the code would not scan well; all of them if it takes that. A good code stays as it is.
    #[serde(default)]
    #[schema(examples(json!(["raise_level", "shrink_logo"])))]
    fix: Option<Vec<Fix>>,
    /// Up to 50, each of 1 to 64 characters without a comma.
    #[serde(default)]
    #[schema(examples(json!(["print", "spring"])), max_items = 50)]
    tags: Option<Vec<String>>,
    #[serde(default)]
    #[schema(max_length = 4000)]
    notes: Option<String>,
    /// Up to 50 entries of your own: texts, numbers, truths.
    #[serde(default)]
    #[schema(value_type = Option<Object>, examples(json!({"table": 12})))]
    metadata: Option<Value>,
    /// Of the code's link, as are all that follow: letters a to z, digits and `-_./`. It is printed and cannot be changed.
    #[serde(default)]
    #[schema(examples("menu"), max_length = 190)]
    alias: Option<String>,
    /// One of this deployment's short domains. Absent: the default one.
    #[serde(default)]
    domain: Option<String>,
    #[serde(default)]
    #[schema(max_length = 200)]
    utm_source: Option<String>,
    #[serde(default)]
    #[schema(max_length = 200)]
    utm_medium: Option<String>,
    #[serde(default)]
    #[schema(max_length = 200)]
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
    #[serde(default)]
    forward_query: Option<bool>,
    /// Before this a scan is answered 404.
    #[serde(default)]
    #[schema(format = DateTime)]
    starts_at: Option<String>,
    /// From then on a scan is answered 410, or leads to `expired_url`.
    #[serde(default)]
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    #[serde(default)]
    #[schema(max_length = 8192)]
    expired_url: Option<String>,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    max_clicks: Option<i64>,
    /// Whoever scans is asked for it. Never shown again.
    #[serde(default)]
    #[schema(min_length = 4, max_length = 128, format = Password)]
    password: Option<String>,
}

/// A code that keeps the rules and is not in the database yet.
pub(crate) struct Draft {
    pub(super) code: QrCode,
    /// Of a dynamic code.
    pub(crate) link: Option<links::Draft>,
}

impl Draft {
    pub(crate) fn id(&self) -> String {
        self.code.id.to_string()
    }

    pub(crate) fn name(&self) -> &str {
        &self.code.name
    }

    /// Where its image will be, as SVG.
    pub(crate) fn image_url(&self, app: &App) -> String {
        self.code.image_url(app)
    }

    pub(crate) fn logo(&self) -> Option<LogoId> {
        self.code.logo
    }
}

/// What is looked up and worked out once, however many codes are prepared.
pub(crate) struct Desk<'a> {
    app: &'a App,
    by: &'a Author,
    templates: HashMap<TemplateId, Result<Style, FieldError>>,
    logos: HashMap<String, Result<Option<logos::Named>, FieldError>>,
    verdicts: Verdicts,
}

/// A style with what it names.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub(super) style: Style,
    pub(super) logo: Option<LogoId>,
    pub(super) picture: Option<Arc<Picture>>,
}

impl Look {
    pub(super) fn drawing(&self, text: String, text_field: &'static str) -> Drawing {
        Drawing { text, style: self.style.clone(), picture: self.picture.clone(), text_field }
    }
}

/// What a code says, and the field that said it.
struct Said {
    payload: Payload,
    field: &'static str,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(app: &'a App, by: &'a Author) -> Self {
        Self { app, by, templates: HashMap::new(), logos: HashMap::new(), verdicts: Verdicts::default() }
    }

    /// How many looks were judged: styles, each in every size of symbol it came with.
    pub(crate) fn judged(&self) -> usize {
        self.verdicts.len()
    }

    /// Looks at every rule, and judges the code. To be called before any transaction.
    ///
    /// # Errors
    /// Every field that breaks a rule; or `unscannable`.
    pub(crate) async fn prepare(&mut self, mut wish: CreateQrCode) -> Result<Draft, Problem> {
        let (app, by) = (self.app, self.by);
        let mut checks = Checks::default();
        let kind = wish.kind.unwrap_or_default();
        let name = checks.keep("name", line(&wish.name, NAME_CHARS_MAX));
        let said = said(&mut checks, wish.payload.take(), wish.destination_url.take());
        if let Some(said) = &said {
            check_kind(&mut checks, kind, said.payload.kind());
        }
        let own = Own {
            tags: set_or_default(tags(&mut checks, wish.tags.clone().into())),
            notes: checks.keep("notes", wish.notes.take().map(notes).transpose()).flatten(),
            metadata: checks
                .keep("metadata", wish.metadata.take().map(metadata).transpose())
                .flatten()
                .unwrap_or_default(),
        };
        let look = self.look(&mut checks, wish.style.take().unwrap_or_default(), wish.template_id).await?;
        let unscannable = wish.allow_unscannable.into();
        let fixes = wish.fix.take().unwrap_or_default();
        let alias = wish.alias.clone();
        let domain = wish.domain.clone();
        let link = self.link(&mut checks, kind, said.as_ref(), name.as_deref(), &own.tags, wish)?;
        let text = match &said {
            Some(said) => text(&mut checks, app, kind, said, domain.as_deref(), alias.as_deref()),
            None => None,
        };
        checks.done()?;
        let (Some(name), Some(said), Some(look), Some(text)) = (name, said, look, text) else {
            return Err(Problem::not_found());
        };
        let (style, verdict) = self.judge(look.drawing(text, said.field), &fixes, unscannable).await?;
        let (id, now) = (app.new_id(), app.now());
        let link = link.map(|link| link.draft(app, by, id)).transpose()?;
        let code = QrCode {
            id,
            workspace: by.workspace,
            name,
            kind,
            payload: said.payload,
            address: None,
            style,
            logo: look.logo,
            verdict,
            notes: own.notes,
            metadata: own.metadata,
            tags: own.tags,
            archived_at: None,
            created_by: by.name.clone(),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        Ok(Draft { code, link })
    }

    /// The style over its template's, with the logo that it names. `None` once something is refused.
    ///
    /// # Errors
    /// As the database.
    pub(super) async fn look(
        &mut self,
        checks: &mut Checks,
        style: Style,
        template: Option<TemplateId>,
    ) -> Result<Option<Look>, Problem> {
        let style = match template {
            None => style,
            Some(id) => match self.template(id).await? {
                Ok(base) => base.merged(&style),
                Err(error) => {
                    checks.extend([error]);
                    return Ok(None);
                }
            },
        };
        let errors = logos::check_style(&style);
        if !errors.is_empty() {
            checks.extend(errors);
            return Ok(None);
        }
        match self.logo(&style).await? {
            Ok(named) => {
                let (logo, picture) = named.map(|named| (named.id, named.picture)).unzip();
                Ok(Some(Look { style, logo, picture }))
            }
            Err(error) => {
                checks.extend([error]);
                Ok(None)
            }
        }
    }

    async fn template(&mut self, id: TemplateId) -> Result<Result<Style, FieldError>, Problem> {
        if let Some(known) = self.templates.get(&id) {
            return Ok(known.clone());
        }
        let found = templates::named(self.app, self.by.workspace, id).await?;
        self.templates.insert(id, found.clone());
        Ok(found)
    }

    async fn logo(&mut self, style: &Style) -> Result<Result<Option<logos::Named>, FieldError>, Problem> {
        let Some(image) = style.image.as_ref().filter(|image| image.starts_with("logo_")) else {
            return Ok(Ok(None));
        };
        if let Some(known) = self.logos.get(image) {
            return Ok(known.clone());
        }
        let found = logos::named(self.app, self.by.workspace, style).await?;
        self.logos.insert(image.clone(), found.clone());
        Ok(found)
    }

    /// Whether it will scan, mended as far as is allowed; with the style that it has then.
    ///
    /// # Errors
    /// What is wrong with the style; `unscannable`.
    pub(super) async fn judge(
        &mut self,
        drawing: Drawing,
        fixes: &[Fix],
        unscannable: Unscannable,
    ) -> Result<(Style, Verdict), Problem> {
        let (style, verdict) = self.verdicts.judge(self.app, drawing, fixes).await?;
        check_scannable(&verdict, unscannable)?;
        Ok((style, verdict))
    }

    fn link(
        &self,
        checks: &mut Checks,
        kind: Kind,
        said: Option<&Said>,
        name: Option<&str>,
        tags: &[String],
        wish: CreateQrCode,
    ) -> Result<Option<Prepared>, Problem> {
        if kind == Kind::Static {
            refuse_link_wishes(checks, &wish);
            return Ok(None);
        }
        let wishes = Wishes {
            alias: wish.alias.into(),
            domain: wish.domain.into(),
            title: name.map(str::to_owned).into(),
            tags: Patch::Set(tags.to_vec()),
            utm_source: wish.utm_source.into(),
            utm_medium: wish.utm_medium.into(),
            utm_campaign: wish.utm_campaign.into(),
            utm_term: wish.utm_term.into(),
            utm_content: wish.utm_content.into(),
            redirect_status: wish.redirect_status.into(),
            forward_query: wish.forward_query.into(),
            starts_at: wish.starts_at.into(),
            expires_at: wish.expires_at.into(),
            expired_url: wish.expired_url.into(),
            max_clicks: wish.max_clicks.into(),
            password: wish.password.into(),
            ..Wishes::default()
        };
        prepare_link(self.app, checks, said, wishes)
    }
}

/// What a code has beside what it says and how it looks.
struct Own {
    tags: Vec<String>,
    notes: Option<String>,
    metadata: Map<String, Value>,
}

/// What a change says, if it says anything.
pub(super) fn changed_payload(
    checks: &mut Checks,
    kind: Kind,
    payload: Option<Value>,
    destination_url: Option<String>,
) -> Option<(Payload, &'static str)> {
    if payload.is_none() && destination_url.is_none() {
        return None;
    }
    let said = said(checks, payload, destination_url)?;
    check_kind(checks, kind, said.payload.kind());
    Some((said.payload, said.field))
}

/// Looks at what a changed code wishes of its link.
pub(super) fn prepare_change(
    app: &App,
    checks: &mut Checks,
    said: Option<(Payload, &'static str)>,
    wishes: Wishes,
) -> Result<Option<Prepared>, Problem> {
    let said = said.map(|(payload, field)| Said { payload, field });
    prepare_link(app, checks, said.as_ref(), wishes)
}

/// The link, where what it is asked for can be judged at all.
fn prepare_link(
    app: &App,
    checks: &mut Checks,
    said: Option<&Said>,
    mut wishes: Wishes,
) -> Result<Option<Prepared>, Problem> {
    let mut landing = None;
    match said.map(|said| &said.payload) {
        Some(Payload::Url(url)) => wishes.destination_url = Patch::Set(url.url.clone()),
        Some(payload) if payload.kind().can_be_dynamic() => landing = Some(payload.clone()),
        Some(_) | None => {}
    }
    match links::prepare(app, wishes, landing) {
        Ok(prepared) => Ok(Some(prepared)),
        Err(problem) if problem.code == Code::InvalidRequest => {
            let is_payload = said.is_some_and(|said| said.field == "payload");
            checks.extend(problem.errors.into_iter().filter_map(|mut error| {
                match error.field.as_ref() {
                    // Named already, as the code's own fields.
                    "title" => return None,
                    field if field.starts_with("tags") => return None,
                    "destination_url" if is_payload => error.field = "payload.url".into(),
                    _ => {}
                }
                Some(error)
            }));
            Ok(None)
        }
        Err(problem) => Err(problem),
    }
}

fn said(checks: &mut Checks, payload: Option<Value>, destination_url: Option<String>) -> Option<Said> {
    match (payload, destination_url) {
        (Some(_), Some(_)) => {
            checks.refuse("destination_url", "conflict", "give payload or destination_url, not both");
            None
        }
        (None, None) => {
            checks.refuse("payload", "required", "this is required; or give destination_url");
            None
        }
        (None, Some(url)) => Some(Said { payload: Payload::Url(Url { url }), field: "destination_url" }),
        (Some(value), None) => match Payload::from_json(value) {
            Ok(payload) => Some(Said { payload, field: "payload" }),
            Err(wrong) => {
                checks.extend(wrong.iter().map(of_payload));
                None
            }
        },
    }
}

/// A fault of a payload, as a fault of the field `payload`.
pub(super) fn of_payload(wrong: &tessera_qr::Wrong) -> FieldError {
    let field =
        if wrong.field.is_empty() { "payload".to_owned() } else { format!("payload.{}", wrong.field) };
    FieldError::new(field, wrong.code, wrong.message.clone())
}

fn check_kind(checks: &mut Checks, kind: Kind, of: PayloadKind) {
    let fits = match kind {
        Kind::Dynamic => of.can_be_dynamic(),
        Kind::Static => of.can_be_static(),
    };
    if !fits {
        let can = |kind: &PayloadKind| if of.can_be_static() { kind.can_be_dynamic() } else { false };
        let dynamic: Vec<&str> = PayloadKind::ALL.into_iter().filter(can).map(PayloadKind::as_str).collect();
        let message = match kind {
            Kind::Dynamic => format!(
                "{} cannot be dynamic; {} can, and so can app. Make this one static",
                of.as_str(),
                dynamic.join(", ")
            ),
            Kind::Static => {
                format!("{} cannot be static: its link looks which store a phone needs", of.as_str())
            }
        };
        checks.refuse("kind", "choice", message);
    }
}

/// What the symbol will hold, or a text as long as that.
fn text(
    checks: &mut Checks,
    app: &App,
    kind: Kind,
    said: &Said,
    domain: Option<&str>,
    alias: Option<&str>,
) -> Option<String> {
    match kind {
        Kind::Dynamic => links::scan_url_at(app, domain, alias.unwrap_or(SAMPLE_ALIAS)),
        Kind::Static if !said.payload.kind().can_be_static() => None,
        Kind::Static => match said.payload.text() {
            Ok(text) => Some(text),
            Err(wrong) => {
                checks.extend(wrong.iter().map(|wrong| match said.field {
                    "destination_url" => FieldError::new(said.field, wrong.code, wrong.message.clone()),
                    _ => of_payload(wrong),
                }));
                None
            }
        },
    }
}

fn refuse_link_wishes(checks: &mut Checks, wish: &CreateQrCode) {
    let given = [
        ("alias", wish.alias.is_some()),
        ("domain", wish.domain.is_some()),
        ("utm_source", wish.utm_source.is_some()),
        ("utm_medium", wish.utm_medium.is_some()),
        ("utm_campaign", wish.utm_campaign.is_some()),
        ("utm_term", wish.utm_term.is_some()),
        ("utm_content", wish.utm_content.is_some()),
        ("redirect_status", wish.redirect_status.is_some()),
        ("forward_query", wish.forward_query.is_some()),
        ("starts_at", wish.starts_at.is_some()),
        ("expires_at", wish.expires_at.is_some()),
        ("expired_url", wish.expired_url.is_some()),
        ("max_clicks", wish.max_clicks.is_some()),
        ("password", wish.password.is_some()),
    ];
    for (field, is_given) in given {
        if is_given {
            checks.refuse(field, "conflict", "a static code has no link; make it dynamic");
        }
    }
}

fn set_or_default<T: Default>(wish: Patch<T>) -> T {
    match wish {
        Patch::Set(value) => value,
        Patch::Keep | Patch::Clear => T::default(),
    }
}
