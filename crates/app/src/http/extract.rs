//! What handlers take: a strict body, strict parameters, an id from the path, a version to match.

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, IF_MATCH};
use http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::json::{self, Source};
use crate::App;
use crate::problem::{Code, FieldError, Problem};

/// A JSON body. No body at all reads as `{}`, so that calls without required fields need none.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        fitted(request, app.settings.server.body_bytes_max).await.map(Self)
    }
}

/// A JSON body of a route whose limit is its own.
pub struct BodyUpTo<const BYTES_MAX: usize, T>(pub T);

impl<const BYTES_MAX: usize, T: DeserializeOwned> FromRequest<App> for BodyUpTo<BYTES_MAX, T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        fitted(request, BYTES_MAX).await.map(Self)
    }
}

async fn fitted<T: DeserializeOwned>(request: Request, bytes_max: usize) -> Result<T, Problem> {
    let is_json = match request.headers().get(CONTENT_TYPE) {
        None => true,
        Some(value) => value.to_str().is_ok_and(is_json_type),
    };
    let bytes = read(request, bytes_max).await?;
    if bytes.is_empty() {
        return json::fit(Value::Object(Map::new()), Source::Body);
    }
    if !is_json {
        return Err(Problem::plain(Code::UnsupportedMediaType));
    }
    json::fit(json::parse(&bytes)?, Source::Body)
}

fn is_json_type(value: &str) -> bool {
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// The whole body, if it is no larger than `bytes_max`.
pub(crate) async fn read(request: Request, bytes_max: usize) -> Result<bytes::Bytes, Problem> {
    let too_large = || Problem::new(Code::BodyTooLarge, format!("This takes at most {bytes_max} bytes."));
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > bytes_max) {
        return Err(too_large());
    }
    match Limited::new(request.into_body(), bytes_max).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(Problem::new(Code::RequestTimeout, "The body broke off.")),
    }
}

/// Query parameters. Unknown and repeated ones are refused; `api_key` belongs to the carrier, not to `T`.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let mut map = Map::new();
        let mut repeated = Vec::new();
        for (name, value) in pairs(parts.uri.query().unwrap_or_default())? {
            if name != "api_key" && map.insert(name.clone(), Value::String(value)).is_some() {
                repeated.push(FieldError::new(
                    name,
                    "duplicate",
                    "give this once; several values go in one, by comma",
                ));
            }
        }
        if !repeated.is_empty() {
            return Err(Problem::fields(repeated));
        }
        json::fit(Value::Object(map), Source::Query).map(Self)
    }
}

fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let decode = |part: &str| {
        let spaced = part.replace('+', " ");
        let text = percent_encoding::percent_decode_str(&spaced).decode_utf8().ok()?.into_owned();
        (!text.contains('\0')).then_some(text)
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            decode(name).zip(decode(value)).ok_or_else(|| {
                Problem::field("query", "encoding", "parameters are percent-encoded UTF-8 without NUL")
            })
        })
        .collect()
}

/// The parts of the path. What does not parse cannot exist, so it is the same 404 as what does not.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(|_| Problem::not_found())
    }
}

/// `If-Match: "v7"`: change this only if it is still version 7. `*` and absence match any version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub Option<i64>);

impl FromRequestParts<App> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        // A tag of some other form is no version of ours: nothing matches it, once the rest of the call is right.
        let version =
            text.strip_prefix("\"v").and_then(|rest| rest.strip_suffix('"')).and_then(|n| n.parse().ok());
        Ok(Self(Some(version.unwrap_or(NO_VERSION))))
    }
}

/// Versions count from 1.
const NO_VERSION: i64 = -1;

/// A field of a change: absent leaves it, `null` clears it, a value sets it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patch<T> {
    #[default]
    Keep,
    Clear,
    Set(T),
}

impl<T> Patch<T> {
    /// What the field is after the change.
    pub fn or(self, current: Option<T>) -> Option<T> {
        match self {
            Patch::Keep => current,
            Patch::Clear => None,
            Patch::Set(value) => Some(value),
        }
    }

    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(value) => Patch::Set(of(value)),
        }
    }

    pub fn try_map<U, E>(self, parse: impl FnOnce(T) -> Result<U, E>) -> Result<Patch<U>, E> {
        Ok(match self {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(value) => Patch::Set(parse(value)?),
        })
    }
}

/// What a new thing is given is set; what it is not given stays as a new thing has it.
impl<T> From<Option<T>> for Patch<T> {
    fn from(given: Option<T>) -> Self {
        given.map_or(Patch::Keep, Patch::Set)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Patch::Clear, Patch::Set))
    }
}
