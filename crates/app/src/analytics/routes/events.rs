//! `GET /v1/events`: single clicks, newest first, by cursor; or all that match as CSV or Parquet.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use tessera_events::RowsQuestion;

use super::view::{ClickView, HEAD};
use crate::analytics::clicks;
use crate::analytics::parameters::{Format, OfRows, Parameters};
use crate::http::auth::{Can, EventsRead};
use crate::http::csv;
use crate::http::extract::Query;
use crate::http::page::{Listing, Meta};
use crate::problem::Problem;
use crate::{App, events};

/// List clicks
///
/// Single clicks, newest first, a page at a time: give `meta.next_cursor` back as `cursor` for what follows. With
/// `format=csv` or `format=parquet` everything that matches comes as one file; a Parquet file is sorted by link and time.
/// Robots are left out unless `robots` asks for them.
#[utoipa::path(get, path = "/v1/events", tag = "Analytics", operation_id = "listEvents",
    params(Parameters<OfRows>),
    extensions(("x-needs" = json!("events.read")), ("x-errors" = json!(["request_timeout", "conflict"]))),
    responses((status = 200, description = "Clicks", content((Listing<ClickView> = "application/json"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.apache.parquet")))))]
pub(super) async fn list(
    can: Can<EventsRead>,
    State(app): State<App>,
    headers: HeaderMap,
    Query(parameters): Query<Parameters<OfRows>>,
) -> Result<Response, Problem> {
    let wanted = clicks::wanted(&app, can.workspace(), &parameters).await?;
    match wanted.format {
        Some(Format::Parquet) => as_parquet(&app, wanted.rows).await,
        Some(Format::Csv) => Ok(as_csv(app, wanted.rows)),
        None if csv::is_wanted(None, &headers) => Ok(as_csv(app, wanted.rows)),
        None | Some(Format::Json) => {
            let total = clicks::count(&app, &wanted.rows).await?;
            let limit = u32::try_from(wanted.rows.limit).unwrap_or(u32::MAX);
            let page = events::click_rows(&app, wanted.rows).await?;
            let next_cursor = page.next.as_ref().map(clicks::cursor_text);
            let data: Vec<ClickView> = page.rows.into_iter().map(ClickView::from).collect();
            Ok(Listing { data, meta: Meta { total, page: None, limit, next_cursor } }.into_response())
        }
    }
}

fn as_csv(app: App, rows: RowsQuestion) -> Response {
    csv::stream("clicks.csv", HEAD, move |from| {
        let (app, rows) = (app.clone(), rows.clone());
        async move {
            let batch = RowsQuestion { after: from.or(rows.after), limit: RowsQuestion::LIMIT_MAX, ..rows };
            let page = events::click_rows(&app, batch).await?;
            Ok((page.rows.into_iter().map(|row| ClickView::from(row).cells()).collect(), page.next))
        }
    })
}

async fn as_parquet(app: &App, rows: RowsQuestion) -> Result<Response, Problem> {
    let chunks = events::export_clicks(app, rows).await?;
    let mut response = Body::from_stream(chunks.fuse()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/vnd.apache.parquet"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"clicks.parquet\""));
    Ok(response)
}
