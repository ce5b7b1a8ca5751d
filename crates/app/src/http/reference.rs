//! `/openapi.json`, and a page to read and try it at `/api-docs`. Everything comes out of the binary.

use axum::Router;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use serde_json::json;

use crate::App;
use crate::problem::Problem;

/// The reference draws itself by script, with styles of its own; it talks to this server and to nobody else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";
const SCRIPT: &str = "/api-docs/reference.js";
const START: &str = "/api-docs/start.js";

const PAGE: &str = "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>Tessera API</title>
</head>
<body>
<div id=\"reference\"></div>
<noscript><p>This page needs JavaScript. The same document as data: <a href=\"/openapi.json\">openapi.json</a></p></noscript>
<script src=\"/api-docs/reference.js\"></script>
<script src=\"/api-docs/start.js\"></script>
</body>
</html>
";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/openapi.json", get(document))
        .route("/api-docs", get(page))
        .route(SCRIPT, get(script))
        .route(START, get(start))
}

async fn document() -> Response {
    ([(CONTENT_TYPE, "application/json")], super::document().to_string()).into_response()
}

async fn page() -> Response {
    let mut response = Html(PAGE).into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// The settings of the reference: no fonts, no proxy, no service from elsewhere.
async fn start() -> Response {
    let settings = json!({
        "url": "/openapi.json",
        "title": "Tessera API",
        "withDefaultFonts": false,
        "hideClientButton": true,
        "telemetry": false,
        "showDeveloperTools": "never",
        "showToolbar": "never",
        "agent": {"disabled": true},
        "mcp": {"disabled": true},
        "authentication": {"preferredSecurityScheme": "bearer"},
    });
    let script = format!("Scalar.createApiReference('#reference', {settings})");
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], script).into_response()
}

async fn script() -> Result<Response, Problem> {
    let (_, bytes) = scalar_api_reference::get_asset_with_mime("scalar.js").ok_or_else(Problem::not_found)?;
    let headers =
        [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "public, max-age=86400")];
    Ok((headers, bytes).into_response())
}
