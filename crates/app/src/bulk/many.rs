//! Up to 1,200 at once, from one JSON body and in one transaction.

use serde_json::{Map, Value, json};
use tessera_db::Transaction;

use super::codes;
use super::model::{JobResource, OnError, Resource};
use super::write::{self, Row, Wanted};
use crate::App;
use crate::audit::{self, Entry};
use crate::links::Author;
use crate::problem::{Code, FieldError, Problem};

pub const RECORDS_MAX: usize = 1_200;
/// Each takes milliseconds of a core, and the caller waits for all of them.
pub const PASSWORDS_MAX: usize = 100;
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
    pub(super) rows: Vec<Row<Thing>>,
    /// `false`: it was only tried.
    pub is_kept: bool,
}

/// A thing that was made, as the answer names it.
pub(super) struct Thing {
    pub id: String,
    /// `None` of a static code.
    pub short_url: Option<String>,
    /// Of a code.
    pub image_url: Option<String>,
}

/// Makes what the order names. When it returns, all of it is durable; on an error nothing is there.
///
/// # Errors
/// With `on_error: abort`, everything that is wrong with any record; else what is wrong with the order itself.
pub async fn create(app: &App, by: &Author, order: Order) -> Result<Made, Problem> {
    let count = order.records.len();
    if !(1..=RECORDS_MAX).contains(&count) {
        let more = match order.resource {
            Resource::Links => "; a CSV job takes a million",
            Resource::QrCodes => "",
        };
        let message = format!("1 to {RECORDS_MAX} records, not {count}{more}");
        return Err(Problem::field("records", "length", message));
    }
    let defaults_bytes = serde_json::to_vec(&order.defaults).map_err(Problem::internal)?.len();
    if defaults_bytes > DEFAULTS_BYTES_MAX {
        let message = format!("at most {DEFAULTS_BYTES_MAX} bytes, not {defaults_bytes}");
        return Err(Problem::field("defaults", "length", message));
    }
    match order.resource {
        Resource::Links => links(app, by, order).await,
        Resource::QrCodes => codes::create(app, by, order).await,
    }
}

async fn links(app: &App, by: &Author, order: Order) -> Result<Made, Problem> {
    let row = |(number, body)| Row::read(app, by, JobResource::Links, number, body);
    let mut rows: Vec<Row> = order.bodies().map(row).collect();
    refuse_duplicates(&mut rows);
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
    if !order.validate_only {
        record(app, &txn, by, &order, changes.len()).await?;
        app.commit(txn, &changes).await?;
    }
    let thing = |draft: crate::links::Draft| Thing {
        id: draft.id(),
        short_url: Some(draft.short_url(app)),
        image_url: None,
    };
    let made = |row: Row| Row { number: row.number, drafted: row.drafted.map(thing) };
    // Without a commit, the transaction undid all of it when it was dropped.
    Ok(Made { rows: rows.into_iter().map(made).collect(), is_kept: !order.validate_only })
}

impl Order {
    /// The bodies of the calls that make one, with their numbers.
    pub(super) fn bodies(&self) -> impl Iterator<Item = (u32, Value)> {
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

/// Refuses records whose alias an earlier one asks for.
pub(super) fn refuse_duplicates<D: write::Addressed>(rows: &mut [Row<D>]) {
    write::refuse_duplicates(rows, &mut Wanted::default(), |number| format!("records[{number}]"));
}

/// One row in the audit log for the whole call, if anything was made.
pub(super) async fn record(
    app: &App,
    txn: &Transaction,
    by: &Author,
    order: &Order,
    created: usize,
) -> Result<(), Problem> {
    if created == 0 {
        return Ok(());
    }
    let refused = order.records.len() - created;
    let told = json!({"resource": order.resource, "created": created, "refused": refused});
    let workspace = by.workspace();
    let entry = Entry::new("bulk.created", &workspace).after(told);
    Ok(audit::record(app, txn, workspace, by.actor(), entry).await?)
}

/// # Errors
/// If all or none are wanted and one is refused: every wrong field, each behind its record.
pub(super) fn check<D>(rows: &[Row<D>], on_error: OnError) -> Result<(), Problem> {
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
