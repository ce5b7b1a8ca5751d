//! The endpoints of workspaces, members and invitations.

mod accept;
mod invitations;
mod members;
mod operator;
mod reset_link;
mod workspace;
mod workspaces;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(workspaces::list, workspaces::open))
        .routes(routes!(workspace::read, workspace::change, workspace::put))
        .routes(routes!(operator::list))
        .routes(routes!(operator::change, operator::put))
        .routes(routes!(members::list))
        .routes(routes!(members::change, members::put, members::remove))
        .routes(routes!(reset_link::make))
        .routes(routes!(invitations::create, invitations::list))
        .routes(routes!(invitations::delete))
        .routes(routes!(accept::accept))
}
