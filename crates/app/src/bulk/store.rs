//! Bulk jobs in the database.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryOrder, QuerySelect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tessera_db::DbError;
use tessera_types::{BulkJobId, Timestamp, WorkspaceId, from_millis, to_millis};

use super::model::{Job, State};
use super::reader::Place;
use crate::http::page::{Cursor, CursorValue, Window};
use crate::store::{newest_first, signed, unsigned};

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "bulk_jobs")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) id: Uuid,
        pub(super) workspace_id: Uuid,
        pub(super) resource: String,
        pub(super) on_error: String,
        pub(super) start_mode: String,
        pub(super) state: String,
        pub(super) mapping: String,
        pub(super) source_bytes: i64,
        pub(super) place_bytes: i64,
        pub(super) place_row: i64,
        pub(super) rows_total: i64,
        pub(super) valid: i64,
        pub(super) invalid: i64,
        pub(super) errors_total: i64,
        pub(super) first_errors: String,
        pub(super) created: i64,
        pub(super) refused: i64,
        pub(super) removed: i64,
        pub(super) result_bytes: i64,
        pub(super) failure: Option<String>,
        pub(super) ending: Option<String>,
        pub(super) actor: String,
        pub(super) created_by: String,
        pub(super) created_at: i64,
        pub(super) started_at: Option<i64>,
        pub(super) finished_at: Option<i64>,
        pub(super) updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) const SORT: &str = "-created_at";

pub(super) async fn insert(txn: &DatabaseTransaction, job: &Job) -> Result<(), DbError> {
    row::Entity::insert(row_of(job).reset_all()).exec_without_returning(txn).await?;
    Ok(())
}

/// Writes the job if it still is in this state; `false` if somebody brought it into another. Durable with the
/// transaction.
pub(super) async fn update(txn: &DatabaseTransaction, job: &Job, while_in: State) -> Result<bool, DbError> {
    let mut values = row_of(job).reset_all();
    values.not_set(row::Column::Id);
    let updated = row::Entity::update_many()
        .set(values)
        .filter(row::Column::Id.eq(job.id.uuid()))
        .filter(row::Column::State.eq(word(&while_in)))
        .exec(txn)
        .await?;
    Ok(updated.rows_affected == 1)
}

pub(super) async fn find(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: BulkJobId,
) -> Result<Option<Job>, DbError> {
    of(workspace).filter(row::Column::Id.eq(id.uuid())).one(connection).await?.map(job_of).transpose()
}

/// The job, locked until the transaction ends.
pub(super) async fn lock(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: BulkJobId,
) -> Result<Option<Job>, DbError> {
    let query = of(workspace).filter(row::Column::Id.eq(id.uuid())).lock_exclusive();
    query.one(txn).await?.map(job_of).transpose()
}

pub(super) async fn delete(txn: &DatabaseTransaction, id: BulkJobId) -> Result<u64, DbError> {
    Ok(row::Entity::delete_by_id(id.uuid()).exec(txn).await?.rows_affected)
}

/// Jobs of a workspace that are not at their end.
pub(super) async fn count_open(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<u64, DbError> {
    let open = [State::Validating, State::Ready, State::Running, State::Undoing];
    Ok(of(workspace).filter(row::Column::State.is_in(open.iter().map(word))).count(connection).await?)
}

pub(super) async fn count(connection: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<u64, DbError> {
    Ok(of(workspace).count(connection).await?)
}

/// Newest first; one more than the window's limit when there are more.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    window: &Window,
) -> Result<Vec<Job>, DbError> {
    let rows =
        newest_first(of(workspace), row::Column::CreatedAt, row::Column::Id, window).all(connection).await?;
    rows.into_iter().map(job_of).collect()
}

pub(super) fn cursor_of(job: &Job) -> Cursor {
    Cursor { s: SORT.to_owned(), v: CursorValue::Number(to_millis(job.created_at)), i: job.id.uuid() }
}

/// The job that waited longest for work, in a workspace where none is being worked on.
pub(super) async fn next(
    connection: &impl ConnectionTrait,
    busy: &[WorkspaceId],
) -> Result<Option<Job>, DbError> {
    row::Entity::find()
        .filter(row::Column::State.is_in(State::WORKING.iter().map(word)))
        .filter(row::Column::WorkspaceId.is_not_in(busy.iter().map(|workspace| workspace.uuid())))
        .order_by_asc(row::Column::UpdatedAt)
        .order_by_asc(row::Column::Id)
        .limit(1)
        .one(connection)
        .await?
        .map(job_of)
        .transpose()
}

/// Jobs at which nothing has happened since then, and which wait for no work.
pub(super) async fn at_rest(
    connection: &impl ConnectionTrait,
    since: Timestamp,
) -> Result<Vec<Job>, DbError> {
    let rows = row::Entity::find()
        .filter(row::Column::State.is_not_in(State::WORKING.iter().map(word)))
        .filter(row::Column::UpdatedAt.lt(to_millis(since)))
        .all(connection)
        .await?;
    rows.into_iter().map(job_of).collect()
}

/// Those of the ids that are jobs.
pub(super) async fn known(
    connection: &impl ConnectionTrait,
    ids: &[BulkJobId],
) -> Result<Vec<BulkJobId>, DbError> {
    let found: Vec<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(found.into_iter().map(BulkJobId::from_uuid).collect())
}

fn of(workspace: WorkspaceId) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::WorkspaceId.eq(workspace.uuid()))
}

/// The one word that the API, too, has for it.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn row_of(job: &Job) -> row::ActiveModel {
    let model = row::Model {
        id: job.id.uuid(),
        workspace_id: job.workspace.uuid(),
        resource: word(&job.resource),
        on_error: word(&job.on_error),
        start_mode: word(&job.start),
        state: word(&job.state),
        mapping: text(&job.mapping),
        source_bytes: signed(job.source_bytes),
        place_bytes: signed(job.place.bytes),
        place_row: i64::from(job.place.row),
        rows_total: signed(job.rows),
        valid: signed(job.valid),
        invalid: signed(job.invalid),
        errors_total: signed(job.errors_total),
        first_errors: text(&job.first_errors),
        created: signed(job.created),
        refused: signed(job.refused),
        removed: signed(job.removed),
        result_bytes: signed(job.result_bytes),
        failure: job.failure.clone(),
        ending: job.ending.as_ref().map(word),
        actor: text(&job.actor),
        created_by: job.created_by.clone(),
        created_at: to_millis(job.created_at),
        started_at: job.started_at.map(to_millis),
        finished_at: job.finished_at.map(to_millis),
        updated_at: to_millis(job.updated_at),
    };
    model.into()
}

fn job_of(row: row::Model) -> Result<Job, DbError> {
    let unreadable = |column: &str| DbError::unreadable(format!("{column} of job {}", row.id));
    fn read<T: DeserializeOwned>(word: &str) -> Option<T> {
        serde_json::from_value(serde_json::Value::from(word)).ok()
    }
    Ok(Job {
        id: BulkJobId::from_uuid(row.id),
        workspace: WorkspaceId::from_uuid(row.workspace_id),
        resource: read(&row.resource).ok_or_else(|| unreadable("resource"))?,
        on_error: read(&row.on_error).ok_or_else(|| unreadable("on_error"))?,
        start: read(&row.start_mode).ok_or_else(|| unreadable("start_mode"))?,
        state: read(&row.state).ok_or_else(|| unreadable("state"))?,
        mapping: serde_json::from_str(&row.mapping).map_err(|_| unreadable("mapping"))?,
        source_bytes: unsigned(row.source_bytes),
        place: Place {
            bytes: unsigned(row.place_bytes),
            row: u32::try_from(row.place_row).map_err(|_| unreadable("place_row"))?,
        },
        rows: unsigned(row.rows_total),
        valid: unsigned(row.valid),
        invalid: unsigned(row.invalid),
        errors_total: unsigned(row.errors_total),
        first_errors: serde_json::from_str(&row.first_errors).map_err(|_| unreadable("first_errors"))?,
        created: unsigned(row.created),
        refused: unsigned(row.refused),
        removed: unsigned(row.removed),
        result_bytes: unsigned(row.result_bytes),
        failure: row.failure.clone(),
        ending: row.ending.as_deref().and_then(read),
        actor: serde_json::from_str(&row.actor).map_err(|_| unreadable("actor"))?,
        created_by: row.created_by.clone(),
        created_at: from_millis(row.created_at),
        started_at: row.started_at.map(from_millis),
        finished_at: row.finished_at.map(from_millis),
        updated_at: from_millis(row.updated_at),
    })
}
