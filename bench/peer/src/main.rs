//! The least that axum can do for a redirect: one route, one constant answer, nothing looked up.
//!
//! Runtime, allocator and socket options are those of the server, so what differs is the work.

use axum::Router;
use axum::routing::get;
use axum::serve::ListenerExt;
use http::header::{CACHE_CONTROL, LOCATION};
use http::{HeaderName, StatusCode};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As long as the destinations that `bench/stock.py` writes.
const DESTINATION: &str = "https://destination.example/landing/page-000000";

type Answer = (StatusCode, [(HeaderName, &'static str); 2]);

async fn redirect() -> Answer {
    (StatusCode::FOUND, [(LOCATION, DESTINATION), (CACHE_CONTROL, "no-store")])
}

#[expect(clippy::disallowed_methods, reason = "a program of its own, with its own command line")]
fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?.tap_io(|stream| {
            // A socket that refuses the option is as good as gone.
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, Router::new().route("/{alias}", get(redirect))).await
    })
}
