//! Links that belong to a QR code.
//!
//! The code is printed, so such a link keeps its address for as long as the code exists, archived or not, and it lives
//! and dies with the code: everything here runs in the transaction that changes the code, and nothing of it is durable
//! before that commits. The link can be changed, paused and resumed like any other.

use std::collections::HashMap;

use tessera_db::Transaction;
use tessera_qr::{Payload, PayloadKind};
use tessera_types::{QrCodeId, WorkspaceId};

use super::alias::Alias;
use super::destination::Destination;
use super::model::{LeadsTo, Link};
use super::rules::Rules;
use super::wishes::{Edits, Wishes};
use super::{
    ALIAS_DRAWS_MAX, Address, Author, Draft, Links, Unwritten, check_plan, erase, insert, store, write,
};
use crate::problem::{Checks, Code, FieldError, Problem, Wrong};
use crate::{App, Change, workspaces};

/// Wishes that keep the rules, looked at before any transaction begins.
pub(crate) struct Prepared {
    edits: Edits,
    landing: Option<Payload>,
}

impl Prepared {
    /// The link that a new code would have.
    ///
    /// # Errors
    /// Neither a destination nor a page.
    pub(crate) fn draft(self, app: &App, by: &Author, code: QrCodeId) -> Result<Draft, Problem> {
        let Self { edits, landing } = self;
        let leads_to = match (landing, edits.destination()) {
            (Some(payload), _) => LeadsTo::Landing(Box::new(payload)),
            (None, Some(destination)) => LeadsTo::Destination(destination.clone()),
            (None, None) => return Err(Problem::field("destination_url", "required", "this is required")),
        };
        let mut draft = Draft::of(app, by, edits, leads_to)?;
        draft.link.qr_code = Some(code);
        Ok(draft)
    }
}

/// Looks at what a code wishes of its link: the wishes of `POST /v1/links`, and the payload of the page that the link
/// shows instead of leading on, whose own rules ([`Payload::check`]) the caller has looked at. Of a page,
/// `destination_url` must not be set.
///
/// # Errors
/// Every wish that breaks a rule; those of the payload as `payload.…`.
pub(crate) fn prepare(app: &App, wishes: Wishes, landing: Option<Payload>) -> Result<Prepared, Problem> {
    let page = landing.as_ref().map_or(Ok(()), |payload| check_landing(&app.links, payload));
    let edits = match (wishes.parse(app), page) {
        (Ok(edits), Ok(())) => edits,
        (Ok(_), Err(problem)) | (Err(problem), Ok(())) => return Err(problem),
        (Err(mut problem), Err(page)) => {
            problem.errors.extend(page.errors);
            return Err(Problem::fields(problem.errors));
        }
    };
    if landing.is_some() && edits.destination().is_some() {
        return Err(Problem::field(
            "destination_url",
            "conflict",
            "this code shows a page and leads nowhere",
        ));
    }
    Ok(Prepared { edits, landing })
}

/// What only the redirect can know about a payload: addresses it sends visitors to are held to the rules of destinations.
fn check_landing(links: &Links, payload: &Payload) -> Result<(), Problem> {
    let mut checks = Checks::default();
    match payload {
        Payload::Vcard(_) | Payload::Wifi(_) | Payload::Event(_) => {}
        Payload::App(app) => {
            for (field, url) in [
                ("payload.ios_url", &app.ios_url),
                ("payload.android_url", &app.android_url),
                ("payload.fallback_url", &app.fallback_url),
            ] {
                let destination = |url: &String| Destination::parse(url, &links.domains, &links.app_schemes);
                checks.keep(field, url.as_ref().map(destination).transpose());
            }
        }
        other => {
            let shown: Vec<&str> = PayloadKind::ALL
                .into_iter()
                .filter(|kind| kind.can_be_dynamic() && *kind != PayloadKind::Url)
                .map(PayloadKind::as_str)
                .collect();
            let kind = other.kind().as_str();
            let words = format!("a link cannot show {kind}; it shows {}", shown.join(", "));
            checks.keep::<()>("payload.type", Err(Wrong::new("choice", words)));
        }
    }
    checks.done()
}

/// Makes the link of one code, with the audit row. Its password is hashed, and the workspace locked, by the caller.
///
/// # Errors
/// An alias that is taken; a plan that is full.
pub(crate) async fn create_for_code(
    txn: &Transaction,
    app: &App,
    by: &Author,
    draft: Draft,
) -> Result<(Link, Change), Problem> {
    let draws = draft.draws();
    let mut link = draft.link;
    insert(app, txn, by, "link.created", &mut link, draws).await?;
    check_plan(txn, by).await?;
    let change = Change::Link(link.address());
    Ok((link, change))
}

/// Copies the link of a code for another code: under a drawn alias of the same domain, without clicks, and live. Locks the
/// workspace, so it comes before any audit row of the caller's.
///
/// # Errors
/// `not_found` if the code has no link; a plan that is full.
pub(crate) async fn duplicate_for_code(
    txn: &Transaction,
    app: &App,
    by: &Author,
    original: QrCodeId,
    copy: QrCodeId,
) -> Result<(Link, Change), Problem> {
    workspaces::lock(txn, by.workspace).await?;
    let original = store::lock_of_code(txn, by.workspace, original).await?.ok_or_else(Problem::not_found)?;
    let now = app.now();
    let mut link = Link {
        id: app.new_id(),
        alias: Alias::draw(app.chance(), app.links.domains.alias_case(&original.domain)),
        qr_code: Some(copy),
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
    insert(app, txn, by, "link.duplicated", &mut link, ALIAS_DRAWS_MAX).await?;
    check_plan(txn, by).await?;
    let change = Change::Link(link.address());
    Ok((link, change))
}

/// Changes the link of a code: what the wishes name, and what it shows or where it leads. Its address stays.
///
/// # Errors
/// `not_found` if the code has no link; a change of the address; wishes that do not go with what the link has.
pub(crate) async fn change_for_code(
    txn: &Transaction,
    app: &App,
    by: &Author,
    code: QrCodeId,
    prepared: Prepared,
) -> Result<(Link, Change), Problem> {
    let Prepared { edits, landing } = prepared;
    transform(txn, app, by, code, "link.updated", |link| {
        let address = link.address();
        // First: what a page cannot have is refused.
        if let Some(payload) = landing {
            link.leads_to = LeadsTo::Landing(Box::new(payload));
        }
        edits.apply(&app.links, link)?;
        match link.address() == address {
            true => Ok(()),
            false => Err(kept(link, vec![printed("alias")])),
        }
    })
    .await
}

/// Takes the link of a code out of use. Its address stays taken, and visits are answered 410.
///
/// # Errors
/// `not_found` if the code has no link.
pub(crate) async fn archive_for_code(
    txn: &Transaction,
    app: &App,
    by: &Author,
    code: QrCodeId,
) -> Result<(Link, Change), Problem> {
    transform(txn, app, by, code, "link.archived", |link| {
        link.archived_at = link.archived_at.or(Some(app.now()));
        Ok(())
    })
    .await
}

/// The inverse. Locks the workspace, so it comes before any audit row of the caller's.
///
/// # Errors
/// `not_found` if the code has no link; a plan that is full.
pub(crate) async fn unarchive_for_code(
    txn: &Transaction,
    app: &App,
    by: &Author,
    code: QrCodeId,
) -> Result<(Link, Change), Problem> {
    workspaces::lock(txn, by.workspace).await?;
    transform(txn, app, by, code, "link.unarchived", |link| {
        link.archived_at = None;
        Ok(())
    })
    .await
}

/// Removes the link of a code for good; its address is free again. The row of the code, which points here, goes first.
///
/// # Errors
/// `not_found` if the code has no link.
pub(crate) async fn delete_for_code(
    txn: &Transaction,
    app: &App,
    by: &Author,
    code: QrCodeId,
) -> Result<Change, Problem> {
    let link = store::lock_of_code(txn, by.workspace, code).await?.ok_or_else(Problem::not_found)?;
    erase(app, txn, by, &link).await?;
    Ok(Change::Link(link.address()))
}

async fn transform(
    txn: &Transaction,
    app: &App,
    by: &Author,
    code: QrCodeId,
    action: &'static str,
    apply: impl FnOnce(&mut Link) -> Result<(), Problem>,
) -> Result<(Link, Change), Problem> {
    let before = store::lock_of_code(txn, by.workspace, code).await?.ok_or_else(Problem::not_found)?;
    let mut link = before.clone();
    apply(&mut link)?;
    match write(app, txn, by, action, &before, &mut link).await {
        Ok(()) => {}
        Err(Unwritten::Because(problem)) => return Err(problem),
        // Such a link holds its address whatever its state, so nobody can have taken it.
        Err(Unwritten::AliasTaken) => return Err(Problem::plain(Code::AliasTaken)),
    }
    let change = Change::Link(link.address());
    Ok((app.links.counted(link), change))
}

/// The link of a code. `None` for a static code, for one that is not there, and for another workspace's.
///
/// # Errors
/// As the database.
pub(crate) async fn link_of_code(
    app: &App,
    workspace: WorkspaceId,
    code: QrCodeId,
) -> Result<Option<Link>, Problem> {
    let link = store::of_code(app.db.read(), workspace, code).await?;
    Ok(link.map(|link| app.links.counted(link)))
}

/// The links of these codes, with clicks and scans up to this moment. A static code has none.
///
/// # Errors
/// As the database.
pub(crate) async fn find_for_codes(
    app: &App,
    workspace: WorkspaceId,
    codes: &[QrCodeId],
) -> Result<HashMap<QrCodeId, Link>, Problem> {
    let links = store::of_codes(app.db.read(), workspace, codes).await?;
    Ok(links.into_iter().filter_map(|link| Some((link.qr_code?, app.links.counted(link)))).collect())
}

/// The workspace's link that holds this address. `domain` absent: the default one. An alias that cannot be one finds
/// nothing.
///
/// # Errors
/// A domain that is none of ours.
pub(crate) async fn by_alias(
    app: &App,
    workspace: WorkspaceId,
    domain: Option<&str>,
    alias: &str,
) -> Result<Option<Link>, Problem> {
    let domain = app.links.domains.choose(domain);
    let domain = domain.map_err(|wrong| Problem::field("domain", wrong.code, wrong.message))?;
    let Ok(alias) = Alias::parse(alias, domain.alias_case) else { return Ok(None) };
    let address = Address { domain: domain.host.clone(), alias_key: alias.key };
    let link = store::holding(app.db.read(), workspace, &address).await?;
    Ok(link.map(|link| app.links.counted(link)))
}

/// Refuses what only the code can do.
pub(super) fn check_own(link: &Link) -> Result<(), Problem> {
    match link.qr_code {
        Some(_) => Err(refusal(link, "Do it to the code, and the link follows.")),
        None => Ok(()),
    }
}

/// Refuses what may not change by itself of a link that a code owns.
pub(super) fn check_change(before: &Link, after: &Link) -> Result<(), Problem> {
    if before.qr_code.is_none() {
        return Ok(());
    }
    let mut errors = Vec::new();
    if before.alias != after.alias {
        errors.push(printed("alias"));
    }
    if before.domain != after.domain {
        errors.push(printed("domain"));
    }
    if before.leads_to != after.leads_to && before.landing().is_some() {
        let words = "this link shows a page and leads nowhere; change the payload of its code";
        errors.push(FieldError::new("destination_url", "conflict", words));
    }
    if errors.is_empty() { Ok(()) } else { Err(kept(before, errors)) }
}

/// Of a page nobody is taken elsewhere.
pub(super) fn check_leads_nowhere(checks: &mut Checks, rules: &Rules) {
    let set = [
        ("targets", !rules.targets.is_empty()),
        ("ios_url", rules.ios_url.is_some()),
        ("android_url", rules.android_url.is_some()),
        ("variants", !rules.variants.is_empty()),
    ];
    for (field, _) in set.into_iter().filter(|(_, is_set)| *is_set) {
        checks.refuse(field, "conflict", "this link shows a page and leads nowhere");
    }
}

fn printed(field: &'static str) -> FieldError {
    FieldError::new(field, "conflict", "it is printed as a QR code, so it stays")
}

fn kept(link: &Link, errors: Vec<FieldError>) -> Problem {
    Problem { errors, ..refusal(link, "What is printed stays.") }
}

/// 409, with the code that stands in the way.
pub(super) fn refusal(link: &Link, advice: &str) -> Problem {
    let owner = link.qr_code.map_or_else(|| "a QR code".to_owned(), |code| format!("QR code {code}"));
    Problem::new(Code::Conflict, format!("This link belongs to {owner}. {advice}"))
}
