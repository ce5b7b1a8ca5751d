//! The endpoints of analytics, one file each.

mod domain;
mod erase;
mod events;
mod link;
mod live;
mod operator;
mod scans;
mod tag;
mod view;
mod workspace;

use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Subject;
use super::parameters::{Format, Parameters, Takes};
use crate::App;
use crate::http::csv;
use crate::problem::{Checks, Problem};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(workspace::workspace))
        .routes(routes!(link::link))
        .routes(routes!(scans::scans))
        .routes(routes!(domain::domain))
        .routes(routes!(tag::tag))
        .routes(routes!(operator::deployment))
        .routes(routes!(events::list))
        .routes(routes!(erase::erase))
        .routes(routes!(live::live))
}

/// The report that the parameters ask for, as JSON or CSV.
async fn answer<T: Takes>(
    app: &App,
    subject: &Subject,
    headers: &HeaderMap,
    parameters: &Parameters<T>,
) -> Result<Response, Problem> {
    let timezone = match subject.workspace() {
        Some(workspace) => super::timezone(app, workspace).await?,
        None => "UTC".to_owned(),
    };
    let mut checks = Checks::default();
    let format = parameters.format(&mut checks, &[(Format::Json, "json"), (Format::Csv, "csv")]);
    let wanted = parameters.report(checks, subject.reach(), &timezone, app.now())?;
    let report = super::report(app, subject, wanted).await?;
    if format == Some(Format::Csv) || (format.is_none() && csv::is_wanted(None, headers)) {
        let (head, rows) = report.table();
        return Ok(csv::stream("analytics.csv", head, move |_: Option<()>| {
            let rows = rows.clone();
            async move { Ok((rows, None)) }
        }));
    }
    Ok(axum::Json(report).into_response())
}
