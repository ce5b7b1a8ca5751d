//! `GET /v1/qr-codes`: the workspace's codes, by page, by cursor, or all of them as CSV.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use tessera_types::{Timestamp, WorkspaceId};

use super::view::QrCodeView;
use crate::App;
use crate::http::auth::{Can, QrRead};
use crate::http::csv;
use crate::http::extract::Query;
use crate::http::page::{Listing, Start, Window};
use crate::problem::Problem;
use crate::qr::listing::{Parameters, Wanted, grade_name};
use crate::qr::{self, store};

/// List QR codes
///
/// Newest first, unless `sort` says otherwise; archived codes only if `status` asks for them. With `format=csv` or
/// `Accept: text/csv` everything that matches comes as one file.
#[utoipa::path(get, path = "/v1/qr-codes", tag = "QR codes", operation_id = "listQrCodes",
    params(Parameters),
    extensions(("x-needs" = json!("qr.read"))),
    responses((status = 200, description = "Codes", content((Listing<QrCodeView> = "application/json"), (String = "text/csv")))))]
pub(super) async fn list(
    can: Can<QrRead>,
    State(app): State<App>,
    headers: HeaderMap,
    Query(parameters): Query<Parameters>,
) -> Result<Response, Problem> {
    let format = parameters.format;
    let (wanted, window) = parameters.parse(&app)?;
    if csv::is_wanted(format, &headers) {
        return Ok(as_csv(app, can.workspace(), wanted));
    }
    let (total, codes) = qr::list(&app, can.workspace(), &wanted, &window).await?;
    let cursor = |made: &qr::Made| store::cursor_of(wanted.sort, &made.code);
    let page = window.list(total, codes, cursor, |made| QrCodeView::new(&app, made));
    let data = page.data.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(Listing { data, meta: page.meta }.into_response())
}

const HEAD: &[&str] = &[
    "id",
    "name",
    "kind",
    "status",
    "type",
    "data",
    "destination_url",
    "short_url",
    "alias",
    "domain",
    "link_id",
    "link_status",
    "scans",
    "clicks",
    "last_clicked_at",
    "last_scanned_at",
    "verdict",
    "score",
    "tags",
    "image_url",
    "created_by",
    "created_at",
    "updated_at",
    "archived_at",
];

fn as_csv(app: App, workspace: WorkspaceId, wanted: Wanted) -> Response {
    csv::stream("qr-codes.csv", HEAD, move |from| {
        let (app, wanted) = (app.clone(), wanted.clone());
        async move {
            let window = Window { limit: csv::BATCH_ROWS, start: from.map_or(Start::Page(1), Start::After) };
            let mut codes = store::list(app.db.read(), workspace, &wanted, &window).await?;
            let has_more = codes.len() > window.limit as usize;
            codes.truncate(window.limit as usize);
            let next = codes.last().filter(|_| has_more).map(|code| store::cursor_of(wanted.sort, code));
            let made = qr::with_links(&app, workspace, codes).await?;
            let rows = made.into_iter().map(|made| Ok(row(QrCodeView::new(&app, made)?)));
            Ok((rows.collect::<Result<_, Problem>>()?, next))
        }
    })
}

fn row(view: QrCodeView) -> Vec<String> {
    let time = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    let count = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
    vec![
        view.id.to_string(),
        view.name,
        view.kind.as_str().to_owned(),
        view.status.as_str().to_owned(),
        view.payload.kind().as_str().to_owned(),
        view.data,
        view.destination_url.unwrap_or_default(),
        view.short_url.unwrap_or_default(),
        view.alias.unwrap_or_default(),
        view.domain.unwrap_or_default(),
        view.link_id.map_or_else(String::new, |id| id.to_string()),
        view.link_status.map_or_else(String::new, |status| status.as_str().to_owned()),
        count(view.scans),
        count(view.clicks),
        time(view.last_clicked_at),
        time(view.last_scanned_at),
        grade_name(view.verdict.verdict).to_owned(),
        view.verdict.score.to_string(),
        view.tags.join(","),
        view.image_url,
        view.created_by,
        view.created_at.to_string(),
        view.updated_at.to_string(),
        time(view.archived_at),
    ]
}
