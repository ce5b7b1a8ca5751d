//! `Idempotency-Key`: a POST that is sent twice acts once.
//!
//! The row is written before the handler runs, so of two calls at once one runs and the other is told so.
//! Only an answer that changed something (2xx) is kept; a refusal changed nothing and may be tried again. An
//! answer with a secret is not kept at all: its replay is told that the secret was shown. Where a crash or an
//! outage cut a call off before its answer was kept, nobody knows whether it acted: its replay is told so, and
//! it is never run again.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, LOCATION};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sha2::Sha256;
use tessera_db::DbError;

use super::answer::ShowsSecret;
use super::{Facts, auth, extract, rate_limits};
use crate::App;
use crate::caller::Need;
use crate::problem::{Code, Problem};

const HEADER: &str = "idempotency-key";
const KEPT_HOURS: i64 = 24;
/// After this a call whose answer was not kept is taken for cut off: twice the longest that requests may take by
/// default.
const STILL_RUNNING_MS: i64 = 60_000;
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
    Run(Box<row::Model>, Body),
    Answer(Response),
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
            settle(app, *claim, response).await
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
    let path = parts.uri.path();
    // A file is not held in memory for this: its length stands for it.
    let (told, body) = if super::is_upload(&parts.method, path) {
        let length = parts.headers.get(CONTENT_LENGTH).map(|value| value.as_bytes().to_vec());
        (bytes::Bytes::from(length.unwrap_or_default()), body)
    } else {
        let bytes = extract::read(Request::new(body), super::body_bytes_max(app, path)).await?;
        (bytes.clone(), Body::from(bytes))
    };
    let claim = row::Model {
        caller: owner,
        idempotency_key: key,
        fingerprint: fingerprint(app, parts, &told)?,
        state: "running".to_owned(),
        status: None,
        headers: None,
        body: None,
        created_at: tessera_types::to_millis(app.now()),
    };
    Ok(match claim_or_replay(app, &claim).await? {
        Some(answer) => Prepared::Answer(answer),
        None => Prepared::Run(Box::new(claim), body),
    })
}

/// Of method, target and body. Keyed, because a body may hold a password, which must not be guessed from a
/// stolen table at the speed of a plain hash.
fn fingerprint(app: &App, parts: &Parts, body: &[u8]) -> Result<Vec<u8>, Problem> {
    let key = app.keyring.derive(app.keyring.current(), "idempotency");
    let key = key.ok_or_else(|| Problem::internal("no current pepper"))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(Problem::internal)?;
    for part in [parts.method.as_str().as_bytes(), parts.uri.to_string().as_bytes(), body] {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().to_vec())
}

fn read_key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut values = headers.get_all(HEADER).iter();
    let key = values.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    if values.next().is_some() || key.is_empty() || key.len() > 255 {
        return Err(Problem::plain(Code::InvalidIdempotencyKey));
    }
    Ok(key.to_owned())
}

/// `None`: the claim is ours. Otherwise the answer to give instead of running.
async fn claim_or_replay(app: &App, claim: &row::Model) -> Result<Option<Response>, Problem> {
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
        return replay(known, claim).map(Some);
    }
    Err(Problem::plain(Code::RequestInProgress).retry_after(1))
}

fn replay(known: row::Model, claim: &row::Model) -> Result<Response, Problem> {
    if known.fingerprint != claim.fingerprint {
        return Err(Problem::plain(Code::IdempotencyKeyReused));
    }
    match known.state.as_str() {
        "running" if claim.created_at - known.created_at < STILL_RUNNING_MS => {
            Err(Problem::plain(Code::RequestInProgress).retry_after(1))
        }
        "running" => Err(Problem::new(
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
async fn settle(app: &App, claim: row::Model, response: Response) -> Result<Response, Problem> {
    if !response.status().is_success() {
        if let Err(error) = forget(app, &claim).await {
            tracing::warn!(%error, "an idempotency key could not be given back");
        }
        return Ok(response);
    }
    let shows_secret = response.extensions().get::<ShowsSecret>().is_some();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.map_err(Problem::internal)?.to_bytes();
    let mut settled: row::ActiveModel = claim.into();
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
        row::Entity::update_many().col_expr(row::Column::State, Expr::value("running")).exec(&txn).await?;
        Ok(txn.commit().await?)
    }
}
