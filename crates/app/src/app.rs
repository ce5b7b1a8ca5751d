//! Everything a handler may reach, in one handle.
//!
//! `crates/server` builds one from the real clock, chance and settings; `crates/testkit` from pinned ones.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use tessera_db::{Db, DbError, Transaction};
use tessera_keys::Keyring;
use tessera_types::{Chance, Clock, Id, Timestamp, from_millis, to_millis};

use crate::accounts::Accounts;
use crate::bulk::Bulk;
use crate::events::{EventError, Events, OpenError};
use crate::http::streams::Streams;
use crate::keys::Keys;
use crate::links::Links;
use crate::metering::{Limiter, Moment};
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::workers::Workers;

/// Cheap to clone; every clone is the same deployment.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub settings: Settings,
    pub db: Db,
    pub keyring: Keyring,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    pub metrics: Metrics,
    pub(crate) accounts: Accounts,
    pub(crate) keys: Keys,
    pub(crate) links: Links,
    pub limiter: Limiter,
    pub events: Events,
    /// Where work is done that no answer waits for.
    pub(crate) background: Option<tokio::runtime::Handle>,
    pub(crate) streams: Streams,
    /// Who draws and judges QR codes, and looks pictures through.
    pub(crate) drawing: Workers,
    pub(crate) bulk: Bulk,
    /// Told of each ending; true once the process ends.
    ended: tokio::sync::watch::Sender<bool>,
}

/// What an [`App`] is made of.
pub struct Foundation {
    pub settings: Settings,
    pub db: Db,
    pub keyring: Keyring,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    /// Where events are kept: for a server. A command beside it has none, and answers nobody.
    pub events: Option<PathBuf>,
    /// Threads that step back for those that answer. Without them, the same threads do both.
    pub background: Option<tokio::runtime::Handle>,
    /// Where the files of bulk jobs are kept: for a server.
    pub bulk: Option<PathBuf>,
}

/// What a committed change may have ended. Announced after the commit and before the answer (keys.md §8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Key(tessera_types::ApiKeyId),
    Session(tessera_types::SessionId),
    /// Password, sessions or memberships of this person.
    User(tessera_types::UserId),
    /// Role, plan, settings or suspension of this workspace.
    Workspace(tessera_types::WorkspaceId),
    /// A link by the address people type.
    Link(crate::links::Address),
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// # Errors
    /// Fails if the database holds keys whose pepper is not in the keyring: starting would turn every one of
    /// them into a 401. And if the event log is damaged.
    pub async fn new(foundation: Foundation) -> Result<Self, StartError> {
        let Foundation { settings, db, keyring, clock, chance, events, background, bulk } = foundation;
        crate::keys::check_peppers(&db, &keyring).await?;
        let events = match events {
            Some(directory) => {
                Events::open(directory, &settings.events, &db, &*clock, Arc::clone(&chance)).await?
            }
            None => Events::none(&*chance),
        };
        let app = Self(Arc::new(Parts {
            metrics: Metrics::new(),
            accounts: Accounts::new(&settings, &keyring),
            keys: Keys::new(&settings),
            links: Links::new(&settings),
            limiter: Limiter::default(),
            settings,
            db,
            keyring,
            clock,
            chance,
            events,
            background,
            streams: Streams::default(),
            drawing: Workers::for_drawing(),
            bulk: Bulk::new(bulk),
            ended: tokio::sync::watch::Sender::new(false),
        }));
        app.keys.load(&app).await?;
        // What a crash left in the log is counted before anybody is answered from the counts.
        app.flush().await?;
        Ok(app)
    }

    /// To the millisecond, which is what is stored: an answer to a create and a later read show the same.
    pub fn now(&self) -> Timestamp {
        from_millis(to_millis(self.clock.now()))
    }

    pub fn monotonic_ns(&self) -> u64 {
        self.clock.monotonic_ns()
    }

    pub fn chance(&self) -> &dyn Chance {
        &*self.chance
    }

    pub fn new_id<T: tessera_types::Tag>(&self) -> Id<T> {
        Id::new(self.now(), self.chance())
    }

    /// Commits, then ends what the change ended in every cache. When it returns `Ok`, the change is durable
    /// and no later request sees the state before it.
    ///
    /// The announcement is made also when the commit fails: a broken connection may have lost only the
    /// database's yes.
    pub async fn commit(&self, txn: Transaction, changes: &[Change]) -> Result<(), DbError> {
        let committed = txn.commit().await;
        for change in changes {
            self.announce(change);
        }
        Ok(committed?)
    }

    /// The seam where other nodes will be told and waited for; one node tells its own caches.
    fn announce(&self, change: &Change) {
        self.accounts.end(change);
        self.keys.end(change);
        self.links.end(change);
        if !matches!(change, Change::Link(_)) {
            self.ended.send_modify(|_| {});
        }
    }

    /// Tells each time something ended that a credential may rest on, once every cache has forgotten it: for answers
    /// that go on. Holds true once they are to end.
    pub(crate) fn endings(&self) -> tokio::sync::watch::Receiver<bool> {
        self.ended.subscribe()
    }

    /// Ends the answers that would go on for ever, for a process that waits for requests in flight.
    pub fn hang_up(&self) {
        self.ended.send_replace(true);
    }

    /// Writes what the event log adds up to: clicks, last use, request counts. When it returns `Ok`, every event that
    /// was answered before the call is counted in the database; a crash before that loses nothing, because the log
    /// is folded at the next start. Tells of limits that were reached, too.
    pub async fn flush(&self) -> Result<(), EventError> {
        crate::counting::flush(self).await?;
        Ok(crate::keys::tell_reached(self).await?)
    }

    /// [`App::flush`], of what was followed so far. To be called every few seconds: whoever wants to know now calls
    /// the other one.
    pub async fn flush_followed(&self) -> Result<(), EventError> {
        crate::counting::flush_followed(self).await?;
        Ok(crate::keys::tell_reached(self).await?)
    }

    /// Follows the event log in the background, for those who listen to it, and brings rows to disk when it is time.
    pub async fn follow(&self) -> Result<(), EventError> {
        crate::events::follow(self).await?;
        crate::events::seal_when_due(self).await
    }

    /// Brings every event to its segment. When it returns `Ok`, the next start has nothing to catch up on.
    pub async fn seal(&self) -> Result<(), EventError> {
        crate::events::seal(self).await
    }

    /// Reads the file of places again if it changed, and forgets by what visitors of earlier days were told apart.
    pub async fn refresh(&self) -> Result<(), EventError> {
        crate::events::refresh(self).await
    }

    /// Tells of keys that expire soon or are not used any more, and forgets what has outlived its use: idempotency
    /// keys, tickets, ended sessions, old notices, the counts of owners that rest and
    /// of days long past, events beyond their retention, bulk jobs that ended long ago.
    pub async fn sweep(&self) -> Result<(), EventError> {
        let before = Moment::now(self);
        self.flush().await?;
        self.limiter.forget_idle(before);
        // One that fails keeps none of the others from their work.
        let told = crate::keys::tell_of_life(self).await;
        let calls = crate::http::idempotency::sweep(self).await;
        let accounts = crate::accounts::sweep(self).await;
        let days = crate::metering::sweep(self).await;
        let jobs = crate::bulk::sweep(self).await;
        crate::events::forget_old(self).await?;
        told?;
        days?;
        calls?;
        jobs?;
        Ok(accounts?)
    }
}

/// Why a deployment does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(
        "the database holds keys digested with pepper version {0}, which the pepper file does not have. \
         Restore the pepper file that belongs to this database; without it none of those keys can work."
    )]
    PepperMissing(u16),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Events(#[from] OpenError),
    #[error(transparent)]
    Counting(#[from] EventError),
}
