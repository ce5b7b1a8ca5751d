//! The endpoints of saved views, one file each.

mod answer;
mod change;
mod create;
mod delete;
mod list;
mod read;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create::create, list::list)).routes(routes!(
        read::read,
        change::change,
        change::put,
        delete::delete
    ))
}
