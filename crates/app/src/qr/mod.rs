//! QR codes that people design and print: what they say, how they look, and whether they will scan.
//!
//! A dynamic code owns a short link (`links/coded.rs`): its symbol holds the link's short URL, so what it leads to can be changed
//! after printing. A static code holds its payload itself. What would not scan is refused unless somebody insists. An archived code
//! is neither drawn nor scanned, and its alias stays its own.

mod change;
mod drawing;
mod listing;
mod model;
pub mod routes;
mod store;
mod wishes;

use std::collections::HashMap;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use tessera_db::{Connection, DbError, Transaction};
use tessera_qr::{Format, Style, Terminal};
use tessera_types::{LogoId, QrCodeId, WorkspaceId};

pub(crate) use self::change::archive;
pub(crate) use self::drawing::Drawing;
pub(crate) use self::drawing::{SIZE_PX_DEFAULT, SIZE_PX_MAX, SIZE_PX_MIN, plain};
use self::listing::Wanted;
use self::model::{Kind, Printed, QrCode};
pub(crate) use self::store::count_live;
pub(crate) use self::wishes::{CreateQrCode, Desk, Draft};
use crate::audit::{self, Entry};
use crate::author::Author;
use crate::http::page::Window;
use crate::links::{self, Link};
use crate::problem::{Code, Problem};
use crate::{App, Change, logos, templates, workspaces};

/// A code with its link, if it has one.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) code: QrCode,
    pub(crate) link: Option<Link>,
}

impl Made {
    /// What a scanner reads.
    ///
    /// # Errors
    /// A fault of ours: a payload that was kept against the rules.
    pub(crate) fn text(&self, app: &App) -> Result<String, Problem> {
        match &self.link {
            Some(link) => Ok(links::scan_url(app, link)),
            None => self.code.payload.text().map_err(|wrong| Problem::internal(format!("{wrong:?}"))),
        }
    }
}

/// Names a code in a path: by its id, or by the alias of its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    Id(QrCodeId),
    Alias(String),
}

impl<'de> Deserialize<'de> for Which {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(QrCodeId::from_str(&text).map_or(Self::Alias(text), Self::Id))
    }
}

/// Makes one code. Durable when it returns, and its link works.
///
/// # Errors
/// Wishes that break a rule, a code that would not scan, an alias that is taken, a plan that is full.
pub(crate) async fn create(app: &App, by: &Author, wish: CreateQrCode) -> Result<Made, Problem> {
    let Draft { mut code, mut link } = Desk::new(app, by).prepare(wish).await?;
    if let Some(link) = &mut link {
        link.hash_password(app).await?;
    }
    let txn = app.db.begin().await?;
    // The workspace before the head of its audit chain. Of two codes made at once, the later one counts the earlier.
    workspaces::lock(&txn, by.workspace).await?;
    if let Some(logo) = code.logo {
        logos::hold(&txn, by.workspace, logo).await?;
    }
    let linked = match link {
        Some(draft) => Some(links::create_for_code(&txn, app, by, draft).await?),
        None => None,
    };
    let (link, change) = linked.unzip();
    code.address = link.as_ref().map(printed);
    insert(app, &txn, by, "qr_code.created", &code).await?;
    app.commit(txn, &change.into_iter().collect::<Vec<_>>()).await?;
    Ok(Made { code, link })
}

/// Inserts codes whose links are there and whose logos are held, in few statements. What the audit log is told of them is the
/// caller's. Durable with the transaction.
///
/// # Errors
/// As the database.
pub(crate) async fn insert_drafts(txn: &Transaction, drafts: &mut [&mut Draft]) -> Result<(), Problem> {
    for draft in drafts.iter_mut() {
        draft.code.address = draft.link.as_ref().map(|link| printed(link.link()));
    }
    let codes: Vec<&QrCode> = drafts.iter().map(|draft| &draft.code).collect();
    Ok(store::insert(txn, &codes).await?)
}

fn printed(link: &Link) -> Printed {
    Printed { link: link.id, domain: link.domain.clone(), alias: link.alias.text.clone() }
}

/// Inserts with an audit row, under the workspace's lock.
async fn insert(
    app: &App,
    txn: &Transaction,
    by: &Author,
    action: &'static str,
    code: &QrCode,
) -> Result<(), Problem> {
    store::insert(txn, &[code]).await?;
    check_plan(txn, by).await?;
    let entry = Entry::new(action, &code.id).after(code.audited());
    Ok(audit::record(app, txn, by.workspace, &by.actor, entry).await?)
}

/// How many more codes the plan holds; `None` if it sets no limit. Exact until the transaction ends if the workspace is
/// locked in it.
///
/// # Errors
/// As the database.
pub(crate) async fn room(connection: &impl Connection, by: &Author) -> Result<Option<u64>, Problem> {
    match u64::from(by.plan.qr_codes_max) {
        0 => Ok(None),
        codes_max => Ok(Some(codes_max.saturating_sub(store::count_live(connection, by.workspace).await?))),
    }
}

async fn check_plan(txn: &Transaction, by: &Author) -> Result<(), Problem> {
    let codes_max = by.plan.qr_codes_max;
    if codes_max > 0 && store::count_live(txn, by.workspace).await? > u64::from(codes_max) {
        let detail = format!("This plan holds {codes_max} QR codes. Archive some, or change the plan.");
        return Err(Problem::new(Code::PlanRequired, detail));
    }
    Ok(())
}

/// Removes codes with their links for good, and says what to announce. Those that are gone already are passed over. Durable
/// with the transaction.
///
/// # Errors
/// As the database.
pub(crate) async fn remove(
    txn: &Transaction,
    workspace: WorkspaceId,
    ids: &[QrCodeId],
) -> Result<Vec<Change>, DbError> {
    // The codes point at their links.
    let of_codes = store::delete_many(txn, workspace, ids).await?;
    links::remove(txn, workspace, &of_codes).await
}

/// The id of the code that a path names. `domain` says which alias is meant; the default domain's if absent.
///
/// # Errors
/// `not_found`, also for another workspace's code; a domain that is none of ours.
pub(crate) async fn identify(
    app: &App,
    workspace: WorkspaceId,
    which: Which,
    domain: Option<&str>,
) -> Result<QrCodeId, Problem> {
    match which {
        Which::Id(id) => Ok(id),
        Which::Alias(alias) => {
            let link = links::by_alias(app, workspace, domain, &alias).await?;
            link.and_then(|link| link.qr_code).ok_or_else(Problem::not_found)
        }
    }
}

/// # Errors
/// `not_found`, also for another workspace's code.
pub(crate) async fn read(app: &App, workspace: WorkspaceId, id: QrCodeId) -> Result<Made, Problem> {
    let code = store::find(app.db.read(), workspace, id).await?.ok_or_else(Problem::not_found)?;
    let link = match code.kind {
        Kind::Dynamic => links::link_of_code(app, workspace, id).await?,
        Kind::Static => None,
    };
    if code.kind == Kind::Dynamic && link.is_none() {
        // It was there a moment ago; the link goes with its code.
        return Err(Problem::not_found());
    }
    Ok(Made { code, link })
}

/// What matches, and how much of it there is.
async fn list(
    app: &App,
    workspace: WorkspaceId,
    wanted: &Wanted,
    window: &Window,
) -> Result<(u64, Vec<Made>), Problem> {
    let total = store::count(app.db.read(), workspace, wanted).await?;
    let codes = store::list(app.db.read(), workspace, wanted, window).await?;
    Ok((total, with_links(app, workspace, codes).await?))
}

async fn with_links(app: &App, workspace: WorkspaceId, codes: Vec<QrCode>) -> Result<Vec<Made>, Problem> {
    let dynamic = codes.iter().filter(|code| code.kind == Kind::Dynamic).map(|code| code.id);
    let mut links = links::find_for_codes(app, workspace, &dynamic.collect::<Vec<_>>()).await?;
    Ok(codes.into_iter().map(|code| Made { link: links.remove(&code.id), code }).collect())
}

/// How an image differs from the code's own style.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Sizing {
    /// Pixels of its width.
    pub(crate) width_px: Option<f64>,
    /// Modules of its quiet zone.
    pub(crate) margin_modules: Option<f64>,
}

impl Sizing {
    fn apply(self, style: &Style) -> Style {
        let mut style = match self.width_px {
            Some(width) => style.resized(width),
            None => style.clone(),
        };
        if let Some(modules) = self.margin_modules {
            (style.margin, style.quiet_zone) = (None, Some(modules));
        }
        style
    }
}

/// The image of a code.
///
/// # Errors
/// `not_found`; `gone` if the code is archived; a size that does not go.
pub(crate) async fn image(
    app: &App,
    workspace: WorkspaceId,
    id: QrCodeId,
    format: Format,
    sizing: Sizing,
) -> Result<(QrCode, Vec<u8>), Problem> {
    let (code, drawing) = to_draw(app, workspace, id, sizing).await?;
    Ok((code, drawing::image(app, drawing, format).await?))
}

/// The symbol of a code in characters.
///
/// # Errors
/// `not_found`; `gone` if the code is archived.
async fn text(
    app: &App,
    workspace: WorkspaceId,
    id: QrCodeId,
    terminal: Terminal,
) -> Result<(QrCode, Vec<u8>), Problem> {
    let (code, drawing) = to_draw(app, workspace, id, Sizing::default()).await?;
    Ok((code, drawing::text(app, drawing, terminal).await?))
}

async fn to_draw(
    app: &App,
    workspace: WorkspaceId,
    id: QrCodeId,
    sizing: Sizing,
) -> Result<(QrCode, Drawing), Problem> {
    let made = read(app, workspace, id).await?;
    if made.code.archived_at.is_some() {
        return Err(Problem::plain(Code::Gone));
    }
    let style = sizing.apply(&made.code.style);
    let drawing = drawing_of(app, workspace, made.text(app)?, style).await?;
    Ok((made.code, drawing))
}

/// What it takes to draw these codes, as wide as is wanted. Those that are archived or gone are passed over.
///
/// # Errors
/// As the database.
pub(crate) async fn drawings(
    app: &App,
    workspace: WorkspaceId,
    ids: &[QrCodeId],
    width_px: u32,
) -> Result<HashMap<QrCodeId, Drawing>, Problem> {
    let sizing = Sizing { width_px: Some(f64::from(width_px)), margin_modules: None };
    let codes = store::with_ids(app.db.read(), workspace, ids).await?;
    let live = codes.into_iter().filter(|code| code.archived_at.is_none()).collect();
    let mut drawings = HashMap::new();
    for made in with_links(app, workspace, live).await? {
        if made.code.kind == Kind::Static || made.link.is_some() {
            let style = sizing.apply(&made.code.style);
            drawings.insert(made.code.id, drawing_of(app, workspace, made.text(app)?, style).await?);
        }
    }
    Ok(drawings)
}

/// A style that was looked at, with what it names.
///
/// # Errors
/// A logo that is not there.
async fn drawing_of(
    app: &App,
    workspace: WorkspaceId,
    text: String,
    style: Style,
) -> Result<Drawing, Problem> {
    let named = logos::named(app, workspace, &style).await?.map_err(|error| Problem::fields(vec![error]))?;
    Ok(Drawing { text, style, picture: named.map(|named| named.picture), text_field: "payload" })
}

/// Removes a logo that neither a code nor a template names.
async fn delete_logo(app: &App, by: &Author, id: LogoId) -> Result<(), Problem> {
    logos::delete(app, by, id, async |txn| {
        let codes = store::count_with_logo(txn, by.workspace, id).await?;
        Ok((codes, templates::count_with_logo(txn, by.workspace, id).await?))
    })
    .await
}
