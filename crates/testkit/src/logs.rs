//! Everything this process logs, kept so that a test can search it.
//!
//! Captures every field of every span and event down to TRACE, of this program and of its dependencies: what
//! may leak in some operator's debugging session counts as leaked.

use std::fmt::{Debug, Write};
use std::sync::{Mutex, Once, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// A test that logs more than this, for example a race of thousands of rounds, cannot search its log.
const CAPTURE_BYTES_MAX: usize = 128 << 20;

static CAPTURED: Mutex<String> = Mutex::new(String::new());

/// The capture. There is one per process: under `cargo test` tests share it, under nextest each has its own.
pub struct Logs;

impl Logs {
    /// Begins to capture; later calls change nothing.
    pub fn capture() {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            // Fails only if the test binary installed a subscriber of its own; then that one wins.
            let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Self));
        });
    }

    /// What was logged since the process began, one span or event per line.
    pub fn text() -> String {
        let captured = captured();
        assert!(
            captured.len() < CAPTURE_BYTES_MAX,
            "more was logged than is kept; nothing can be said of it"
        );
        captured.clone()
    }

    fn keep(target: &str, name: &str, record: impl FnOnce(&mut Line<'_>)) {
        let mut captured = captured();
        if captured.len() < CAPTURE_BYTES_MAX {
            let _ = write!(captured, "{target} {name}");
            record(&mut Line(&mut captured));
            captured.push('\n');
        }
    }
}

fn captured() -> std::sync::MutexGuard<'static, String> {
    CAPTURED.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        // As it is: escaping could hide what a test looks for.
        let _ = write!(self.0, " {field}={value}");
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl<S: Subscriber> Layer<S> for Logs {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let metadata = attributes.metadata();
        Self::keep(metadata.target(), metadata.name(), |line| attributes.record(line));
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        Self::keep("-", "record", |line| values.record(line));
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        Self::keep(event.metadata().target(), event.metadata().level().as_str(), |line| event.record(line));
    }
}
