//! Asking about events. The newest ones are always in the answer: the log is followed to its end first.

use std::sync::Arc;
use std::time::Duration;

use tessera_events::{Answer, AskError, Cancel, ClickRow, Question, RequestRow, Rows, RowsQuestion};
use tessera_types::to_millis;
use tokio::sync::broadcast;

use super::{EventError, behind, blocking};
use crate::App;
use crate::problem::{Code, Problem};

/// Questions that are worked on at once; more wait their turn. Each uses the machine's threads and its bound of memory.
pub(super) const QUESTIONS_AT_ONCE_MAX: usize = 2;
/// Clicks that a listener may be behind before it misses some.
pub(super) const LIVE_ROWS_MAX: usize = 1_024;

/// Answers a question from everything that was answered before the call.
///
/// # Errors
/// A question that cannot be asked names what is wrong with it. One that takes too long is stopped (`request_timeout`).
pub(crate) async fn ask(app: &App, question: Question) -> Result<Answer, Problem> {
    let answered = within_time(app, move |_, stream, cancel| stream.store.ask(&question, cancel)).await?;
    answered.map_err(problem)
}

/// Single clicks, newest first.
///
/// # Errors
/// As [`ask`].
pub(crate) async fn click_rows(app: &App, wanted: RowsQuestion) -> Result<Rows<ClickRow<String>>, Problem> {
    let rows = within_time(app, move |_, stream, cancel| stream.store.clicks(&wanted, cancel)).await?;
    rows.map_err(problem)
}

/// Single requests, newest first.
///
/// # Errors
/// As [`ask`].
pub(crate) async fn request_rows(
    app: &App,
    wanted: RowsQuestion,
) -> Result<Rows<RequestRow<String>>, Problem> {
    let rows = within_time(app, move |_, stream, cancel| stream.store.requests(&wanted, cancel)).await?;
    rows.map_err(problem)
}

/// Follows the log to where it ended when this was called, in the background.
pub(crate) async fn follow(app: &App) -> Result<(), EventError> {
    if app.events.stream.is_none() {
        return Ok(());
    }
    Ok(behind(app, |_, stream| stream.catch_up_in_pieces()).await??)
}

/// Follows the log to its end. When it returns `Ok`, everything that was answered before the call can be asked about.
pub(crate) async fn catch_up(app: &App) -> Result<(), EventError> {
    if app.events.stream.is_none() {
        return Ok(());
    }
    Ok(blocking(app, |_, stream| stream.catch_up()).await??)
}

/// Brings what events are enriched with up to date. To be called every minute.
pub(crate) async fn refresh(app: &App) -> Result<(), EventError> {
    if app.events.stream.is_none() {
        return Ok(());
    }
    blocking(app, |app, stream| stream.follower().enricher.refresh(to_millis(app.now()))).await
}

/// Clicks as they come in, of all workspaces.
pub(crate) fn listen(app: &App) -> Option<broadcast::Receiver<Arc<ClickRow<String>>>> {
    app.events.stream.as_ref().map(|stream| stream.live.subscribe())
}

/// Works on the store's threads, after the log was followed to its end; is stopped when time is over.
pub(super) async fn within_time<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&App, &super::Stream, &Cancel) -> T + Send + 'static,
) -> Result<T, Problem> {
    let cancel = Cancel::default();
    let _stop = CancelOnDrop(cancel.clone());
    let limit = Duration::from_secs(app.settings.events.question_seconds_max);
    let answered = async {
        let Some(stream) = &app.events.stream else { return Err(EventError::Stopped) };
        // Held by the work itself: a question that was given up still works until it notices.
        let turn = Arc::clone(&stream.questions).acquire_owned().await;
        blocking(app, move |app, stream| {
            let _turn = turn;
            stream.catch_up()?;
            Ok(work(app, stream, &cancel))
        })
        .await?
    };
    match tokio::time::timeout(limit, answered).await {
        Ok(answered) => answered.map_err(Problem::internal),
        Err(_) => Err(too_long()),
    }
}

fn too_long() -> Problem {
    Problem::new(
        Code::RequestTimeout,
        "The question took too long. Ask about less time, or with fewer groups.",
    )
}

pub(super) fn problem(error: AskError) -> Problem {
    match error {
        AskError::Cancelled => too_long(),
        error if error.is_question() => Problem::field(field(&error), "range", error.to_string()),
        error => Problem::internal(error),
    }
}

/// The parameter that says what the question cannot have.
const fn field(error: &AskError) -> &'static str {
    match error {
        AskError::Range => "to",
        AskError::Zone(_) => "timezone",
        AskError::Buckets { .. } => "interval",
        AskError::Limit => "limit",
        AskError::Order(_) => "sort",
        AskError::Filter { .. } | AskError::FilterValue { .. } => "filters",
        AskError::Filters | AskError::FilterValues => "filters",
        _ => "group_by",
    }
}

pub(super) struct CancelOnDrop(pub(super) Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
