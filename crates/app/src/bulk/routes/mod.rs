//! The endpoints of bulk, one file each.

mod cancel;
mod create;
mod delete;
mod events;
mod files;
mod images;
mod list;
mod open;
mod read;
mod start;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create))
        .routes(routes!(open::open, list::list))
        .routes(routes!(read::read, delete::delete))
        .routes(routes!(events::events))
        .routes(routes!(start::start))
        .routes(routes!(cancel::cancel))
        .routes(routes!(files::report))
        .routes(routes!(files::result))
        .routes(routes!(images::images))
}
