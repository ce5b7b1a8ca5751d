//! What handlers give back, beside plain JSON: a versioned resource, a new one, one that shows a secret, an image.

use std::fmt::Write;

use axum::Json;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use http::{HeaderMap, HeaderValue, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What an extended parameter keeps as it is (RFC 8187, `attr-char`, as far as names need it).
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

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

/// An image, or 304 to whoever has it. The ETag is of the bytes: a change that moves no pixel keeps it. Caches ask before they
/// show it again, because what it shows may have changed meanwhile.
pub fn image(media_type: &str, bytes: Vec<u8>, headers: &HeaderMap) -> Response {
    let tag = etag(&bytes);
    let is_known = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || known.trim().trim_start_matches("W/") == tag);
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(CONTENT_TYPE, media_type)], Body::from(bytes)).into_response(),
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

/// `Content-Disposition` (RFC 6266) of a file: a name in ASCII is given as it is, any other in UTF-8 (RFC 8187), with the
/// fallback for clients that cannot read that. `fallback` is ASCII without quotes.
pub fn disposition(kind: &'static str, name: &str, fallback: &str) -> HeaderValue {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let value = match is_plain {
        true => format!("{kind}; filename=\"{name}\""),
        false => {
            let name = utf8_percent_encode(name, NAME);
            format!("{kind}; filename=\"{fallback}\"; filename*=UTF-8''{name}")
        }
    };
    HeaderValue::from_str(&value).unwrap_or_else(|_| HeaderValue::from_static(kind))
}

/// A strong validator: the first 96 bits of SHA-256, quoted.
fn etag(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let mut tag = String::from("\"");
    for byte in &digest[..12] {
        // Writing into a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_letters_and_has_a_name_for_clients_that_know_few() {
        let table = [
            ("menu.vcf", "inline; filename=\"menu.vcf\""),
            (
                "bäckerei-müller.vcf",
                "inline; filename=\"contact.vcf\"; filename*=UTF-8''b%C3%A4ckerei-m%C3%BCller.vcf",
            ),
            ("a\"b\r\n.vcf", "inline; filename=\"contact.vcf\"; filename*=UTF-8''a%22b%0D%0A.vcf"),
        ];
        for (name, value) in table {
            assert_eq!(disposition("inline", name, "contact.vcf"), value, "{name}");
        }
    }

    #[test]
    fn the_etag_follows_the_bytes() {
        assert_eq!(etag(b"a"), etag(b"a"));
        assert_ne!(etag(b"a"), etag(b"b"));
        assert_eq!(etag(b"a").len(), 26);
    }
}
