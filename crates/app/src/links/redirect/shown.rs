//! The answers of a link that shows a page: the page itself, and the file it offers.

use axum::body::Body;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::pass;
use super::record::{Record, Shown, Verdict};
use super::visit::Visit;
use crate::http::answer::disposition;
use crate::{App, landing};

const X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");
/// The pass of a page that is open to everybody.
const OPEN: &str = "1";

/// The page, to a visitor whom the rules let in.
pub(super) fn page(app: &App, record: &Record, shown: &Shown) -> Response {
    let html = match record.is_guarded() {
        true => shown.landing.page.html(&pass::issue(app, record, app.now())),
        false => shown.landing.page.html(OPEN),
    };
    let mut response = answer(html.into(), HeaderValue::from_static("text/html; charset=utf-8"));
    let policy = HeaderValue::from_static(landing::policy());
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

/// The file, if the visitor asks for it and may have it. It was counted when its page was shown.
pub(super) fn file(
    app: &App,
    record: &Record,
    shown: &Shown,
    visit: &Visit<'_>,
    verdict: Verdict,
) -> Option<Response> {
    let file = shown.landing.file.as_ref()?;
    let given = visit.file_pass()?;
    let is_let_in = match verdict {
        Verdict::Open if !record.is_guarded() => true,
        Verdict::Open | Verdict::Locked | Verdict::UsedUp => pass::is_good(app, record, given, app.now()),
        _ => false,
    };
    if !is_let_in {
        return None;
    }
    // Not as an attachment: iPhones then show the contact or event at once. Browsers that cannot show it save it.
    let name = disposition("inline", &file.name, file.plain_name());
    let mut response = answer(file.content.clone().into(), HeaderValue::from_static(file.media_type));
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    let nothing = HeaderValue::from_static("default-src 'none'; sandbox");
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, nothing);
    Some(response)
}

fn answer(body: Body, media_type: HeaderValue) -> Response {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(CONTENT_TYPE, media_type);
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_ROBOTS_TAG, "noindex"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let mut response = Response::new(body);
    *response.headers_mut() = headers;
    response
}
