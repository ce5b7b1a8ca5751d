//! QR codes from one JSON body.
//!
//! Each is looked at and judged before the transaction begins, as one alone is (`qr::Desk`); equal looks are judged once. What only
//! the database can refuse, an alias that somebody takes meanwhile, undoes the transaction: with `skip` the others are tried again
//! without it.

use serde_json::Value;
use tessera_db::Transaction;

use super::many::{self, Made, Order, PASSWORDS_MAX, Thing};
use super::model::OnError;
use super::write::{self, Row};
use crate::http::json::{self, Source};
use crate::links::{self, Author};
use crate::problem::{Code, FieldError, Problem};
use crate::qr::{self, CreateQrCode, Desk, Draft};
use crate::{App, workspaces};

/// Looks that one call has judged, each in every size of symbol it comes with. A verdict takes tens of milliseconds of a core, and the
/// caller waits for all of them.
pub const LOOKS_MAX: usize = 100;

/// Makes codes, by the rules of [`many::create`].
pub(super) async fn create(app: &App, by: &Author, order: Order) -> Result<Made, Problem> {
    let mut rows = prepare(app, by, &order).await?;
    many::refuse_duplicates(&mut rows);
    write::refuse_taken(app, &mut rows).await?;
    many::check(&rows, order.on_error)?;
    loop {
        let txn = app.db.begin().await?;
        workspaces::lock(&txn, by.workspace()).await?;
        let (places, mut beyond) = within_plan(&txn, by, &rows).await?;
        if order.on_error == OnError::Abort && !beyond.is_empty() {
            refuse(&mut rows, std::mem::take(&mut beyond));
            many::check(&rows, OnError::Abort)?;
        }
        let drafts = places.iter().filter_map(|place| rows[*place].drafted.as_ref().ok().cloned()).collect();
        let (made, changes) = match qr::create_in(app, &txn, by, drafts).await {
            Ok(made) => made,
            Err((stopped, problem)) => {
                // Of all that was tried nothing stays; one fewer is tried next, so this ends.
                drop(txn);
                let Some(place) = places.get(stopped) else { return Err(problem) };
                rows[*place].drafted = Err(refusal(problem)?);
                many::check(&rows, order.on_error)?;
                continue;
            }
        };
        if !order.validate_only {
            many::record(app, &txn, by, &order, made.len()).await?;
            app.commit(txn, &changes).await?;
        }
        refuse(&mut rows, beyond);
        return Ok(Made { rows: named(app, rows, made), is_kept: !order.validate_only });
    }
}

async fn prepare(app: &App, by: &Author, order: &Order) -> Result<Vec<Row<Draft>>, Problem> {
    let has_password = |body: &Value| body.get("password").is_some_and(|password| !password.is_null());
    if order.bodies().filter(|(_, body)| has_password(body)).count() > PASSWORDS_MAX {
        let message = format!("at most {PASSWORDS_MAX} records of one call have a password; split them");
        return Err(Problem::field("records", "length", message));
    }
    let mut desk = Desk::new(app, by);
    let mut rows = Vec::with_capacity(order.records.len());
    for (number, body) in order.bodies() {
        let drafted = match json::fit::<CreateQrCode>(body, Source::Body) {
            Ok(wish) => desk.prepare(wish).await,
            Err(problem) => Err(problem),
        };
        let drafted = match drafted {
            Ok(draft) => Ok(draft),
            Err(problem) => Err(refusal(problem)?),
        };
        if desk.judged() > LOOKS_MAX {
            let message = format!(
                "the codes of one call have at most {LOOKS_MAX} looks, each style in each size of symbol counted; split them"
            );
            return Err(Problem::field("records", "length", message));
        }
        rows.push(Row { number, drafted });
    }
    Ok(rows)
}

/// What is wrong with one record.
///
/// # Errors
/// What is wrong with none of them: a database that is away, too much to do.
fn refusal(problem: Problem) -> Result<Vec<FieldError>, Problem> {
    match problem.code {
        Code::InvalidRequest => Ok(problem.errors),
        Code::Unscannable => {
            let whole = FieldError::new("style", "unscannable", problem.detail);
            Ok(std::iter::once(whole).chain(problem.errors).collect())
        }
        Code::AliasTaken => Ok(vec![write::taken()]),
        _ => Err(problem),
    }
}

/// Places of codes that the plan has no room for.
type Beyond = Vec<(usize, FieldError)>;

/// The places of those it has room for, and of the others. Exact in a transaction that locks the workspace.
async fn within_plan(
    txn: &Transaction,
    by: &Author,
    rows: &[Row<Draft>],
) -> Result<(Vec<usize>, Beyond), Problem> {
    let (mut codes, mut links) = (qr::room(txn, by).await?, links::room(txn, by).await?);
    let (mut places, mut beyond) = (Vec::new(), Vec::new());
    for (place, row) in rows.iter().enumerate() {
        let Ok(draft) = &row.drafted else { continue };
        let full = match (codes, links) {
            (Some(0), _) => Some("the plan holds no more QR codes"),
            (_, Some(0)) if draft.is_dynamic() => {
                Some("the plan holds no more links, and a dynamic code has one")
            }
            _ => None,
        };
        if let Some(message) = full {
            beyond.push((place, FieldError::new("row", write::NO_ROOM, message)));
            continue;
        }
        codes = codes.map(|room| room - 1);
        if draft.is_dynamic() {
            links = links.map(|room| room - 1);
        }
        places.push(place);
    }
    Ok((places, beyond))
}

fn refuse(rows: &mut [Row<Draft>], beyond: Beyond) {
    for (place, error) in beyond {
        rows[place].drafted = Err(vec![error]);
    }
}

/// The rows in their order, those that were made by what they became.
fn named(app: &App, rows: Vec<Row<Draft>>, made: Vec<qr::Made>) -> Vec<Row<Thing>> {
    let mut things = made.into_iter().map(|made| Thing {
        id: made.id(),
        short_url: made.short_url(app),
        image_url: Some(made.image_url(app)),
    });
    let thing = |row: Row<Draft>| {
        let drafted = row.drafted.and_then(|_| things.next().ok_or_else(Vec::new));
        Row { number: row.number, drafted }
    };
    rows.into_iter().map(thing).collect()
}
