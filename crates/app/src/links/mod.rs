//! Short links: an alias on a domain that sends people somewhere.
//!
//! An alias is unique per domain among links that are not archived; archiving frees it, unless it is printed as a QR
//! code, see `coded.rs`. A warm redirect never waits for the database, see `redirect.rs`; every visit is an event in
//! the log, and the clicks it holds are added up into the database every few seconds, see `ledger.rs`.

mod alias;
mod batch;
mod coded;
mod destination;
mod domains;
mod draft;
mod labels;
mod ledger;
mod listing;
mod model;
mod password;
pub mod redirect;
pub mod routes;
mod rules;
mod store;
mod wishes;

use ipnet::IpNet;
use tessera_db::{Connection, DbError, Transaction};
use tessera_types::{LinkId, UserId, WorkspaceId};

use self::alias::Alias;
pub(crate) use self::batch::{insert_drafts, remove, room, taken};
pub(crate) use self::coded::{
    Prepared, archive_for_code, by_alias, change_for_code, create_for_code, delete_for_code,
    duplicate_for_code, find_for_codes, link_of_code, prepare, unarchive_for_code,
};
use self::domains::Domains;
pub(crate) use self::draft::{CreateLink, Draft};
pub(crate) use self::labels::{domain, faces, labels};
use self::ledger::Ledger;
use self::listing::Wanted;
pub(crate) use self::model::Status;
pub(crate) use self::model::{LeadsTo, Link};
use self::model::{RedirectStatus, Utm};
use self::password::Passwords;
use self::redirect::Record;
use self::store::Inserted;
pub(crate) use self::store::count_live;
pub(crate) use self::store::found_of_codes;
use self::wishes::Edits;
pub(crate) use self::wishes::Wishes;
use crate::audit::{self, Actor, Entry};
pub(crate) use crate::author::Author;
use crate::cache::FreshCache;
use crate::events::LinkClicks;
use crate::http::page::Window;
use crate::problem::{Code, Problem};
use crate::settings::Settings;
use crate::throttle::Throttle;
use crate::{App, Change, workspaces};

/// With 27 billion possible ones, eight in a row that are all taken means something else is wrong.
const ALIAS_DRAWS_MAX: usize = 8;
/// Wrong passwords one network may try on one link, and how long one takes to be forgiven.
const GUESSES_PER_NETWORK: u32 = 10;
const GUESS_FORGIVEN_SECONDS: u32 = 30;
/// Tags of a workspace that are listed.
const TAGS_LISTED_MAX: u64 = 1_000;

/// What people type: a domain and an alias as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    pub domain: String,
    pub alias_key: String,
}

/// What links need between requests.
pub struct Links {
    domains: Domains,
    app_schemes: Vec<String>,
    cache: FreshCache<Box<[u8]>, Record>,
    ledger: Ledger,
    passwords: Passwords,
    guesses: Throttle<(IpNet, LinkId)>,
}

impl Links {
    pub fn new(settings: &Settings) -> Self {
        Self {
            domains: Domains::new(settings),
            app_schemes: settings.links.app_schemes.iter().map(|scheme| scheme.to_lowercase()).collect(),
            cache: FreshCache::new(settings.links.cached_max),
            ledger: Ledger::new(),
            passwords: Passwords::new(),
            guesses: Throttle::new(GUESSES_PER_NETWORK, GUESS_FORGIVEN_SECONDS),
        }
    }

    /// When it returns, no visitor is answered from before the change.
    pub(crate) fn end(&self, change: &Change) {
        match change {
            Change::Link(address) => {
                if let Some(key) = self.domains.key_of(address) {
                    self.cache.raise_key(&key);
                }
            }
            Change::Workspace(workspace) => self.cache.raise(|_, record| record.workspace == *workspace),
            _ => {}
        }
    }

    pub(crate) fn cached(&self) -> usize {
        self.cache.len()
    }

    /// The clicks are in the database: to be called once that is committed, and only then.
    pub(crate) fn settle(&self, written: &[LinkClicks]) {
        self.ledger.settle(written);
    }

    /// The link with the clicks that are not written down yet.
    fn counted(&self, mut link: Link) -> Link {
        if let Some(counter) = self.ledger.find(link.id) {
            link.clicks = counter.total();
            link.scans = counter.scans();
            link.last_clicked_at = counter.last_clicked_at();
            link.last_scanned_at = counter.last_scanned_at();
        }
        link
    }
}

/// What people open and type.
pub(crate) fn short_url(app: &App, link: &Link) -> String {
    app.links.domains.short_url(&link.domain, &link.alias.text)
}

/// What a QR image of the link holds.
pub(crate) fn scan_url(app: &App, link: &Link) -> String {
    redirect::scan_url(&short_url(app, link))
}

/// What a QR image of the link at this address would hold; of the default domain if none is named. `None` if the domain
/// is none of ours.
pub(crate) fn scan_url_at(app: &App, domain: Option<&str>, alias: &str) -> Option<String> {
    let domain = app.links.domains.choose(domain).ok()?;
    Some(redirect::scan_url(&app.links.domains.short_url(&domain.host, alias)))
}

/// Adds up clicks from the event log. Durable with the transaction.
pub(crate) async fn add_clicks(txn: &Transaction, clicks: &[LinkClicks]) -> Result<(), DbError> {
    store::add_clicks(txn, clicks).await
}

/// A link made on the server's command line, in a member's name. Wishes are those of the API. Durable when it returns.
///
/// # Errors
/// As for `POST /v1/links`; `not_found` if there is no such workspace.
pub async fn create_as_operator(
    app: &App,
    workspace: WorkspaceId,
    author: UserId,
    wishes: serde_json::Value,
) -> Result<(LinkId, String), Problem> {
    let wishes: Wishes = serde_json::from_value(wishes)
        .map_err(|error| Problem::new(Code::InvalidRequest, error.to_string()))?;
    let standing =
        workspaces::standing(app, app.db.read(), workspace, None).await?.ok_or_else(Problem::not_found)?;
    let by = Author { workspace, actor: Actor::operator(), name: author.to_string(), plan: standing.plan };
    let link = create(app, &by, wishes).await?;
    Ok((link.id, link.domain))
}

/// Makes a link. Durable when it returns.
///
/// # Errors
/// Wishes that break a rule, an alias that is taken, a plan that is full.
async fn create(app: &App, by: &Author, wishes: Wishes) -> Result<Link, Problem> {
    let mut draft = Draft::new(app, by, wishes)?;
    draft.hash_password(app).await?;
    let draws = draft.draws();
    add(app, by, "link.created", draft.link, draws).await
}

/// A link with nothing set but where it leads, under a drawn alias of the default domain.
fn blank(app: &App, by: &Author, leads_to: LeadsTo) -> Result<Link, Problem> {
    let now = app.now();
    let domain = app
        .links
        .domains
        .choose(None)
        .map_err(|wrong| Problem::field("domain", wrong.code, wrong.message))?;
    Ok(Link {
        id: app.new_id(),
        workspace: by.workspace,
        domain: domain.host.clone(),
        alias: Alias::draw(app.chance(), domain.alias_case),
        leads_to,
        rules: Box::default(),
        qr_code: None,
        title: None,
        notes: None,
        metadata: serde_json::Map::new(),
        tags: Vec::new(),
        utm: Utm::default(),
        redirect_status: RedirectStatus::default(),
        forward_query: false,
        starts_at: None,
        expires_at: None,
        expired_url: None,
        max_clicks: None,
        password_hash: None,
        paused_at: None,
        archived_at: None,
        clicks: 0,
        scans: 0,
        last_clicked_at: None,
        last_scanned_at: None,
        created_by: by.name.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
    })
}

/// A copy under a new alias, with no clicks, and live.
///
/// # Errors
/// There is no such link, it shows a page that only its QR code can change, or the plan is full.
async fn duplicate(app: &App, by: &Author, id: LinkId) -> Result<Link, Problem> {
    let original = read(app, by.workspace, id).await?;
    if original.landing().is_some() {
        return Err(coded::refusal(&original, "Duplicate that instead."));
    }
    let now = app.now();
    let case = app.links.domains.alias_case(&original.domain);
    let copy = Link {
        id: app.new_id(),
        alias: Alias::draw(app.chance(), case),
        qr_code: None,
        paused_at: None,
        archived_at: None,
        clicks: 0,
        scans: 0,
        last_clicked_at: None,
        last_scanned_at: None,
        created_by: by.name.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
        ..original
    };
    add(app, by, "link.duplicated", copy, ALIAS_DRAWS_MAX).await
}

async fn add(
    app: &App,
    by: &Author,
    action: &'static str,
    mut link: Link,
    draws: usize,
) -> Result<Link, Problem> {
    let txn = app.db.begin().await?;
    // Of two links made at once, the later one counts the earlier.
    workspaces::lock(&txn, by.workspace).await?;
    insert(app, &txn, by, action, &mut link, draws).await?;
    check_plan(&txn, by).await?;
    app.commit(txn, &[Change::Link(link.address())]).await?;
    Ok(link)
}

/// Inserts, and lets the database say whether the alias is free; a drawn one that is not is drawn again. With the
/// audit row.
async fn insert(
    app: &App,
    txn: &Transaction,
    by: &Author,
    action: &'static str,
    link: &mut Link,
    draws: usize,
) -> Result<(), Problem> {
    for draw in 1.. {
        if store::insert(txn, link).await? == Inserted::Yes {
            break;
        }
        if draw == draws {
            return Err(alias_taken(app, txn, link).await);
        }
        link.alias = Alias::draw(app.chance(), app.links.domains.alias_case(&link.domain));
    }
    let entry = Entry::new(action, &link.id).after(link.audited());
    Ok(audit::record(app, txn, by.workspace, &by.actor, entry).await?)
}

async fn check_plan(txn: &Transaction, by: &Author) -> Result<(), Problem> {
    let links_max = by.plan.links_max;
    if links_max > 0 && store::count_live(txn, by.workspace).await? > u64::from(links_max) {
        let detail = format!("This plan holds {links_max} links. Archive some, or change the plan.");
        return Err(Problem::new(Code::PlanRequired, detail));
    }
    Ok(())
}

/// Says so, with an alias that was free a moment ago.
async fn alias_taken(app: &App, connection: &impl Connection, link: &Link) -> Problem {
    let mut problem =
        Problem::new(Code::AliasTaken, format!("{} is taken on {}.", link.alias.text, link.domain));
    let candidates = link.alias.numbered(app.links.domains.alias_case(&link.domain));
    let keys = candidates.iter().map(|alias| alias.key.as_str());
    // Without an answer there is no suggestion; the refusal stands either way.
    if let Ok(taken) = store::taken(connection, &link.domain, keys).await {
        let free = candidates.iter().find(|alias| !taken.contains(&alias.key));
        problem.suggestion = free.map(|alias| alias.text.as_str().into());
    }
    problem
}

async fn hash_password(app: &App, edits: &mut Edits) -> Result<(), Problem> {
    if let Some(plain) = edits.take_password() {
        edits.give_password_hash(app.links.passwords.hash(app.chance(), plain).await?);
    }
    Ok(())
}

/// # Errors
/// `not_found`, also for another workspace's link.
pub(crate) async fn read(app: &App, workspace: WorkspaceId, id: LinkId) -> Result<Link, Problem> {
    let link = store::find(app.db.read(), workspace, id).await?.ok_or_else(Problem::not_found)?;
    Ok(app.links.counted(link))
}

/// What matches, and how much of it there is.
async fn list(
    app: &App,
    workspace: WorkspaceId,
    wanted: &Wanted,
    window: &Window,
) -> Result<(u64, Vec<Link>), Problem> {
    settle_clicks(app, wanted).await;
    let now = app.now();
    let total = store::count(app.db.read(), workspace, wanted, now).await?;
    Ok((total, store::list(app.db.read(), workspace, wanted, now, window).await?))
}

/// Where clicks decide what is listed, those of the last seconds count too.
async fn settle_clicks(app: &App, wanted: &Wanted) {
    if wanted.asks_about_clicks()
        && let Err(error) = app.flush().await
    {
        tracing::warn!(%error, "clicks were not written before a list; it is a little behind");
    }
}

/// Changes what the wishes name. When it returns, the change is durable and the next visit meets it.
///
/// # Errors
/// Wishes that break a rule, an alias that is taken, another version than `version`, an archived link.
async fn change(
    app: &App,
    by: &Author,
    id: LinkId,
    version: Option<i64>,
    wishes: Wishes,
) -> Result<Link, Problem> {
    let mut edits = wishes.parse(app)?;
    hash_password(app, &mut edits).await?;
    transform(app, by, id, "link.updated", |link| {
        check_version(link, version)?;
        check_not_archived(link)?;
        let before = link.clone();
        edits.apply(&app.links, link)?;
        coded::check_change(&before, link)
    })
    .await
}

async fn pause(app: &App, by: &Author, id: LinkId) -> Result<Link, Problem> {
    transform(app, by, id, "link.paused", |link| {
        check_not_archived(link)?;
        link.paused_at = link.paused_at.or(Some(app.now()));
        Ok(())
    })
    .await
}

async fn resume(app: &App, by: &Author, id: LinkId) -> Result<Link, Problem> {
    transform(app, by, id, "link.resumed", |link| {
        check_not_archived(link)?;
        link.paused_at = None;
        Ok(())
    })
    .await
}

async fn archive(app: &App, by: &Author, id: LinkId) -> Result<Link, Problem> {
    transform(app, by, id, "link.archived", |link| {
        coded::check_own(link)?;
        link.archived_at = link.archived_at.or(Some(app.now()));
        Ok(())
    })
    .await
}

async fn unarchive(app: &App, by: &Author, id: LinkId) -> Result<Link, Problem> {
    let txn = app.db.begin().await?;
    // The workspace before the head of its audit chain, as in `add`: the other way round the two wait for each other.
    workspaces::lock(&txn, by.workspace).await?;
    transform_within(app, by, txn, id, "link.unarchived", |link| {
        coded::check_own(link)?;
        link.archived_at = None;
        Ok(())
    })
    .await
}

/// Changes one link under its lock, with the audit row.
async fn transform(
    app: &App,
    by: &Author,
    id: LinkId,
    action: &'static str,
    apply: impl FnOnce(&mut Link) -> Result<(), Problem>,
) -> Result<Link, Problem> {
    let txn = app.db.begin().await?;
    // On the heap: two links and a change are more than callers should carry.
    Box::pin(transform_within(app, by, txn, id, action, apply)).await
}

/// The same, in a transaction that holds what it has to hold before. What is as it was stays unwritten.
async fn transform_within(
    app: &App,
    by: &Author,
    txn: Transaction,
    id: LinkId,
    action: &'static str,
    apply: impl FnOnce(&mut Link) -> Result<(), Problem>,
) -> Result<Link, Problem> {
    let before = store::lock(&txn, by.workspace, id).await?.ok_or_else(Problem::not_found)?;
    let mut link = before.clone();
    apply(&mut link)?;
    match write(app, &txn, by, action, &before, &mut link).await {
        Ok(()) if link == before => {}
        Ok(()) => app.commit(txn, &[Change::Link(before.address()), Change::Link(link.address())]).await?,
        Err(Unwritten::AliasTaken) => {
            // The transaction is lost; nothing more can be asked in it.
            drop(txn);
            return Err(alias_taken(app, app.db.read(), &link).await);
        }
        Err(Unwritten::Because(problem)) => return Err(problem),
    }
    Ok(app.links.counted(link))
}

/// Why a change was not written.
enum Unwritten {
    AliasTaken,
    Because(Problem),
}

impl<T: Into<Problem>> From<T> for Unwritten {
    fn from(problem: T) -> Self {
        Self::Because(problem.into())
    }
}

/// Writes what is not as it was, with the audit row.
async fn write(
    app: &App,
    txn: &Transaction,
    by: &Author,
    action: &'static str,
    before: &Link,
    link: &mut Link,
) -> Result<(), Unwritten> {
    if link == before {
        return Ok(());
    }
    link.updated_at = app.now();
    link.version += 1;
    match store::update(txn, before, link).await {
        Err(DbError::Taken(_)) => return Err(Unwritten::AliasTaken),
        other => other?,
    }
    if before.archived_at.is_some() && link.archived_at.is_none() {
        check_plan(txn, by).await?;
    }
    let (was, is) = Link::audited_change(before, link);
    let entry = Entry::new(action, &link.id).between(was, is);
    Ok(audit::record(app, txn, by.workspace, &by.actor, entry).await?)
}

/// Removes the link for good. When it returns, its address answers 404.
async fn delete(app: &App, by: &Author, id: LinkId, version: Option<i64>) -> Result<(), Problem> {
    let txn = app.db.begin().await?;
    let link = store::lock(&txn, by.workspace, id).await?.ok_or_else(Problem::not_found)?;
    check_version(&link, version)?;
    coded::check_own(&link)?;
    erase(app, &txn, by, &link).await?;
    Ok(app.commit(txn, &[Change::Link(link.address())]).await?)
}

async fn erase(app: &App, txn: &Transaction, by: &Author, link: &Link) -> Result<(), Problem> {
    if store::delete(txn, link).await? == 0 {
        return Err(Problem::not_found());
    }
    let mut entry = Entry::new("link.deleted", &link.id);
    entry.before = Some(link.audited());
    Ok(audit::record(app, txn, by.workspace, &by.actor, entry).await?)
}

fn check_version(link: &Link, version: Option<i64>) -> Result<(), Problem> {
    match version {
        Some(version) if version != link.version => Err(Problem::plain(Code::PreconditionFailed)),
        _ => Ok(()),
    }
}

fn check_not_archived(link: &Link) -> Result<(), Problem> {
    match link.archived_at {
        Some(_) => Err(Problem::new(Code::Conflict, "This link is archived. Unarchive it first.")),
        None => Ok(()),
    }
}
