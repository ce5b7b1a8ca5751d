//! A bulk job as the API shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use tessera_types::{BulkJobId, Timestamp};
use utoipa::ToSchema;

use crate::App;
use crate::bulk::model::{Job, OnError, Resource, RowError, Start, State};

#[derive(Serialize, ToSchema)]
#[schema(as = BulkJob)]
pub(super) struct JobView {
    pub(super) id: BulkJobId,
    pub(super) resource: Resource,
    pub(super) on_error: OnError,
    pub(super) start: Start,
    pub(super) state: State,
    /// How far the present state is.
    #[schema(examples(40))]
    pub(super) progress_pct: u8,
    pub(super) mapping: BTreeMap<String, String>,
    /// Of the file.
    pub(super) bytes: u64,
    /// Below the header, without blank ones; while it is validated, those looked at so far.
    pub(super) rows: u64,
    pub(super) valid: u64,
    pub(super) invalid: u64,
    /// Wrong fields of all rows; the report names the first 10,000.
    pub(super) errors_total: u64,
    /// The first 20 of them.
    pub(super) errors: Vec<RowError>,
    /// Rows that became what they should; where all or none are wanted and the job failed, those that were made before.
    pub(super) created: u64,
    pub(super) refused: u64,
    /// Of those created, how many were removed again.
    pub(super) removed: u64,
    /// Why it failed.
    pub(super) failure: Option<String>,
    pub(super) report_url: String,
    pub(super) result_url: String,
    pub(super) images_url: String,
    pub(super) created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) started_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) finished_at: Option<Timestamp>,
}

impl JobView {
    pub(super) fn new(app: &App, job: Job) -> Self {
        let place = format!("{}/v1/bulk/jobs/{}", app.settings.public_url(), job.id);
        Self {
            progress_pct: job.progress_pct(),
            report_url: format!("{place}/report.csv"),
            result_url: format!("{place}/result.csv"),
            images_url: format!("{place}/images.zip"),
            id: job.id,
            resource: job.resource,
            on_error: job.on_error,
            start: job.start,
            state: job.state,
            mapping: job.mapping,
            bytes: job.source_bytes,
            rows: job.rows,
            valid: job.valid,
            invalid: job.invalid,
            errors_total: job.errors_total,
            errors: job.first_errors,
            created: job.created,
            refused: job.refused,
            removed: job.removed,
            failure: job.failure,
            created_by: job.created_by,
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        }
    }
}
