//! Writing the year down.

use super::calls::Held;
use super::traffic::Plan;
use crate::App;

pub(super) struct Counted {
    pub(super) clicks: u64,
    pub(super) robots: u64,
    pub(super) requests: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    #[error("x")]
    X,
}

pub(super) async fn write(
    _app: &App,
    plan: Plan,
    keys: Vec<Held>,
    requests: u64,
) -> Result<Counted, HistoryError> {
    let mut counted = Counted { clicks: 0, robots: 0, requests: 0 };
    for row in plan.clicks() {
        counted.clicks += 1;
        counted.robots += u64::from(row.is_robot);
    }
    for _ in super::calls::requests(plan.workspace, plan.from_ms, 1, &keys, requests) {
        counted.requests += 1;
    }
    Ok(counted)
}
