//! `Idempotency-Key`: a POST that is sent twice acts once.
//!
//! The row is written before the handler runs, so of two calls at once one runs and the other is told so.
//! Only an answer that changed something (2xx) is kept; a refusal changed nothing and may be tried again. An
//! answer with a secret is not kept at all: its replay is told that the secret was shown.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, ETAG, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sha2::{Digest, Sha256};
use tessera_db::DbError;

use super::answer::ShowsSecret;
use super::{Facts, auth, extract};
use crate::App;
use crate::problem::{Code, Problem};

const HEADER: &str = "idempotency-key";
const KEPT_HOURS: i64 = 24;
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
    if request.method() != Method::POST || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    match once(&app, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn once(app: &App, request: Request, next: Next) -> Result<Response, Problem> {
    let key = read_key(request.headers())?;
    let (parts, body) = request.into_parts();
    let facts = parts
        .extensions
        .get::<Facts>()
        .cloned()
        .ok_or_else(|| Problem::internal("a route outside the shell"))?;
    let Ok(caller) = auth::caller(app, &parts, &facts).await else {
        // The route is public, or it will refuse the caller in its own words.
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let request = Request::from_parts(parts, body);
    let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let method = request.method().clone();
    let (parts, body) = request.into_parts();
    let bytes = extract::read(Request::new(body), app.settings.server.body_bytes_max).await?;
    let fingerprint = Sha256::new()
        .chain_update(method.as_str())
        .chain_update([0])
        .chain_update(&target)
        .chain_update([0])
        .chain_update(&bytes);
    let claim = row::Model {
        // The workspace is part of the owner: a person's keys in one are not theirs in another.
        caller: format!("{} {}", caller.workspace, caller.name()),
        idempotency_key: key,
        fingerprint: fingerprint.finalize().to_vec(),
        state: "running".to_owned(),
        status: None,
        headers: None,
        body: None,
        created_at: tessera_types::to_millis(app.now()),
    };
    if let Some(answer) = claim_or_replay(app, &claim).await? {
        return Ok(answer);
    }
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    settle(app, claim, response).await
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
        // A claim older than any request may run was left by a crash.
        let abandoned_ms = i64::try_from(app.settings.server.request_seconds_max).unwrap_or(30) * 2_000;
        if known.created_at < claim.created_at - KEPT_HOURS * 3_600_000
            || (known.state == "running" && known.created_at < claim.created_at - abandoned_ms)
        {
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
        "running" => Err(Problem::plain(Code::RequestInProgress).retry_after(1)),
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

async fn settle(app: &App, claim: row::Model, response: Response) -> Result<Response, Problem> {
    if !response.status().is_success() {
        forget(app, &claim).await?;
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
    let txn = app.db.begin().await?;
    row::Entity::update(settled).exec(&txn).await.map_err(DbError::from)?;
    txn.commit().await.map_err(DbError::from)?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

async fn forget(app: &App, claim: &row::Model) -> Result<(), DbError> {
    let txn = app.db.begin().await?;
    row::Entity::delete_by_id((claim.caller.clone(), claim.idempotency_key.clone())).exec(&txn).await?;
    Ok(txn.commit().await?)
}

/// Forgets keys that have outlived their day.
pub async fn sweep(app: &App) -> Result<(), DbError> {
    let oldest = tessera_types::to_millis(app.now()) - KEPT_HOURS * 3_600_000;
    let txn = app.db.begin().await?;
    row::Entity::delete_many().filter(row::Column::CreatedAt.lt(oldest)).exec(&txn).await?;
    Ok(txn.commit().await?)
}
