//! The endpoints of API keys, one file each.

mod change;
mod create;
mod delete;
mod expose;
mod github;
mod import;
mod limits;
mod list;
mod me;
mod notices;
mod read;
mod requests;
mod revoke;
mod rotate;
mod usage;
mod verify;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me::me))
        .routes(routes!(create::create, list::list))
        .routes(routes!(import::import))
        .routes(routes!(verify::verify))
        .routes(routes!(read::read, change::change, change::put, delete::delete))
        .routes(routes!(rotate::rotate))
        .routes(routes!(revoke::revoke))
        .routes(routes!(limits::limits))
        .routes(routes!(usage::usage))
        .routes(routes!(requests::requests))
        .routes(routes!(notices::list))
        .routes(routes!(expose::expose))
        .routes(routes!(github::report))
}
