//! How far the event log has been folded, and what it added up to, in the database.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, Statement};
use tessera_db::{Db, DbError};
use tessera_events::{Kind, Position, SegmentMeta};

use super::OpenError;
use super::fold::DayRequests;
use crate::store::signed;

/// Rows of one statement.
const INSERT_ROWS: usize = 200;

mod log {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "event_logs")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) id: Uuid,
        pub(super) counted: i64,
        pub(super) stored: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod segment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "event_segments")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) id: Uuid,
        pub(super) log_id: Uuid,
        pub(super) kind: String,
        pub(super) is_retired: bool,
        pub(super) row_count: i64,
        pub(super) first_ms: i64,
        pub(super) last_ms: i64,
        pub(super) bytes: i64,
        pub(super) created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How far a log was read, and the segments made of it.
#[derive(Debug)]
pub(super) struct Folded {
    /// Everything before it is in the counts.
    pub(super) counted: Position,
    /// Everything before it is in a segment.
    pub(super) stored: Position,
    pub(super) live: Vec<SegmentMeta>,
    /// Replaced by others; their files are to be deleted.
    pub(super) retired: Vec<Uuid>,
}

/// The id of the log in this directory: the database remembers under it how far the log was folded. A directory
/// without one gets one.
pub(super) fn identify(directory: &Path, new_id: impl FnOnce() -> Uuid) -> Result<Uuid, OpenError> {
    let path = directory.join("id");
    let failed = |error| OpenError::Io { path: path.clone(), error };
    match fs::read_to_string(&path) {
        Ok(text) => text.trim().parse().map_err(|_| {
            failed(std::io::Error::new(ErrorKind::InvalidData, "this is not the id of an event log"))
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let id = new_id();
            fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(failed)?;
            let file = fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)
                .map_err(failed)?;
            std::io::Write::write_all(&mut &file, format!("{id}\n").as_bytes()).map_err(failed)?;
            file.sync_all().map_err(failed)?;
            Ok(id)
        }
        Err(error) => Err(failed(error)),
    }
}

/// How far the log was folded; a log seen for the first time is noted.
pub(super) async fn folded(db: &Db, id: Uuid) -> Result<Folded, DbError> {
    if let Some(row) = log::Entity::find_by_id(id).one(db.read()).await? {
        let (counted, stored) = (position(row.counted)?, position(row.stored)?);
        let rows = segment::Entity::find().filter(segment::Column::LogId.eq(id)).all(db.read()).await?;
        let (retired, live): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.is_retired);
        let live = live.into_iter().map(segment_of).collect::<Result<_, _>>()?;
        return Ok(Folded { counted, stored, live, retired: retired.iter().map(|row| row.id).collect() });
    }
    let txn = db.begin().await?;
    let new = log::ActiveModel::from(log::Model { id, counted: 0, stored: 0 }).reset_all();
    let nothing = OnConflict::new().do_nothing().to_owned();
    log::Entity::insert(new).on_conflict(nothing).exec_without_returning(&txn).await?;
    txn.commit().await?;
    Ok(Folded { counted: 0, stored: 0, live: Vec::new(), retired: Vec::new() })
}

/// Goes on from other positions: what is between cannot be read any more.
pub(super) async fn skip(db: &Db, id: Uuid, (counted, stored): (Position, Position)) -> Result<(), DbError> {
    let txn = db.begin().await?;
    log::Entity::update_many()
        .col_expr(log::Column::Counted, Expr::value(signed(counted)))
        .col_expr(log::Column::Stored, Expr::value(signed(stored)))
        .filter(log::Column::Id.eq(id))
        .exec(&txn)
        .await?;
    Ok(txn.commit().await?)
}

/// Notes that everything up to `until` is counted. `false`: that was noted before, and the counts are there.
///
/// # Errors
/// If the log was counted up to anywhere else: somebody else counts the same log.
pub(super) async fn advance(
    txn: &DatabaseTransaction,
    id: Uuid,
    from: Position,
    until: Position,
) -> Result<bool, DbError> {
    let changed = log::Entity::update_many()
        .col_expr(log::Column::Counted, Expr::value(signed(until)))
        .filter(log::Column::Id.eq(id))
        .filter(log::Column::Counted.eq(signed(from)))
        .exec(txn)
        .await?;
    if changed.rows_affected == 1 {
        return Ok(true);
    }
    match log::Entity::find_by_id(id).one(txn).await? {
        Some(row) if row.counted == signed(until) => Ok(false),
        _ => Err(DbError::unreadable(format!("the event log {id} is counted by somebody else too"))),
    }
}

/// Notes new segments, and that everything before `until` is in them or in others. `false`: that was noted before.
/// Durable with the transaction.
pub(super) async fn seal(
    txn: &DatabaseTransaction,
    id: Uuid,
    (from, until): (Position, Position),
    segments: &[SegmentMeta],
    now_ms: i64,
) -> Result<bool, DbError> {
    let changed = log::Entity::update_many()
        .col_expr(log::Column::Stored, Expr::value(signed(until)))
        .filter(log::Column::Id.eq(id))
        .filter(log::Column::Stored.eq(signed(from)))
        .exec(txn)
        .await?;
    if changed.rows_affected == 1 {
        insert_segments(txn, id, segments, now_ms).await?;
        return Ok(true);
    }
    match log::Entity::find_by_id(id).one(txn).await? {
        Some(row) if row.stored == signed(until) => Ok(false),
        _ => Err(DbError::unreadable(format!("the event log {id} is stored by somebody else too"))),
    }
}

/// Notes that segments took the place of others, which are retired. `false`: that was noted before. Durable with the
/// transaction.
pub(super) async fn replace(
    txn: &DatabaseTransaction,
    id: Uuid,
    old: &[Uuid],
    new: &[SegmentMeta],
    now_ms: i64,
) -> Result<bool, DbError> {
    let changed = segment::Entity::update_many()
        .col_expr(segment::Column::IsRetired, Expr::value(true))
        .filter(segment::Column::LogId.eq(id))
        .filter(segment::Column::Id.is_in(old.iter().copied()))
        .filter(segment::Column::IsRetired.eq(false))
        .exec(txn)
        .await?;
    if changed.rows_affected == old.len() as u64 {
        insert_segments(txn, id, new, now_ms).await?;
        return Ok(true);
    }
    let ids = new.iter().map(|segment| segment.id);
    let noted = segment::Entity::find().filter(segment::Column::Id.is_in(ids)).count(txn).await?;
    match changed.rows_affected == 0 && noted == new.len() as u64 {
        true => Ok(false),
        false => Err(DbError::unreadable(format!(
            "the segments of the event log {id} were exchanged by somebody else"
        ))),
    }
}

/// Forgets retired segments whose files are deleted.
pub(super) async fn forget(db: &Db, ids: &[Uuid]) -> Result<(), DbError> {
    let txn = db.begin().await?;
    segment::Entity::delete_many()
        .filter(segment::Column::Id.is_in(ids.iter().copied()))
        .filter(segment::Column::IsRetired.eq(true))
        .exec(&txn)
        .await?;
    Ok(txn.commit().await?)
}

async fn insert_segments(
    txn: &DatabaseTransaction,
    id: Uuid,
    segments: &[SegmentMeta],
    now_ms: i64,
) -> Result<(), DbError> {
    let rows: Vec<segment::ActiveModel> = segments
        .iter()
        .map(|meta| segment::Model {
            id: meta.id,
            log_id: id,
            kind: kind_name(meta.kind).to_owned(),
            is_retired: false,
            row_count: signed(meta.rows),
            first_ms: meta.first_ms,
            last_ms: meta.last_ms,
            bytes: signed(meta.bytes),
            created_at: now_ms,
        })
        .map(|row| segment::ActiveModel::from(row).reset_all())
        .collect();
    if !rows.is_empty() {
        segment::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

fn segment_of(row: segment::Model) -> Result<SegmentMeta, DbError> {
    let unsigned = |number: i64| u64::try_from(number).map_err(DbError::unreadable);
    let kind = [Kind::Click, Kind::Request].into_iter().find(|kind| kind_name(*kind) == row.kind);
    Ok(SegmentMeta {
        id: row.id,
        kind: kind.ok_or_else(|| DbError::unreadable(format!("the kind of segment {}", row.id)))?,
        rows: unsigned(row.row_count)?,
        first_ms: row.first_ms,
        last_ms: row.last_ms,
        bytes: unsigned(row.bytes)?,
    })
}

const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Click => "click",
        Kind::Request => "request",
    }
}

/// Adds requests to their days. Durable with the transaction.
pub(super) async fn add_requests(txn: &DatabaseTransaction, days: &[DayRequests]) -> Result<(), DbError> {
    for batch in days.chunks(INSERT_ROWS) {
        let rows: Vec<String> = (0..batch.len())
            .map(|i| format!("(${}, ${}, ${}, ${})", 4 * i + 1, 4 * i + 2, 4 * i + 3, 4 * i + 4))
            .collect();
        let sql = format!(
            "insert into daily_requests values {} on conflict (owner_id, day, class) do update set \
             requests = daily_requests.requests + excluded.requests",
            rows.join(", ")
        );
        let values = batch.iter().flat_map(|day| -> [Value; 4] {
            let number = i32::try_from(day.day).unwrap_or(i32::MAX);
            [day.owner.into(), number.into(), i32::from(day.class).into(), signed(day.requests).into()]
        });
        txn.execute_raw(Statement::from_sql_and_values(txn.get_database_backend(), sql, values)).await?;
    }
    Ok(())
}

fn position(stored: i64) -> Result<Position, DbError> {
    Position::try_from(stored).map_err(DbError::unreadable)
}
