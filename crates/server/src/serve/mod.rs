//! `tessera serve`: from a closed port to answers, and back without losing one.
//!
//! The order of the end: no new connections, requests in flight finish, the log is folded, the database closes.

mod body;
mod chores;
mod connection;
mod greeting;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tessera_app::App;
use tessera_app::http::Front;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::background::Background;
use crate::cli::Serve;
use crate::data::DataDirectory;
use crate::ending::{Ending, Failure};
use crate::{log, open, output};
use body::Timely;
use connection::Door;

pub(crate) async fn serve(args: Serve) -> Result<Ending, Failure> {
    let flag = args.listen.map(|listen| ("--listen", "server.listen", listen));
    let mut settings = open::settings(&args.place, flag.into_iter().collect())?;
    log::begin(&settings.log)?;
    let tls = tls::acceptor(&settings.server)?;
    let data = DataDirectory::create(&args.place.data)?;
    let _lock = data.lock()?;
    let listener = bind(settings.server.listen).await?;
    // With port 0 the real one is known only now, and short links are made from it.
    settings.server.listen = listener.local_addr().map_err(Failure::failed)?;
    let background = Background::begin()?;
    let app = open::app(settings, &data, open::Role::Server(&background)).await?;
    let metrics = metrics_listener(&app).await?;
    let mut signals = Signals::new()?;

    let front = Arc::new(Front::with_dashboard(app.clone(), crate::dashboard::dashboard()));
    let settings = app.settings.clone();
    let main = Door::new(&app.settings.server, tls).open(listener, move |request, peer| {
        let front = front.clone();
        let limit = tessera_app::http::arrival_time_max(&settings, request.method(), request.uri().path());
        let request = request.map(|body| Timely::new(body, limit));
        async move { front.answer(request, peer).await }
    });
    let beside = metrics.map(|listener| {
        let app = app.clone();
        // Scrapers come from within: no TLS, and connections of their own, so that a crowd cannot shut them out.
        Door::new(&app.settings.server, None).open(listener, move |request, _| {
            let answer = metrics_answer(&app, request.uri().path());
            async move { answer }
        })
    });
    let chores = chores::begin(&app);
    output::say(&greeting::text(&app, &args.place.data).await?)?;

    signals.next().await;
    tracing::info!("shutting down");
    app.hang_up();
    let patience = Duration::from_secs(app.settings.server.shutdown_seconds_max);
    tokio::select! {
        () = main.close(patience) => {}
        () = signals.again() => tracing::warn!("asked twice: not waiting for requests in flight"),
    }
    if let Some(beside) = beside {
        beside.close(Duration::ZERO).await;
    }
    chores.end().await;
    finish(&app).await
}

/// Counts what the event log holds, so that the next start has nothing to catch up on.
async fn finish(app: &App) -> Result<Ending, Failure> {
    let flushed = app.flush().await;
    let sealed = app.seal().await;
    app.db.clone().close().await;
    flushed
        .map_err(|error| Failure::failed(format!("the last clicks and uses were not counted ({error}); they are in the event log and will be at the next start")))?;
    if let Err(error) = sealed {
        tracing::warn!(%error, "events stay in the log; the next start brings them to their segments");
    }
    tracing::info!("stopped");
    Ok(Ending::Good)
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::failed(format!("cannot listen on {address}: {error}")))
}

async fn metrics_listener(app: &App) -> Result<Option<TcpListener>, Failure> {
    match app.settings.metrics.listen.as_str() {
        "" => Ok(None),
        address => Ok(Some(bind(address.parse().map_err(Failure::usage)?).await?)),
    }
}

fn metrics_answer(app: &App, path: &str) -> axum::response::Response {
    use axum::response::IntoResponse;
    match path {
        "/metrics" => tessera_app::http::metrics_text(app),
        _ => http::StatusCode::NOT_FOUND.into_response(),
    }
}

/// What an operator or a terminal sends to end the process.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(Failure::failed);
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// Asked once more, by somebody who does not want to wait. `timeout` and terminals signal a process and then
    /// its group: what comes within a second is the same request.
    async fn again(&mut self) {
        let echoes = async {
            loop {
                self.next().await;
            }
        };
        let _: Result<(), _> = tokio::time::timeout(Duration::from_secs(1), echoes).await;
        self.next().await;
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
