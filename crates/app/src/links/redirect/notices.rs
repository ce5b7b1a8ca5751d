//! What a visitor reads when a link does not lead on: what happened, and what they can do.
//!
//! None of these tells anything about who made the link or why.

use axum::response::Response;
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderValue, StatusCode};
use maud::{Markup, html};

use crate::http::pages::frame;

pub(super) fn missing() -> Response {
    notice(
        StatusCode::NOT_FOUND,
        "There is no such link",
        "Nothing is at this address. Check it for typing mistakes: letters, digits, and the part after the last slash.",
    )
}

pub(super) fn scheduled() -> Response {
    notice(
        StatusCode::NOT_FOUND,
        "This link is not active yet",
        "It will start working later. Try again then, or ask whoever gave it to you when that is.",
    )
}

pub(super) fn paused() -> Response {
    notice(
        StatusCode::GONE,
        "This link is paused",
        "Its owner has switched it off for now. Try again later, or ask whoever gave it to you.",
    )
}

pub(super) fn archived() -> Response {
    notice(StatusCode::GONE, "This link is no longer in use", "Ask whoever gave it to you for a new one.")
}

pub(super) fn archived_code() -> Response {
    notice(StatusCode::GONE, "This QR code is no longer in use", "Ask whoever gave it to you for a new one.")
}

pub(super) fn expired() -> Response {
    notice(
        StatusCode::GONE,
        "This link has expired",
        "It worked for a limited time, which is over. Ask whoever gave it to you for a new one.",
    )
}

pub(super) fn used_up() -> Response {
    notice(
        StatusCode::GONE,
        "This link has been used up",
        "It worked for a limited number of visits, and all of them are taken. Ask whoever gave it to you for a new one.",
    )
}

pub(super) fn unavailable() -> Response {
    notice(
        StatusCode::SERVICE_UNAVAILABLE,
        "Please try again in a moment",
        "The link could not be looked up just now. It is not lost.",
    )
}

pub(super) fn busy() -> Response {
    notice(
        StatusCode::SERVICE_UNAVAILABLE,
        "Please try again in a moment",
        "Many passwords are being checked just now, and yours was not among them.",
    )
}

pub(super) fn failed() -> Response {
    notice(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong",
        "The link could not be looked up. The fault is on our side and was written down.",
    )
}

pub(super) fn method_not_allowed() -> Response {
    notice(
        StatusCode::METHOD_NOT_ALLOWED,
        "A link can only be followed",
        "It takes GET and HEAD requests. Open it in a browser.",
    )
}

pub(super) fn too_many_guesses(seconds: u64) -> Response {
    let wait = format!("Wait {seconds} seconds, then try again.");
    notice(StatusCode::TOO_MANY_REQUESTS, "Too many wrong passwords", &wait)
}

pub(super) fn password() -> Response {
    form(StatusCode::OK, &html! {})
}

pub(super) fn wrong_password() -> Response {
    form(StatusCode::FORBIDDEN, &html! { p class="error" role="alert" { "That is not the password." } })
}

fn notice(status: StatusCode, title: &str, advice: &str) -> Response {
    frame(status, title, &html! { h1 { (title) } p { (advice) } })
}

fn form(status: StatusCode, complaint: &Markup) -> Response {
    let title = "This link asks for a password";
    let content = html! {
        h1 { (title) }
        p { "Whoever gave you the link can tell you the password." }
        (complaint)
        form method="post" {
            label for="password" { "Password" }
            input id="password" name="password" type="password" autocomplete="off" required autofocus maxlength="128";
            button { "Continue" }
        }
    };
    let mut response = frame(status, title, &content);
    // Chromium holds the redirect that follows a form to `form-action` too, and this one leads anywhere.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}
