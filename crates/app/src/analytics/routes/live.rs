//! `GET /v1/events/live`: clicks as server-sent events, each within a second of its happening.
//!
//! Whether the credential still may is asked before every event, at every heartbeat and whenever a key, a session, a
//! person or a workspace changed, so a stream never outlives what opened it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use http::HeaderValue;
use tessera_events::ClickRow;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use super::view::ClickView;
use crate::analytics::live::Ear;
use crate::analytics::parameters::{OfLive, Parameters};
use crate::http::auth::{EventsRead, Lasting};
use crate::http::extract::Query;
use crate::http::streams::Place;
use crate::problem::{Checks, Code, Problem};
use crate::{App, events};

/// Proxies close connections on which nothing moves, most of them after a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Live clicks
///
/// Server-sent events: `click` with the click as JSON, `lagged` when clicks came faster than you read and some were
/// missed, and `end` with the error when your credential ends. A comment every 15 seconds keeps the connection open. A
/// workspace listens to at most 20 streams at once.
#[utoipa::path(get, path = "/v1/events/live", tag = "Analytics", operation_id = "streamEvents",
    params(Parameters<OfLive>),
    extensions(("x-needs" = json!("events.read")), ("x-errors" = json!(["too_many_streams", "conflict"]))),
    responses((status = 200, description = "Clicks, one after the other", body = String, content_type = "text/event-stream")))]
pub(super) async fn live(
    lasting: Lasting<EventsRead>,
    State(app): State<App>,
    Query(parameters): Query<Parameters<OfLive>>,
) -> Result<Response, Problem> {
    let mut checks = Checks::default();
    let selection = parameters.selection(&mut checks);
    checks.done()?;
    let ear = Ear::new(&app, lasting.workspace(), &selection).await?;
    let place = Place::take(&app, lasting.workspace())?;
    // What was answered before is no news.
    events::catch_up(&app).await.map_err(Problem::internal)?;
    let clicks = events::listen(&app).ok_or_else(|| Problem::plain(Code::Unavailable).retry_after(1))?;
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let endings = app.endings();
    let listener = Listener { app, lasting, ear, clicks, heartbeat, endings, _place: place };
    let events = stream::unfold(Some(listener), |listener| async move {
        let mut listener = listener?;
        let (event, goes_on) = listener.next().await?;
        Some((Ok::<_, Infallible>(event), goes_on.then_some(listener)))
    });
    let mut response = Sse::new(events.fuse()).into_response();
    // A reverse proxy that collects an answer before it passes it on would hold events back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

struct Listener {
    app: App,
    lasting: Lasting<EventsRead>,
    ear: Ear,
    clicks: broadcast::Receiver<Arc<ClickRow<String>>>,
    heartbeat: Interval,
    endings: watch::Receiver<bool>,
    _place: Place,
}

impl Listener {
    /// What is sent next, and whether anything follows. `None`: the server ends.
    async fn next(&mut self) -> Option<(Event, bool)> {
        loop {
            if *self.endings.borrow_and_update() {
                return None;
            }
            let event = tokio::select! {
                received = self.clicks.recv() => match received {
                    Ok(row) if self.ear.hears(&row) => Some(click(&row)),
                    Ok(_) => continue,
                    // How many is not said: they are the whole deployment's.
                    Err(RecvError::Lagged(_)) => Some(Event::default().event("lagged").data("{}")),
                    Err(RecvError::Closed) => return None,
                },
                _ = self.heartbeat.tick() => Some(Event::default().comment("here")),
                changed = self.endings.changed() => {
                    changed.ok()?;
                    None
                }
            };
            if let Err(problem) = self.lasting.check(&self.app).await {
                return Some((end(&problem), false));
            }
            if let Some(event) = event {
                return Some((event, true));
            }
        }
    }
}

fn click(row: &ClickRow<String>) -> Event {
    let view = ClickView::from(row.clone());
    // JSON of a struct of texts and numbers has no line break and cannot fail.
    Event::default().event("click").data(serde_json::to_string(&view).unwrap_or_default())
}

fn end(problem: &Problem) -> Event {
    let told = serde_json::json!({ "code": problem.code.as_str(), "detail": problem.detail });
    Event::default().event("end").data(told.to_string())
}
