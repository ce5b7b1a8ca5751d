//! The endpoints of links, one file each.

mod archive;
mod change;
mod create;
mod delete;
mod duplicate;
mod list;
mod pause;
mod read;
mod resume;
mod tags;
mod unarchive;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create, list::list))
        .routes(routes!(read::read, change::change, change::put, delete::delete))
        .routes(routes!(pause::pause))
        .routes(routes!(resume::resume))
        .routes(routes!(archive::archive))
        .routes(routes!(unarchive::unarchive))
        .routes(routes!(duplicate::duplicate))
        .routes(routes!(tags::tags))
}
