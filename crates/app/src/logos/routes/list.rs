//! `GET /v1/logos`: the workspace's logos.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::LogoView;
use crate::App;
use crate::http::auth::{Can, TemplatesRead};
use crate::http::extract::Query;
use crate::http::page::{Listing, SortedBy, Window};
use crate::logos::{self, store};
use crate::problem::Problem;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Parameters {
    /// From 1 to 10000.
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<i64>,
    /// From 1 to 100; 20 if absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `meta.next_cursor` of the answer before. Instead of `page`.
    cursor: Option<String>,
}

/// List logos
///
/// Newest first.
#[utoipa::path(get, path = "/v1/logos", tag = "QR codes", operation_id = "listLogos",
    params(Parameters),
    extensions(("x-needs" = json!("templates.read"))),
    responses((status = 200, description = "Logos", body = Listing<LogoView>)))]
pub(super) async fn list(
    can: Can<TemplatesRead>,
    State(app): State<App>,
    Query(wanted): Query<Parameters>,
) -> Result<Response, Problem> {
    let window =
        Window::read(wanted.page, wanted.limit, wanted.cursor.as_deref(), store::SORT, SortedBy::Number)?;
    let (total, logos) = logos::list(&app, can.workspace(), &window).await?;
    Ok(window.list(total, logos, store::cursor_of, |logo| LogoView::new(&app, logo)).into_response())
}
