//! `GET /v1/templates`: the workspace's templates.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::App;
use crate::fields::search;
use crate::http::auth::{Can, TemplatesRead};
use crate::http::extract::Query;
use crate::http::page::{Listing, SortedBy, Window};
use crate::problem::{Checks, Problem};
use crate::templates::model::Wanted;
use crate::templates::view::TemplateView;
use crate::templates::{self, store};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Parameters {
    /// Finds this anywhere in the name, whatever its case.
    #[param(max_length = 200)]
    search: Option<String>,
    /// From 1 to 10000.
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<i64>,
    /// From 1 to 100; 20 if absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `meta.next_cursor` of the answer before. Instead of `page`.
    cursor: Option<String>,
}

/// List templates
///
/// Newest first.
#[utoipa::path(get, path = "/v1/templates", tag = "QR codes", operation_id = "listTemplates",
    params(Parameters),
    extensions(("x-needs" = json!("templates.read"))),
    responses((status = 200, description = "Templates", body = Listing<TemplateView>)))]
pub(super) async fn list(
    can: Can<TemplatesRead>,
    State(app): State<App>,
    Query(asked): Query<Parameters>,
) -> Result<Response, Problem> {
    let mut checks = Checks::default();
    let search = checks.keep("search", search(asked.search)).flatten();
    checks.done()?;
    let window =
        Window::read(asked.page, asked.limit, asked.cursor.as_deref(), store::SORT, SortedBy::Number)?;
    let (total, list) = templates::list(&app, can.workspace(), &Wanted { search }, &window).await?;
    Ok(window.list(total, list, store::cursor_of, TemplateView::from).into_response())
}
