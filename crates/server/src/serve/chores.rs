//! What a running server does unasked: it writes what the event log adds up to, and throws away what nobody needs.

use std::time::Duration;

use tessera_app::App;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

/// Those who listen to clicks hear of them this much later; a question follows the log by itself.
const FOLLOW_EVERY: Duration = Duration::from_millis(200);
const REFRESH_EVERY: Duration = Duration::from_secs(60);
const SWEEP_EVERY: Duration = Duration::from_secs(600);
/// Bulk jobs that wait are looked for when one comes, and so often anyway.
const BULK_EVERY: Duration = Duration::from_secs(5);
/// Batches after which it is another job's turn, and after which the end of the server is noticed.
const BULK_BATCHES_MAX: usize = 20;

pub(super) struct Chores {
    stop: watch::Sender<()>,
    tasks: Vec<JoinHandle<()>>,
}

pub(super) fn begin(app: &App) -> Chores {
    let (stop, stopped) = watch::channel(());
    let flushing = tokio::spawn(flush(app.clone(), stopped.clone()));
    let following = tokio::spawn(follow(app.clone(), stopped.clone()));
    let refreshing = tokio::spawn(refresh(app.clone(), stopped.clone()));
    let sweeping = tokio::spawn(sweep(app.clone(), stopped.clone()));
    let mut tasks = vec![flushing, following, refreshing, sweeping];
    tasks.extend(
        (0..app.settings.bulk.jobs_at_once).map(|_| tokio::spawn(bulk(app.clone(), stopped.clone()))),
    );
    Chores { stop, tasks }
}

impl Chores {
    /// Begins nothing more; what is being written is written to its end.
    pub(super) async fn end(self) {
        drop(self.stop);
        for task in self.tasks {
            // Fails only if the task panicked, which the panic hook has told.
            let _ = task.await;
        }
    }
}

/// Waits for the next turn; `false` once the server ends.
async fn is_due(every: &mut tokio::time::Interval, stopped: &mut watch::Receiver<()>) -> bool {
    tokio::select! {
        biased;
        _ = stopped.changed() => false,
        _ = every.tick() => true,
    }
}

async fn flush(app: App, mut stopped: watch::Receiver<()>) {
    let mut every = tokio::time::interval(Duration::from_millis(app.settings.events.count_interval_ms));
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_failing = false;
    while is_due(&mut every, &mut stopped).await {
        match app.flush_followed().await {
            Ok(()) if is_failing => {
                is_failing = false;
                tracing::info!("clicks and uses are being counted again");
            }
            Ok(()) => {}
            Err(error) => {
                app.metrics.flush_failures.inc();
                // One line for an outage, not one a second; the counter tells how long it lasts.
                if !is_failing {
                    tracing::warn!(%error, "clicks and uses cannot be counted in the database; they are in the event log, and it is tried again");
                }
                is_failing = true;
            }
        }
    }
}

async fn follow(app: App, mut stopped: watch::Receiver<()>) {
    let mut every = tokio::time::interval(FOLLOW_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_failing = false;
    while is_due(&mut every, &mut stopped).await {
        let followed = app.follow().await;
        if let Err(error) = &followed
            && !is_failing
        {
            tracing::error!(%error, "events cannot be brought to their segments; they are in the log, and it is tried again");
        }
        is_failing = followed.is_err();
    }
}

async fn refresh(app: App, mut stopped: watch::Receiver<()>) {
    let mut every = tokio::time::interval(REFRESH_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while is_due(&mut every, &mut stopped).await {
        if let Err(error) = app.refresh().await {
            tracing::warn!(%error, "what events are enriched with was not brought up to date; tried again later");
        }
    }
}

async fn sweep(app: App, mut stopped: watch::Receiver<()>) {
    let mut every = tokio::time::interval(SWEEP_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while is_due(&mut every, &mut stopped).await {
        if let Err(error) = app.sweep().await {
            tracing::warn!(%error, "what has expired could not be removed; tried again later");
        }
    }
}

async fn bulk(app: App, mut stopped: watch::Receiver<()>) {
    loop {
        let pause = match app.work_on_bulk(BULK_BATCHES_MAX).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => BULK_EVERY,
            // Told where it was met; the job waits.
            Err(_) => BULK_EVERY,
        };
        tokio::select! {
            biased;
            _ = stopped.changed() => return,
            () = tokio::time::sleep(pause) => {}
            () = app.bulk_news() => {}
        }
    }
}
