//! The limiter of one machine: an owner's counts in memory, behind a lock that is held for less than a microsecond.
//!
//! This is the seam where a shared limiter will stand when there is more than one machine: owners are made known once
//! ([`Limiter::meters`], which may wait), and everything after that is a decision that waits for nobody.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tessera_db::DbError;
use tessera_events::CallClass;
use tessera_types::{ApiKeyId, WorkspaceId};
use uuid::Uuid;

use super::model::{Counted, Counts, Moment, Owner, Refused, Stand, Terms, Used, Window, month_of};
use super::store;
use crate::App;

/// Limits that were reached and are not told yet; beyond that a limit is told when it is next run into.
const REACHED_MAX: usize = 10_000;

/// The counts of all owners that were heard of since the start.
#[derive(Default)]
pub struct Limiter {
    meters: Mutex<HashMap<Uuid, Arc<Meter>>>,
    reached: Mutex<Vec<Reached>>,
}

/// The counts of one owner.
pub struct Meter(Mutex<Counts>);

/// Where requests with one key are counted: for its workspace, and for itself.
#[derive(Clone)]
pub struct Metered {
    pub workspace_id: WorkspaceId,
    pub key_id: ApiKeyId,
    workspace: Arc<Meter>,
    key: Arc<Meter>,
}

/// A place taken in every window. Whoever holds it keeps it, or gives it back with [`Limiter::give_back`].
#[derive(Debug)]
pub struct Reservation {
    class: CallClass,
    at: Counted,
    at_ms: i64,
}

impl Reservation {
    /// When the place was taken, by the wall clock.
    pub fn at_ms(&self) -> i64 {
        self.at_ms
    }
}

/// A key ran into a limit, for the first time in this day or month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub workspace: WorkspaceId,
    pub key: ApiKeyId,
    pub refused: Refused,
    /// The first day of the period, since 1970-01-01 in UTC; for a minute, its day.
    pub period: i32,
    pub at_ms: i64,
}

impl std::fmt::Debug for Metered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Metered({})", self.key_id)
    }
}

impl Limiter {
    /// The meters of a key and its workspace. Those that are new begin from the table, which is exact for them:
    /// what was in the log at the start was folded before the first answer, and none of theirs was answered since.
    ///
    /// # Errors
    /// As the database.
    pub async fn meters(&self, app: &App, workspace: WorkspaceId, key: ApiKeyId) -> Result<Metered, DbError> {
        let owners = [workspace.uuid(), key.uuid()];
        if let [Some(workspace_meter), Some(key_meter)] = owners.map(|owner| self.known(owner)) {
            return Ok(Metered {
                workspace_id: workspace,
                key_id: key,
                workspace: workspace_meter,
                key: key_meter,
            });
        }
        let day = Moment::now(app).day();
        let rows = store::days(app.db.read(), owners, month_of(day)).await?;
        let [workspace_meter, key_meter] = owners.map(|owner| {
            let own = rows.iter().filter(|row| row.owner == owner);
            self.keep(owner, Counts::begin(day, own.map(|row| (row.day, row.class, row.requests))))
        });
        Ok(Metered { workspace_id: workspace, key_id: key, workspace: workspace_meter, key: key_meter })
    }

    /// The meter of a workspace, for looking at: no key is counted with it.
    ///
    /// # Errors
    /// As the database.
    pub(super) async fn keyless(&self, app: &App, workspace: WorkspaceId) -> Result<Metered, DbError> {
        let day = Moment::now(app).day();
        let owner = workspace.uuid();
        let meter = match self.known(owner) {
            Some(meter) => meter,
            None => {
                let rows = store::days(app.db.read(), [owner, owner], month_of(day)).await?;
                let rows = rows.iter().map(|row| (row.day, row.class, row.requests));
                self.keep(owner, Counts::begin(day, rows))
            }
        };
        let nobody = Arc::new(Meter(Mutex::new(Counts::begin(day, std::iter::empty()))));
        let key_id = ApiKeyId::from_uuid(Uuid::nil());
        Ok(Metered { workspace_id: workspace, key_id, workspace: meter, key: nobody })
    }

    fn known(&self, owner: Uuid) -> Option<Arc<Meter>> {
        self.lock().get(&owner).cloned()
    }

    /// Of two who read the same owner at once, the first one's counts stand: they may be ahead already.
    fn keep(&self, owner: Uuid, counts: Counts) -> Arc<Meter> {
        Arc::clone(self.lock().entry(owner).or_insert_with(|| Arc::new(Meter(Mutex::new(counts)))))
    }

    /// One decision over all windows: a place in each, or none in any.
    ///
    /// # Errors
    /// The limit that is in the way, of several the one that takes longest to wait for.
    pub fn reserve(
        &self,
        metered: &Metered,
        terms: &Terms,
        class: CallClass,
        now: Moment,
    ) -> Result<Reservation, Refused> {
        let (mut workspace, mut key) = metered.lock(now);
        let of = |bound_owner| if bound_owner == Owner::Plan { &*workspace } else { &*key };
        let refusals = terms.bounds(class).filter_map(|bound| of(bound.owner).refusal(&bound, now));
        if let Some(refused) = refusals.max_by_key(|refused| refused.retry_after_seconds) {
            self.note_reached(metered, &mut key, refused, now);
            return Err(refused);
        }
        for bound in terms.bounds(class) {
            match bound.owner {
                Owner::Plan => workspace.take(&bound, now),
                Owner::Key => key.take(&bound, now),
            }
        }
        key.count(class, now);
        Ok(Reservation { class, at: workspace.count(class, now), at_ms: now.at_ms })
    }

    /// Counts a request that was answered without having asked for a place: it was cut off before.
    pub fn count(&self, metered: &Metered, class: CallClass, now: Moment) {
        let (mut workspace, mut key) = metered.lock(now);
        workspace.count(class, now);
        key.count(class, now);
    }

    /// The request was refused after all and costs nothing.
    pub fn give_back(&self, metered: &Metered, terms: &Terms, reservation: &Reservation, now: Moment) {
        let Reservation { class, at, .. } = *reservation;
        let (mut workspace, mut key) = metered.lock(now);
        for bound in terms.bounds(class) {
            match bound.owner {
                Owner::Plan => workspace.give_back_token(&bound),
                Owner::Key => key.give_back_token(&bound),
            }
        }
        workspace.uncount(class, at);
        key.uncount(class, at);
    }

    /// For each window the limit that leaves least, for calls of this class. `None`: unlimited.
    pub fn tightest(
        &self,
        metered: &Metered,
        terms: &Terms,
        class: CallClass,
        now: Moment,
    ) -> [Option<Stand>; 3] {
        let mut tightest: [Option<Stand>; 3] = [None; 3];
        let mut bounds = terms.bounds(class).peekable();
        if bounds.peek().is_none() {
            return tightest;
        }
        let (workspace, key) = metered.lock(now);
        for bound in bounds {
            let counts = if bound.owner == Owner::Plan { &workspace } else { &key };
            for stand in counts.stands(&bound, now).into_iter().flatten() {
                let least = &mut tightest[stand.window as usize];
                if least.is_none_or(|least| (stand.remaining, stand.quota) < (least.remaining, least.quota)) {
                    *least = Some(stand);
                }
            }
        }
        tightest
    }

    /// How every limit on calls of these classes stands; one that is on all classes comes once for each.
    pub fn stands(
        &self,
        metered: &Metered,
        terms: &Terms,
        classes: impl IntoIterator<Item = CallClass>,
        now: Moment,
    ) -> Vec<Stand> {
        let mut bounds = classes.into_iter().flat_map(|class| terms.bounds(class)).peekable();
        if bounds.peek().is_none() {
            return Vec::new();
        }
        let (workspace, key) = metered.lock(now);
        bounds
            .flat_map(|bound| match bound.owner {
                Owner::Plan => workspace.stands(&bound, now),
                Owner::Key => key.stands(&bound, now),
            })
            .flatten()
            .collect()
    }

    /// What the key used of this day and of this month, limited or not.
    pub fn used(&self, metered: &Metered, now: Moment) -> [Used; 2] {
        metered.lock(now).1.used()
    }

    /// What all keys of the workspace used of this day and of this month.
    pub(super) fn used_by_workspace(&self, metered: &Metered, now: Moment) -> [Used; 2] {
        metered.lock(now).0.used()
    }

    fn note_reached(&self, metered: &Metered, key: &mut Counts, refused: Refused, now: Moment) {
        let mut reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        if reached.len() < REACHED_MAX
            && let Some(period) = key.note_reached(refused.window)
        {
            reached.push(Reached {
                workspace: metered.workspace_id,
                key: metered.key_id,
                refused,
                period,
                at_ms: now.at_ms,
            });
        }
    }

    /// The limits that were reached since the last call.
    pub fn take_reached(&self) -> Vec<Reached> {
        std::mem::take(&mut *self.reached.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Those that could not be told: they come with the next call.
    pub fn put_back(&self, untold: Vec<Reached>) {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).extend(untold);
    }

    /// Lets go of owners that nobody asked for in the last hour. Call it right after everything that was answered
    /// was folded into the table, from which they begin again.
    pub fn forget_idle(&self, now: Moment) {
        // Meters are handed out under the lock that is held here: one that nobody has, nobody is about to use.
        let is_used = |meter: &Arc<Meter>| Arc::strong_count(meter) > 1 || !meter.counts().is_resting(now);
        self.lock().retain(|_, meter| is_used(meter));
    }

    /// Owners in memory.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Meter>>> {
        self.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Meter {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Metered {
    /// Both counts, moved on to the windows of now. The workspace's lock always comes first, so nobody waits in a
    /// circle.
    fn lock(&self, now: Moment) -> (MutexGuard<'_, Counts>, MutexGuard<'_, Counts>) {
        let (mut workspace, mut key) = (self.workspace.counts(), self.key.counts());
        workspace.roll(now.day());
        key.roll(now.day());
        (workspace, key)
    }
}

impl Refused {
    /// In the words of the answer.
    pub fn words(&self) -> String {
        let whose = match self.owner {
            Owner::Plan => "The workspace's plan allows",
            Owner::Key => "This API key's own limit is",
        };
        let what = match self.class {
            None => "request",
            Some(class) => class.as_str(),
        };
        let plural = if self.quota == 1 { "" } else { "s" };
        let per = match self.window {
            Window::Minute => "a minute",
            Window::Day => "a day",
            Window::Month => "a month",
        };
        format!("{whose} {} {what}{plural} {per}.", self.quota)
    }
}

#[cfg(test)]
#[path = "limiter_tests.rs"]
mod tests;
