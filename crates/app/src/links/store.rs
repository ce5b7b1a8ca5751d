//! Links in the database.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait, Func, LikeExpr, OnConflict, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryOrder, QuerySelect, Statement};
use tessera_db::DbError;
use tessera_types::{LinkId, QrCodeId, Timestamp, WorkspaceId, from_millis, to_millis};

use super::Address;
use super::alias::Alias;
use super::destination::Destination;
use super::listing::{SortBy, Wanted};
use super::model::{LeadsTo, Link, RedirectStatus, Status, Utm};
use crate::events::LinkClicks;
use crate::http::page::{Cursor, CursorValue, Sort, Window};
use crate::search::anywhere;
use crate::store::{signed, sorted, unsigned};

mod batch;
mod codes;
mod labels;

pub(super) use self::batch::{delete_many, insert_many};
pub(crate) use self::codes::found_of_codes;
pub(super) use self::codes::{holding, lock_of_code, of_code, of_codes};
pub(super) use self::labels::{Named, labels, named};

/// Ids of one statement.
const IDS_MAX: usize = 500;
/// Rows of one statement of a flush.
const FLUSH_ROWS: usize = 300;

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "links")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) id: Uuid,
        pub(super) workspace_id: Uuid,
        pub(super) domain: String,
        pub(super) alias: String,
        pub(super) alias_key: String,
        /// Empty where `landing` is shown.
        pub(super) destination_url: String,
        pub(super) rules: Option<String>,
        pub(super) landing: Option<String>,
        pub(super) qr_code_id: Option<Uuid>,
        pub(super) title: Option<String>,
        pub(super) notes: Option<String>,
        pub(super) metadata: String,
        pub(super) utm_source: Option<String>,
        pub(super) utm_medium: Option<String>,
        pub(super) utm_campaign: Option<String>,
        pub(super) utm_term: Option<String>,
        pub(super) utm_content: Option<String>,
        pub(super) redirect_status: i32,
        pub(super) forward_query: bool,
        pub(super) starts_at: Option<i64>,
        pub(super) expires_at: Option<i64>,
        pub(super) expired_url: Option<String>,
        pub(super) max_clicks: Option<i64>,
        pub(super) password_hash: Option<String>,
        pub(super) paused_at: Option<i64>,
        pub(super) archived_at: Option<i64>,
        pub(super) search_text: String,
        pub(super) created_by: String,
        pub(super) created_at: i64,
        pub(super) updated_at: i64,
        pub(super) version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod tag {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "link_tags")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) link_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) tag: String,
        pub(super) workspace_id: Uuid,
        pub(super) place: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod counts {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "link_counts")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) link_id: Uuid,
        pub(super) clicks: i64,
        pub(super) scans: i64,
        pub(super) last_clicked_at: i64,
        pub(super) last_scanned_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What became of an insert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inserted {
    Yes,
    /// Another live link has the address. The transaction goes on.
    AddressTaken,
}

pub(super) async fn insert(txn: &DatabaseTransaction, link: &Link) -> Result<Inserted, DbError> {
    let nothing = OnConflict::new().do_nothing().to_owned();
    let insert = row::Entity::insert(row_of(link)?.reset_all()).on_conflict(nothing);
    if insert.exec_without_returning(txn).await? == 0 {
        return Ok(Inserted::AddressTaken);
    }
    insert_tags(txn, link).await?;
    Ok(Inserted::Yes)
}

/// Writes everything but the clicks, which only [`add_clicks`] writes.
///
/// # Errors
/// [`DbError::Taken`] if another live link has the address; the transaction is then lost.
pub(super) async fn update(txn: &DatabaseTransaction, before: &Link, link: &Link) -> Result<(), DbError> {
    row::Entity::update(row_of(link)?.reset_all()).exec(txn).await?;
    if before.tags != link.tags {
        tag::Entity::delete_many().filter(tag::Column::LinkId.eq(link.id.uuid())).exec(txn).await?;
        insert_tags(txn, link).await?;
    }
    Ok(())
}

async fn insert_tags(txn: &DatabaseTransaction, link: &Link) -> Result<(), DbError> {
    let tags: Vec<tag::ActiveModel> = (0..)
        .zip(&link.tags)
        .map(|(place, tag)| tag::Model {
            link_id: link.id.uuid(),
            tag: tag.clone(),
            workspace_id: link.workspace.uuid(),
            place,
        })
        .map(|tag| tag::ActiveModel::from(tag).reset_all())
        .collect();
    if !tags.is_empty() {
        tag::Entity::insert_many(tags).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Removes the link, its tags and its count. Says how many links that were.
pub(super) async fn delete(txn: &DatabaseTransaction, link: &Link) -> Result<u64, DbError> {
    counts::Entity::delete_by_id(link.id.uuid()).exec(txn).await?;
    Ok(row::Entity::delete_by_id(link.id.uuid()).exec(txn).await?.rows_affected)
}

pub(super) async fn find(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: LinkId,
) -> Result<Option<Link>, DbError> {
    one(connection, of(workspace).filter(row::Column::Id.eq(id.uuid()))).await
}

/// The link, locked until the transaction ends.
pub(super) async fn lock(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    id: LinkId,
) -> Result<Option<Link>, DbError> {
    one(txn, of(workspace).filter(row::Column::Id.eq(id.uuid())).lock_exclusive()).await
}

/// What visitors of this address meet, in whatever workspace: the link that holds it, else the one archived last.
pub(super) async fn by_address(
    connection: &impl ConnectionTrait,
    address: &Address,
) -> Result<Option<Link>, DbError> {
    let here = || {
        row::Entity::find()
            .filter(row::Column::Domain.eq(&address.domain))
            .filter(row::Column::AliasKey.eq(&address.alias_key))
    };
    let mut row = here().filter(holds_address()).one(connection).await?;
    if row.is_none() {
        let former = here().filter(held_address()).order_by_desc(row::Column::ArchivedAt);
        row = former.limit(1).one(connection).await?;
    }
    let Some(row) = row else { return Ok(None) };
    let count = counts::Entity::find_by_id(row.id).one(connection).await?;
    link_of(row, Vec::new(), count).map(Some)
}

/// Those of the keys that links of this domain hold.
pub(super) async fn taken(
    connection: &impl ConnectionTrait,
    domain: &str,
    keys: impl Iterator<Item = &str>,
) -> Result<Vec<String>, DbError> {
    Ok(row::Entity::find()
        .select_only()
        .column(row::Column::AliasKey)
        .filter(row::Column::Domain.eq(domain))
        .filter(row::Column::AliasKey.is_in(keys))
        .filter(holds_address())
        .into_tuple()
        .all(connection)
        .await?)
}

/// What the unique index of addresses asks: archiving frees an address, unless it is printed as a QR code.
fn holds_address() -> SimpleExpr {
    row::Column::ArchivedAt.is_null().or(row::Column::QrCodeId.is_not_null())
}

/// The inverse, in the words of the index of former addresses.
fn held_address() -> SimpleExpr {
    row::Column::ArchivedAt.is_not_null().and(row::Column::QrCodeId.is_null())
}

/// Links that count towards the plan: all but the archived.
pub(crate) async fn count_live(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
) -> Result<u64, DbError> {
    Ok(of(workspace).filter(row::Column::ArchivedAt.is_null()).count(connection).await?)
}

pub(super) async fn count(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<u64, DbError> {
    Ok(matching(workspace, wanted, now).count(connection).await?)
}

/// One row more than the window's limit when there are more.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    wanted: &Wanted,
    now: Timestamp,
    window: &Window,
) -> Result<Vec<Link>, DbError> {
    let Sort { by, order } = wanted.sort;
    let matching = matching(workspace, wanted, now);
    let rows = sorted(matching, || sort_key(by), row::Column::Id, order, window).all(connection).await?;
    complete(connection, rows).await
}

/// Where a list goes on after this link.
pub(super) fn cursor_of(sort: Sort<SortBy>, link: &Link) -> Cursor {
    let v = match sort.by {
        SortBy::CreatedAt => CursorValue::Number(to_millis(link.created_at)),
        SortBy::UpdatedAt => CursorValue::Number(to_millis(link.updated_at)),
        SortBy::Clicks => CursorValue::Number(signed(link.clicks)),
        SortBy::LastClickedAt => CursorValue::Number(link.last_clicked_at.map_or(0, to_millis)),
        SortBy::Alias => CursorValue::Text(link.alias.key.clone()),
        SortBy::Title => CursorValue::Text(link.title.clone().unwrap_or_default()),
    };
    Cursor { s: sort.text(), v, i: link.id.uuid() }
}

/// Never null: the two databases put nulls at different ends.
fn sort_key(by: SortBy) -> SimpleExpr {
    let column = |column: row::Column| Expr::col((row::Entity, column));
    match by {
        SortBy::CreatedAt => column(row::Column::CreatedAt),
        SortBy::UpdatedAt => column(row::Column::UpdatedAt),
        SortBy::Clicks => counted(counts::Column::Clicks),
        SortBy::Alias => column(row::Column::AliasKey),
        SortBy::Title => Func::coalesce([column(row::Column::Title), "".into()]).into(),
        SortBy::LastClickedAt => counted(counts::Column::LastClickedAt),
    }
}

/// A column of the link's count; 0 for a link without one.
fn counted(column: counts::Column) -> SimpleExpr {
    let count = Query::select()
        .column(column)
        .from(counts::Entity)
        .and_where(Expr::col((counts::Entity, counts::Column::LinkId)).equals((row::Entity, row::Column::Id)))
        .to_owned();
    Func::coalesce([SimpleExpr::SubQuery(None, Box::new(count.into())), 0_i64.into()]).into()
}

fn of(workspace: WorkspaceId) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::WorkspaceId.eq(workspace.uuid()))
}

fn matching(workspace: WorkspaceId, wanted: &Wanted, now: Timestamp) -> Select<row::Entity> {
    let mut query = of(workspace);
    let any_of = |statuses: &[Status]| {
        statuses
            .iter()
            .fold(sea_orm::Condition::any(), |any, status| any.add(has_status(*status, to_millis(now))))
    };
    query = match wanted.statuses.as_slice() {
        [] => query.filter(row::Column::ArchivedAt.is_null()),
        statuses => query.filter(any_of(statuses)),
    };
    if !wanted.tags.is_empty() {
        let tagged = Query::select()
            .column(tag::Column::LinkId)
            .from(tag::Entity)
            .and_where(tag::Column::WorkspaceId.eq(workspace.uuid()))
            .and_where(tag::Column::Tag.is_in(wanted.tags.iter()))
            .to_owned();
        query = query.filter(row::Column::Id.in_subquery(tagged));
    }
    if let Some(domain) = &wanted.domain {
        query = query.filter(row::Column::Domain.eq(domain));
    }
    if let Some(search) = &wanted.search {
        query = query.filter(row::Column::SearchText.like(LikeExpr::new(anywhere(search)).escape('\\')));
    }
    if let Some(from) = wanted.created_after {
        query = query.filter(row::Column::CreatedAt.gt(to_millis(from)));
    }
    if let Some(to) = wanted.created_before {
        query = query.filter(row::Column::CreatedAt.lt(to_millis(to)));
    }
    for (wanted, column) in
        [(wanted.has_password, row::Column::PasswordHash), (wanted.has_qr_code, row::Column::QrCodeId)]
    {
        query = match wanted {
            Some(true) => query.filter(column.is_not_null()),
            Some(false) => query.filter(column.is_null()),
            None => query,
        };
    }
    query
}

/// [`Link::status`], as a condition.
fn has_status(status: Status, now: i64) -> SimpleExpr {
    use row::Column as C;
    let live = || C::ArchivedAt.is_null().and(C::PausedAt.is_null());
    let started = || C::StartsAt.is_null().or(C::StartsAt.lte(now));
    let going = || C::ExpiresAt.is_null().or(C::ExpiresAt.gt(now));
    let used_up = || {
        C::MaxClicks
            .is_not_null()
            .and(counted(counts::Column::Clicks).gte(Expr::col((row::Entity, C::MaxClicks))))
    };
    match status {
        Status::Archived => C::ArchivedAt.is_not_null(),
        Status::Paused => C::ArchivedAt.is_null().and(C::PausedAt.is_not_null()),
        Status::Scheduled => live().and(C::StartsAt.gt(now)),
        Status::Expired => live().and(started()).and(C::ExpiresAt.lte(now)),
        Status::UsedUp => live().and(started()).and(going()).and(used_up()),
        Status::Active => live().and(started()).and(going()).and(used_up().not()),
    }
}

/// A tag and how many links carry it.
#[derive(Debug, Clone, PartialEq, Eq, sea_orm::FromQueryResult)]
pub(super) struct TagCount {
    pub(super) tag: String,
    pub(super) links: i64,
}

/// The tags of links that are not archived, the most used first.
pub(super) async fn tags(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    tags_max: u64,
) -> Result<Vec<TagCount>, DbError> {
    let live = Query::select()
        .column(row::Column::Id)
        .from(row::Entity)
        .and_where(row::Column::WorkspaceId.eq(workspace.uuid()))
        .and_where(row::Column::ArchivedAt.is_null())
        .to_owned();
    Ok(tag::Entity::find()
        .select_only()
        .column(tag::Column::Tag)
        .column_as(tag::Column::LinkId.count(), "links")
        .filter(tag::Column::WorkspaceId.eq(workspace.uuid()))
        .filter(tag::Column::LinkId.in_subquery(live))
        .group_by(tag::Column::Tag)
        .order_by_desc(tag::Column::LinkId.count())
        .order_by_asc(tag::Column::Tag)
        .limit(tags_max)
        .into_model()
        .all(connection)
        .await?)
}

/// Adds counted clicks to their links. Durable with the transaction; links that are gone are passed over.
pub(super) async fn add_clicks(txn: &DatabaseTransaction, clicks: &[LinkClicks]) -> Result<(), DbError> {
    for batch in clicks.chunks(FLUSH_ROWS) {
        let rows: Vec<String> = (0..batch.len())
            .map(|i| 5 * i)
            .map(|i| format!("(${}, ${}, ${}, ${}, ${})", i + 1, i + 2, i + 3, i + 4, i + 5))
            .collect();
        // Both databases name the columns of VALUES column1, column2, …; SQLite wants a WHERE before ON CONFLICT.
        let sql = format!(
            "insert into link_counts (link_id, clicks, scans, last_clicked_at, last_scanned_at) \
             select links.id, v.column2, v.column3, v.column4, v.column5 from (values {}) as v \
             join links on links.id = v.column1 where true on conflict (link_id) do update set \
             clicks = link_counts.clicks + excluded.clicks, scans = link_counts.scans + excluded.scans, \
             last_clicked_at = case when \
             link_counts.last_clicked_at < excluded.last_clicked_at then excluded.last_clicked_at \
             else link_counts.last_clicked_at end, last_scanned_at = case when \
             link_counts.last_scanned_at is null or link_counts.last_scanned_at < excluded.last_scanned_at \
             then excluded.last_scanned_at else link_counts.last_scanned_at end",
            rows.join(", ")
        );
        let values = batch.iter().flat_map(|of| -> [Value; 5] {
            let (clicks, scans) = (signed(of.clicks).into(), signed(of.scans).into());
            [of.link.uuid().into(), clicks, scans, of.last_ms.into(), of.last_scan_ms.into()]
        });
        txn.execute_raw(Statement::from_sql_and_values(txn.get_database_backend(), sql, values)).await?;
    }
    Ok(())
}

async fn one(connection: &impl ConnectionTrait, query: Select<row::Entity>) -> Result<Option<Link>, DbError> {
    let rows = query.one(connection).await?.into_iter().collect();
    Ok(complete(connection, rows).await?.pop())
}

/// With tags and counts, which stand in tables of their own.
async fn complete(connection: &impl ConnectionTrait, rows: Vec<row::Model>) -> Result<Vec<Link>, DbError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let found = tag::Entity::find()
        .filter(tag::Column::LinkId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(tag::Column::Place)
        .all(connection)
        .await?;
    let mut tags: HashMap<Uuid, Vec<String>> = HashMap::new();
    for found in found {
        tags.entry(found.link_id).or_default().push(found.tag);
    }
    let found = counts::Entity::find()
        .filter(counts::Column::LinkId.is_in(rows.iter().map(|row| row.id)))
        .all(connection)
        .await?;
    let mut counts: HashMap<Uuid, counts::Model> =
        found.into_iter().map(|count| (count.link_id, count)).collect();
    rows.into_iter()
        .map(|row| {
            let (tags, count) = (tags.remove(&row.id).unwrap_or_default(), counts.remove(&row.id));
            link_of(row, tags, count)
        })
        .collect()
}

fn row_of(link: &Link) -> Result<row::ActiveModel, DbError> {
    let model = row::Model {
        id: link.id.uuid(),
        workspace_id: link.workspace.uuid(),
        domain: link.domain.clone(),
        alias: link.alias.text.clone(),
        alias_key: link.alias.key.clone(),
        destination_url: link.destination().map_or_else(String::new, |to| to.as_str().to_owned()),
        rules: (!link.rules.is_empty())
            .then(|| serde_json::to_string(&link.rules))
            .transpose()
            .map_err(DbError::unreadable)?,
        landing: link.landing().map(serde_json::to_string).transpose().map_err(DbError::unreadable)?,
        qr_code_id: link.qr_code.map(|code| code.uuid()),
        title: link.title.clone(),
        notes: link.notes.clone(),
        metadata: serde_json::Value::Object(link.metadata.clone()).to_string(),
        utm_source: link.utm.source.clone(),
        utm_medium: link.utm.medium.clone(),
        utm_campaign: link.utm.campaign.clone(),
        utm_term: link.utm.term.clone(),
        utm_content: link.utm.content.clone(),
        redirect_status: i32::from(link.redirect_status.code()),
        forward_query: link.forward_query,
        starts_at: link.starts_at.map(to_millis),
        expires_at: link.expires_at.map(to_millis),
        expired_url: link.expired_url.as_ref().map(|url| url.as_str().to_owned()),
        max_clicks: link.max_clicks.map(signed),
        password_hash: link.password_hash.clone(),
        paused_at: link.paused_at.map(to_millis),
        archived_at: link.archived_at.map(to_millis),
        search_text: link.search_text(),
        created_by: link.created_by.clone(),
        created_at: to_millis(link.created_at),
        updated_at: to_millis(link.updated_at),
        version: link.version,
    };
    Ok(model.into())
}

fn link_of(row: row::Model, tags: Vec<String>, count: Option<counts::Model>) -> Result<Link, DbError> {
    let unreadable = |column: &str| DbError::unreadable(format!("{column} of link {}", row.id));
    let metadata = serde_json::from_str(&row.metadata).map_err(|_| unreadable("metadata"))?;
    let redirect_status =
        RedirectStatus::from_code(row.redirect_status.into()).ok_or_else(|| unreadable("redirect_status"))?;
    let rules = row.rules.as_deref().map(serde_json::from_str).transpose();
    let leads_to = match row.landing.as_deref().map(serde_json::from_str).transpose() {
        Ok(Some(payload)) => LeadsTo::Landing(Box::new(payload)),
        Ok(None) => LeadsTo::Destination(Destination::stored(row.destination_url)),
        Err(_) => return Err(unreadable("landing")),
    };
    Ok(Link {
        id: LinkId::from_uuid(row.id),
        workspace: WorkspaceId::from_uuid(row.workspace_id),
        domain: row.domain,
        alias: Alias { text: row.alias, key: row.alias_key },
        leads_to,
        rules: rules.map_err(|_| unreadable("rules"))?.unwrap_or_default(),
        qr_code: row.qr_code_id.map(QrCodeId::from_uuid),
        title: row.title,
        notes: row.notes,
        metadata,
        tags,
        utm: Utm {
            source: row.utm_source,
            medium: row.utm_medium,
            campaign: row.utm_campaign,
            term: row.utm_term,
            content: row.utm_content,
        },
        redirect_status,
        forward_query: row.forward_query,
        starts_at: row.starts_at.map(from_millis),
        expires_at: row.expires_at.map(from_millis),
        expired_url: row.expired_url.map(Destination::stored),
        max_clicks: row.max_clicks.map(unsigned),
        password_hash: row.password_hash,
        paused_at: row.paused_at.map(from_millis),
        archived_at: row.archived_at.map(from_millis),
        clicks: count.as_ref().map_or(0, |count| unsigned(count.clicks)),
        scans: count.as_ref().map_or(0, |count| unsigned(count.scans)),
        last_clicked_at: count.as_ref().map(|count| from_millis(count.last_clicked_at)),
        last_scanned_at: count.and_then(|count| count.last_scanned_at).map(from_millis),
        created_by: row.created_by,
        created_at: from_millis(row.created_at),
        updated_at: from_millis(row.updated_at),
        version: row.version,
    })
}
