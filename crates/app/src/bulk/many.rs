//! Up to 1,200 at once, from one JSON body and in one transaction.

use serde_json::{Map, Value, json};

use super::model::{OnError, Resource};
use super::write::{self, Row, Wanted};
use crate::App;
use crate::audit::{self, Entry};
use crate::links::Author;
use crate::problem::{Code, FieldError, Problem};

pub const RECORDS_MAX: usize = 1_200;
/// Each takes milliseconds of a core, and the caller waits for all of them.
pub const PASSWORDS_MAX: usize = 100;
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
    let mut rows = read(app, by, &order)?;
    write::refuse_duplicates(&mut rows, &mut Wanted::default(), |number| format!("records[{number}]"));
    let passwords =
        rows.iter().filter_map(|row| row.drafted.as_ref().ok()).filter(|draft| draft.has_password());
    if passwords.count() > PASSWORDS_MAX {
        let message =
            format!("at most {PASSWORDS_MAX} records of one call have a password; a CSV job takes more");
        return Err(Problem::field("records", "length", message));
    }
    check(&rows, order.on_error)?;
    write::hash_passwords(app, &mut rows).await?;

    let txn = app.db.begin().await?;
    let changes = write::write(app, &txn, by, &mut rows).await?;
    check(&rows, order.on_error)?;
    if order.validate_only {
        // Dropped, the transaction undoes all of it.
        return Ok(Made { rows, is_kept: false });
    }
    if !changes.is_empty() {
        let refused = rows.len() - changes.len();
        let told = json!({"resource": order.resource, "created": changes.len(), "refused": refused});
        let workspace = by.workspace();
        let entry = Entry::new("bulk.created", &workspace).after(told);
        audit::record(app, &txn, workspace, by.actor(), entry).await?;
    }
    app.commit(txn, &changes).await?;
    Ok(Made { rows, is_kept: true })
}

fn read(app: &App, by: &Author, order: &Order) -> Result<Vec<Row>, Problem> {
    let count = order.records.len();
    if !(1..=RECORDS_MAX).contains(&count) {
        let message = format!("1 to {RECORDS_MAX} records, not {count}; a CSV job takes a million");
        return Err(Problem::field("records", "length", message));
    }
    let row = |(number, record): (u32, &Value)| {
        let body = match record {
            Value::Object(own) => {
                let mut whole = order.defaults.clone();
                whole.extend(own.clone());
                Value::Object(whole)
            }
            other => other.clone(),
        };
        Row::read(app, by, order.resource, number, body)
    };
    Ok((0..).zip(&order.records).map(row).collect())
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
