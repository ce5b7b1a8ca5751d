//! `Idempotency-Key`: a POST that is sent twice acts once.
//!
//! The row is written before the handler runs, so of two calls at once one runs and the other is told so.
//! Only an answer that changed something (2xx) is kept; a refusal changed nothing and may be tried again. An
//! answer with a secret is not kept at all: its replay is told that the secret was shown. Where a crash or an
//! outage cut a call off before its answer was kept, nobody knows whether it acted: its replay is told so, and
//! it is never run again. A file is not held in memory to be compared: its digest is taken while it goes by.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, TryStreamExt};
use hmac::{Hmac, KeyInit, Mac};
use http::header::{CONTENT_TYPE, ETAG, LOCATION};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sha2::{Digest, Sha256};
use tessera_db::DbError;

use super::answer::ShowsSecret;
use super::{Facts, auth, extract, rate_limits};
use crate::App;
use crate::bulk::FILE_BYTES_MAX;
use crate::caller::Need;
use crate::problem::{Code, Problem};

const HEADER: &str = "idempotency-key";
const KEPT_HOURS: i64 = 24;
const RUNNING: &str = "running";
/// Calls that may be repeated as they are: keeping an image for a day would only fill the database.
const CHANGE_NOTHING: [&str; 2] = ["/v1/qr-codes/render", "/v1/qr-codes/verdict"];
/// Headers that belong to the answer rather than to its delivery.
const KEPT_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, ETAG, LOCATION];

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub caller: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub idempotency_key: String,
        pub fingerprint: Vec<u8>,
        pub state: String,
        pub status: Option<i32>,
        pub headers: Option<String>,
        pub body: Option<Vec<u8>>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The layer around the API's routes.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let changes_nothing = CHANGE_NOTHING.contains(&request.uri().path());
    if request.method() != Method::POST || changes_nothing || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    match once(&app, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

enum Prepared {
    /// The claim is ours; this is the body, again or still.
    Run(Claim, Body),
    Answer(Response),
}

/// A key that is ours until its call is answered.
struct Claim {
    row: row::Model,
    /// Of a file: what it is recognised by, once it has gone by.
    arriving: Option<(Print, Passing)>,
}

async fn once(app: &App, request: Request, next: Next) -> Result<Response, Problem> {
    let key = read_key(request.headers())?;
    let (parts, body) = request.into_parts();
    let facts = parts
        .extensions
        .get::<Facts>()
        .cloned()
        .ok_or_else(|| Problem::internal("a route outside the shell"))?;
    let owner = match auth::owner(app, &parts, &facts).await {
        Ok(owner) => owner,
        // Without knowing whose key this is, running the call would leave it unprotected.
        Err(problem) if problem.code == Code::Unavailable => return Err(problem),
        // The route is public, or it will refuse the caller in its own words.
        Err(_) => return Ok(next.run(Request::from_parts(parts, body)).await),
    };
    // What is answered without its handler is a request like any other, which the limits must allow.
    let admit =
        |parts: &Parts| rate_limits::admit(app, &facts, rate_limits::class(&parts.method, Need::Nothing));
    match prepare(app, &parts, body, owner, key).await {
        Ok(Prepared::Run(claim, body)) => {
            let response = next.run(Request::from_parts(parts, body)).await;
            settle(app, claim, response).await
        }
        Ok(Prepared::Answer(answer)) => admit(&parts).map(|()| answer),
        Err(problem) => admit(&parts).and(Err(problem)),
    }
}

async fn prepare(
    app: &App,
    parts: &Parts,
    body: Body,
    owner: String,
    key: String,
) -> Result<Prepared, Problem> {
    let print = Print::of(app, parts)?;
    let claim = |fingerprint| row::Model {
        caller: owner,
        idempotency_key: key,
        fingerprint,
        state: RUNNING.to_owned(),
        status: None,
        headers: None,
        body: None,
        created_at: tessera_types::to_millis(app.now()),
    };
    let patience = patience(app, parts);
    if super::is_upload(&parts.method, parts.uri.path()) {
        // Until the file is here, the key stands for it.
        let mut row = claim(print.with(&[]));
        return match claim_or_find(app, &row).await? {
            None => {
                let passing = Passing::default();
                let body = passing.watch(body);
                Ok(Prepared::Run(Claim { row, arriving: Some((print, passing)) }, body))
            }
            Some(known) => {
                if known.state != RUNNING {
                    row.fingerprint = print.with(&digest_of(app, body).await?);
                }
                replay(known, &row, patience).map(Prepared::Answer)
            }
        };
    }
    let bytes = extract::read(Request::new(body), super::body_bytes_max(app, parts.uri.path())).await?;
    let row = claim(print.with(&bytes));
    match claim_or_find(app, &row).await? {
        None => Ok(Prepared::Run(Claim { row, arriving: None }, Body::from(bytes))),
        Some(known) => replay(known, &row, patience).map(Prepared::Answer),
    }
}

/// How long a call may be under way before it is taken for cut off: the longest that it may take, and as long again as a
/// request may, because what was begun is finished.
fn patience(app: &App, parts: &Parts) -> Duration {
    let longest = super::time_max(&app.settings, &parts.method, parts.uri.path());
    longest + Duration::from_secs(app.settings.server.request_seconds_max)
}

/// What a call is recognised by: method, target and body. Keyed, because a body may hold a password, which must not be
/// guessed from a stolen table at the speed of a plain hash.
struct Print(Hmac<Sha256>);

impl Print {
    /// The part that is known before the body.
    fn of(app: &App, parts: &Parts) -> Result<Self, Problem> {
        let key = app.keyring.derive(app.keyring.current(), "idempotency");
        let key = key.ok_or_else(|| Problem::internal("no current pepper"))?;
        let mac = Hmac::<Sha256>::new_from_slice(&key).map_err(Problem::internal)?;
        let mut print = Self(mac);
        print.add(parts.method.as_str().as_bytes());
        print.add(parts.uri.to_string().as_bytes());
        Ok(print)
    }

    fn add(&mut self, part: &[u8]) {
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    /// The whole; of a file, `body` is its digest.
    fn with(&self, body: &[u8]) -> Vec<u8> {
        let mut whole = Self(self.0.clone());
        whole.add(body);
        whole.0.finalize().into_bytes().to_vec()
    }
}

/// The digest of a body that goes by.
#[derive(Clone, Default)]
struct Passing(Arc<Mutex<Sha256>>);

impl Passing {
    fn watch(&self, body: Body) -> Body {
        let passing = self.clone();
        // Fused: whoever reads it may ask once more after its end.
        Body::from_stream(body.into_data_stream().inspect_ok(move |piece| passing.add(piece)).fuse())
    }

    fn add(&self, piece: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).update(piece);
    }

    fn digest(&self) -> [u8; 32] {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().finalize().into()
    }
}

/// Reads a file to its end, and keeps nothing of it.
async fn digest_of(app: &App, body: Body) -> Result<[u8; 32], Problem> {
    let read = async {
        let (mut hasher, mut bytes) = (Sha256::new(), 0);
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|_| Problem::new(Code::RequestTimeout, "The file broke off."))?;
            bytes += piece.len() as u64;
            if bytes > FILE_BYTES_MAX {
                // None of this size was ever taken.
                return Err(Problem::plain(Code::IdempotencyKeyReused));
            }
            hasher.update(&piece);
        }
        Ok(hasher.finalize().into())
    };
    let seconds_max = app.settings.bulk.upload_seconds_max;
    let read = tokio::time::timeout(Duration::from_secs(seconds_max), read).await;
    read.unwrap_or_else(|_| {
        let detail = format!("The file took longer than {seconds_max} s to arrive.");
        Err(Problem::new(Code::RequestTimeout, detail))
    })
}

fn read_key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut values = headers.get_all(HEADER).iter();
    let key = values.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    if values.next().is_some() || key.is_empty() || key.len() > 255 {
        return Err(Problem::plain(Code::InvalidIdempotencyKey));
    }
    Ok(key.to_owned())
}

/// `None`: the claim is ours. Otherwise what is known of the key.
async fn claim_or_find(app: &App, claim: &row::Model) -> Result<Option<row::Model>, Problem> {
    for _ in 0..2 {
        let txn = app.db.begin().await?;
        match row::Entity::insert(row::ActiveModel::from(claim.clone()).reset_all())
            .exec_without_returning(&txn)
            .await
            .map_err(DbError::from)
        {
            Ok(_) => {
                txn.commit().await.map_err(DbError::from)?;
                return Ok(None);
            }
            Err(DbError::Taken(_)) => {}
            Err(error) => return Err(error.into()),
        }
        drop(txn);
        let id = (claim.caller.clone(), claim.idempotency_key.clone());
        let Some(known) = row::Entity::find_by_id(id).one(app.db.read()).await.map_err(DbError::from)? else {
            continue;
        };
        if known.created_at < claim.created_at - KEPT_HOURS * 3_600_000 {
            forget(app, &known).await?;
            continue;
        }
        return Ok(Some(known));
    }
    Err(Problem::plain(Code::RequestInProgress).retry_after(1))
}

fn replay(known: row::Model, claim: &row::Model, patience: Duration) -> Result<Response, Problem> {
    if known.fingerprint != claim.fingerprint {
        return Err(Problem::plain(Code::IdempotencyKeyReused));
    }
    let since_ms = u128::try_from(claim.created_at - known.created_at).unwrap_or(0);
    match known.state.as_str() {
        RUNNING if since_ms < patience.as_millis() => {
            Err(Problem::plain(Code::RequestInProgress).retry_after(1))
        }
        RUNNING => Err(Problem::new(
            Code::Conflict,
            "The first call with this Idempotency-Key was cut off, and whether it acted is not known. \
             Look, then use a new key.",
        )),
        "secret" => Err(Problem::plain(Code::SecretAlreadyShown)),
        _ => {
            let mut response = Body::from(known.body.unwrap_or_default()).into_response();
            let status =
                known.status.and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
            *response.status_mut() = status.unwrap_or(StatusCode::OK);
            let pairs: Vec<(String, String)> =
                serde_json::from_str(&known.headers.unwrap_or_default()).unwrap_or_default();
            for (name, value) in pairs {
                if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
                    response.headers_mut().insert(name, value);
                }
            }
            response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
            Ok(response)
        }
    }
}

/// Keeps what there is to keep. The call has acted by now, so its answer goes out even if keeping it fails.
async fn settle(app: &App, claim: Claim, response: Response) -> Result<Response, Problem> {
    let Claim { row, arriving } = claim;
    if !response.status().is_success() {
        if let Err(error) = forget(app, &row).await {
            tracing::warn!(%error, "an idempotency key could not be given back");
        }
        return Ok(response);
    }
    let shows_secret = response.extensions().get::<ShowsSecret>().is_some();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.map_err(Problem::internal)?.to_bytes();
    let mut settled: row::ActiveModel = row.into();
    if let Some((print, passing)) = arriving {
        // It was taken, so all of it went by.
        settled.fingerprint = Set(print.with(&passing.digest()));
    }
    settled.state = Set(if shows_secret { "secret" } else { "answered" }.to_owned());
    if !shows_secret {
        let headers: Vec<(&str, &str)> = KEPT_HEADERS
            .iter()
            .filter_map(|name| Some((name.as_str(), parts.headers.get(name)?.to_str().ok()?)))
            .collect();
        settled.status = Set(Some(i32::from(parts.status.as_u16())));
        settled.headers = Set(serde_json::to_string(&headers).ok());
        settled.body = Set(Some(bytes.to_vec()));
    }
    if let Err(error) = keep(app, settled).await {
        tracing::warn!(%error, "an answer could not be kept for its idempotency key");
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

async fn keep(app: &App, settled: row::ActiveModel) -> Result<(), DbError> {
    let txn = app.db.begin().await?;
    row::Entity::update(settled).exec(&txn).await?;
    Ok(txn.commit().await?)
}

/// Deletes this claim and no later one of the same key.
async fn forget(app: &App, claim: &row::Model) -> Result<(), DbError> {
    let txn = app.db.begin().await?;
    row::Entity::delete_by_id((claim.caller.clone(), claim.idempotency_key.clone()))
        .filter(row::Column::CreatedAt.eq(claim.created_at))
        .exec(&txn)
        .await?;
    Ok(txn.commit().await?)
}

/// Forgets keys that have outlived their day.
pub async fn sweep(app: &App) -> Result<(), DbError> {
    let oldest = tessera_types::to_millis(app.now()) - KEPT_HOURS * 3_600_000;
    let txn = app.db.begin().await?;
    row::Entity::delete_many().filter(row::Column::CreatedAt.lt(oldest)).exec(&txn).await?;
    Ok(txn.commit().await?)
}

impl App {
    /// Leaves every kept answer as a crash before its keeping would have, for tests of what follows.
    #[doc(hidden)]
    pub async fn forget_idempotent_answers(&self) -> Result<(), DbError> {
        let txn = self.db.begin().await?;
        row::Entity::update_many().col_expr(row::Column::State, Expr::value(RUNNING)).exec(&txn).await?;
        Ok(txn.commit().await?)
    }
}
