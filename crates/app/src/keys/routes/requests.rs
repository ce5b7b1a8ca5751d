//! `GET /v1/api-keys/{id}/requests`: the requests of a key themselves, newest first.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tessera_events::{Dimension, Filter, FilterValue, Method, RequestRow, Robots, RowCursor, RowsQuestion};
use tessera_types::{ApiKeyId, RequestId, SecretId, from_millis};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::App;
use crate::events::{ask, request_rows};
use crate::http::auth::{ApiKeysRead, Can};
use crate::http::csv::{self, Format};
use crate::http::extract::{Path, Query};
use crate::http::page::{Cursor, CursorValue, Listing, Meta, SortedBy, Start, Window};
use crate::keys::history::{self, Period, of_key, question};
use crate::problem::{Checks, Problem, Wrong};

const SORT: &str = "-at";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListRequests {
    /// `404`, or a kind like `4xx`; several by comma.
    #[serde(default)]
    #[param(example = "4xx,500")]
    status: Option<String>,
    /// The template of a route; several by comma.
    #[serde(default)]
    #[param(example = "/v1/links/{id}")]
    route: Option<String>,
    /// Several by comma.
    #[serde(default)]
    #[param(example = "POST,PATCH")]
    method: Option<String>,
    /// From this moment on. Absent: since the key was made.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this moment. Absent: up to now.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    #[serde(default)]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `meta.next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// `csv`: everything that matches, as a file.
    #[serde(default)]
    #[param(inline)]
    format: Option<Format>,
}

/// A request that a key made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyRequest)]
pub struct RequestView {
    /// As in `X-Request-Id` and in the server's log.
    pub id: RequestId,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[schema(examples("GET"))]
    pub method: &'static str,
    /// The template, without the ids.
    #[schema(examples("/v1/links/{id}"))]
    pub route: String,
    /// `read`, `write`, `delete` or `report`: what limits of classes count it as.
    #[schema(examples("read"))]
    pub class: &'static str,
    #[schema(examples(200))]
    pub status: u16,
    #[schema(examples(0.42))]
    pub latency_ms: f64,
    /// Null where it is not known.
    #[schema(examples("203.0.113.9"))]
    pub address: Option<String>,
    /// ISO 3166-1, of the address. Null: unknown.
    #[schema(examples("DE"))]
    pub country: Option<String>,
    #[schema(examples("curl/8.5.0"))]
    pub user_agent: String,
    /// Which of the key's secrets it carried.
    pub secret_id: SecretId,
}

/// List a key's requests
///
/// Newest first, the last second included, and also those that were refused. Pages by `cursor`.
#[utoipa::path(get, path = "/v1/api-keys/{id}/requests", tag = "API keys", operation_id = "listApiKeyRequests",
    params(("id" = ApiKeyId, Path, description = "The key's id"), ListRequests),
    extensions(("x-needs" = json!("api_keys.read"))),
    responses((status = 200, description = "Requests", content((Listing<RequestView> = "application/json"), (String = "text/csv")))))]
pub async fn requests(
    can: Can<ApiKeysRead>,
    State(app): State<App>,
    Path(id): Path<ApiKeyId>,
    headers: HeaderMap,
    Query(query): Query<ListRequests>,
) -> Result<Response, Problem> {
    let key = history::key_in_sight(&app, &can, id).await?;
    let window = Window::read(None, query.limit, query.cursor.as_deref(), SORT, SortedBy::Number)?;
    let mut checks = Checks::default();
    let filters = filters(id, &query, &mut checks);
    let to = query.to.unwrap_or_else(|| history::end_of(app.now()));
    let period = Period::read(query.from.unwrap_or(key.created_at), to, &mut checks);
    checks.done()?;
    let wanted = RowsQuestion {
        workspace: key.workspace,
        from_ms: period.from_ms,
        until_ms: period.until_ms,
        filters,
        robots: Robots::Include,
        after: after(&window.start),
        limit: window.limit as usize,
    };
    if csv::is_wanted(query.format, &headers) {
        return Ok(as_csv(app, wanted));
    }
    let count = question(key.workspace, period, wanted.filters.clone(), Vec::new(), 1);
    let total = ask(&app, count).await?.total.unwrap_or_default().count;
    let found = request_rows(&app, wanted).await?;
    let meta = Meta {
        total,
        page: matches!(window.start, Start::Page(_)).then_some(1),
        limit: window.limit,
        next_cursor: found.next.map(|next| cursor(next).to_text()),
    };
    Ok(Json(Listing { data: found.rows.into_iter().map(view).collect(), meta }).into_response())
}

fn filters(id: ApiKeyId, query: &ListRequests, checks: &mut Checks) -> Vec<Filter> {
    let mut filters = vec![of_key(id)];
    let mut add = |dimension, values: Option<Vec<FilterValue>>| {
        filters.extend(values.map(|values| Filter { dimension, values, is_negated: false }));
    };
    let words = |text: &str| text.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>();
    let statuses = query.status.as_deref().and_then(|text| checks.keep("status", statuses(&words(text))));
    add(Dimension::Status, statuses);
    let methods = query.method.as_deref().and_then(|text| checks.keep("method", methods(&words(text))));
    add(Dimension::Method, methods);
    let routes = query.route.as_deref().map(words);
    add(Dimension::Route, routes.map(|routes| routes.into_iter().map(FilterValue::Text).collect()));
    filters
}

fn statuses(words: &[String]) -> Result<Vec<FilterValue>, Wrong> {
    let mut values = Vec::new();
    for word in words {
        let (first, count) = match word.strip_suffix("xx") {
            Some(kind) => (kind.parse::<u64>().unwrap_or_default().saturating_mul(100), 100),
            None => (word.parse().unwrap_or_default(), 1),
        };
        if !(100..=599).contains(&first) {
            return Err(Wrong::new("format", "statuses like 404, or kinds of them like 4xx, by comma"));
        }
        values.extend((first..first + count).map(FilterValue::Number));
    }
    Ok(values)
}

fn methods(words: &[String]) -> Result<Vec<FilterValue>, Wrong> {
    let known =
        |word: &String| Method::ALL.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(word));
    let value = |word| {
        let method = known(word).ok_or_else(|| {
            Wrong::new("choice", "one or more of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        });
        method.map(|method| FilterValue::Text(method.as_str().to_owned()))
    };
    words.iter().map(value).collect()
}

fn view(row: RequestRow<String>) -> RequestView {
    let known = |text: String| (!text.is_empty()).then_some(text);
    RequestView {
        id: row.id,
        at: from_millis(row.at_ms),
        method: row.method.as_str(),
        route: row.route,
        class: row.class.as_str(),
        status: row.status,
        latency_ms: f64::from(row.latency_us) / 1_000.0,
        address: known(row.address),
        country: known(row.country),
        user_agent: row.user_agent,
        secret_id: row.secret,
    }
}

/// A place in the store's order, in the form that all lists share.
fn cursor(next: RowCursor) -> Cursor {
    let place = u128::from(next.digest) << 32 | u128::from(next.given);
    Cursor { s: SORT.into(), v: CursorValue::Number(next.at_ms), i: Uuid::from_u128(place) }
}

fn after(start: &Start) -> Option<RowCursor> {
    let Start::After(Cursor { v: CursorValue::Number(at_ms), i, .. }) = start else { return None };
    let place = i.as_u128();
    let digest = u64::try_from((place >> 32) & u128::from(u64::MAX)).unwrap_or_default();
    let given = u32::try_from(place & u128::from(u32::MAX)).unwrap_or_default();
    Some(RowCursor { at_ms: *at_ms, digest, given })
}

const HEAD: &[&str] = &[
    "id",
    "at",
    "method",
    "route",
    "class",
    "status",
    "latency_ms",
    "address",
    "country",
    "user_agent",
    "secret_id",
];

fn as_csv(app: App, wanted: RowsQuestion) -> Response {
    csv::stream("requests.csv", HEAD, move |from: Option<RowCursor>| {
        let app = app.clone();
        let after = from.or(wanted.after);
        let wanted = RowsQuestion { after, limit: RowsQuestion::LIMIT_MAX, ..wanted.clone() };
        async move {
            let found = request_rows(&app, wanted).await?;
            Ok((found.rows.into_iter().map(view).map(cells).collect(), found.next))
        }
    })
}

fn cells(view: RequestView) -> Vec<String> {
    vec![
        view.id.to_string(),
        view.at.to_string(),
        view.method.to_owned(),
        view.route,
        view.class.to_owned(),
        view.status.to_string(),
        view.latency_ms.to_string(),
        view.address.unwrap_or_default(),
        view.country.unwrap_or_default(),
        view.user_agent,
        view.secret_id.to_string(),
    ]
}
