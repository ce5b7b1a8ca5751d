//! The endpoints of QR codes, one file each; and those of templates, logos and links that draw codes or ask about them.

mod archive;
mod change;
mod create;
mod delete;
mod delete_logo;
mod duplicate;
mod image;
mod link_image;
mod list;
mod read;
mod render;
mod template;
mod unarchive;
mod verdict;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create, list::list))
        .routes(routes!(render::render))
        .routes(routes!(verdict::of_design))
        .routes(routes!(read::read, change::change, change::put, delete::delete))
        .routes(routes!(archive::archive))
        .routes(routes!(unarchive::unarchive))
        .routes(routes!(duplicate::duplicate))
        .routes(routes!(verdict::of_code))
        .routes(routes!(template::save))
        .routes(routes!(template::apply))
        .routes(routes!(delete_logo::delete))
        .merge(image::routes())
        .merge(link_image::routes())
}
