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
use tessera_db::Transaction;
use tessera_qr::{Format, Style, Terminal};
use tessera_types::{LogoId, QrCodeId, WorkspaceId};

pub(crate) use self::change::archive;
use self::drawing::Drawing;
pub(crate) use self::drawing::{SIZE_PX_DEFAULT, SIZE_PX_MAX, SIZE_PX_MIN, plain};
use self::listing::Wanted;
use self::model::{Kind, Printed, QrCode};
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
    pub(crate) fn id(&self) -> String {
        self.code.id.to_string()
    }

    /// Where its image is, as SVG.
    pub(crate) fn image_url(&self, app: &App) -> String {
        format!("{}/v1/qr-codes/{}/image.svg", app.settings.public_url(), self.code.id)
    }

    /// Of a dynamic code.
    pub(crate) fn short_url(&self, app: &App) -> Option<String> {
        self.link.as_ref().map(|link| links::short_url(app, link))
    }

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
    let draft = Desk::new(app, by).prepare(wish).await?;
    let txn = app.db.begin().await?;
    let (mut made, changes) = create_in(app, &txn, by, vec![draft]).await.map_err(|(_, problem)| problem)?;
    app.commit(txn, &changes).await?;
    made.pop().ok_or_else(Problem::not_found)
}

/// Makes codes in the order of the drafts, all or none, in the caller's transaction: commit it with the changes. Locks the
/// workspace, so it comes before any audit row of the caller's.
///
/// # Errors
/// With the place of the draft: an alias that is taken, a logo that is gone. A plan that is full has the place after the last.
pub(crate) async fn create_in(
    app: &App,
    txn: &Transaction,
    by: &Author,
    drafts: Vec<Draft>,
) -> Result<(Vec<Made>, Vec<Change>), (usize, Problem)> {
    let end = drafts.len();
    let broken = |error: tessera_db::DbError| (end, Problem::from(error));
    workspaces::lock(txn, by.workspace).await.map_err(broken)?;
    hold_logos(txn, by.workspace, &drafts).await?;
    let (mut codes, mut places, mut wanted) = (Vec::with_capacity(end), Vec::new(), Vec::new());
    for (place, draft) in drafts.into_iter().enumerate() {
        if let Some(link) = draft.link {
            places.push(place);
            wanted.push((draft.code.id, link));
        }
        codes.push(draft.code);
    }
    let links = match wanted.is_empty() {
        true => Vec::new(),
        false => links::create_for_codes(txn, app, by, wanted)
            .await
            .map_err(|(place, problem)| (places.get(place).copied().unwrap_or(end), problem))?,
    };
    let (mut changes, mut of_code) = (Vec::with_capacity(links.len()), HashMap::new());
    for (place, (link, change)) in places.into_iter().zip(links) {
        codes[place].address = Some(printed(&link));
        of_code.insert(place, link);
        changes.push(change);
    }
    insert(app, txn, by, "qr_code.created", &codes).await.map_err(|problem| (end, problem))?;
    let made = codes.into_iter().enumerate().map(|(place, code)| Made { code, link: of_code.remove(&place) });
    Ok((made.collect(), changes))
}

async fn hold_logos(
    txn: &Transaction,
    workspace: WorkspaceId,
    drafts: &[Draft],
) -> Result<(), (usize, Problem)> {
    let mut held: Vec<LogoId> = Vec::new();
    for (place, draft) in drafts.iter().enumerate() {
        if let Some(logo) = draft.code.logo.filter(|logo| !held.contains(logo)) {
            logos::hold(txn, workspace, logo).await.map_err(|problem| (place, problem))?;
            held.push(logo);
        }
    }
    Ok(())
}

fn printed(link: &Link) -> Printed {
    Printed { link: link.id, domain: link.domain.clone(), alias: link.alias.text.clone() }
}

/// Inserts with audit rows, under the workspace's lock.
async fn insert(
    app: &App,
    txn: &Transaction,
    by: &Author,
    action: &'static str,
    codes: &[QrCode],
) -> Result<(), Problem> {
    store::insert(txn, codes).await?;
    check_plan(txn, by).await?;
    for code in codes {
        let entry = Entry::new(action, &code.id).after(code.audited());
        audit::record(app, txn, by.workspace, &by.actor, entry).await?;
    }
    Ok(())
}

/// How many more codes the plan holds; `None` if it sets no limit. Exact until the transaction ends if the workspace is
/// locked in it.
///
/// # Errors
/// As the database.
pub(crate) async fn room(txn: &Transaction, by: &Author) -> Result<Option<u64>, Problem> {
    match u64::from(by.plan.qr_codes_max) {
        0 => Ok(None),
        codes_max => Ok(Some(codes_max.saturating_sub(store::count_live(txn, by.workspace).await?))),
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
