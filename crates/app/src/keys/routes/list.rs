//! `GET /v1/api-keys`: every key of the workspace, without its secret.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde::Deserialize;
use tessera_keys::KeyStatus;
use utoipa::IntoParams;

use crate::App;
use crate::caller::{Caller, Principal};
use crate::http::auth::{ApiKeysRead, Can};
use crate::http::csv::{self, Format};
use crate::http::extract::Query;
use crate::http::page::{Listing, SortedBy, Start, Window};
use crate::keys::model::{Key, KeyView};
use crate::keys::store::{self, Visibility, Wanted};
use crate::problem::{Checks, Problem, Wrong};

const SORT: &str = "-created_at";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListApiKeys {
    /// `active`, `inactive`, `revoked`, `expired`; several by comma. Absent: all.
    #[serde(default)]
    #[param(example = "active,inactive")]
    status: Option<String>,
    /// Part of the name, in any case.
    #[serde(default)]
    search: Option<String>,
    #[serde(default)]
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<i64>,
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

/// List API keys
///
/// Newest first. Another member's personal keys are seen by people, never by keys.
#[utoipa::path(get, path = "/v1/api-keys", tag = "API keys", operation_id = "listApiKeys",
    params(ListApiKeys),
    extensions(("x-needs" = json!("api_keys.read"))),
    responses((status = 200, description = "Keys", content((Listing<KeyView> = "application/json"), (String = "text/csv")))))]
pub async fn list(
    can: Can<ApiKeysRead>,
    State(app): State<App>,
    headers: HeaderMap,
    Query(query): Query<ListApiKeys>,
) -> Result<Response, Problem> {
    let window = Window::read(query.page, query.limit, query.cursor.as_deref(), SORT, SortedBy::Number)?;
    let mut checks = Checks::default();
    let statuses = checks.keep("status", statuses(query.status.as_deref())).unwrap_or_default();
    checks.done()?;
    let wanted = Wanted { statuses, search: query.search, visible_to: visibility(&can) };
    if csv::is_wanted(query.format, &headers) {
        return Ok(as_csv(app, can.workspace(), wanted));
    }
    let total = store::count_listed(&app, can.workspace(), &wanted).await?;
    let keys = store::list(&app, can.workspace(), &wanted, &window).await?;
    Ok(window.list(total, keys, Key::cursor, |key| key.view(app.now())).into_response())
}

pub(super) fn visibility(caller: &Caller) -> Visibility {
    match &caller.principal {
        Principal::Person { .. } => Visibility::Everybodys,
        Principal::Key { owner, .. } => Visibility::Own(*owner),
    }
}

fn statuses(text: Option<&str>) -> Result<Vec<KeyStatus>, Wrong> {
    let words = text.into_iter().flat_map(|text| text.split(','));
    words
        .map(|word| {
            word.trim()
                .parse()
                .map_err(|_| Wrong::new("choice", "one or more of active, inactive, revoked, expired"))
        })
        .collect()
}

const HEAD: &[&str] = &[
    "id",
    "name",
    "preview",
    "scopes",
    "status",
    "created_at",
    "expires_at",
    "last_used_at",
    "request_count",
];

fn as_csv(app: App, workspace: tessera_types::WorkspaceId, wanted: Wanted) -> Response {
    csv::stream("api-keys.csv", HEAD, move |from| {
        let (app, wanted) = (app.clone(), wanted.clone());
        async move {
            let start = from.map_or(Start::Page(1), Start::After);
            let window = Window { limit: csv::BATCH_ROWS, start };
            let mut keys = store::list(&app, workspace, &wanted, &window).await?;
            let has_more = keys.len() > window.limit as usize;
            keys.truncate(window.limit as usize);
            let next = keys.last().filter(|_| has_more).map(Key::cursor);
            Ok((keys.iter().map(|key| row(&key.view(app.now()))).collect(), next))
        }
    })
}

fn row(view: &KeyView) -> Vec<String> {
    let time = |at: Option<jiff::Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    vec![
        view.id.to_string(),
        view.name.clone(),
        view.preview.clone(),
        view.scopes.join(" "),
        view.status.to_owned(),
        view.created_at.to_string(),
        time(view.expires_at),
        time(view.last_used_at),
        view.request_count.to_string(),
    ]
}
