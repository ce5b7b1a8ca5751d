//! A bulk job and its states. No I/O.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tessera_types::{BulkJobId, Timestamp, WorkspaceId};
use utoipa::ToSchema;

use super::columns::{self, Cell};
use super::reader::Place;
use crate::audit::Actor;
use crate::caller::Need;
use crate::problem::FieldError;

/// What a call or a file makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BulkResource)]
pub enum Resource {
    Links,
    QrCodes,
}

impl Resource {
    /// What making one of them takes, beside `bulk.create`.
    pub const fn need(self) -> Need {
        match self {
            Self::Links => Need::Scope(tessera_keys::Scope::LinksCreate),
            Self::QrCodes => Need::Scope(tessera_keys::Scope::QrCreate),
        }
    }

    /// The columns of a file.
    pub(super) const fn columns(self) -> &'static [(&'static str, Cell)] {
        match self {
            Self::Links => &columns::LINKS,
            Self::QrCodes => &columns::QR_CODES,
        }
    }

    /// The field without which there is none.
    pub(super) const fn needed(self) -> &'static str {
        match self {
            Self::Links => "destination_url",
            Self::QrCodes => "name",
        }
    }
}

/// What becomes of the others when one cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BulkOnError)]
pub enum OnError {
    /// All or none.
    #[default]
    Abort,
    /// Those that can be made are.
    Skip,
}

/// When a job goes on from its validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BulkStart)]
pub enum Start {
    /// At once, if there is nothing in its way.
    #[default]
    Auto,
    /// When somebody says so.
    Manual,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BulkJobState)]
pub enum State {
    /// Every row is looked at; nothing is made yet.
    Validating,
    /// Looked at, and waiting for `start`.
    Ready,
    Running,
    /// What was made is being removed: all or none.
    Undoing,
    /// Some rows are wrong, or the file is; nothing was made.
    Refused,
    Done,
    /// Something came in between; `failure` says what.
    Failed,
    Cancelled,
}

impl State {
    /// Nothing follows.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Refused | Self::Done | Self::Failed | Self::Cancelled)
    }

    /// There is work to be done in it.
    pub const WORKING: [Self; 3] = [Self::Validating, Self::Running, Self::Undoing];
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BulkRowError)]
pub struct RowError {
    /// As a spreadsheet counts: the header is row 1.
    #[schema(examples(17))]
    pub row: u32,
    #[schema(examples("destination_url"))]
    pub field: String,
    #[schema(examples("scheme"))]
    pub code: String,
    #[schema(examples("expected one of the schemes http, https"))]
    pub message: String,
}

impl RowError {
    pub(super) fn of(row: u32, errors: Vec<FieldError>) -> impl Iterator<Item = Self> {
        errors.into_iter().map(move |error| Self {
            row,
            field: error.field.into_owned(),
            code: error.code.into_owned(),
            message: error.message,
        })
    }
}

#[derive(Debug, Clone)]
pub struct Job {
    pub id: BulkJobId,
    pub workspace: WorkspaceId,
    pub resource: Resource,
    pub on_error: OnError,
    pub start: Start,
    pub state: State,
    /// Columns of the file, and the fields they stand for.
    pub mapping: BTreeMap<String, String>,
    pub source_bytes: u64,
    /// How far the file was read in this state.
    pub place: Place,
    pub rows: u64,
    pub valid: u64,
    pub invalid: u64,
    pub errors_total: u64,
    pub first_errors: Vec<RowError>,
    pub created: u64,
    pub refused: u64,
    /// Of those created, how many are gone again.
    pub removed: u64,
    /// How much of the result file is whole.
    pub result_bytes: u64,
    pub failure: Option<String>,
    /// Where `undoing` leads.
    pub ending: Option<State>,
    pub actor: Actor,
    /// `usr_…` or `key_…`
    pub created_by: String,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub updated_at: Timestamp,
}

impl Job {
    /// How far the present state is.
    pub fn progress_pct(&self) -> u8 {
        let (done, all) = match self.state {
            State::Validating | State::Running => (self.place.bytes, self.source_bytes),
            State::Undoing => (self.removed, self.created),
            _ => (1, 1),
        };
        u8::try_from(done.saturating_mul(100) / all.max(1)).unwrap_or(100).min(100)
    }

    /// Goes into another state, from the beginning of it.
    pub(super) fn turn(&mut self, state: State, now: Timestamp) {
        self.state = state;
        self.place = Place::default();
        self.updated_at = now;
        if state.is_final() {
            self.finished_at = Some(now);
        }
    }

    /// Ends it before its time; where all or none are wanted, what it made goes first.
    pub(super) fn end(&mut self, ending: State, now: Timestamp) {
        if self.on_error == OnError::Abort && self.state == State::Running && self.created > self.removed {
            self.ending = Some(ending);
            self.turn(State::Undoing, now);
        } else {
            self.turn(ending, now);
        }
    }

    /// What follows a validation.
    pub(super) fn after_validation(&self) -> State {
        match (self.on_error, self.start) {
            _ if self.valid == 0 => State::Refused,
            (OnError::Abort, _) if self.errors_total > 0 => State::Refused,
            (_, Start::Auto) => State::Running,
            (_, Start::Manual) => State::Ready,
        }
    }
}
