//! Problems on the wire: `application/problem+json`, RFC 9457.
//!
//! A handler answers with a [`Problem`]; the shell, which knows the request id, writes the body.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use tessera_types::RequestId;

use crate::problem::{Code, Problem, ProblemBody};

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives a problem its body. Bare refusals that axum made itself (405) become problems here.
pub(super) fn render(mut response: Response, id: RequestId, public_url: &str) -> Response {
    let problem = response.extensions_mut().remove::<Problem>().or_else(|| adopt(&response));
    let Some(problem) = problem else { return response };
    let code = problem.code;
    let body = ProblemBody {
        r#type: format!("{public_url}/docs/errors#{}", code.as_str()),
        title: code.title(),
        status: code.status(),
        detail: &problem.detail,
        code: code.as_str(),
        request_id: id.to_string(),
        errors: &problem.errors,
        suggestion: problem.suggestion.as_deref(),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = problem.retry_after_seconds {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(header) = problem.header {
        headers.insert(header.0, header.1);
    } else if code.status() == 401 {
        // RFC 6750 §3.1: a request without a credential is challenged without an error code.
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    *response.body_mut() = Body::from(serde_json::to_vec(&body).unwrap_or_default());
    response
}

fn adopt(response: &Response) -> Option<Problem> {
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return None;
    }
    let allow = response.headers().get(ALLOW).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Some(Problem::new(Code::MethodNotAllowed, format!("This path takes {allow}.")))
}
