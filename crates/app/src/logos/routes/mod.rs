//! The endpoints of logos, one file each. Deleting one asks who uses it, and stands with the codes.

mod create;
mod image;
mod list;
mod read;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create, list::list))
        .routes(routes!(read::read))
        .routes(routes!(image::image))
}
