//! The endpoints of templates, one file each. Applying one changes codes, and stands with them.

mod answer;
mod change;
mod create;
mod delete;
mod duplicate;
mod list;
mod presets;
mod read;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create::create, list::list))
        .routes(routes!(presets::presets))
        .routes(routes!(read::read, change::change, change::put, delete::delete))
        .routes(routes!(duplicate::duplicate))
}
