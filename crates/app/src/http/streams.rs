//! Answers that go on for ever: how many of them a workspace listens to at once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tessera_types::WorkspaceId;

use crate::App;
use crate::problem::{Code, Problem};

/// Streams that a workspace may listen to at once.
pub const STREAMS_PER_WORKSPACE_MAX: usize = 20;

/// How many streams each workspace listens to.
#[derive(Debug, Default)]
pub struct Streams(Mutex<HashMap<WorkspaceId, usize>>);

impl Streams {
    fn counts(&self) -> MutexGuard<'_, HashMap<WorkspaceId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among the streams of a workspace; free again when it is dropped.
pub(crate) struct Place {
    app: App,
    workspace: WorkspaceId,
}

impl Place {
    /// # Errors
    /// `too_many_streams`.
    pub(crate) fn take(app: &App, workspace: WorkspaceId) -> Result<Self, Problem> {
        let mut counts = app.streams.counts();
        let count = counts.entry(workspace).or_default();
        if *count >= STREAMS_PER_WORKSPACE_MAX {
            let detail =
                format!("A workspace listens to at most {STREAMS_PER_WORKSPACE_MAX} live streams at once.");
            return Err(Problem::new(Code::TooManyStreams, detail));
        }
        *count += 1;
        drop(counts);
        Ok(Self { app: app.clone(), workspace })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.app.streams.counts();
        if let Some(count) = counts.get_mut(&self.workspace) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.workspace);
            }
        }
    }
}
