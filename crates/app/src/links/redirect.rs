//! Following a short link: the hot path.
//!
//! A link that is in memory is answered from memory, whatever the state of the database, and its click is
//! counted before the answer: a visitor who closes the tab was still a visitor. Nothing of an answer may be kept
//! by browsers or proxies, so pausing a link acts on the very next visit, also where it answered 301.

mod notices;
mod record;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::header::{ALLOW, CACHE_CONTROL, HOST, LOCATION, REFERRER_POLICY, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use tessera_db::DbError;

pub(super) use self::record::Record;
use self::record::{Rare, Verdict};
use super::domains::KEY_BYTES_MAX;
use crate::App;
use crate::http::{client_address, extract, network};
use crate::metrics::OutcomeLabels;
use crate::passwords::Full;

/// A password form is this large at most: 128 characters, percent-encoded.
const FORM_BYTES_MAX: usize = 4_096;

/// Whether a visit is a click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visit {
    /// GET: somebody goes there.
    Click,
    /// HEAD: somebody asks whether one could.
    Look,
}

impl Visit {
    fn of(method: &Method) -> Option<Self> {
        match *method {
            Method::GET => Some(Self::Click),
            Method::HEAD => Some(Self::Look),
            _ => None,
        }
    }
}

/// Answers from memory, without waiting for anything; `None` if that cannot be done.
pub fn warm<B>(app: &App, request: &Request<B>) -> Option<Response> {
    let visit = Visit::of(request.method())?;
    let mut buffer = [0; KEY_BYTES_MAX];
    let key = app.links.domains.key(host(request), request.uri().path(), &mut buffer)?;
    let record = app.links.cache.get(key)?;
    let (outcome, response) = answer(app, &record, request.uri().query(), visit);
    match outcome {
        Outcome::Redirected => {
            app.metrics.redirects.inc();
        }
        other => tell(app, other),
    }
    Some(response)
}

/// Answers what [`warm`] could not: reads the database, takes passwords, refuses methods.
pub async fn cold(app: &App, request: Request<Body>, peer: SocketAddr) -> Response {
    let (outcome, response) = visit(app, request, peer).await;
    tell(app, outcome);
    response
}

async fn visit(app: &App, request: Request<Body>, peer: SocketAddr) -> (Outcome, Response) {
    let visit = Visit::of(request.method());
    if visit.is_none() && request.method() != Method::POST {
        return method_not_allowed();
    }
    let mut buffer = [0; KEY_BYTES_MAX];
    let key = app.links.domains.key(host(&request), request.uri().path(), &mut buffer);
    let Some(key) = key else { return (Outcome::Missing, notices::missing()) };
    let record = match find(app, key).await {
        Ok(Some(record)) => record,
        Ok(None) => return (Outcome::Missing, notices::missing()),
        Err(DbError::Unavailable(cause)) => {
            tracing::warn!(%cause, "a link could not be read");
            return (Outcome::Unavailable, with(notices::unavailable(), RETRY_AFTER, "1"));
        }
        Err(fault) => {
            tracing::error!(%fault, "a link could not be read");
            return (Outcome::Failed, notices::failed());
        }
    };
    match visit {
        Some(visit) => answer(app, &record, request.uri().query(), visit),
        None => unlock(app, &record, request, peer).await,
    }
}

/// What happened, for `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Redirected,
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

fn answer(app: &App, record: &Record, query: Option<&str>, visit: Visit) -> (Outcome, Response) {
    let Some(rare) = &record.rare else {
        if visit == Visit::Click {
            record.counter.count(app.now());
        }
        return (Outcome::Redirected, redirect(record.status, record.location.clone()));
    };
    let verdict = rare.verdict(record.counter.total(), app.now());
    if verdict != Verdict::Open {
        return refuse(rare, verdict);
    }
    if visit == Visit::Click && !rare.claim(&record.counter, app.now()) {
        return refuse(rare, Verdict::UsedUp);
    }
    (Outcome::Redirected, redirect(record.status, rare.location(&record.location, query)))
}

fn refuse(rare: &Rare, verdict: Verdict) -> (Outcome, Response) {
    match (verdict, &rare.expired_url) {
        (Verdict::Expired | Verdict::UsedUp, Some(url)) => {
            (Outcome::Gone, redirect(StatusCode::FOUND, url.clone()))
        }
        (Verdict::Expired, None) => (Outcome::Gone, notices::expired()),
        (Verdict::UsedUp, None) => (Outcome::Gone, notices::used_up()),
        (Verdict::Paused, _) => (Outcome::Gone, notices::paused()),
        (Verdict::Archived, _) => (Outcome::Gone, notices::archived()),
        (Verdict::Scheduled, _) => (Outcome::Scheduled, notices::scheduled()),
        (Verdict::Locked | Verdict::Open, _) => (Outcome::Locked, notices::password()),
    }
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
async fn unlock(app: &App, record: &Record, request: Request<Body>, peer: SocketAddr) -> (Outcome, Response) {
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
    let guesser = (network(client), rare.link);
    // Claimed before it is tried, so that many guesses at once are not many free ones.
    if let Err(seconds) = app.links.guesses.claim(guesser, app.monotonic_ns()) {
        let page = notices::too_many_guesses(seconds);
        return (Outcome::WrongPassword, with(page, RETRY_AFTER, &seconds.to_string()));
    }
    let query = request.uri().query().map(str::to_owned);
    let given = given_password(request).await;
    match app.links.passwords.is_right(given, hash).await {
        Ok(true) => {}
        Ok(false) => return (Outcome::WrongPassword, notices::wrong_password()),
        Err(Full) => {
            // Nothing was tried, so nothing was guessed.
            app.links.guesses.give_back(&guesser);
            return (Outcome::Unavailable, with(notices::busy(), RETRY_AFTER, "1"));
        }
    }
    app.links.guesses.forgive(&guesser);
    if !rare.claim(&record.counter, app.now()) {
        return refuse(rare, Verdict::UsedUp);
    }
    // 303: the browser goes on with GET and does not send the password along.
    let response = redirect(StatusCode::SEE_OTHER, rare.location(&record.location, query.as_deref()));
    (Outcome::Redirected, with(response, REFERRER_POLICY, "no-referrer"))
}

/// A form that cannot be read holds no password.
async fn given_password(request: Request<Body>) -> String {
    let Ok(body) = extract::read(request, FORM_BYTES_MAX).await else { return String::new() };
    let mut fields = url::form_urlencoded::parse(&body);
    fields.find(|(name, _)| name == "password").map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn method_not_allowed() -> (Outcome, Response) {
    (Outcome::MethodNotAllowed, with(notices::method_not_allowed(), ALLOW, "GET, HEAD"))
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
