//! `/openapi.json`, and a page to read and try it at `/api-docs`. Everything comes out of the binary.

use axum::Router;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use serde_json::json;

use crate::App;
use crate::problem::Problem;

/// The reference is a script that draws itself; it talks to this server and to nobody else.
const POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self' data:; frame-ancestors 'none'";
const SCRIPT: &str = "/api-docs/reference.js";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/openapi.json", get(document))
        .route("/api-docs", get(page))
        .route(SCRIPT, get(script))
}

async fn document() -> Response {
    ([(CONTENT_TYPE, "application/json")], super::document().to_string()).into_response()
}

async fn page() -> Response {
    let settings = json!({
        "url": "/openapi.json",
        "title": "Tessera API",
        "withDefaultFonts": false,
        "hideClientButton": true,
        "telemetry": false,
        "agent": {"disabled": true},
        "mcp": {"disabled": true},
        "authentication": {"preferredSecurityScheme": "bearer"},
    });
    let mut response = Html(scalar_api_reference::scalar_html(&settings, Some(SCRIPT))).into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

async fn script() -> Result<Response, Problem> {
    let (kind, bytes) =
        scalar_api_reference::get_asset_with_mime("scalar.js").ok_or_else(Problem::not_found)?;
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=86400".to_owned())], bytes).into_response())
}
