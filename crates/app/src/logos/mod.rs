//! Logos: pictures of a workspace that go into its QR codes.
//!
//! A picture is looked through and written anew before it is kept (`tessera_qr::Logo`), so what is served is never what
//! a stranger sent. The same picture is kept once. It stays for as long as a code or a template names it.

mod model;
pub mod routes;
mod store;

use std::sync::Arc;

use sha2::{Digest, Sha256};
use tessera_db::{DbError, Transaction};
use tessera_qr::style::ImageReference;
use tessera_qr::{Logo as Picture, Style};
use tessera_types::{LogoId, WorkspaceId};

pub(crate) use self::model::Logo;
use crate::audit::{self, Entry};
use crate::author::Author;
use crate::http::page::Window;
use crate::problem::{Code, FieldError, Problem};
use crate::{App, workspaces};

/// Logos of a workspace. A page of them is what a person can still choose from.
const LOGOS_MAX: u64 = 1_000;
/// Letters of a picture that stands in a stored style itself: enough for a drawn one. Larger ones are uploaded once and
/// named by all who use them.
pub(crate) const STORED_PICTURE_BYTES_MAX: usize = 65_536;

/// Keeps a picture. Durable when it returns.
///
/// # Errors
/// What is wrong with the file; a workspace that has as many as it may.
pub(crate) async fn create(
    app: &App,
    by: &Author,
    name: Option<String>,
    file: bytes::Bytes,
) -> Result<(Logo, Kept), Problem> {
    let read = app.drawing.run(move || Picture::read(&file)).await.map_err(busy)??;
    let picture = read.map_err(|wrong| Problem::field("body", wrong.code, wrong.message))?;
    let logo = Logo {
        id: app.new_id(),
        workspace: by.workspace,
        name: name.unwrap_or_else(|| "Logo".to_owned()),
        media_type: picture.media_type().to_owned(),
        bytes: u64::try_from(picture.bytes().len()).unwrap_or(u64::MAX),
        digest: Sha256::digest(picture.bytes()).to_vec(),
        width_px: picture.width_px(),
        height_px: picture.height_px(),
        created_by: by.name.clone(),
        created_at: app.now(),
    };
    let txn = app.db.begin().await?;
    // Of two logos made at once, the later one counts the earlier.
    workspaces::lock(&txn, by.workspace).await?;
    if !store::insert(&txn, &logo, picture.bytes()).await? {
        drop(txn);
        let known = store::by_digest(app.db.read(), by.workspace, &logo.digest).await?;
        return Ok((known.ok_or_else(Problem::not_found)?, Kept::Before));
    }
    if store::count(&txn, by.workspace).await? > LOGOS_MAX {
        return Err(Problem::new(
            Code::Conflict,
            format!("A workspace holds {LOGOS_MAX} logos. Delete some."),
        ));
    }
    audit::record(
        app,
        &txn,
        by.workspace,
        &by.actor,
        Entry::new("logo.created", &logo.id).after(logo.audited()),
    )
    .await?;
    app.commit(txn, &[]).await?;
    Ok((logo, Kept::Now))
}

/// Whether the picture was kept by this call, or is one that was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Now,
    Before,
}

async fn read(app: &App, workspace: WorkspaceId, id: LogoId) -> Result<Logo, Problem> {
    store::find(app.db.read(), workspace, id).await?.ok_or_else(Problem::not_found)
}

async fn list(app: &App, workspace: WorkspaceId, window: &Window) -> Result<(u64, Vec<Logo>), Problem> {
    let total = store::count(app.db.read(), workspace).await?;
    Ok((total, store::list(app.db.read(), workspace, window).await?))
}

/// Removes a logo that nothing names. `in_use` counts who does, once nobody can begin to.
///
/// # Errors
/// `not_found`; a conflict that says how many codes and templates name it.
pub(crate) async fn delete(
    app: &App,
    by: &Author,
    id: LogoId,
    in_use: impl AsyncFnOnce(&Transaction) -> Result<(u64, u64), DbError>,
) -> Result<(), Problem> {
    let txn = app.db.begin().await?;
    let logo = store::lock(&txn, by.workspace, id).await?.ok_or_else(Problem::not_found)?;
    let (codes, templates) = in_use(&txn).await?;
    if codes + templates > 0 {
        let detail =
            format!("{codes} QR codes and {templates} templates use this logo. Give them another one first.");
        return Err(Problem::new(Code::Conflict, detail));
    }
    store::delete(&txn, by.workspace, id).await?;
    let mut entry = Entry::new("logo.deleted", &logo.id);
    entry.before = Some(logo.audited());
    audit::record(app, &txn, by.workspace, &by.actor, entry).await?;
    Ok(app.commit(txn, &[]).await?)
}

/// Keeps a logo from being deleted until the transaction ends.
///
/// # Errors
/// `style.image` if it is gone.
pub(crate) async fn hold(txn: &Transaction, workspace: WorkspaceId, id: LogoId) -> Result<(), Problem> {
    match store::hold(txn, workspace, id).await? {
        true => Ok(()),
        false => Err(Problem::fields(vec![unknown()])),
    }
}

/// What a style's `image` names: its id, and the picture.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) id: LogoId,
    pub(crate) picture: Arc<Picture>,
}

/// The logo that a style names, of this workspace and no other. A data URI is no logo: drawing reads it itself.
///
/// # Errors
/// The outer as the database; the inner if there is no such logo.
pub(crate) async fn named(
    app: &App,
    workspace: WorkspaceId,
    style: &Style,
) -> Result<Result<Option<Named>, FieldError>, Problem> {
    let Some(ImageReference::Logo(text)) = style.image_reference() else { return Ok(Ok(None)) };
    let Ok(id) = text.parse::<LogoId>() else { return Ok(Err(unknown())) };
    let Some(bytes) = store::content(app.db.read(), workspace, id).await? else { return Ok(Err(unknown())) };
    let read = app.drawing.run(move || Picture::read(&bytes)).await.map_err(busy)??;
    let picture = read.map_err(|wrong| Problem::internal(format!("logo {id}: {}", wrong.message)))?;
    Ok(Ok(Some(Named { id, picture: Arc::new(picture) })))
}

fn unknown() -> FieldError {
    FieldError::new(
        "style.image",
        "not_found",
        "there is no such logo in this workspace; upload it at POST /v1/logos",
    )
}

/// What is wrong with a style that is to be kept, by field.
pub(crate) fn check_style(style: &Style) -> Vec<FieldError> {
    let mut errors: Vec<FieldError> =
        style.check().err().unwrap_or_default().into_iter().map(|wrong| of_style(&wrong)).collect();
    let is_long = |image: &str| image.starts_with("data:") && image.len() > STORED_PICTURE_BYTES_MAX;
    if style.image.as_deref().is_some_and(is_long) {
        let message = format!(
            "a picture in a style that is kept has at most {STORED_PICTURE_BYTES_MAX} letters; upload this one at POST /v1/logos \
             and give its id"
        );
        errors.push(FieldError::new("style.image", "length", message));
    }
    errors
}

/// A fault of a style, as a fault of the field `style`.
pub(crate) fn of_style(wrong: &tessera_qr::Wrong) -> FieldError {
    let field = if wrong.field.is_empty() { "style".to_owned() } else { format!("style.{}", wrong.field) };
    FieldError::new(field, wrong.code, wrong.message.clone())
}

/// Too many draw already.
pub(crate) fn busy(_: crate::workers::Full) -> Problem {
    Problem::new(Code::Unavailable, "Too many images are being drawn at this moment.").retry_after(1)
}
