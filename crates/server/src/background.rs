//! Threads for work that no answer waits for: following the event log, writing and merging segments.
//!
//! The kernel runs them when the threads that answer leave it time, and takes them off the processor the moment a
//! request arrives. On a machine with one core this is most of what a visitor feels under load.

use rustix::process::setpriority_process;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::ending::Failure;

/// Of 19 that there are. A tenth of a core remains for this work on a machine that is never idle.
const NICENESS: i32 = 10;

pub(crate) struct Background(Option<Runtime>);

impl Background {
    pub(crate) fn begin() -> Result<Self, Failure> {
        // Nobody drives this runtime: it is there for its pool of blocking threads.
        let runtime = Builder::new_current_thread()
            .thread_name("tessera-background")
            .on_thread_start(step_back)
            .build()
            .map_err(|error| Failure::failed(format!("no threads to work with: {error}")))?;
        Ok(Self(Some(runtime)))
    }

    pub(crate) fn handle(&self) -> Option<Handle> {
        self.0.as_ref().map(|runtime| runtime.handle().clone())
    }
}

impl Drop for Background {
    /// Waits for nobody: a runtime that waits must not be dropped by a task of another one.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

fn step_back() {
    // On Linux the priority of "this process" is that of the calling thread. Where it cannot be set, all threads are
    // equal, as they would be without this file.
    let _ = setpriority_process(None, NICENESS);
}
