//! Templates: styles of QR codes that a workspace keeps by name.
//!
//! A code takes a copy. A template that changes or goes changes no code that was made with it: what is printed stays as it
//! is printed. Applying it again is a wish of its own.

mod model;
pub mod routes;
mod store;
pub(crate) mod view;

use tessera_db::{DbError, Transaction};
use tessera_qr::Style;
use tessera_types::{LogoId, TemplateId, WorkspaceId};

use self::model::Wanted;
pub(crate) use self::model::{NAME_CHARS_MAX, Template, audited_style};
use crate::audit::{self, Entry};
use crate::author::Author;
use crate::http::extract::Patch;
use crate::http::page::Window;
use crate::logos;
use crate::problem::{Code, FieldError, Problem};
use crate::{App, workspaces};

/// Templates of a workspace.
const TEMPLATES_MAX: u64 = 1_000;

/// Keeps a style by name. Durable when it returns. The name keeps its rules already.
///
/// # Errors
/// Everything that is wrong with the style; a workspace that has as many as it may.
pub(crate) async fn create(app: &App, by: &Author, name: String, style: Style) -> Result<Template, Problem> {
    let logo = check(app, by.workspace, &style).await?;
    add(app, by, "template.created", name, style, logo).await
}

async fn duplicate(app: &App, by: &Author, id: TemplateId) -> Result<Template, Problem> {
    let original = read(app, by.workspace, id).await?;
    let name = model::copy_of(&original.name);
    add(app, by, "template.duplicated", name, original.style, original.logo).await
}

async fn add(
    app: &App,
    by: &Author,
    action: &'static str,
    name: String,
    style: Style,
    logo: Option<LogoId>,
) -> Result<Template, Problem> {
    let now = app.now();
    let template = Template {
        id: app.new_id(),
        workspace: by.workspace,
        name,
        style,
        logo,
        created_by: by.name.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let txn = app.db.begin().await?;
    // Of two templates made at once, the later one counts the earlier.
    workspaces::lock(&txn, by.workspace).await?;
    if let Some(logo) = logo {
        logos::hold(&txn, by.workspace, logo).await?;
    }
    store::insert(&txn, &template).await?;
    if store::count(&txn, by.workspace, &Wanted::default()).await? > TEMPLATES_MAX {
        let detail = format!("A workspace holds {TEMPLATES_MAX} templates. Delete some.");
        return Err(Problem::new(Code::Conflict, detail));
    }
    let entry = Entry::new(action, &template.id).after(template.audited());
    audit::record(app, &txn, by.workspace, &by.actor, entry).await?;
    app.commit(txn, &[]).await?;
    Ok(template)
}

/// The logo that the style names.
///
/// # Errors
/// Everything that is wrong with the style, as a fault of the field `style`.
async fn check(app: &App, workspace: WorkspaceId, style: &Style) -> Result<Option<LogoId>, Problem> {
    let mut errors = logos::check_style(style);
    match logos::named(app, workspace, style).await? {
        Ok(named) if errors.is_empty() => return Ok(named.map(|named| named.id)),
        Ok(_) => {}
        Err(error) => errors.push(error),
    }
    Err(Problem::fields(errors))
}

/// # Errors
/// `not_found`, also for another workspace's template.
pub(crate) async fn read(app: &App, workspace: WorkspaceId, id: TemplateId) -> Result<Template, Problem> {
    store::find(app.db.read(), workspace, id).await?.ok_or_else(Problem::not_found)
}

/// The style of the template that a wish names.
///
/// # Errors
/// The outer as the database; the inner if there is no such template.
pub(crate) async fn named(
    app: &App,
    workspace: WorkspaceId,
    id: TemplateId,
) -> Result<Result<Style, FieldError>, Problem> {
    let template = store::find(app.db.read(), workspace, id).await?;
    Ok(template.map(|template| template.style).ok_or_else(|| {
        FieldError::new("template_id", "not_found", "there is no such template in this workspace")
    }))
}

async fn list(
    app: &App,
    workspace: WorkspaceId,
    wanted: &Wanted,
    window: &Window,
) -> Result<(u64, Vec<Template>), Problem> {
    let total = store::count(app.db.read(), workspace, wanted).await?;
    Ok((total, store::list(app.db.read(), workspace, wanted, window).await?))
}

/// Changes what is named. Durable when it returns.
///
/// # Errors
/// Everything that is wrong with the style, or another version than `version`.
async fn change(
    app: &App,
    by: &Author,
    id: TemplateId,
    version: Option<i64>,
    name: Option<String>,
    style: Patch<Style>,
) -> Result<Template, Problem> {
    let style = match style {
        Patch::Keep => None,
        Patch::Clear => Some((Style::default(), None)),
        Patch::Set(style) => {
            let logo = check(app, by.workspace, &style).await?;
            Some((style, logo))
        }
    };
    let txn = app.db.begin().await?;
    let before = store::lock(&txn, by.workspace, id).await?.ok_or_else(Problem::not_found)?;
    check_version(&before, version)?;
    let mut template = before.clone();
    template.name = name.unwrap_or(template.name);
    if let Some((style, logo)) = style {
        (template.style, template.logo) = (style, logo);
    }
    if template == before {
        return Ok(template);
    }
    if let Some(logo) = template.logo {
        logos::hold(&txn, by.workspace, logo).await?;
    }
    template.updated_at = app.now();
    template.version += 1;
    store::update(&txn, &template).await?;
    let entry = Entry::new("template.updated", &template.id).between(before.audited(), template.audited());
    audit::record(app, &txn, by.workspace, &by.actor, entry).await?;
    app.commit(txn, &[]).await?;
    Ok(template)
}

/// Removes it for good. Codes that were made with it keep their looks.
async fn delete(app: &App, by: &Author, id: TemplateId, version: Option<i64>) -> Result<(), Problem> {
    let txn = app.db.begin().await?;
    let template = store::lock(&txn, by.workspace, id).await?.ok_or_else(Problem::not_found)?;
    check_version(&template, version)?;
    store::delete(&txn, by.workspace, id).await?;
    let mut entry = Entry::new("template.deleted", &template.id);
    entry.before = Some(template.audited());
    audit::record(app, &txn, by.workspace, &by.actor, entry).await?;
    Ok(app.commit(txn, &[]).await?)
}

fn check_version(template: &Template, version: Option<i64>) -> Result<(), Problem> {
    match version {
        Some(version) if version != template.version => Err(Problem::plain(Code::PreconditionFailed)),
        _ => Ok(()),
    }
}

/// How many templates name the logo.
///
/// # Errors
/// As the database.
pub(crate) async fn count_with_logo(
    txn: &Transaction,
    workspace: WorkspaceId,
    logo: LogoId,
) -> Result<u64, DbError> {
    store::count_with_logo(txn, workspace, logo).await
}
