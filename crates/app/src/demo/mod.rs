//! A believable year for whoever wants to look around: people, links, QR codes, keys, two million clicks and the requests
//! of five programs.
//!
//! Everything but the events is made through the functions that routes call, under a clock that walks through the year,
//! so that it is as old as it looks and the audit log tells how it came to be. The events are written straight into
//! segments. Seed and end decide every number; what is secret (passwords, keys) is not drawn from the seed.

mod calls;
mod dice;
mod history;
mod print;
mod stage;
mod story;
mod traffic;
mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tessera_db::DbError;
use tessera_types::{Chance, Clock, SeededChance, Stream, Timestamp, WorkspaceId, from_millis, to_millis};

use self::calls::Held;
use self::history::Year;
use self::stage::{Dated, Stage};
use self::story::{OWNER, WORKSPACE};
use self::traffic::{DAY_MS, DAYS, HOUR_MS, Plan, Told};
use crate::App;
use crate::accounts::{self, BootstrapError};
use crate::events::EventError;
use crate::problem::Problem;

/// Of the clicks, so many requests of programs.
const CLICKS_PER_REQUEST: u64 = 20;
/// Without letters and digits that are mistaken for others; a power of two, so that all are equally likely.
const PASSWORD_LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";
const PASSWORD_CHARS: usize = 16;

/// What to fill a deployment with.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub clicks: u64,
    pub seed: u64,
    /// The year ends with the UTC day before this instant.
    pub until: Timestamp,
}

impl Wish {
    /// The last midnight (UTC).
    fn until_ms(&self) -> i64 {
        to_millis(self.until).div_euclid(DAY_MS) * DAY_MS
    }
}

/// What there is now, and how to get in.
#[derive(Debug)]
pub struct Filled {
    pub workspace: WorkspaceId,
    pub email: &'static str,
    pub password: String,
    /// One that may do everything.
    pub api_key: String,
    pub members: usize,
    pub links: usize,
    pub qr_codes: usize,
    pub templates: usize,
    pub views: usize,
    pub clicks: u64,
    pub robots: u64,
    pub requests: u64,
}

/// Why nothing, or not everything, was made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("somebody has an account here already; the demonstration wants a data directory of its own")]
    NotEmpty,
    #[error("{}", .0.detail)]
    Refused(Problem),
    #[error(transparent)]
    Events(#[from] EventError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<Problem> for DemoError {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

/// A clock that stands at the time of the story.
pub struct StoryClock(AtomicI64);

impl StoryClock {
    /// Stands at the beginning of the year that ends before `until`.
    pub fn before(until: Timestamp) -> Self {
        let wish = Wish { clicks: 0, seed: 0, until };
        Self(AtomicI64::new(wish.until_ms() - DAYS * DAY_MS))
    }

    fn set(&self, at_ms: i64) {
        self.0.store(at_ms, Ordering::Relaxed);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        from_millis(self.0.load(Ordering::Relaxed))
    }

    fn monotonic_ns(&self) -> u64 {
        u64::try_from(self.0.load(Ordering::Relaxed)).unwrap_or(0).saturating_mul(1_000_000)
    }
}

/// Ids and aliases by the seed; everything that must not be guessed from the real source.
pub struct StoryChance {
    seeded: SeededChance,
    real: Arc<dyn Chance>,
}

impl StoryChance {
    pub fn new(seed: u64, real: Arc<dyn Chance>) -> Self {
        Self { seeded: SeededChance::new(seed), real }
    }
}

impl Chance for StoryChance {
    fn fill(&self, stream: Stream, bytes: &mut [u8]) {
        match stream {
            Stream::Id(_) | Stream::Alias => self.seeded.fill(stream, bytes),
            Stream::Key | Stream::Token | Stream::Salt | Stream::Pepper | Stream::Nonce => {
                self.real.fill(stream, bytes);
            }
        }
    }
}

/// Fills an empty deployment. When it returns, everything is durable. `clock` is the app's own.
///
/// # Errors
/// [`DemoError::NotEmpty`] if anybody has an account; then nothing was changed.
pub async fn fill(app: &App, clock: &StoryClock, wish: &Wish) -> Result<Filled, DemoError> {
    let from_ms = wish.until_ms() - DAYS * DAY_MS;
    clock.set(from_ms);
    let password = password(app);
    let made = Box::pin(accounts::bootstrap(app, OWNER.1, &password, Some(OWNER.0), Some(WORKSPACE))).await;
    let (owner, workspace) = made.map_err(|error| match error {
        BootstrapError::NotFirst => DemoError::NotEmpty,
        BootstrapError::Refused(problem) => DemoError::Refused(problem),
        BootstrapError::Db(error) => DemoError::Db(error),
    })?;
    let mut stage = Stage::new(app, workspace, owner);
    for Dated { day, what } in stage::steps() {
        clock.set(from_ms + day * DAY_MS + 9 * HOUR_MS);
        Box::pin(stage.play(what)).await?;
    }
    clock.set(wish.until_ms());
    let Stage { people, mut told, mut held, codes, templates, views, api_key, .. } = stage;
    told.sort_by_key(|told: &Told| told.id);
    held.sort_by_key(|held: &Held| held.key);
    let (members, links) = (people.len(), told.len());
    let plan = Plan::new(workspace, wish.until_ms(), wish.seed, told, wish.clicks);
    let requests = wish.clicks / CLICKS_PER_REQUEST;
    let counted = Box::pin(history::write(app, Year { plan, keys: held, requests, seed: wish.seed })).await?;
    Ok(Filled {
        workspace,
        email: OWNER.1,
        password,
        api_key,
        members,
        links,
        qr_codes: codes.len(),
        templates: templates.len(),
        views,
        clicks: counted.clicks,
        robots: counted.robots,
        requests: counted.requests,
    })
}

fn password(app: &App) -> String {
    let mut bytes = [0; PASSWORD_CHARS];
    app.chance().fill(Stream::Token, &mut bytes);
    bytes.iter().map(|byte| char::from(PASSWORD_LETTERS[usize::from(byte % 32)])).collect()
}
