//! `/app`: the dashboard, a program of scripts that uses the public API as anybody else does.
//!
//! Whoever wires the server together hands its files in; without them (a build without Node) `/app` says what is
//! missing. Files under `assets/` carry a hash in their name and may be kept for ever; the page itself never is, for
//! it holds a nonce that no two answers share.

use std::borrow::Cow;
use std::fmt::Write;

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use maud::html;
use tessera_types::Stream;

use super::pages::frame;
use crate::App;
use crate::problem::Problem;

/// One file of the built dashboard.
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub sha256: [u8; 32],
}

/// The files of a built dashboard by their path, or none.
#[derive(Clone, Copy)]
pub struct Dashboard {
    find: fn(&str) -> Option<Asset>,
}

impl Dashboard {
    /// `find` answers for paths like `index.html` and `assets/index-1a2b.js`, and `assets/index-1a2b.js.br`.
    pub const fn new(find: fn(&str) -> Option<Asset>) -> Self {
        Self { find }
    }

    pub const fn absent() -> Self {
        Self { find: |_| None }
    }

    /// Whether there is anything to show.
    pub fn is_built(&self) -> bool {
        (self.find)(PAGE).is_some()
    }
}

const PAGE: &str = "index.html";
/// Stands in the page where the nonce belongs.
const NONCE_MARK: &[u8] = b"{nonce}";
/// 128 bits, as the Content Security Policy standard asks for at least.
const NONCE_BYTES: usize = 16;
/// The build writes these beside each text; the first that the client takes is sent.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

pub(super) fn routes() -> Router<App> {
    // Where people look for the page of keys, and where other products have it.
    let moved = |to: &'static str| get(move || async move { Redirect::temporary(to) });
    Router::new()
        .route("/app", get(page))
        .route("/app/", get(page))
        .route("/app/{*path}", get(file_or_page))
        .route("/apikeys", moved("/app/settings/api-keys"))
        .route("/account/api-keys", moved("/app/settings/api-keys"))
        .route("/dashboard", moved("/app"))
        .route("/login", moved("/app/login"))
        .route("/assets/{*path}", get(async || Problem::not_found()))
}

async fn file_or_page(
    state: State<App>,
    dashboard: Extension<Dashboard>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if path != PAGE
        && let Some(asset) = (dashboard.find)(&path)
    {
        return Ok(file(&dashboard, &path, asset, &headers));
    }
    // A page of the program has no dot in its last part; what has one is a file that is not there (any more).
    let is_file =
        path.starts_with("assets/") || path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if is_file { Err(Problem::not_found()) } else { Ok(page(state, dashboard).await) }
}

fn file(dashboard: &Dashboard, path: &str, asset: Asset, headers: &HeaderMap) -> Response {
    let caching =
        if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let etag = etag(&asset.sha256);
    let is_known = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let packed = ENCODINGS.iter().find_map(|(name, end)| {
        let packed = accepts(headers, name).then(|| (dashboard.find)(&format!("{path}{end}")))??;
        Some((*name, packed.bytes))
    });
    let mut response = match (is_known, packed) {
        (true, _) => StatusCode::NOT_MODIFIED.into_response(),
        (false, Some((name, bytes))) => ([(CONTENT_ENCODING, name)], bytes).into_response(),
        (false, None) => asset.bytes.into_response(),
    };
    let kept = response.headers_mut();
    kept.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    kept.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    kept.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        kept.insert(ETAG, etag);
    }
    response
}

/// Weak, because the same file travels in several encodings.
fn etag(sha256: &[u8; 32]) -> String {
    format!("W/\"{}\"", hex(&sha256[..16]))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let lines = headers.get_all(ACCEPT_ENCODING).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|word| {
        let (name, weight) = word.split_once(';').unwrap_or((word, ""));
        let is_refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        name.trim().eq_ignore_ascii_case(encoding) && !is_refused
    })
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}

async fn page(State(app): State<App>, Extension(dashboard): Extension<Dashboard>) -> Response {
    let Some(asset) = (dashboard.find)(PAGE) else { return not_built() };
    let mut random = [0; NONCE_BYTES];
    app.chance().fill(Stream::Nonce, &mut random);
    let nonce = hex(&random);
    // Scripts come as files of ours, never inline. Styles too, but for one rule that the dialogs add while they are
    // open (the page behind does not scroll), which the nonce vouches for.
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    );
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    let mut response = (headers, replace(&asset.bytes, nonce.as_bytes())).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn replace(page: &[u8], nonce: &[u8]) -> Vec<u8> {
    match page.windows(NONCE_MARK.len()).position(|window| window == NONCE_MARK) {
        Some(at) => [&page[..at], nonce, &page[at + NONCE_MARK.len()..]].concat(),
        None => page.to_vec(),
    }
}

fn not_built() -> Response {
    let content = html! {
        h1 { "The dashboard is not in this build" }
        p { "Everything else works: the API, short links, and the pages that invitations lead to." }
        h2 { "To have it" }
        p { "Install Node 20.19 or newer (" code { "https://nodejs.org" } ", or your system's package " code { "nodejs" }
            " with " code { "npm" } "). Then, in the folder of the source:" }
        pre { code { "make run" } }
        p { "It builds the dashboard and the server, and starts it. Or only build: "
            code { "cargo xtask dashboard && cargo build --release" } }
        p { a href="/api-docs" { "Read and try the API" } }
    };
    frame(StatusCode::NOT_FOUND, "No dashboard · Tessera", &content)
}
