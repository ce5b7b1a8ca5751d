//! Limits at the door: a place is taken once everything else let the request in, and given back with a refusal.
//!
//! The header fields are those of the IETF httpapi working group (draft-ietf-httpapi-ratelimit-headers): one item for
//! each window that has a limit. Where several limits share a window, the one that leaves least speaks.

use std::fmt::Write;

use http::{HeaderMap, HeaderValue, Method};
use tessera_events::CallClass;
use tessera_keys::Scope;

use super::Facts;
use crate::App;
use crate::caller::Need;
use crate::metering::{Moment, Refused, Stand, Window};
use crate::problem::{Code, Problem};

/// Room for three windows of usual figures; more makes the text grow.
const FIELD_BYTES: usize = 96;

/// What kind of call this is: a report by its scope, everything else by its method.
pub(super) fn class(method: &Method, need: Need) -> CallClass {
    match (need, method) {
        (Need::Scope(Scope::AnalyticsRead | Scope::ReportsRead), _) => CallClass::Report,
        (_, &(Method::GET | Method::HEAD | Method::OPTIONS)) => CallClass::Read,
        (_, &Method::DELETE) => CallClass::Delete,
        _ => CallClass::Write,
    }
}

/// Takes a place for a request with a key; people are not limited. A request takes one place, however many ask.
///
/// # Errors
/// `rate_limit_minute`, `rate_limit_day` or `rate_limit_month`, with the seconds to wait.
pub(super) fn admit(app: &App, facts: &Facts, class: CallClass) -> Result<(), Problem> {
    let Some((metered, terms)) = facts.0.metered.get() else { return Ok(()) };
    let class = *facts.0.class.get_or_init(|| class);
    if facts.0.reservation.get().is_some() {
        return Ok(());
    }
    let reservation =
        app.limiter.reserve(metered, terms, class, Moment::now(app)).map_err(|refused| problem(&refused))?;
    if let Err(Some(late)) = facts.0.reservation.set(Some(reservation)) {
        // Its answer, that it took too long, has left and was counted.
        app.limiter.give_back(metered, terms, &late, Moment::now(app));
    }
    Ok(())
}

/// The answer to a request beyond a limit.
pub(crate) fn problem(refused: &Refused) -> Problem {
    let code = match refused.window {
        Window::Minute => Code::RateLimitMinute,
        Window::Day => Code::RateLimitDay,
        Window::Month => Code::RateLimitMonth,
    };
    Problem::new(code, refused.words()).retry_after(refused.retry_after_seconds)
}

/// Keeps the place of a request that was served, gives back that of one that was refused (401, 403, 429), and counts
/// one that was served without a place. When it returns, nothing of this request changes the counts any more.
pub(super) fn settle(app: &App, facts: &Facts, status: u16, class: impl FnOnce() -> CallClass) {
    // From here on, a place that is taken late is given back by whoever takes it.
    let reservation = facts.0.reservation.get_or_init(|| None);
    let Some((metered, terms)) = facts.0.metered.get() else { return };
    let is_counted = !matches!(status, 401 | 403 | 429);
    let class = *facts.0.class.get_or_init(class);
    match (reservation, is_counted) {
        (Some(reservation), false) => app.limiter.give_back(metered, terms, reservation, Moment::now(app)),
        (None, true) => app.limiter.count(metered, class, Moment::now(app)),
        (Some(_), true) | (None, false) => {}
    }
}

/// `RateLimit-Policy` and `RateLimit`, as things stand once the request is settled.
pub(super) fn dress(app: &App, facts: &Facts, headers: &mut HeaderMap) {
    let Some((metered, terms)) = facts.0.metered.get() else { return };
    let Some(class) = facts.0.class.get() else { return };
    let stands = app.limiter.tightest(metered, terms, *class, Moment::now(app));
    let (policy, standing) = fields(stands.into_iter().flatten());
    for (name, text) in [("ratelimit-policy", policy), ("ratelimit", standing)] {
        if !text.is_empty()
            && let Ok(value) = HeaderValue::try_from(text)
        {
            headers.insert(name, value);
        }
    }
}

fn fields(stands: impl Iterator<Item = Stand>) -> (String, String) {
    let (mut policy, mut standing) = (String::new(), String::new());
    for stand in stands {
        if policy.is_empty() {
            policy.reserve(FIELD_BYTES);
            standing.reserve(FIELD_BYTES);
        }
        let comma = if policy.is_empty() { "" } else { ", " };
        let name = stand.window.as_str();
        // Writing into a string cannot fail.
        let _ = write!(policy, "{comma}\"{name}\";q={};w={}", stand.quota, stand.window.seconds());
        let _ = write!(standing, "{comma}\"{name}\";r={};t={}", stand.remaining, stand.reset_seconds);
    }
    (policy, standing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metering::Owner;

    #[test]
    fn the_fields_are_those_of_the_draft() {
        let stand = |window, quota, remaining, reset_seconds| Stand {
            window,
            owner: Owner::Plan,
            class: None,
            quota,
            remaining,
            reset_seconds,
        };
        let stands = [stand(Window::Minute, 600, 599, 60), stand(Window::Month, 100_000, 99_999, 812_000)];
        let (policy, standing) = fields(stands.into_iter());
        assert_eq!(policy, "\"minute\";q=600;w=60, \"month\";q=100000;w=2592000");
        assert_eq!(standing, "\"minute\";r=599;t=60, \"month\";r=99999;t=812000");
        assert_eq!(fields(std::iter::empty()), (String::new(), String::new()));
    }

    #[test]
    fn s236_a_call_is_of_the_class_its_method_and_scope_say() {
        for (method, need, expected) in [
            (Method::GET, Need::Scope(Scope::LinksRead), CallClass::Read),
            (Method::HEAD, Need::Nothing, CallClass::Read),
            (Method::POST, Need::Scope(Scope::LinksCreate), CallClass::Write),
            (Method::PATCH, Need::Scope(Scope::LinksUpdate), CallClass::Write),
            (Method::PUT, Need::Scope(Scope::LinksUpdate), CallClass::Write),
            (Method::DELETE, Need::Scope(Scope::LinksDelete), CallClass::Delete),
            (Method::GET, Need::Scope(Scope::AnalyticsRead), CallClass::Report),
            (Method::GET, Need::Scope(Scope::ReportsRead), CallClass::Report),
        ] {
            assert_eq!(class(&method, need), expected, "{method} {need:?}");
        }
    }
}
