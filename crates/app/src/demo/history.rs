//! Writing the year down: events into segments, and what they add up to into the database.
//!
//! The segments come first. A demonstration that is killed in between shows links without counts, and is refused when it
//! is asked for again: start over in a new directory.

use std::collections::BTreeMap;

use tessera_events::{ClickRow, Request, RequestRow, SegmentMeta, Store, StoreError};
use tessera_types::{LinkId, SegmentTag};

use super::DemoError;
use super::calls::{self, Held};
use super::traffic::Plan;
use crate::App;
use crate::events::{self, Batch, LinkClicks};
use crate::{keys, links};

/// What was written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) clicks: u64,
    pub(super) robots: u64,
    pub(super) requests: u64,
}

/// What there is to write.
pub(super) struct Year {
    pub(super) plan: Plan,
    pub(super) keys: Vec<Held>,
    pub(super) requests: u64,
    pub(super) seed: u64,
}

/// What the events add up to.
struct Sums {
    counted: Counted,
    links: BTreeMap<LinkId, LinkClicks>,
    batch: Batch,
}

/// When it returns, everything is durable.
pub(super) async fn write(app: &App, year: Year) -> Result<Counted, DemoError> {
    let (tell, told) = tokio::sync::oneshot::channel();
    events::load(app, move |app, store| {
        let (segments, sums) = year.load(app, store)?;
        // Nobody hears it only if the process is ending.
        let _ = tell.send(sums);
        Ok(segments)
    })
    .await?;
    let Sums { counted, links, batch } = told.await.map_err(|_| events::EventError::Stopped)?;
    let clicks: Vec<LinkClicks> = links.into_values().collect();
    let txn = app.db.begin().await?;
    links::add_clicks(&txn, &clicks).await?;
    keys::add_uses(&txn, &batch.uses()).await?;
    events::add_unlogged(&txn, &batch).await?;
    app.commit(txn, &[]).await?;
    Ok(counted)
}

impl Year {
    fn load(&self, app: &App, store: &Store) -> Result<(Vec<SegmentMeta>, Sums), StoreError> {
        let mut sums = Sums { counted: Counted::default(), links: BTreeMap::new(), batch: Batch::unlogged() };
        let mut new_id = || app.new_id::<SegmentTag>().uuid();
        let clicks = self.plan.clicks().inspect(|click| sums.add_click(click));
        let mut segments = store.load_clicks(clicks, &mut new_id)?;
        let requests =
            calls::requests(self.plan.workspace, self.plan.from_ms, self.seed, &self.keys, self.requests);
        match store.load_requests(requests.inspect(|request| sums.add_request(request)), &mut new_id) {
            Ok(more) => segments.extend(more),
            Err(error) => {
                store.discard(&segments);
                return Err(error);
            }
        }
        Ok((segments, sums))
    }
}

impl Sums {
    fn add_click(&mut self, click: &ClickRow<&str>) {
        self.counted.clicks += 1;
        if click.is_robot {
            self.counted.robots += 1;
            return;
        }
        let clicks = self.links.entry(click.link).or_insert_with(|| LinkClicks::none_of(click.link));
        clicks.add(click.at_ms, click.trigger);
    }

    fn add_request(&mut self, row: &RequestRow<&str>) {
        self.counted.requests += 1;
        self.batch.add_request(&Request {
            at_ms: row.at_ms,
            workspace: row.workspace,
            key: row.key,
            secret: row.secret,
            id: row.id,
            method: row.method,
            class: row.class,
            status: row.status,
            latency_us: row.latency_us,
            route: row.route,
            address: row.address.parse().ok(),
            user_agent: row.user_agent,
        });
    }
}
