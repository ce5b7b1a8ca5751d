//! What becomes of a code after it was made: changed, archived, brought back, copied, deleted.
//!
//! A code is read and judged before the transaction begins, because a verdict takes longer than anybody should hold a lock. If
//! somebody was faster meanwhile, it is all done again.

use serde::Deserialize;
use serde_json::Value;
use tessera_db::Transaction;
use tessera_qr::{Fix, Payload, Style, Verdict};
use tessera_types::{QrCodeId, TemplateId};
use utoipa::ToSchema;

use super::drawing::Unscannable;
use super::model::{Kind, NAME_CHARS_MAX, QrCode};
use super::wishes::{Look, changed_payload, prepare_change};
use super::{Desk, Made, check_plan, insert, printed, read, store};
use crate::audit::{self, Entry};
use crate::author::Author;
use crate::fields::{line, metadata, notes, tags};
use crate::http::extract::Patch;
use crate::links::{self, Link, Prepared, Wishes};
use crate::problem::{Checks, Code, FieldError, Problem, Wrong};
use crate::{App, Change, logos, workspaces};

/// How often a change is begun anew because the code changed meanwhile.
const ATTEMPTS_MAX: usize = 4;

/// What to change of a code. A field that is absent stays; `null` clears it, or sets its default.
#[derive(Debug, Clone, Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct QrCodeChange {
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub(super) name: Patch<String>,
    /// Replaces the whole payload. Of a static code the symbol changes with it; of a dynamic one what is printed stays.
    #[serde(default)]
    #[schema(value_type = Option<Payload>, examples(json!({"type": "url", "url": "https://example.com/new"})))]
    pub(super) payload: Patch<Value>,
    /// Short for a payload of type `url`.
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("https://example.com/new"), max_length = 8192)]
    pub(super) destination_url: Patch<String>,
    /// Replaces the whole style; over the template's, if one is named. `null` makes it plain.
    #[serde(default)]
    #[schema(value_type = Option<Style>)]
    pub(super) style: Patch<Style>,
    /// Takes over the style of this template.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) template_id: Patch<TemplateId>,
    /// Keeps the code also if nothing would read it.
    #[serde(default)]
    pub(super) allow_unscannable: Option<bool>,
    /// How the style may be mended if the code would not scan well; all of them if it takes that. A good code stays as it is.
    #[serde(default)]
    #[schema(examples(json!(["raise_level", "shrink_logo"])))]
    pub(super) fix: Option<Vec<Fix>>,
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, examples(json!(["print"])), max_items = 50)]
    pub(super) tags: Patch<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 4000)]
    pub(super) notes: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub(super) metadata: Patch<Value>,
    /// Refused: it is printed.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) alias: Patch<Value>,
    /// Refused: it is printed.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) domain: Patch<Value>,
    /// Refused: it is printed.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) kind: Patch<Value>,
}

/// A code as it would be, and what its link is asked for.
struct Changed {
    code: QrCode,
    link: Option<Prepared>,
}

/// Changes what is named. When it returns, the change is durable and the next scan meets it.
///
/// # Errors
/// Wishes that break a rule, a code that would not scan, another version than `version`, an archived code.
pub(super) async fn change(
    app: &App,
    by: &Author,
    id: QrCodeId,
    version: Option<i64>,
    wish: &QrCodeChange,
) -> Result<Made, Problem> {
    for _ in 0..ATTEMPTS_MAX {
        let before = read(app, by.workspace, id).await?;
        check_version(&before.code, version)?;
        check_not_archived(&before.code)?;
        let changed = prepare(app, by, &before, wish).await?;
        if let Some(made) = Box::pin(write(app, by, before, changed)).await? {
            return Ok(made);
        }
    }
    Err(Problem::new(Code::Conflict, "Others change this code all the time. Try again."))
}

async fn prepare(app: &App, by: &Author, before: &Made, wish: &QrCodeChange) -> Result<Changed, Problem> {
    let mut checks = Checks::default();
    let mut code = before.code.clone();
    refuse_printed(&mut checks, wish);
    match &wish.name {
        Patch::Keep => {}
        Patch::Clear => checks.refuse("name", "required", "this cannot be null"),
        Patch::Set(name) => {
            code.name = checks.keep("name", line(name, NAME_CHARS_MAX)).unwrap_or(code.name);
        }
    }
    let said = said(&mut checks, code.kind, wish);
    match tags(&mut checks, wish.tags.clone()) {
        Patch::Keep => {}
        Patch::Clear => code.tags = Vec::new(),
        Patch::Set(tags) => code.tags = tags,
    }
    let told = checks.keep("notes", wish.notes.clone().try_map(notes)).unwrap_or_default();
    code.notes = told.or(code.notes.take());
    let more = checks.keep("metadata", wish.metadata.clone().try_map(metadata)).unwrap_or_default();
    code.metadata = more.or(Some(std::mem::take(&mut code.metadata))).unwrap_or_default();
    if let Some((payload, _)) = &said {
        code.payload = payload.clone();
    }
    let mut desk = Desk::new(app, by);
    let look = look(&mut desk, &mut checks, before, wish).await?;
    let link = link(app, &mut checks, &before.code, &code, said)?;
    checks.done()?;
    let is_redrawn = wish.style != Patch::Keep || wish.template_id != Patch::Keep;
    if let Some(look) = look {
        (code.style, code.logo) = (look.style.clone(), look.logo);
        let fixes = wish.fix.as_deref().unwrap_or_default();
        let says_something_else = code.kind == Kind::Static && code.payload != before.code.payload;
        if is_redrawn || says_something_else || !fixes.is_empty() {
            let text = Made { code: code.clone(), link: before.link.clone() }.text(app)?;
            let drawing = look.drawing(text, "payload");
            (code.style, code.verdict) = desk.judge(drawing, fixes, wish.allow_unscannable.into()).await?;
        }
    }
    Ok(Changed { code, link })
}

fn said(checks: &mut Checks, kind: Kind, wish: &QrCodeChange) -> Option<(Payload, &'static str)> {
    let never_null = |checks: &mut Checks, field: &'static str| {
        checks.keep(field, Err::<(), _>(Wrong::new("required", "this cannot be null")));
    };
    let payload = match &wish.payload {
        Patch::Keep => None,
        Patch::Set(payload) => Some(payload.clone()),
        Patch::Clear => {
            never_null(checks, "payload");
            return None;
        }
    };
    let destination_url = match &wish.destination_url {
        Patch::Keep => None,
        Patch::Set(url) => Some(url.clone()),
        Patch::Clear => {
            never_null(checks, "destination_url");
            return None;
        }
    };
    let (payload, field) = changed_payload(checks, kind, payload, destination_url)?;
    if kind == Kind::Static
        && payload.kind().can_be_static()
        && let Err(wrong) = payload.text()
    {
        checks.extend(wrong.iter().map(|wrong| match field {
            "destination_url" => FieldError::new(field, wrong.code, wrong.message.clone()),
            _ => super::wishes::of_payload(wrong),
        }));
    }
    Some((payload, field))
}

fn refuse_printed(checks: &mut Checks, wish: &QrCodeChange) {
    for (field, given) in [("alias", &wish.alias), ("domain", &wish.domain), ("kind", &wish.kind)] {
        if *given != Patch::Keep {
            checks.refuse(field, "conflict", "it is printed as a QR code, so it stays; make another code");
        }
    }
}

async fn look(
    desk: &mut Desk<'_>,
    checks: &mut Checks,
    before: &Made,
    wish: &QrCodeChange,
) -> Result<Option<Look>, Problem> {
    let template = match wish.template_id {
        Patch::Set(id) => Some(id),
        Patch::Keep | Patch::Clear => None,
    };
    let style = match (&wish.style, template) {
        (Patch::Set(style), _) => style.clone(),
        (Patch::Clear, _) | (Patch::Keep, Some(_)) => Style::default(),
        (Patch::Keep, None) => before.code.style.clone(),
    };
    desk.look(checks, style, template).await
}

/// What the link is asked for, if it has to know of the change: its title and tags follow the code's.
fn link(
    app: &App,
    checks: &mut Checks,
    before: &QrCode,
    code: &QrCode,
    said: Option<(Payload, &'static str)>,
) -> Result<Option<Prepared>, Problem> {
    let is_told = said.is_some() || before.name != code.name || before.tags != code.tags;
    if code.kind == Kind::Static || !is_told {
        return Ok(None);
    }
    let mut wishes = Wishes::default();
    if before.name != code.name {
        wishes.title = Patch::Set(code.name.clone());
    }
    if before.tags != code.tags {
        wishes.tags = Patch::Set(code.tags.clone());
    }
    prepare_change(app, checks, said, wishes)
}

/// `None` if the code is another by now.
async fn write(app: &App, by: &Author, before: Made, changed: Changed) -> Result<Option<Made>, Problem> {
    let txn = app.db.begin().await?;
    let current = store::lock(&txn, by.workspace, before.code.id).await?.ok_or_else(Problem::not_found)?;
    if current.version != before.code.version {
        return Ok(None);
    }
    hold_logo(&txn, by, &current, &changed.code).await?;
    let (mut link, mut announced) = (before.link, Vec::new());
    if let Some(prepared) = changed.link {
        let (changed, change) = links::change_for_code(&txn, app, by, before.code.id, prepared).await?;
        link = Some(changed);
        announced.push(change);
    }
    let code = save(app, &txn, by, "qr_code.updated", &current, changed.code).await?;
    app.commit(txn, &announced).await?;
    Ok(Some(Made { code, link }))
}

/// Keeps a logo that the code did not have before. Locks are taken in one order, or two who wait for each other make a third
/// wait for both: the workspace, codes by their ids, logos, links, and last the head of the audit chain.
async fn hold_logo(txn: &Transaction, by: &Author, before: &QrCode, code: &QrCode) -> Result<(), Problem> {
    match code.logo.filter(|logo| before.logo != Some(*logo)) {
        Some(logo) => logos::hold(txn, by.workspace, logo).await,
        None => Ok(()),
    }
}

/// Writes what is not as it was, with the audit row. The locks that it needs are held already.
async fn save(
    app: &App,
    txn: &Transaction,
    by: &Author,
    action: &'static str,
    before: &QrCode,
    mut code: QrCode,
) -> Result<QrCode, Problem> {
    if code == *before {
        return Ok(code);
    }
    code.updated_at = app.now();
    code.version += 1;
    store::update(txn, before, &code).await?;
    let (was, is) = QrCode::audited_change(before, &code);
    let entry = Entry::new(action, &code.id).between(was, is);
    audit::record(app, txn, by.workspace, &by.actor, entry).await?;
    Ok(code)
}

/// Takes a code out of use: scans are answered 410, and nobody draws it any more. Its alias stays its own.
pub(crate) async fn archive(app: &App, by: &Author, id: QrCodeId) -> Result<Made, Problem> {
    let txn = app.db.begin().await?;
    let before = store::lock(&txn, by.workspace, id).await?.ok_or_else(Problem::not_found)?;
    let linked = match before.kind {
        Kind::Dynamic => Some(links::archive_for_code(&txn, app, by, id).await?),
        Kind::Static => None,
    };
    let code = QrCode { archived_at: before.archived_at.or(Some(app.now())), ..before.clone() };
    Box::pin(finish(app, txn, by, "qr_code.archived", &before, code, linked)).await
}

/// The inverse.
pub(super) async fn unarchive(app: &App, by: &Author, id: QrCodeId) -> Result<Made, Problem> {
    let txn = app.db.begin().await?;
    // The workspace before the code and the head of its audit chain, as in `create`.
    workspaces::lock(&txn, by.workspace).await?;
    let before = store::lock(&txn, by.workspace, id).await?.ok_or_else(Problem::not_found)?;
    let linked = match before.kind {
        Kind::Dynamic => Some(links::unarchive_for_code(&txn, app, by, id).await?),
        Kind::Static => None,
    };
    let code = QrCode { archived_at: None, ..before.clone() };
    Box::pin(finish(app, txn, by, "qr_code.unarchived", &before, code, linked)).await
}

async fn finish(
    app: &App,
    txn: Transaction,
    by: &Author,
    action: &'static str,
    before: &QrCode,
    code: QrCode,
    linked: Option<(Link, Change)>,
) -> Result<Made, Problem> {
    let code = save(app, &txn, by, action, before, code).await?;
    if before.archived_at.is_some() && code.archived_at.is_none() {
        check_plan(&txn, by).await?;
    }
    let (link, change) = linked.unzip();
    app.commit(txn, &change.into_iter().collect::<Vec<_>>()).await?;
    Ok(Made { code, link })
}

/// Removes a code and its link for good. When it returns, a scan is answered 404 and the alias is free.
pub(super) async fn delete(
    app: &App,
    by: &Author,
    id: QrCodeId,
    version: Option<i64>,
) -> Result<(), Problem> {
    let txn = app.db.begin().await?;
    let code = store::lock(&txn, by.workspace, id).await?.ok_or_else(Problem::not_found)?;
    check_version(&code, version)?;
    if store::delete(&txn, &code).await? == 0 {
        return Err(Problem::not_found());
    }
    let mut announced = Vec::new();
    if code.kind == Kind::Dynamic {
        announced.push(links::delete_for_code(&txn, app, by, id).await?);
    }
    let mut entry = Entry::new("qr_code.deleted", &code.id);
    entry.before = Some(code.audited());
    audit::record(app, &txn, by.workspace, &by.actor, entry).await?;
    Ok(app.commit(txn, &announced).await?)
}

/// Another code like this one: its link has an alias of its own and no clicks. Live, also if this one is archived.
pub(super) async fn duplicate(app: &App, by: &Author, id: QrCodeId) -> Result<Made, Problem> {
    let txn = app.db.begin().await?;
    workspaces::lock(&txn, by.workspace).await?;
    let original = store::lock(&txn, by.workspace, id).await?.ok_or_else(Problem::not_found)?;
    let now = app.now();
    let mut code = QrCode {
        id: app.new_id(),
        address: None,
        archived_at: None,
        created_by: by.name.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
        ..original
    };
    if let Some(logo) = code.logo {
        logos::hold(&txn, by.workspace, logo).await?;
    }
    let linked = match code.kind {
        Kind::Dynamic => Some(links::duplicate_for_code(&txn, app, by, id, code.id).await?),
        Kind::Static => None,
    };
    let (link, change) = linked.unzip();
    code.address = link.as_ref().map(printed);
    insert(app, &txn, by, "qr_code.duplicated", &code).await?;
    app.commit(txn, &change.into_iter().collect::<Vec<_>>()).await?;
    Ok(Made { code, link })
}

/// A fresh verdict of a code as it is.
pub(super) async fn verdict(app: &App, made: &Made, by: &Author) -> Result<Verdict, Problem> {
    let mut checks = Checks::default();
    let mut desk = Desk::new(app, by);
    let look = desk.look(&mut checks, made.code.style.clone(), None).await?;
    checks.done()?;
    let look = look.ok_or_else(Problem::not_found)?;
    let drawing = look.drawing(made.text(app)?, "payload");
    let (_, verdict) = desk.judge(drawing, &[], Unscannable::Allowed).await?;
    Ok(verdict)
}

/// Gives codes the style of a template: all of them, or none.
///
/// # Errors
/// For each code why it cannot have it, by its place.
pub(super) async fn apply_template(
    app: &App,
    by: &Author,
    template: TemplateId,
    ids: &[QrCodeId],
    unscannable: Unscannable,
) -> Result<Vec<Made>, Problem> {
    let style = crate::templates::read(app, by.workspace, template).await?.style;
    for _ in 0..ATTEMPTS_MAX {
        let restyled = restyle(app, by, &style, ids, unscannable).await?;
        if let Some(made) = Box::pin(write_all(app, by, restyled)).await? {
            return Ok(made);
        }
    }
    Err(Problem::new(Code::Conflict, "Others change these codes all the time. Try again."))
}

async fn restyle(
    app: &App,
    by: &Author,
    style: &Style,
    ids: &[QrCodeId],
    unscannable: Unscannable,
) -> Result<Vec<(Made, QrCode)>, Problem> {
    let mut checks = Checks::default();
    let mut desk = Desk::new(app, by);
    let Some(look) = desk.look(&mut checks, style.clone(), None).await? else {
        return Err(checks.done().err().unwrap_or_else(Problem::not_found));
    };
    let mut restyled = Vec::new();
    for (place, id) in ids.iter().enumerate() {
        let done = async {
            let before = read(app, by.workspace, *id).await?;
            check_not_archived(&before.code)?;
            let drawing = look.drawing(before.text(app)?, "payload");
            let (style, verdict) = desk.judge(drawing, &[], unscannable).await?;
            let code = QrCode { style, logo: look.logo, verdict, ..before.code.clone() };
            Ok::<_, Problem>((before, code))
        };
        match done.await {
            Ok(pair) => restyled.push(pair),
            Err(problem) if problem.code.status() >= 500 => return Err(problem),
            Err(problem) => {
                checks.refuse(format!("qr_code_ids[{place}]"), problem.code.as_str(), problem.detail);
            }
        }
    }
    checks.done()?;
    Ok(restyled)
}

async fn write_all(
    app: &App,
    by: &Author,
    mut restyled: Vec<(Made, QrCode)>,
) -> Result<Option<Vec<Made>>, Problem> {
    let order: Vec<QrCodeId> = restyled.iter().map(|(made, _)| made.code.id).collect();
    let txn = app.db.begin().await?;
    // All of them before anything else is locked, see `hold_logo`.
    restyled.sort_by_key(|(made, _)| made.code.id.uuid());
    for (before, code) in &restyled {
        let current = store::lock(&txn, by.workspace, code.id).await?.ok_or_else(Problem::not_found)?;
        if current.version != before.code.version {
            return Ok(None);
        }
    }
    for (before, code) in &restyled {
        hold_logo(&txn, by, &before.code, code).await?;
    }
    let mut written = Vec::new();
    for (before, code) in restyled {
        let code = save(app, &txn, by, "qr_code.updated", &before.code, code).await?;
        written.push(Made { code, link: before.link });
    }
    app.commit(txn, &[]).await?;
    written.sort_by_key(|made| order.iter().position(|id| *id == made.code.id));
    Ok(Some(written))
}

fn check_version(code: &QrCode, version: Option<i64>) -> Result<(), Problem> {
    match version {
        Some(version) if version != code.version => Err(Problem::plain(Code::PreconditionFailed)),
        _ => Ok(()),
    }
}

fn check_not_archived(code: &QrCode) -> Result<(), Problem> {
    match code.archived_at {
        Some(_) => Err(Problem::new(Code::ResourceArchived, "This QR code is archived. Unarchive it first.")),
        None => Ok(()),
    }
}
