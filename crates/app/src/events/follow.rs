//! Following the log: every event becomes a row and counts, in the order in which it was answered.

use std::sync::{Arc, PoisonError};

use tessera_events::{ClickRow, Enricher, Event, Frozen, Position, ReadError, Reader, Store, Utm};
use tokio::sync::broadcast;

use super::fold::Batch;
use super::{EventError, Stream};

/// How far following in the background may stay behind before those who answer have to help.
const BACKLOG_BYTES_MAX: u64 = 64 << 20;

/// Who reads the log, and what came of it that is not in the database.
pub(super) struct Follower {
    pub(super) reader: Reader,
    pub(super) enricher: Enricher,
    pub(super) batch: Batch,
}

impl Stream {
    pub(super) fn follower(&self) -> std::sync::MutexGuard<'_, Follower> {
        self.follower.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows the log to its present end. Blocks while it reads; when it returns, everything that was answered before
    /// the call is in the store.
    pub(super) fn catch_up(&self) -> Result<(), ReadError> {
        self.follow(&mut self.follower(), self.log.end())
    }

    /// The same in small pieces, for a thread that steps back: whoever wants the follower meanwhile gets it after one.
    pub(super) fn catch_up_in_pieces(&self) -> Result<(), ReadError> {
        let until = self.log.end();
        loop {
            let mut follower = self.follower();
            let position = follower.reader.position();
            if position >= until {
                return Ok(());
            }
            self.follow(&mut follower, position + 1)?;
            drop(follower);
            std::thread::yield_now();
        }
    }

    /// How far the log was followed; to its end, where that is far.
    pub(super) fn followed(&self) -> Position {
        let (position, end) = (self.follower().reader.position(), self.log.end());
        if end - position > BACKLOG_BYTES_MAX { end } else { position }
    }

    /// Up to this position, or a little further. Not to the end: under load there is always more.
    fn follow(&self, follower: &mut Follower, until: Position) -> Result<(), ReadError> {
        let Follower { reader, enricher, batch } = follower;
        while reader.position() < until
            && reader.read(&self.log, |position, event| {
                batch.add(position, event);
                keep(&self.store, enricher, &self.live, event);
            })?
        {}
        batch.reach(reader.position());
        Ok(())
    }

    /// What was counted since the last call; `None` if that was up to this position already.
    pub(super) fn take(&self, until: Position) -> Result<Option<Batch>, ReadError> {
        let mut follower = self.follower();
        if follower.batch.from() >= until {
            return Ok(None);
        }
        self.follow(&mut follower, until)?;
        let next = Batch::begin(follower.batch.until());
        Ok(Some(std::mem::replace(&mut follower.batch, next)))
    }

    /// Sets apart everything that was answered before the call, and tells up to where the log is in it.
    pub(super) fn catch_up_and_freeze(&self) -> Result<Option<(Frozen, Position)>, EventError> {
        let mut follower = self.follower();
        // Later events go into a new file, so that all others can be deleted once this is in segments.
        self.log.roll()?;
        self.follow(&mut follower, self.log.end())?;
        let position = follower.reader.position();
        Ok(self.store.freeze().map(|frozen| (frozen, position)))
    }
}

fn keep(
    store: &Store,
    enricher: &mut Enricher,
    live: &broadcast::Sender<Arc<ClickRow<String>>>,
    event: &Event<'_>,
) {
    match event {
        Event::Click(click) => {
            let row = enricher.click(click);
            store.push_click(&row);
            if live.receiver_count() > 0 {
                // Nobody may have stayed to hear it.
                let _ = live.send(Arc::new(owned(&row)));
            }
        }
        Event::Request(request) => store.push_request(&enricher.request(request)),
    }
}

fn owned(row: &ClickRow<&str>) -> ClickRow<String> {
    let text = str::to_owned;
    ClickRow {
        at_ms: row.at_ms,
        workspace: row.workspace,
        link: row.link,
        visitor: row.visitor,
        is_robot: row.is_robot,
        trigger: row.trigger,
        domain: text(row.domain),
        country: text(row.country),
        region: text(row.region),
        city: text(row.city),
        device: text(row.device),
        browser: text(row.browser),
        os: text(row.os),
        language: text(row.language),
        referrer: text(row.referrer),
        channel: text(row.channel),
        utm: Utm {
            source: text(row.utm.source),
            medium: text(row.utm.medium),
            campaign: text(row.utm.campaign),
            term: text(row.utm.term),
            content: text(row.utm.content),
        },
        address: text(row.address),
    }
}
