//! The HTTP shell: what every request passes, whatever it asks for.
//!
//! [`Front`] is the door. A path whose first segment is ours goes to the API's router; every other path is a
//! short link and never sees the router, so a redirect costs little more than hyper's own work.

mod address;
pub mod answer;
pub mod auth;
pub mod csv;
mod dashboard;
pub mod extract;
mod facts;
mod health;
pub mod idempotency;
pub(crate) mod json;
pub mod openapi;
pub mod page;
pub mod pages;
pub(crate) mod pipe;
mod problem;
pub(crate) mod rate_limits;
mod reference;
mod shell;
pub(crate) mod streams;

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::{Method, Request};
use serde_json::Value;
use tower::ServiceExt;
use tower_http::compression::predicate::{NotForContentType, Predicate};
use tower_http::compression::{CompressionLayer, DefaultPredicate};
use tower_http::cors::{AllowHeaders, AllowMethods, Any, CorsLayer};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use address::{client as client_address, network};
pub use dashboard::{Asset, Dashboard};
pub use facts::{Facts, Sunset};
pub use health::text as metrics_text;
pub use shell::Peer;
pub(crate) use shell::write_down;

use crate::App;
use crate::problem::Problem;
use crate::settings::Settings;

/// First path segments that are never an alias. A test holds the router and this list together.
pub const RESERVED: [&str; 28] = [
    "",
    ".well-known",
    "account",
    "admin",
    "api",
    "api-docs",
    "apikeys",
    "app",
    "assets",
    "billing",
    "dashboard",
    "docs",
    "favicon.ico",
    "healthz",
    "help",
    "invite",
    "login",
    "logout",
    "metrics",
    "openapi.json",
    "readyz",
    "reset",
    "robots.txt",
    "settings",
    "setup",
    "signup",
    "static",
    "v1",
];

/// The whole program as one function from request to answer.
#[derive(Clone)]
pub struct Front {
    app: App,
    router: Router,
}

impl Front {
    /// Without a dashboard: `/app` says what is missing.
    pub fn new(app: App) -> Self {
        Self::with_dashboard(app, Dashboard::absent())
    }

    pub fn with_dashboard(app: App, dashboard: Dashboard) -> Self {
        Self { router: router(app.clone(), dashboard), app }
    }

    /// Answers one request that came from `peer`.
    pub async fn answer<B>(&self, request: Request<B>, peer: SocketAddr) -> Response
    where
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let is_head = request.method() == Method::HEAD;
        let mut response = self.route(request, peer).await;
        if is_head {
            // hyper holds bodies back from HEAD over HTTP/1 and sends them over HTTP/2.
            *response.body_mut() = Body::empty();
        }
        response
    }

    async fn route<B>(&self, request: Request<B>, peer: SocketAddr) -> Response
    where
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let first = request.uri().path().trim_start_matches('/').split('/').next().unwrap_or_default();
        if !RESERVED.contains(&first) {
            return match crate::links::redirect::warm(&self.app, &request, peer) {
                Some(response) => response,
                None => crate::links::redirect::cold(&self.app, request.map(Body::new), peer).await,
            };
        }
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// An archive is packed already.
fn worth_compressing() -> impl Predicate {
    DefaultPredicate::new().and(NotForContentType::const_new("application/zip"))
}

/// Where files come in that are too large to be held in memory, and take longer than other requests.
const UPLOADS: &str = "/v1/bulk/jobs";

pub(crate) fn is_upload(method: &Method, path: &str) -> bool {
    method == Method::POST && path == UPLOADS
}

/// How large a body may be that is held in memory.
fn body_bytes_max(app: &App, path: &str) -> usize {
    match path {
        "/v1/bulk" => crate::bulk::BODY_BYTES_MAX,
        _ => app.settings.server.body_bytes_max,
    }
}

/// How long the body of a request may take to arrive.
pub fn arrival_time_max(settings: &Settings, method: &Method, path: &str) -> Duration {
    Duration::from_secs(match is_upload(method, path) {
        true => settings.bulk.upload_seconds_max,
        false => settings.server.request_seconds_max,
    })
}

/// How long it may take until the answer begins. Where a file comes first, whoever takes it says that it took too long.
fn time_max(settings: &Settings, method: &Method, path: &str) -> Duration {
    let request = Duration::from_secs(settings.server.request_seconds_max);
    match is_upload(method, path) {
        true => request + arrival_time_max(settings, method, path),
        false => request,
    }
}

/// Every operation, with its documentation.
fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::Base::openapi())
        .merge(health::routes())
        .merge(crate::accounts::routes::routes())
        .merge(crate::workspaces::routes::routes())
        .merge(crate::keys::routes::routes())
        .merge(crate::plan::routes::routes())
        .merge(crate::audit::routes::routes())
        .merge(crate::links::routes::routes())
        .merge(crate::qr::routes::routes())
        .merge(crate::templates::routes::routes())
        .merge(crate::logos::routes::routes())
        .merge(crate::analytics::routes::routes())
        .merge(crate::views::routes::routes())
        .merge(crate::feedback::routes::routes())
        .merge(crate::bulk::routes::routes())
}

/// The OpenAPI document, as served at `/openapi.json` and committed as `docs/openapi.json`.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| openapi::complete(&routes().split_for_parts().1))
}

fn router(app: App, dashboard: Dashboard) -> Router {
    let (api, _) = routes().split_for_parts();
    let origins: Vec<_> =
        app.settings.server.cors_origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    // Mirrored, because a `*` for headers would not cover Authorization (Fetch standard, CORS protocol).
    let cors = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(Any);
    api.layer(axum::middleware::from_fn_with_state(app.clone(), idempotency::layer))
        .merge(pages::routes())
        .merge(reference::routes())
        .merge(dashboard::routes())
        .fallback(async || Problem::not_found())
        .layer(axum::Extension(dashboard))
        .layer(axum::middleware::from_fn_with_state(app.clone(), shell::layer))
        .layer(cors)
        .layer(CompressionLayer::new().gzip(true).br(true).compress_when(worth_compressing()))
        .with_state(app)
}
