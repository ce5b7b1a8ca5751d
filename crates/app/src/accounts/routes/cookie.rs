//! The refresh cookie: sent only to these routes, unreadable for scripts, and taken only from our own pages.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::header::{COOKIE, ORIGIN, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

use crate::App;
use crate::accounts::model::SecretText;
use crate::problem::{Code, Problem};

const NAME: &str = "tessera_refresh";

/// What a browser kept for us, if anything.
pub struct RefreshCookie(pub Option<String>);

impl FromRequestParts<App> for RefreshCookie {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let mut found = cookies(&parts.headers).filter(|(name, _)| *name == NAME).map(|(_, value)| value);
        let cookie = found.next().map(ToOwned::to_owned);
        if found.next().is_some() {
            // A second one was planted from elsewhere; guessing which is ours would be a favour to whoever did.
            return Err(Problem::new(Code::MultipleCredentials, "The refresh cookie was sent twice."));
        }
        if cookie.is_some() {
            own_page(&parts.headers, app)?;
        }
        Ok(Self(cookie))
    }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// `SameSite=Strict` says the same to the browser; this says it to those that do not listen, and to pages on
/// another port or a sibling domain, which count as the same site.
fn own_page(headers: &HeaderMap, app: &App) -> Result<(), Problem> {
    let public_url = app.settings.public_url();
    let ours = url::Url::parse(&public_url).map_err(Problem::internal)?.origin().ascii_serialization();
    let is_ours = headers.get_all(ORIGIN).iter().all(|origin| origin.as_bytes() == ours.as_bytes());
    let is_from_here = headers
        .get_all("sec-fetch-site")
        .iter()
        .all(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
    if is_ours && is_from_here { Ok(()) } else { Err(Problem::plain(Code::ForeignOrigin)) }
}

/// An answer that also hands out a refresh cookie, or takes it away.
pub struct WithCookie<R> {
    cookie: String,
    answer: R,
}

impl<R> WithCookie<R> {
    pub fn set(app: &App, token: &SecretText, answer: R) -> Self {
        let seconds = u64::from(app.settings.accounts.session_days_max) * 86_400;
        Self { cookie: format!("{NAME}={}; Max-Age={seconds}{}", token.expose(), attributes(app)), answer }
    }

    pub fn clear(app: &App, answer: R) -> Self {
        Self { cookie: format!("{NAME}=; Max-Age=0{}", attributes(app)), answer }
    }
}

fn attributes(app: &App) -> &'static str {
    if app.settings.public_url().starts_with("https:") {
        "; Path=/v1/auth; HttpOnly; SameSite=Strict; Secure"
    } else {
        "; Path=/v1/auth; HttpOnly; SameSite=Strict"
    }
}

impl<R: IntoResponse> IntoResponse for WithCookie<R> {
    fn into_response(self) -> Response {
        let mut response = self.answer.into_response();
        if let Ok(mut value) = HeaderValue::from_str(&self.cookie) {
            value.set_sensitive(true);
            response.headers_mut().append(SET_COOKIE, value);
        }
        response
    }
}
