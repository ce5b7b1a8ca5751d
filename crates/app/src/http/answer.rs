//! What handlers give back, beside plain JSON: a versioned resource, a new one, one that shows a secret.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{ETAG, LOCATION};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

/// A single resource with its version as `ETag`, for `If-Match`.
pub struct Versioned<T>(pub i64, pub T);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.1).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"v{}\"", self.0)) {
            response.headers_mut().insert(ETAG, tag);
        }
        response
    }
}

/// 201 with `Location`.
pub struct Created<R>(pub String, pub R);

impl<R: IntoResponse> IntoResponse for Created<R> {
    fn into_response(self) -> Response {
        let mut response = self.1.into_response();
        *response.status_mut() = StatusCode::CREATED;
        if let Ok(place) = HeaderValue::from_str(&self.0) {
            response.headers_mut().insert(LOCATION, place);
        }
        response
    }
}

/// Marks an answer that carries a secret: it is stored nowhere, so it cannot be given again.
#[derive(Debug, Clone, Copy)]
pub struct ShowsSecret;

/// An answer with a secret in it.
pub struct Secret<R>(pub R);

impl<R: IntoResponse> IntoResponse for Secret<R> {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        response.extensions_mut().insert(ShowsSecret);
        response
    }
}
