//! `GET /v1/notices`: what somebody should know about the workspace's keys, newest first.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_types::{ApiKeyId, NoticeId, WorkspaceId};
use utoipa::{IntoParams, ToSchema};

use super::list::visibility;
use crate::App;
use crate::http::auth::{ApiKeysRead, Can};
use crate::http::csv::{self, Format};
use crate::http::extract::Query;
use crate::http::page::{Listing, SortedBy, Start, Window};
use crate::keys::notices::Kind;
use crate::keys::store::notices::{self as store, Named, Wanted};
use crate::problem::{Checks, Problem, Wrong};

const SORT: &str = "-at";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListNotices {
    /// `api_key.expiring`, `api_key.unused`, `api_key.limit_reached`; several by comma. Absent: all.
    #[serde(default)]
    #[param(example = "api_key.expiring,api_key.unused")]
    kind: Option<String>,
    /// Of this key only.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    api_key_id: Option<String>,
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

/// Something to know about a key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeView {
    pub id: NoticeId,
    /// `api_key.expiring`: it ends within 7 days. `api_key.unused`: nobody used it for 30 days.
    /// `api_key.limit_reached`: it was refused by a limit, for the first time in this day or month.
    #[schema(examples("api_key.limit_reached"))]
    pub kind: &'static str,
    pub api_key_id: ApiKeyId,
    /// As it is called now.
    #[schema(examples("CI/CD Pipeline"))]
    pub api_key_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `expires_at`; or `last_used_at`; or `window`, `quota`, `limit_of` (`plan`, `api_key`) and `class`.
    #[schema(value_type = Object, examples(json!({"window": "day", "quota": 1000, "limit_of": "plan", "class": null})))]
    pub detail: Value,
}

/// List notices
///
/// Keys that expire soon, are not used any more, or ran into a limit: each told once, newest first, kept for 90 days.
#[utoipa::path(get, path = "/v1/notices", tag = "API keys", operation_id = "listNotices",
    params(ListNotices),
    extensions(("x-needs" = json!("api_keys.read"))),
    responses((status = 200, description = "Notices", content((Listing<NoticeView> = "application/json"), (String = "text/csv")))))]
pub async fn list(
    can: Can<ApiKeysRead>,
    State(app): State<App>,
    headers: HeaderMap,
    Query(query): Query<ListNotices>,
) -> Result<Response, Problem> {
    let window = Window::read(query.page, query.limit, query.cursor.as_deref(), SORT, SortedBy::Number)?;
    let mut checks = Checks::default();
    let kinds = checks.keep("kind", kinds(query.kind.as_deref())).unwrap_or_default();
    let key =
        query.api_key_id.as_deref().map(|text| text.parse().map_err(|_| Wrong::new("format", "a key's id")));
    let key = key.and_then(|key| checks.keep("api_key_id", key));
    checks.done()?;
    let wanted = Wanted { kinds, key, visible_to: visibility(&can) };
    if csv::is_wanted(query.format, &headers) {
        return Ok(as_csv(app, can.workspace(), wanted));
    }
    let total = store::count(&app, can.workspace(), &wanted).await?;
    let notices = store::list(&app, can.workspace(), &wanted, &window).await?;
    Ok(window.list(total, notices, Named::cursor, view).into_response())
}

fn kinds(text: Option<&str>) -> Result<Vec<Kind>, Wrong> {
    let words = text.into_iter().flat_map(|text| text.split(','));
    words
        .map(|word| {
            let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == word.trim());
            kind.ok_or_else(|| {
                Wrong::new("choice", "one or more of api_key.expiring, api_key.unused, api_key.limit_reached")
            })
        })
        .collect()
}

fn view(Named { notice, name }: Named) -> NoticeView {
    NoticeView {
        id: notice.id,
        kind: notice.kind,
        api_key_id: notice.key,
        api_key_name: name,
        at: notice.at,
        detail: notice.detail,
    }
}

const HEAD: &[&str] = &["id", "at", "kind", "api_key_id", "api_key_name", "detail"];

fn as_csv(app: App, workspace: WorkspaceId, wanted: Wanted) -> Response {
    csv::stream("notices.csv", HEAD, move |from| {
        let (app, wanted) = (app.clone(), wanted.clone());
        async move {
            let start = from.map_or(Start::Page(1), Start::After);
            let window = Window { limit: csv::BATCH_ROWS, start };
            let mut notices = store::list(&app, workspace, &wanted, &window).await?;
            let has_more = notices.len() > window.limit as usize;
            notices.truncate(window.limit as usize);
            let next = notices.last().filter(|_| has_more).map(Named::cursor);
            Ok((notices.into_iter().map(view).map(row).collect(), next))
        }
    })
}

fn row(view: NoticeView) -> Vec<String> {
    vec![
        view.id.to_string(),
        view.at.to_string(),
        view.kind.to_owned(),
        view.api_key_id.to_string(),
        view.api_key_name,
        view.detail.to_string(),
    ]
}
