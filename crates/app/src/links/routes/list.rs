//! `GET /v1/links`: the workspace's links, by page, by cursor, or all of them as CSV.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use tessera_types::{Timestamp, WorkspaceId};

use super::view::LinkView;
use crate::App;
use crate::http::auth::{Can, LinksRead};
use crate::http::csv;
use crate::http::extract::Query;
use crate::http::page::{Listing, Start, Window};
use crate::links::listing::{Parameters, Wanted};
use crate::links::{self, store};
use crate::problem::Problem;

/// List links
///
/// Newest first, unless `sort` says otherwise; archived links only if `status` asks for them. With
/// `format=csv` or `Accept: text/csv` everything that matches comes as one file.
#[utoipa::path(get, path = "/v1/links", tag = "Links", operation_id = "listLinks",
    params(Parameters),
    extensions(("x-needs" = json!("links.read"))),
    responses((status = 200, description = "Links", content((Listing<LinkView> = "application/json"), (String = "text/csv")))))]
pub(super) async fn list(
    can: Can<LinksRead>,
    State(app): State<App>,
    headers: HeaderMap,
    Query(parameters): Query<Parameters>,
) -> Result<Response, Problem> {
    let format = parameters.format;
    let (wanted, window) = parameters.parse(&app.links)?;
    if csv::is_wanted(format, &headers) {
        return Ok(as_csv(app, can.workspace(), wanted).await);
    }
    let (total, links) = links::list(&app, can.workspace(), &wanted, &window).await?;
    let cursor = |link: &_| store::cursor_of(wanted.sort, link);
    Ok(window.list(total, links, cursor, |link| LinkView::new(&app, link)).into_response())
}

const HEAD: &[&str] = &[
    "id",
    "short_url",
    "destination_url",
    "alias",
    "domain",
    "title",
    "tags",
    "status",
    "clicks",
    "last_clicked_at",
    "last_scanned_at",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "redirect_status",
    "starts_at",
    "expires_at",
    "max_clicks",
    "has_password",
    "created_by",
    "created_at",
    "updated_at",
    "landing",
    "qr_code_id",
    "scans",
];

async fn as_csv(app: App, workspace: WorkspaceId, wanted: Wanted) -> Response {
    // Once and not for every batch; and what is active or expired is judged by one moment throughout.
    links::settle_clicks(&app, &wanted).await;
    let now = app.now();
    csv::stream("links.csv", HEAD, move |from| {
        let (app, wanted) = (app.clone(), wanted.clone());
        async move {
            let window = Window { limit: csv::BATCH_ROWS, start: from.map_or(Start::Page(1), Start::After) };
            let mut links = store::list(app.db.read(), workspace, &wanted, now, &window).await?;
            let has_more = links.len() > window.limit as usize;
            links.truncate(window.limit as usize);
            let next = links.last().filter(|_| has_more).map(|link| store::cursor_of(wanted.sort, link));
            Ok((links.into_iter().map(|link| row(LinkView::new(&app, link))).collect(), next))
        }
    })
}

fn row(view: LinkView) -> Vec<String> {
    let time = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    vec![
        view.id.to_string(),
        view.short_url,
        view.destination_url.unwrap_or_default(),
        view.alias,
        view.domain,
        view.title.unwrap_or_default(),
        view.tags.join(","),
        view.status.as_str().to_owned(),
        view.clicks.to_string(),
        time(view.last_clicked_at),
        time(view.last_scanned_at),
        view.utm_source.unwrap_or_default(),
        view.utm_medium.unwrap_or_default(),
        view.utm_campaign.unwrap_or_default(),
        view.utm_term.unwrap_or_default(),
        view.utm_content.unwrap_or_default(),
        view.redirect_status.to_string(),
        time(view.starts_at),
        time(view.expires_at),
        view.max_clicks.map_or_else(String::new, |max| max.to_string()),
        view.has_password.to_string(),
        view.created_by,
        view.created_at.to_string(),
        view.updated_at.to_string(),
        view.landing.unwrap_or_default().to_owned(),
        view.qr_code_id.map_or_else(String::new, |code| code.to_string()),
        view.scans.to_string(),
    ]
}
