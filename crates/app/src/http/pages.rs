//! Pages for people who meet this server in a browser: one frame, no script, nothing from elsewhere.

use axum::Router;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, StatusCode};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use tessera_keys::Scope;

use super::Dashboard;
use crate::App;
use crate::problem::Code;

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'; \
    frame-ancestors 'none'; base-uri 'none'";

const STYLE: &str = "
:root{color-scheme:light dark;--ink:#14191b;--soft:#556064;--paper:#f8f9f9;--card:#fff;--line:#e3e7e8;--accent:#0b6e6e;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#eff2f3;--soft:#9ba6aa;--paper:#0d1113;--card:#151a1d;--line:#272e32;--accent:#3fbdb6;--on:#04201f}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--paper);color:var(--ink);
font:16px/1.6 ui-sans-serif,system-ui,-apple-system,'Segoe UI',sans-serif}
main{width:100%;max-width:30rem;padding:2.25rem;background:var(--card);border:1px solid var(--line);border-radius:1rem;
box-shadow:0 1px 2px rgb(0 0 0/.05),0 12px 32px -16px rgb(0 0 0/.18)}
main.wide{max-width:46rem}
.mark{display:grid;grid-template-columns:repeat(2,.7rem);gap:.18rem;margin-bottom:1.5rem}
.mark i{width:.7rem;height:.7rem;border-radius:.16rem;background:var(--accent)}
.mark i:nth-child(2){opacity:.55}.mark i:nth-child(3){opacity:.3}
h1{margin:0 0 .5rem;font-size:1.45rem;line-height:1.25;letter-spacing:-.01em}
h2{margin:1.75rem 0 .5rem;font-size:1rem}
p{margin:.5rem 0;color:var(--soft)}
a{color:var(--accent)}
a.go{display:inline-block;margin-top:1rem;padding:.6rem 1.1rem;font-weight:600;text-decoration:none;color:var(--on);background:var(--accent);border-radius:.55rem}
label{display:block;margin:1rem 0 .3rem;font-weight:550;font-size:.92rem}
input{width:100%;padding:.6rem .75rem;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:.55rem}
input:focus-visible,button:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
button{margin-top:1.4rem;width:100%;padding:.68rem;font:inherit;font-weight:600;color:var(--on);background:var(--accent);border:0;border-radius:.55rem;cursor:pointer}
small{color:var(--soft)}
.error{margin:1rem 0;padding:.7rem .9rem;border-radius:.55rem;border:1px solid #dc2626;color:var(--ink)}
pre{overflow-x:auto;margin:.5rem 0;padding:.8rem 1rem;border:1px solid var(--line);border-radius:.55rem;background:var(--paper);font-size:.84rem;line-height:1.5}
code{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
";

/// A whole page in the house's frame, as wide as a form.
pub fn frame(status: StatusCode, title: &str, content: &Markup) -> Response {
    framed(status, title, "", content)
}

/// The same, as wide as a text.
pub fn frame_wide(status: StatusCode, title: &str, content: &Markup) -> Response {
    framed(status, title, "wide", content)
}

fn framed(status: StatusCode, title: &str, class: &str, content: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main class=(class) { div class="mark" aria-hidden="true" { i {} i {} i {} i {} } (content) } }
        }
    };
    let mut response = (status, page.into_string()).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/docs/errors", get(errors))
        .route("/docs/scopes", get(scopes))
        .merge(crate::accounts::routes::pages())
}

/// Where the `type` of every problem points.
async fn errors() -> Response {
    let rows = html! {
        h1 { "Errors" }
        p { "Every error is a problem (RFC 9457). Branch on its " code { "code" } "; it never changes." }
        @for code in Code::ALL {
            h2 id=(code.as_str()) { code { (code.as_str()) } " · " (code.status()) }
            p { (code.meaning()) }
        }
    };
    frame_wide(StatusCode::OK, "Errors · Tessera", &rows)
}

async fn scopes() -> Response {
    let rows = html! {
        h1 { "Scopes" }
        p { "A key carries a preset (" code { "read" } ", " code { "read_write" } ", " code { "all" } ") or a list of these." }
        @for scope in Scope::ALL {
            h2 id=(scope.as_str()) { code { (scope.as_str()) } }
            p { (scope.describe()) }
        }
    };
    frame_wide(StatusCode::OK, "Scopes · Tessera", &rows)
}

async fn home(State(app): State<App>, Extension(dashboard): Extension<Dashboard>) -> Response {
    let url = app.settings.public_url();
    frame(
        StatusCode::OK,
        "Tessera",
        &html! {
            h1 { "Tessera is running" }
            p { "API keys, short links and their clicks, on your own machine." }
            @if dashboard.is_built() { p { a class="go" href="/app" { "Open the dashboard" } } }
            h2 { "Next" }
            p { a href="/api-docs" { "Read and try the API" } " · " a href="/openapi.json" { "OpenAPI document" } }
            pre { code { "curl " (url) "/v1/me \\\n  -H \"Authorization: Bearer $TESSERA_KEY\"" } }
        },
    )
}
