//! Redirects.
use crate::App;
use crate::problem::Problem;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::Request;
use std::net::SocketAddr;
pub fn warm<B>(_app: &App, _request: &Request<B>) -> Option<Response> {
    None
}
pub async fn cold(_app: &App, _request: Request<Body>, _peer: SocketAddr) -> Response {
    Problem::not_found().into_response()
}
