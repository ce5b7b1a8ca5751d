//! `GET /v1/bulk/jobs/{id}/events`: a job's progress as server-sent events.
//!
//! Whether the credential still may is asked before every event, at every heartbeat and whenever a key, a session, a
//! person or a workspace changed, so a stream never outlives what opened it.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use http::HeaderValue;
use tessera_types::BulkJobId;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use super::view::JobView;
use crate::App;
use crate::bulk;
use crate::bulk::model::Job;
use crate::http::auth::{BulkCreate, Lasting};
use crate::http::extract::Path;
use crate::http::streams::Place;
use crate::problem::Problem;

/// At most four events a second.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Looks without news after which a comment keeps the connection open: every 15 seconds.
const HEARTBEAT_LOOKS: u32 = 60;

/// Follow a bulk job
///
/// Server-sent events: `progress` with the job, at most four times a second, and `end` with its last state, or with the
/// error when your credential ends. A comment every 15 seconds keeps the connection open. It is one of the 20 live streams
/// that a workspace may listen to.
#[utoipa::path(get, path = "/v1/bulk/jobs/{id}/events", tag = "Bulk", operation_id = "streamBulkJob",
    params(("id" = BulkJobId, Path)),
    extensions(("x-needs" = json!("bulk.create")), ("x-errors" = json!(["too_many_streams"]))),
    responses((status = 200, description = "The job, again and again", body = String, content_type = "text/event-stream")))]
pub(super) async fn events(
    lasting: Lasting<BulkCreate>,
    State(app): State<App>,
    Path(id): Path<BulkJobId>,
) -> Result<Response, Problem> {
    bulk::read(&app, lasting.workspace(), id).await?;
    let place = Place::take(&app, lasting.workspace())?;
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let endings = app.endings();
    let listener = Listener { app, lasting, id, last: None, looks, quiet: 0, endings, _place: place };
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
    lasting: Lasting<BulkCreate>,
    id: BulkJobId,
    /// What was told last.
    last: Option<String>,
    looks: Interval,
    quiet: u32,
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
            let is_ending = tokio::select! {
                _ = self.looks.tick() => false,
                changed = self.endings.changed() => {
                    changed.ok()?;
                    true
                }
            };
            let news = match self.look().await {
                Ok(news) => news,
                Err(problem) => return Some((end(&problem), false)),
            };
            self.quiet += 1;
            let is_due = news.is_some() || is_ending || self.quiet >= HEARTBEAT_LOOKS;
            if !is_due {
                continue;
            }
            if let Err(problem) = self.lasting.check(&self.app).await {
                return Some((end(&problem), false));
            }
            match news {
                Some((job, text)) => {
                    self.quiet = 0;
                    let name = if job.state.is_final() { "end" } else { "progress" };
                    return Some((Event::default().event(name).data(text), !job.state.is_final()));
                }
                None if self.quiet >= HEARTBEAT_LOOKS => {
                    self.quiet = 0;
                    return Some((Event::default().comment("here"), true));
                }
                None => {}
            }
        }
    }

    /// The job, if it is not as it was told last.
    async fn look(&mut self) -> Result<Option<(Job, String)>, Problem> {
        let job = bulk::read(&self.app, self.lasting.workspace(), self.id).await?;
        // JSON of a struct of texts and numbers has no line break and cannot fail.
        let text = serde_json::to_string(&JobView::new(&self.app, job.clone())).unwrap_or_default();
        if self.last.as_ref() == Some(&text) {
            return Ok(None);
        }
        self.last = Some(text.clone());
        Ok(Some((job, text)))
    }
}

fn end(problem: &Problem) -> Event {
    let told = serde_json::json!({ "code": problem.code.as_str(), "detail": problem.detail });
    Event::default().event("end").data(told.to_string())
}
