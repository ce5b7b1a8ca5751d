//! Workspaces.
pub mod routes;
