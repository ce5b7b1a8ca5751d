//! Up to 1,200 at once, from one JSON body and in one transaction.

use serde_json::{Map, Value, json};
use tessera_db::Transaction;

use super::model::{OnError, Resource};
use super::write::{self, Draft, Row, Wanted};
use crate::App;
use crate::audit::{self, Entry};
use crate::links::Author;
use crate::problem::{Code, FieldError, Problem};
use crate::qr::Desk;

pub const RECORDS_MAX: usize = 1_200;
/// Each takes milliseconds of a core, and the caller waits for all of them.
pub const PASSWORDS_MAX: usize = 100;
/// Looks that one call has judged, each in every size of symbol it comes with. A verdict takes tens of milliseconds of a
/// core, and the caller waits for all of them.
pub const LOOKS_MAX: usize = 100;
/// Defaults are read with every record.
pub const DEFAULTS_BYTES_MAX: usize = 16 * 1_024;
/// Wrong fields that one answer names.
const ERRORS_MAX: usize = 1_000;

/// What to make.
pub struct Order {
    pub resource: Resource,
    pub records: Vec<Value>,
    /// Stand under each record: a field that it names is the record's own.
    pub defaults: Map<String, Value>,
    pub on_error: OnError,
    pub validate_only: bool,
}

/// What became of each record, in their order.
pub struct Made {
    pub(super) rows: Vec<Row>,
    /// `false`: it was only tried.
    pub is_kept: bool,
}

/// Makes what the order names. When it returns, all of it is durable; on an error nothing is there.
///
/// # Errors
/// With `on_error: abort`, everything that is wrong with any record; else what is wrong with the order itself.
pub async fn create(app: &App, by: &Author, order: Order) -> Result<Made, Problem> {
    let count = order.records.len();
    if !(1..=RECORDS_MAX).contains(&count) {
        let message = format!("1 to {RECORDS_MAX} records, not {count}; a CSV job takes a million");
        return Err(Problem::field("records", "length", message));
    }
    let defaults_bytes = serde_json::to_vec(&order.defaults).map_err(Problem::internal)?.len();
    if defaults_bytes > DEFAULTS_BYTES_MAX {
        let message = format!("at most {DEFAULTS_BYTES_MAX} bytes, not {defaults_bytes}");
        return Err(Problem::field("defaults", "length", message));
    }
    let mut rows = drafted(app, by, &order).await?;
    write::refuse_duplicates(&mut rows, &mut Wanted::default(), |number| format!("records[{number}]"));
    check(&rows, order.on_error)?;
    write::hash_passwords(app, &mut rows).await?;

    let txn = app.db.begin().await?;
    let changes = write::write(app, &txn, by, &mut rows).await?;
    check(&rows, order.on_error)?;
    if !order.validate_only {
        record(app, &txn, by, &order, &rows).await?;
        app.commit(txn, &changes).await?;
    }
    // Without a commit, the transaction undid all of it when it was dropped.
    Ok(Made { rows, is_kept: !order.validate_only })
}

async fn drafted(app: &App, by: &Author, order: &Order) -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::with_capacity(order.records.len());
    let mut desk = Desk::new(app, by);
    let mut passwords = 0;
    for (number, body) in order.bodies() {
        let drafted = match order.resource {
            Resource::Links => Draft::link(app, by, body),
            Resource::QrCodes => Draft::code(&mut desk, body).await?,
        };
        passwords += usize::from(drafted.as_ref().is_ok_and(Draft::has_password));
        if passwords > PASSWORDS_MAX {
            let message =
                format!("at most {PASSWORDS_MAX} records of one call have a password; a CSV job takes more");
            return Err(Problem::field("records", "length", message));
        }
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

impl Order {
    /// The bodies of the calls that make one, with their numbers.
    fn bodies(&self) -> impl Iterator<Item = (u32, Value)> {
        let body = |record: &Value| match record {
            Value::Object(own) => {
                let mut whole = self.defaults.clone();
                whole.extend(own.clone());
                Value::Object(whole)
            }
            other => other.clone(),
        };
        (0..).zip(self.records.iter().map(body))
    }
}

/// One row in the audit log for the whole call, if anything was made.
async fn record(
    app: &App,
    txn: &Transaction,
    by: &Author,
    order: &Order,
    rows: &[Row],
) -> Result<(), Problem> {
    let created = rows.iter().filter(|row| row.drafted.is_ok()).count();
    if created == 0 {
        return Ok(());
    }
    let told = json!({"resource": order.resource, "created": created, "refused": rows.len() - created});
    let workspace = by.workspace();
    let entry = Entry::new("bulk.created", &workspace).after(told);
    Ok(audit::record(app, txn, workspace, by.actor(), entry).await?)
}

/// # Errors
/// If all or none are wanted and one is refused: every wrong field, each behind its record.
fn check(rows: &[Row], on_error: OnError) -> Result<(), Problem> {
    if on_error == OnError::Skip {
        return Ok(());
    }
    let refused = rows.iter().filter_map(|row| Some((row.number, row.drafted.as_ref().err()?)));
    let errors = refused.flat_map(|(number, errors)| errors.iter().map(move |error| behind(number, error)));
    let errors: Vec<FieldError> = errors.take(ERRORS_MAX).collect();
    match errors.iter().find(|error| error.code == write::NO_ROOM) {
        _ if errors.is_empty() => Ok(()),
        Some(first) => {
            let detail =
                format!("The plan has no room for {} and those after it. Nothing was made.", first.field);
            Err(Problem::new(Code::PlanRequired, detail))
        }
        None => Err(Problem::fields(errors)),
    }
}

fn behind(number: u32, error: &FieldError) -> FieldError {
    let field = match &*error.field {
        "row" | "body" => format!("records[{number}]"),
        field => format!("records[{number}].{field}"),
    };
    FieldError::new(field, error.code.clone(), error.message.clone())
}
