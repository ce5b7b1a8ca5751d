//! From rows to things in the database, a batch in one transaction: what a call with JSON and a job with a file share.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;
use tessera_db::Transaction;

use super::model::JobResource;
use crate::links::{self, Address, Author, Draft};
use crate::problem::{FieldError, Problem};
use crate::{App, Change, qr, workspaces};

/// One record, and what it would be or why it cannot be.
pub(super) struct Row<D = Draft> {
    pub number: u32,
    pub drafted: Result<D, Vec<FieldError>>,
}

/// What may ask for an address.
pub(super) trait Addressed {
    /// The address somebody asked for.
    fn wanted_address(&self) -> Option<Address>;
}

impl Addressed for Draft {
    fn wanted_address(&self) -> Option<Address> {
        Self::wanted_address(self)
    }
}

impl Addressed for qr::Draft {
    fn wanted_address(&self) -> Option<Address> {
        Self::wanted_address(self)
    }
}

impl Row {
    pub(super) fn read(app: &App, by: &Author, resource: JobResource, number: u32, body: Value) -> Self {
        let drafted = match resource {
            JobResource::Links => Draft::read(app, by, body),
        };
        Self { number, drafted: drafted.map_err(|problem| problem.errors) }
    }
}

/// Which addresses were asked for, and by which row.
///
/// A million of them are kept as hashes of 64 bits, some 40 MB. That two of a million meet by chance is one in 37 million;
/// then a good row is refused as a duplicate.
#[derive(Default)]
pub(super) struct Wanted(HashMap<u64, u32>);

impl Wanted {
    /// The earlier row that asks for the same address.
    pub(super) fn earlier(&mut self, number: u32, draft: &impl Addressed) -> Option<u32> {
        let mut hasher = DefaultHasher::new();
        draft.wanted_address()?.hash(&mut hasher);
        let first = *self.0.entry(hasher.finish()).or_insert(number);
        (first != number).then_some(first)
    }
}

/// Refuses rows whose alias an earlier row asks for; `name` says which row that is.
pub(super) fn refuse_duplicates<D: Addressed>(
    rows: &mut [Row<D>],
    wanted: &mut Wanted,
    name: impl Fn(u32) -> String,
) {
    for row in rows {
        let Ok(draft) = &row.drafted else { continue };
        if let Some(first) = wanted.earlier(row.number, draft) {
            let message = format!("{} has this alias too; give each its own", name(first));
            row.drafted = Err(vec![FieldError::new("alias", "duplicate", message)]);
        }
    }
}

/// Refuses rows whose alias is taken now. Until they are inserted it may still be.
pub(super) async fn refuse_taken<D: Addressed>(app: &App, rows: &mut [Row<D>]) -> Result<(), Problem> {
    let wanted: Vec<(usize, Address)> = rows
        .iter()
        .enumerate()
        .filter_map(|(place, row)| Some((place, row.drafted.as_ref().ok()?.wanted_address()?)))
        .collect();
    for place in links::taken(app.db.read(), &wanted).await? {
        rows[place].drafted = Err(vec![taken()]);
    }
    Ok(())
}

/// Outside any transaction: each takes milliseconds.
pub(super) async fn hash_passwords(app: &App, rows: &mut [Row]) -> Result<(), Problem> {
    for draft in rows.iter_mut().filter_map(|row| row.drafted.as_mut().ok()) {
        draft.hash_password(app).await?;
    }
    Ok(())
}

/// Inserts what can be inserted and refuses the rest, as far as the plan reaches. Gives what to announce with the commit.
///
/// # Errors
/// As the database.
pub(super) async fn write(
    app: &App,
    txn: &Transaction,
    by: &Author,
    rows: &mut [Row],
) -> Result<Vec<Change>, Problem> {
    // Of two batches at once, the later one counts the earlier.
    workspaces::lock(txn, by.workspace()).await?;
    if let Some(room) = links::room(txn, by).await? {
        let beyond = rows
            .iter_mut()
            .filter(|row| row.drafted.is_ok())
            .skip(usize::try_from(room).unwrap_or(usize::MAX));
        beyond.for_each(|row| row.drafted = Err(vec![no_room()]));
    }
    let (places, mut drafts): (Vec<usize>, Vec<&mut Draft>) = rows
        .iter_mut()
        .enumerate()
        .filter_map(|(place, row)| Some((place, row.drafted.as_mut().ok()?)))
        .unzip();
    let refused = links::insert_drafts(app, txn, &mut drafts).await?;
    for place in refused {
        rows[places[place]].drafted = Err(vec![taken()]);
    }
    Ok(rows.iter().filter_map(|row| Some(row.drafted.as_ref().ok()?.change())).collect())
}

pub(super) fn taken() -> FieldError {
    FieldError::new("alias", "alias_taken", "another link of this domain has it")
}

pub(super) const NO_ROOM: &str = "plan_required";

fn no_room() -> FieldError {
    FieldError::new("row", NO_ROOM, "the plan holds no more links")
}
