//! Following a short link: the hot path.
//!
//! A link that is in memory is answered from memory, whatever the state of the database, and the visit is in the
//! event log before the answer leaves. Nothing of an answer may be kept by browsers or proxies, so pausing a link acts
//! on the very next visit, also where it answered 301. A link may show a page instead of leading on; the same rules hold
//! for it, and the same is counted.

mod notices;
mod pass;
mod platform;
mod record;
mod ruled;
mod shown;
mod visit;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::header::{ALLOW, CACHE_CONTROL, HOST, LOCATION, REFERRER_POLICY, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use tessera_db::DbError;

pub(super) use self::record::Record;
use self::record::{Chosen, Goal, Rare, Verdict};
use self::visit::Visit;
pub(crate) use self::visit::scan_url;
use super::domains::KEY_BYTES_MAX;
use crate::App;
use crate::events::Appended;
use crate::http::{client_address, extract, network};
use crate::metrics::OutcomeLabels;
use crate::workers::Full;

/// A password form is this large at most: 128 characters, percent-encoded.
const FORM_BYTES_MAX: usize = 4_096;

/// Answers from memory, without waiting for anything; `None` if that cannot be done.
pub fn warm<B>(app: &App, request: &Request<B>, peer: SocketAddr) -> Option<Response> {
    if !leads_on(request.method()) || app.events.is_durable_on_disk() {
        return None;
    }
    let mut buffer = [0; KEY_BYTES_MAX];
    let key = app.links.domains.key(host(request), request.uri().path(), &mut buffer)?;
    let record = app.links.cache.get(key)?;
    if record.asks_country() && !app.events.places.is_in_memory() {
        return None;
    }
    let Answer { outcome, response, .. } = answer(app, &record, &Visit::of(request, peer));
    match outcome {
        Outcome::Redirected => {
            app.metrics.redirects.inc();
        }
        other => tell(app, other),
    }
    Some(response)
}

/// Answers what [`warm`] could not: reads the database, waits for the disk, takes passwords, refuses methods.
pub async fn cold(app: &App, request: Request<Body>, peer: SocketAddr) -> Response {
    let Answer { outcome, response, appended } = visit(app, request, peer).await;
    if let Some(appended) = appended {
        app.events.synced(appended).await;
    }
    tell(app, outcome);
    response
}

async fn visit(app: &App, request: Request<Body>, peer: SocketAddr) -> Answer {
    if !leads_on(request.method()) && request.method() != Method::POST {
        return method_not_allowed();
    }
    let mut buffer = [0; KEY_BYTES_MAX];
    let key = app.links.domains.key(host(&request), request.uri().path(), &mut buffer);
    let Some(key) = key else { return Answer::without_click(Outcome::Missing, notices::missing()) };
    let record = match find(app, key).await {
        Ok(Some(record)) => record,
        Ok(None) => return Answer::without_click(Outcome::Missing, notices::missing()),
        Err(DbError::Unavailable(cause)) => {
            tracing::warn!(%cause, "a link could not be read");
            return unavailable(notices::unavailable());
        }
        Err(fault) => {
            tracing::error!(%fault, "a link could not be read");
            return Answer::without_click(Outcome::Failed, notices::failed());
        }
    };
    if record.asks_country() {
        know_countries(app).await;
    }
    match leads_on(request.method()) {
        true => answer(app, &record, &Visit::of(&request, peer)),
        false => unlock(app, &record, request, peer).await,
    }
}

fn leads_on(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// What a visitor gets, and what it is counted as.
struct Answer {
    outcome: Outcome,
    response: Response,
    /// The visit in the event log, if it led on.
    appended: Option<Appended>,
}

impl Answer {
    fn without_click(outcome: Outcome, response: Response) -> Self {
        Self { outcome, response, appended: None }
    }
}

/// What happened, for `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Redirected,
    /// A page instead of a place to go.
    Shown,
    /// The file of a page that was counted when it was shown.
    File,
    Gone,
    Scheduled,
    Missing,
    Locked,
    WrongPassword,
    MethodNotAllowed,
    Unavailable,
    Failed,
}

fn tell(app: &App, outcome: Outcome) {
    let outcome = match outcome {
        Outcome::Redirected => "redirected",
        Outcome::Shown => "shown",
        Outcome::File => "file",
        Outcome::Gone => "gone",
        Outcome::Scheduled => "scheduled",
        Outcome::Missing => "missing",
        Outcome::Locked => "locked",
        Outcome::WrongPassword => "wrong_password",
        Outcome::MethodNotAllowed => "method_not_allowed",
        Outcome::Unavailable => "unavailable",
        Outcome::Failed => "failed",
    };
    app.metrics.redirects_cold.get_or_create(&OutcomeLabels { outcome }).inc();
}

fn answer(app: &App, record: &Record, visit: &Visit<'_>) -> Answer {
    let verdict = match &record.rare {
        Some(rare) => rare.verdict(record.counter.total(), app.now()),
        None => Verdict::Open,
    };
    if let Goal::Landing(shown) = &record.goal
        && let Some(file) = shown::file(app, record, shown, visit, verdict)
    {
        return Answer::without_click(Outcome::File, file);
    }
    match &record.rare {
        Some(rare) if verdict != Verdict::Open => refuse(rare, verdict),
        _ => lead_on(app, record, visit, redirect),
    }
}

/// Counts the visit and writes it down, then answers: a visitor who closes the tab was still a visitor.
fn lead_on(
    app: &App,
    record: &Record,
    visit: &Visit<'_>,
    respond: impl FnOnce(StatusCode, HeaderValue) -> Response,
) -> Answer {
    let now = app.now();
    let by_robot = app.events.is_robot(visit.user_agent());
    let is_robot = by_robot || visit.is_early();
    if !is_robot && let Err(rare) = record.claim(visit.trigger, now) {
        return refuse(rare, Verdict::UsedUp);
    }
    let goal = record.goal.of_visit(app, visit, by_robot);
    let appended = visit.record(app, record, goal.utm_content(), is_robot, now);
    // What is lost is not counted either: counts and events tell the same story. But where visits are numbered, one
    // that led on was one of them.
    let is_numbered = record.is_numbered() && appended.is_ok();
    if !is_robot && !is_numbered && !matches!(appended, Ok(Appended::At(_))) {
        record.counter.take_back(visit.trigger);
    }
    let Ok(appended) = appended else { return unavailable(notices::unavailable()) };
    let (outcome, response) = match goal {
        Chosen::Everybodys(location) => {
            (Outcome::Redirected, respond(record.status, onward(record, location, visit)))
        }
        // The next visitor may be sent elsewhere, whatever the link's own status says.
        Chosen::Theirs { location, .. } => {
            (Outcome::Redirected, respond(StatusCode::FOUND, onward(record, location, visit)))
        }
        Chosen::Page(shown) => (Outcome::Shown, shown::page(app, record, shown)),
    };
    Answer { outcome, response, appended: Some(appended) }
}

/// Reads the file that tells them, where nobody needed it yet.
async fn know_countries(app: &App) {
    if !app.events.places.is_in_memory() {
        let places = Arc::clone(&app.events.places);
        // Without it, countries are unknown and no target that asks for one fits.
        let _ = tokio::task::spawn_blocking(move || places.bring_into_memory()).await;
    }
}

/// Where this visitor goes, with what of their query the link forwards.
fn onward(record: &Record, location: &HeaderValue, visit: &Visit<'_>) -> HeaderValue {
    match &record.rare {
        Some(rare) => rare.location(location, visit.forwarded().as_deref()),
        None => location.clone(),
    }
}

fn refuse(rare: &Rare, verdict: Verdict) -> Answer {
    let (outcome, response) = match (verdict, &rare.expired_url) {
        (Verdict::Expired | Verdict::UsedUp, Some(url)) => {
            (Outcome::Gone, redirect(StatusCode::FOUND, url.clone()))
        }
        (Verdict::Expired, None) => (Outcome::Gone, notices::expired()),
        (Verdict::UsedUp, None) => (Outcome::Gone, notices::used_up()),
        (Verdict::Paused, _) => (Outcome::Gone, notices::paused()),
        (Verdict::Archived, _) => (Outcome::Gone, notices::archived()),
        (Verdict::ArchivedCode, _) => (Outcome::Gone, notices::archived_code()),
        (Verdict::Scheduled, _) => (Outcome::Scheduled, notices::scheduled()),
        (Verdict::Locked | Verdict::Open, _) => (Outcome::Locked, notices::password()),
    };
    Answer::without_click(outcome, response)
}

fn unavailable(notice: Response) -> Answer {
    Answer::without_click(Outcome::Unavailable, with(notice, RETRY_AFTER, "1"))
}

fn redirect(status: StatusCode, location: HeaderValue) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let mut headers = HeaderMap::with_capacity(2);
    headers.insert(LOCATION, location);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *response.headers_mut() = headers;
    response
}

/// From memory, else from the database; what was read is remembered unless it changed meanwhile. That there
/// is no such link is not remembered: it may be made in the next moment.
async fn find(app: &App, key: &[u8]) -> Result<Option<Arc<Record>>, DbError> {
    let links = &app.links;
    if let Some(record) = links.cache.get(key) {
        return Ok(Some(record));
    }
    let Some(address) = links.domains.address_of(key) else { return Ok(None) };
    let ticket = links.cache.ticket();
    let Some(link) = super::store::by_address(app.db.read(), &address).await? else { return Ok(None) };
    let record = Record::of(&link, &links.ledger).ok_or_else(|| DbError::unreadable(link.id))?;
    let record = Arc::new(record);
    links.cache.fill(ticket, key.into(), Arc::clone(&record));
    Ok(Some(record))
}

/// The form of a password page came back.
async fn unlock(app: &App, record: &Record, request: Request<Body>, peer: SocketAddr) -> Answer {
    let Some((rare, hash)) =
        record.rare.as_ref().and_then(|rare| Some((rare, rare.password_hash.as_deref()?)))
    else {
        return method_not_allowed();
    };
    let verdict = rare.verdict(record.counter.total(), app.now());
    if verdict != Verdict::Locked {
        return refuse(rare, verdict);
    }
    let client = client_address(peer.ip(), request.headers(), &app.settings.server.trusted_proxies);
    let guesser = (network(client), record.link);
    // Claimed before it is tried, so that many guesses at once are not many free ones.
    if let Err(seconds) = app.links.guesses.claim(guesser, app.monotonic_ns()) {
        let page = with(notices::too_many_guesses(seconds), RETRY_AFTER, &seconds.to_string());
        return Answer::without_click(Outcome::WrongPassword, page);
    }
    let (head, body) = request.into_parts();
    let given = given_password(Request::new(body)).await;
    match app.links.passwords.is_right(given, hash).await {
        Ok(true) => {}
        Ok(false) => return Answer::without_click(Outcome::WrongPassword, notices::wrong_password()),
        Err(Full) => {
            // Nothing was tried, so nothing was guessed.
            app.links.guesses.give_back(&guesser);
            return unavailable(notices::busy());
        }
    }
    app.links.guesses.forgive(&guesser);
    let visit = Request::from_parts(head, ());
    lead_on(app, record, &Visit::of(&visit, peer), |_, location| {
        // 303: the browser goes on with GET and does not send the password along.
        with(redirect(StatusCode::SEE_OTHER, location), REFERRER_POLICY, "no-referrer")
    })
}

/// A form that cannot be read holds no password.
async fn given_password(request: Request<Body>) -> String {
    let Ok(body) = extract::read(request, FORM_BYTES_MAX).await else { return String::new() };
    let mut fields = url::form_urlencoded::parse(&body);
    fields.find(|(name, _)| name == "password").map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn method_not_allowed() -> Answer {
    let page = with(notices::method_not_allowed(), ALLOW, "GET, HEAD");
    Answer::without_click(Outcome::MethodNotAllowed, page)
}

fn with(mut response: Response, name: http::HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// As the visitor typed it: HTTP/2 and proxies put it into the target, HTTP/1.1 into a header.
fn host<B>(request: &Request<B>) -> &str {
    match request.uri().authority() {
        Some(authority) => authority.as_str(),
        None => request.headers().get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default(),
    }
}
