//! `GET /v1/audit`: who changed what in this workspace, newest first.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_types::{AuditId, WorkspaceId};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::audit::{self, Row, Wanted};
use crate::http::auth::{AuditRead, Can};
use crate::http::csv::{self, Format};
use crate::http::extract::Query;
use crate::http::page::{Cursor, CursorValue, Listing, SortedBy, Start, Window};
use crate::problem::Problem;

const SORT: &str = "-seq";

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAudit {
    /// `api_key.rotated` and its like; several by comma.
    #[serde(default)]
    #[param(example = "api_key.created,api_key.revoked")]
    action: Option<String>,
    /// The id of what was changed; several by comma.
    #[serde(default)]
    target: Option<String>,
    /// Who did it: the id of a person or key, or `operator` or `visitor`; several by comma.
    #[serde(default)]
    #[param(example = "usr_01jd8qd4vkf4ktabjqvqxgqzne")]
    actor: Option<String>,
    /// From this moment on.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this moment.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
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

/// One change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditRow)]
pub struct RowView {
    pub id: AuditId,
    /// Counts up without gaps within the workspace.
    #[schema(examples(42))]
    pub seq: i64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who: `type` is `api_key`, `user`, `visitor` or `operator`.
    #[schema(value_type = Object, examples(json!({"type": "user", "id": "usr_01jd8qd4vkf4ktabjqvqxgqzne", "name": "ada@example.com"})))]
    pub actor: Value,
    #[schema(examples("api_key.rotated"))]
    pub action: String,
    /// The id of what was changed.
    #[schema(examples("key_01jd8qd4vkf4ktabjqvqxgqzne"))]
    pub target: String,
    #[schema(examples("203.0.113.9"))]
    pub address: Option<String>,
    pub request_id: Option<String>,
    /// The fields that changed, before and after; never a secret.
    #[schema(value_type = Object)]
    pub change: Value,
}

/// Read the audit log
///
/// Every change in this workspace, newest first. Rows are chained by keyed hashes; `tessera audit verify` on
/// the server proves that none was altered.
#[utoipa::path(get, path = "/v1/audit", tag = "Audit", operation_id = "listAudit",
    params(ListAudit),
    extensions(("x-needs" = json!("audit.read"))),
    responses((status = 200, description = "Changes", content((Listing<RowView> = "application/json"), (String = "text/csv")))))]
pub async fn list(
    can: Can<AuditRead>,
    State(app): State<App>,
    headers: HeaderMap,
    Query(query): Query<ListAudit>,
) -> Result<Response, Problem> {
    let window = Window::read(query.page, query.limit, query.cursor.as_deref(), SORT, SortedBy::Number)?;
    let wanted = Wanted {
        actions: by_comma(query.action.as_deref()),
        targets: by_comma(query.target.as_deref()),
        actors: by_comma(query.actor.as_deref()),
        from: query.from,
        to: query.to,
    };
    if csv::is_wanted(query.format, &headers) {
        return Ok(as_csv(app, can.workspace(), wanted));
    }
    let total = audit::count(&app, can.workspace(), &wanted).await?;
    let rows = audit::list(&app, can.workspace(), &wanted, &window).await?;
    Ok(window.list(total, rows, cursor, view).into_response())
}

fn by_comma(text: Option<&str>) -> Vec<String> {
    text.into_iter().flat_map(|text| text.split(',')).map(|word| word.trim().to_owned()).collect()
}

fn cursor(row: &Row) -> Cursor {
    Cursor { s: SORT.into(), v: CursorValue::Number(row.seq), i: row.id.uuid() }
}

fn view(row: Row) -> RowView {
    let Row { id, seq, at, actor, action, target, address, request_id, change } = row;
    RowView { id, seq, at, actor, action, target, address, request_id, change }
}

const HEAD: &[&str] = &["seq", "at", "actor", "action", "target", "address", "request_id", "change"];

fn as_csv(app: App, workspace: WorkspaceId, wanted: Wanted) -> Response {
    csv::stream("audit.csv", HEAD, move |from| {
        let (app, wanted) = (app.clone(), wanted.clone());
        async move {
            let window = Window { limit: csv::BATCH_ROWS, start: from.map_or(Start::Page(1), Start::After) };
            let mut rows = audit::list(&app, workspace, &wanted, &window).await?;
            let has_more = rows.len() > window.limit as usize;
            rows.truncate(window.limit as usize);
            let next = rows.last().filter(|_| has_more).map(cursor);
            let cells = |row: Row| {
                let optional = Option::unwrap_or_default;
                let (actor, change) = (row.actor.to_string(), row.change.to_string());
                let (address, request) = (optional(row.address), optional(row.request_id));
                vec![
                    row.seq.to_string(),
                    row.at.to_string(),
                    actor,
                    row.action,
                    row.target,
                    address,
                    request,
                    change,
                ]
            };
            Ok((rows.into_iter().map(cells).collect(), next))
        }
    })
}
