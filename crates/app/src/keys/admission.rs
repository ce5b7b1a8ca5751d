//! A key at the door: shape, digest, record, and the checks in their order (keys.md §6).
//!
//! Nothing malformed reaches the database. A record in memory obeys [`FreshCache`]'s contract, so a key that
//! was ended before a request arrived is not admitted by it.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use futures_util::future::BoxFuture;
use ipnet::IpNet;
use tessera_db::DbError;
use tessera_keys::{AllowMode, KeyDigest, Presented, Refusal, judge};

use super::model::Record;
use super::usage::Ledger;
use super::{Usage, store};
use crate::cache::FreshCache;
use crate::caller::{Caller, Principal};
use crate::events::Uses;
use crate::http::auth::{Carrier, unknown};
use crate::http::{Sunset, network};
use crate::metering::{Metered, Terms};
use crate::problem::{Code, Problem};
use crate::settings::Settings;
use crate::throttle::Throttle;
use crate::{App, Change};

/// Longest text that is looked at as an imported key, which may have any shape.
const FOREIGN_CHARS_MAX: usize = 512;

/// The keys in memory.
pub struct Keys {
    records: FreshCache<KeyDigest, Record>,
    pub(super) ledger: Ledger,
    guesses: Throttle<IpNet>,
    /// Whether keys issued elsewhere may exist, which have no shape to be refused by.
    pub(super) has_imports: AtomicBool,
    /// Where tests stop a request between its database read and the fill of the cache.
    pause: OnceLock<Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>>,
}

/// A key that passed every check but the scope.
pub struct Admitted {
    pub caller: Caller,
    pub usage: Arc<Usage>,
    pub metered: Metered,
    /// The limits in force.
    pub terms: Terms,
    /// Set while the secret is in its grace.
    pub sunset: Option<Sunset>,
}

impl Keys {
    pub fn new(settings: &Settings) -> Self {
        Self {
            records: FreshCache::new(settings.keys.cached_max),
            ledger: Ledger::default(),
            guesses: Throttle::new(settings.keys.guesses_per_network, settings.keys.guess_forgiven_seconds),
            has_imports: AtomicBool::new(false),
            pause: OnceLock::new(),
        }
    }

    pub(crate) async fn load(&self, app: &App) -> Result<(), DbError> {
        self.has_imports.store(store::has_imports(app.db.read()).await?, Ordering::Relaxed);
        Ok(())
    }

    pub(crate) fn end(&self, change: &Change) {
        match change {
            Change::Key(id) => self.records.raise(|_, record| record.id == *id),
            Change::Workspace(id) => self.records.raise(|_, record| record.workspace == *id),
            Change::User(id) => self.records.raise(|_, record| record.owner == Some(*id)),
            Change::Session(_) | Change::Link(_) => {}
        }
    }

    pub(crate) fn cached(&self) -> usize {
        self.records.len()
    }

    /// # Errors
    /// `too_many_attempts` for a network that presented too many unknown keys lately.
    pub(super) fn may_guess(&self, app: &App, address: IpAddr) -> Result<(), Problem> {
        self.guesses.check(&network(address), app.monotonic_ns()).map_err(|seconds| {
            Problem::new(Code::TooManyAttempts, "Too many unknown API keys from this network.")
                .retry_after(seconds)
        })
    }

    pub(super) fn guessed_wrong(&self, app: &App, address: IpAddr) {
        self.guesses.fail(network(address), app.monotonic_ns());
    }

    /// Holds back whoever reads counts, from before uses are written until they are taken off what is pending.
    pub(crate) async fn hold_readers(&self) -> tokio::sync::RwLockWriteGuard<'_, ()> {
        self.ledger.gate.write().await
    }

    /// The uses are in the database: to be called once that is committed, and only then.
    pub(crate) fn settle(&self, written: &[Uses]) {
        self.ledger.written(written);
    }
}

impl App {
    /// Stops every admission between database read and cache fill, for tests of the cache contract.
    #[doc(hidden)]
    pub fn pause_before_key_fill(&self, pause: impl Fn() -> BoxFuture<'static, ()> + Send + Sync + 'static) {
        let _ = self.keys.pause.set(Box::new(pause));
    }
}

/// Lets a request with this key in, up to the scope check.
///
/// # Errors
/// The answers of keys.md §6; `too_many_attempts` for a network that presents too many unknown keys.
pub async fn admit(app: &App, text: &str, address: IpAddr, carrier: Carrier) -> Result<Admitted, Problem> {
    let admitted = check(app, text, address, carrier).await;
    let outcome = admitted.as_ref().map_or_else(|problem| problem.code.as_str(), |_| "admitted");
    app.metrics.key_admissions.get_or_create(&crate::metrics::OutcomeLabels { outcome }).inc();
    admitted
}

async fn check(app: &App, text: &str, address: IpAddr, carrier: Carrier) -> Result<Admitted, Problem> {
    let record = match recall(app, text) {
        Recalled::Never => return Err(unknown()),
        Recalled::Known(record) => record,
        Recalled::Ask(digest) => {
            // Unknown keys cost their network, never the owner of a key: what is in memory is not asked this.
            app.keys.may_guess(app, address)?;
            let Some(record) = fetch(app, text, digest).await? else {
                app.keys.guessed_wrong(app, address);
                return Err(unknown());
            };
            record
        }
    };
    judge_record(app, &record, address)?;
    if carrier == Carrier::Query && record.standing.query_key_off {
        return Err(Problem::new(
            Code::Unauthorized,
            "This workspace takes no keys in the query; use a header.",
        ));
    }
    Ok(admitted(record))
}

/// The record of a key that is presented for checking rather than for entry. Whoever asks without a credential
/// of their own must be throttled first ([`Keys::may_guess`]).
pub(super) async fn look_up(app: &App, text: &str) -> Result<Option<Arc<Record>>, Problem> {
    match recall(app, text) {
        Recalled::Never => Ok(None),
        Recalled::Known(record) => Ok(Some(record)),
        Recalled::Ask(digest) => Ok(fetch(app, text, digest).await?),
    }
}

enum Recalled {
    /// No key of ours, by its shape alone.
    Never,
    Known(Arc<Record>),
    Ask(KeyDigest),
}

fn recall(app: &App, text: &str) -> Recalled {
    let may_be_foreign =
        || app.keys.has_imports.load(Ordering::Relaxed) && (1..=FOREIGN_CHARS_MAX).contains(&text.len());
    if Presented::parse(text).is_err() && !may_be_foreign() {
        return Recalled::Never;
    }
    let digest = app.keyring.digest_current(text);
    match app.keys.records.get(&digest).filter(|record| record.digest.matches(&digest)) {
        Some(record) => Recalled::Known(record),
        None => Recalled::Ask(digest),
    }
}

/// Reads the record and keeps it, unless a change was raised meanwhile.
async fn fetch(app: &App, text: &str, digest: KeyDigest) -> Result<Option<Arc<Record>>, DbError> {
    let ticket = app.keys.records.ticket();
    let candidates = match app.keys.has_imports.load(Ordering::Relaxed) {
        true => app.keyring.candidates(text),
        false => app.keyring.candidates_native(text),
    };
    let Some(found) = store::find_record(app, &candidates, digest).await? else { return Ok(None) };
    if let Some(pause) = app.keys.pause.get() {
        pause().await;
    }
    if found.is_outdated {
        renew_digest(app, text, &found).await;
    }
    let record = Arc::new(found.record);
    app.keys.records.fill(ticket, digest, Arc::clone(&record));
    Ok(Some(record))
}

/// A digest made under an older pepper is made anew when its key is used. Failing to write that costs nothing
/// but the next attempt.
async fn renew_digest(app: &App, text: &str, found: &store::FoundRecord) {
    let current = app.keyring.current();
    let digests = app.keyring.candidates(text);
    let Some((.., digest)) =
        digests.into_iter().find(|(kind, version, _)| *kind == found.kind && *version == current)
    else {
        return;
    };
    if let Err(error) = store::redigest(app, found.record.secret, digest).await {
        tracing::warn!(%error, key = %found.record.id, "key not re-digested");
    }
}

/// Status, expiry, address, plan: everything that can be known without the operation.
pub(super) fn judge_record(app: &App, record: &Record, address: IpAddr) -> Result<(), Problem> {
    judge(app.now(), &record.facts, record.valid_until).map_err(|refusal| match refusal {
        Refusal::Unknown => unknown(),
        Refusal::Inactive => Problem::new(Code::ApiKeyInactive, "This API key was revoked or deactivated."),
        Refusal::Expired => Problem::new(Code::ApiKeyExpired, "This API key has expired."),
    })?;
    if record.owner.is_some() && record.standing.role.is_none() {
        return Err(Problem::new(Code::ApiKeyInactive, "The member this API key belonged to has left."));
    }
    if record.allow_mode != AllowMode::Off && !record.allow.contains(address) {
        if record.allow_mode == AllowMode::Enforce {
            return Err(Problem::new(
                Code::IpNotAllowed,
                format!("{address} is not on this key's allow list."),
            ));
        }
        tracing::warn!(key = %record.id, %address, "address not on the allow list, admitted in report_only mode");
    }
    if record.standing.suspended {
        return Err(Problem::plain(Code::WorkspaceSuspended));
    }
    if !record.standing.plan.api_access {
        return Err(Problem::new(Code::PlanRequired, "This workspace's plan does not include API access."));
    }
    Ok(())
}

fn admitted(record: Arc<Record>) -> Admitted {
    Admitted {
        sunset: record.valid_until.map(|until| Sunset { since: record.retired_at.unwrap_or(until), until }),
        usage: Arc::clone(&record.usage),
        metered: record.metered.clone(),
        terms: record.terms(),
        caller: Caller {
            workspace: record.workspace,
            scopes: record.scopes(),
            plan: Arc::clone(&record.standing.plan),
            principal: Principal::Key {
                id: record.id,
                secret: record.secret,
                name: record.name.clone(),
                owner: record.owner,
                grant: record.grant,
                rate_limits: record.rate_limits,
            },
        },
    }
}
