//! The endpoints of accounts, and the pages that one-time links lead to.

mod accept_invitation;
mod cookie;
mod login;
mod logout;
mod pages;
mod password;
mod refresh;
mod sessions;
mod setup;
mod sign_up;
mod user;
mod views;

pub use pages::pages;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(setup::set_up))
        .routes(routes!(sign_up::sign_up))
        .routes(routes!(accept_invitation::accept))
        .routes(routes!(login::log_in))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::log_out))
        .routes(routes!(logout::log_out_everywhere))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(user::read, user::change, user::put))
        .routes(routes!(password::change))
        .routes(routes!(password::reset))
}
