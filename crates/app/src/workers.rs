//! Who may do the heavy work: a few at a time, after a short queue.
//!
//! Hashing a password takes 19 MiB and some milliseconds of a core, by design; drawing and judging a QR code takes more of
//! both. So it runs beside the threads that answer requests, and a flood is refused at the queue. A worker is free when its
//! work has ended, not when whoever asked for it went away: else visitors who hang up could start any number.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::problem::Problem;

const WORKERS_MAX: usize = 2;
/// Those that work, and those that wait for them.
const QUEUE_MAX: usize = 64;

/// Drawing is done by people who wait for it, so it may queue longer; a second of it is a few dozen images.
const DRAWINGS_QUEUE_MAX: usize = 128;

pub struct Workers {
    queue: Arc<Semaphore>,
    workers: Arc<Semaphore>,
}

/// Too many are waiting already; nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

impl Workers {
    /// For passwords.
    pub fn new() -> Self {
        Self::of(QUEUE_MAX)
    }

    /// For images and verdicts.
    pub fn for_drawing() -> Self {
        Self::of(DRAWINGS_QUEUE_MAX)
    }

    fn of(queue_max: usize) -> Self {
        Self { queue: Arc::new(Semaphore::new(queue_max)), workers: Arc::new(Semaphore::new(WORKERS_MAX)) }
    }

    /// Does `work` when a worker is free. The inner result is a fault of ours.
    ///
    /// # Errors
    /// [`Full`], at once.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Result<T, Problem>, Full> {
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| Full)?;
        let worker = match Arc::clone(&self.workers).acquire_owned().await {
            Ok(worker) => worker,
            Err(closed) => return Ok(Err(Problem::internal(closed))),
        };
        let work = move || {
            let _held = (place, worker);
            work()
        };
        Ok(tokio::task::spawn_blocking(work).await.map_err(Problem::internal))
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::sync::mpsc;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_still_holds_its_worker() {
        let workers = Workers::new();
        let ends: Vec<_> = (0..WORKERS_MAX)
            .map(|_| {
                let (end, ended) = mpsc::channel::<()>();
                let hung_up = pin!(workers.run(move || ended.recv().is_ok()));
                assert!(poll(hung_up).is_pending());
                end
            })
            .collect();
        let mut next = pin!(workers.run(|| "done"));
        assert!(poll(next.as_mut()).is_pending());
        assert_eq!(workers.workers.available_permits(), 0);
        ends[0].send(()).unwrap();
        assert_eq!(next.await.unwrap().unwrap(), "done");
        drop(ends);
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_takes_more_when_it_has_room() {
        let workers = Workers::new();
        let (end, ended) = mpsc::channel::<()>();
        let ended = Arc::new(std::sync::Mutex::new(ended));
        let mut waiting: Vec<_> = (0..QUEUE_MAX)
            .map(|_| {
                let ended = Arc::clone(&ended);
                Box::pin(workers.run(move || ended.lock().unwrap().recv().is_err()))
            })
            .collect();
        for one in &mut waiting {
            assert!(poll(one.as_mut()).is_pending());
        }
        assert_eq!(workers.run(|| ()).await.unwrap_err(), Full);
        drop(end);
        for one in waiting {
            assert!(one.await.unwrap().unwrap());
        }
        assert!(workers.run(|| ()).await.is_ok());
    }
}
