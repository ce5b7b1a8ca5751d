//! The endpoint of what a workspace may use; what its keys may is with the keys.

mod limits;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(limits::limits))
}
