//! Around every API request: an id, the client's address, a time limit, one log line, one set of headers.
//!
//! The handler runs in a task of its own. A client that hangs up, or a time limit that strikes, ends the
//! waiting and not the work, so a change that was begun is finished and announced; and a panic is a 500.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, USER_AGENT,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Method};
use tessera_events::Event;
use tessera_types::RequestId;

use super::{Facts, address, problem, rate_limits};
use crate::App;
use crate::caller::Need;
use crate::events::Appended;
use crate::keys::Usage;
use crate::metering::Reservation;
use crate::metrics::RequestLabels;
use crate::problem::{Code, Problem};

/// The other end of the connection, put into a request's extensions by whoever accepted it.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

const USER_AGENT_CHARS_MAX: usize = 400;

pub async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began_ns = app.monotonic_ns();
    let facts = facts(&app, &request);
    let method = method_label(request.method());
    let called = request.method().clone();
    let is_head = request.method() == Method::HEAD;
    let route = request.extensions().get::<MatchedPath>().map_or("-", |path| path.as_str()).to_owned();
    request.extensions_mut().insert(facts.clone());

    let limit = super::time_max(&app.settings, &called, request.uri().path());
    let response = match tokio::time::timeout(limit, tokio::spawn(next.run(request))).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => Problem::internal(format!("panic: {panic}")).into_response(),
        Err(_) => {
            Problem::new(Code::RequestTimeout, "The answer took too long. What was begun is being finished.")
                .into_response()
        }
    };

    rate_limits::settle(&app, &facts, response.status().as_u16(), || {
        rate_limits::class(&called, Need::Nothing)
    });
    let mut response = problem::render(response, facts.id(), &app.settings.public_url());
    if is_head {
        *response.body_mut() = axum::body::Body::empty();
    }
    dress(&app, &facts, response.headers_mut());
    let took_ns = app.monotonic_ns().saturating_sub(began_ns);
    record(&app, &facts, method, &route, response.status().as_u16(), took_ns).await;
    log(&facts, method, &route, response.status().as_u16(), took_ns);
    app.metrics.request_seconds.observe(took_ns as f64 / 1e9);
    app.metrics
        .requests
        .get_or_create(&RequestLabels { method, route, status: response.status().as_u16() })
        .inc();
    response
}

fn facts(app: &App, request: &Request) -> Facts {
    let peer =
        request.extensions().get::<Peer>().map_or(std::net::Ipv4Addr::UNSPECIFIED.into(), |peer| peer.0.ip());
    let address = address::client(peer, request.headers(), &app.settings.server.trusted_proxies);
    let agent = request.headers().get(USER_AGENT).map_or_else(String::new, |value| {
        String::from_utf8_lossy(value.as_bytes())
            .chars()
            .filter(|c| !c.is_control())
            .take(USER_AGENT_CHARS_MAX)
            .collect()
    });
    Facts::new(RequestId::new(app.now(), app.chance()), address, agent)
}

/// A bounded set, so that invented methods do not become invented time series.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// Writes down that a key was used, before its answer leaves. What was served counts, 4xx included; what was refused
/// at the door (401, 403, 429) is written down and does not count.
async fn record(app: &App, facts: &Facts, method: &str, route: &str, status: u16, took_ns: u64) {
    let (Some(usage), Some(Ok(caller))) = (facts.0.usage.get(), facts.0.caller.get()) else { return };
    let Some(class) = facts.0.class.get() else { return };
    // Counted in the day in which it took its place, also if it was answered in the next.
    let place = facts.0.reservation.get().and_then(Option::as_ref);
    let at_ms = place.map_or_else(|| tessera_types::to_millis(app.now()), Reservation::at_ms);
    let request = tessera_events::Request {
        at_ms,
        workspace: caller.workspace,
        key: usage.key,
        secret: usage.secret,
        id: facts.id(),
        method: kept_method(method),
        class: *class,
        status,
        latency_us: u32::try_from(took_ns / 1_000).unwrap_or(u32::MAX),
        route,
        address: Some(facts.address()),
        user_agent: facts.user_agent(),
    };
    write_down(app, usage, request, facts.address()).await;
}

/// Appends one request of a key to the event log, and counts it as a use of its secret.
pub(crate) async fn write_down(
    app: &App,
    usage: &Usage,
    request: tessera_events::Request<'_>,
    address: IpAddr,
) {
    let is_counted = request.is_counted();
    if is_counted {
        usage.count(request.at_ms, address, request.user_agent);
    }
    match app.events.append(&Event::Request(request)) {
        Ok(appended @ Appended::At(_)) => app.events.synced(appended).await,
        // The work is done and its answer stands; what is lost is told by the log's condition.
        Ok(Appended::Lost) | Err(_) if is_counted => usage.take_back(),
        Ok(Appended::Lost) | Err(_) => {}
    }
}

fn kept_method(method: &str) -> tessera_events::Method {
    let mut all = tessera_events::Method::ALL.into_iter();
    all.find(|known| known.as_str() == method).unwrap_or(tessera_events::Method::Other)
}

fn dress(app: &App, facts: &Facts, headers: &mut HeaderMap) {
    let mut default = |name, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    // What an API answers is for its caller, and a key in a query must not travel on in a Referer.
    default(CACHE_CONTROL, "no-store");
    default(REFERRER_POLICY, "no-referrer");
    default(X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(X_FRAME_OPTIONS, "DENY");
    default(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    if app.settings.public_url().starts_with("https:") {
        default(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if let Ok(id) = HeaderValue::from_str(&facts.id().to_string()) {
        headers.insert("x-request-id", id);
    }
    rate_limits::dress(app, facts, headers);
    if let Some(sunset) = facts.0.sunset.get() {
        // RFC 9745 and RFC 8594: this secret was rotated away then, and dies at that moment.
        let since = format!("@{}", sunset.since.as_second());
        let until = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&sunset.until);
        for (name, value) in [("deprecation", Some(since)), ("sunset", until.ok())] {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                headers.insert(name, value);
            }
        }
    }
}

fn log(facts: &Facts, method: &str, route: &str, status: u16, took_ns: u64) {
    let caller = match facts.0.caller.get() {
        Some(Ok(caller)) => caller.name(),
        _ => "-".to_owned(),
    };
    tracing::info!(
        request_id = %facts.id(),
        method,
        route,
        status,
        took_ms = took_ns as f64 / 1e6,
        address = %facts.address(),
        caller,
        "request"
    );
}
