//! Many links in few statements.

use std::collections::HashSet;

use sea_orm::entity::prelude::*;
use sea_orm::{
    ActiveModelTrait, DatabaseTransaction, DbBackend, EntityName, IdenStatic, Iterable, QuerySelect,
    Statement,
};
use tessera_db::DbError;
use tessera_types::{LinkId, WorkspaceId};

use super::{Address, counts, row, row_of, tag};
use crate::links::model::Link;

/// Rows of one statement: SQLite takes 32,766 values in one, PostgreSQL 65,535, and a link has about thirty.
const ROWS_MAX: usize = 500;
/// Ids of one statement.
const IDS_MAX: usize = 1_000;

/// Inserts links with their tags, and says which were left out: their address is another live link's, or one's before
/// them. The transaction goes on.
pub(in crate::links) async fn insert_many(
    txn: &DatabaseTransaction,
    links: &[&Link],
) -> Result<Vec<usize>, DbError> {
    let mut left_out = Vec::new();
    for (index, chunk) in links.chunks(ROWS_MAX).enumerate() {
        let mut tags = chunk.to_vec();
        if insert_rows(txn, chunk).await? < chunk.len() as u64 {
            let made = present(txn, chunk).await?;
            let is_missing = |place: &usize| !made.contains(&chunk[*place].id.uuid());
            left_out.extend((0..chunk.len()).filter(is_missing).map(|place| index * ROWS_MAX + place));
            tags.retain(|link| made.contains(&link.id.uuid()));
        }
        insert_tags(txn, &tags).await?;
    }
    Ok(left_out)
}

async fn insert_rows(txn: &DatabaseTransaction, links: &[&Link]) -> Result<u64, DbError> {
    let names: Vec<&str> = row::Column::iter().map(|column| column.as_str()).collect();
    let mut values = Vec::with_capacity(links.len() * names.len());
    for link in links {
        let mut model = row_of(link)?;
        values.extend(row::Column::iter().filter_map(|column| model.take(column).into_value()));
    }
    insert_values(txn, row::Entity.table_name(), &names, values).await
}

async fn insert_tags(txn: &DatabaseTransaction, links: &[&Link]) -> Result<(), DbError> {
    let names: Vec<&str> = tag::Column::iter().map(|column| column.as_str()).collect();
    let tags =
        links.iter().flat_map(|link| (0_i32..).zip(&link.tags).map(move |(place, tag)| (link, place, tag)));
    let mut values = Vec::new();
    for (link, place, tag) in tags {
        let model = tag::Model {
            link_id: link.id.uuid(),
            tag: tag.clone(),
            workspace_id: link.workspace.uuid(),
            place,
        };
        let mut model = tag::ActiveModel::from(model);
        values.extend(tag::Column::iter().filter_map(|column| model.take(column).into_value()));
    }
    for chunk in values.chunks(ROWS_MAX * names.len()) {
        insert_values(txn, tag::Entity.table_name(), &names, chunk.to_vec()).await?;
    }
    Ok(())
}

/// One statement; its text depends on the number of rows alone, so full batches share a prepared one.
async fn insert_values(
    txn: &DatabaseTransaction,
    table: &str,
    names: &[&str],
    values: Vec<Value>,
) -> Result<u64, DbError> {
    if values.is_empty() {
        return Ok(0);
    }
    let backend = txn.get_database_backend();
    let mut sql = format!("insert into {table} ({}) values ", names.join(", "));
    for place in 1..=values.len() {
        sql.push_str(match place % names.len() {
            1 if place > 1 => ", (",
            1 => "(",
            _ => ", ",
        });
        match backend {
            // SQLite keeps names of parameters in a list and walks it for each: with 15,000 that is a quarter of a second.
            DbBackend::Sqlite => sql.push('?'),
            _ => sql.push_str(&format!("${place}")),
        }
        if place % names.len() == 0 {
            sql.push(')');
        }
    }
    sql.push_str(" on conflict do nothing");
    let statement = Statement::from_sql_and_values(backend, sql, values);
    Ok(txn.execute_raw(statement).await?.rows_affected())
}

async fn present(txn: &DatabaseTransaction, links: &[&Link]) -> Result<HashSet<Uuid>, DbError> {
    let ids = links.iter().map(|link| link.id.uuid());
    let found: Vec<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::Column::Id.is_in(ids))
        .into_tuple()
        .all(txn)
        .await?;
    Ok(found.into_iter().collect())
}

/// Removes links with their tags and counts; the addresses of those that were there.
pub(in crate::links) async fn delete_many(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    ids: &[LinkId],
) -> Result<Vec<Address>, DbError> {
    let mut addresses = Vec::new();
    for chunk in ids.chunks(IDS_MAX) {
        let found: Vec<(Uuid, String, String)> = row::Entity::find()
            .select_only()
            .columns([row::Column::Id, row::Column::Domain, row::Column::AliasKey])
            .filter(row::Column::WorkspaceId.eq(workspace.uuid()))
            .filter(row::Column::Id.is_in(chunk.iter().map(|id| id.uuid())))
            .into_tuple()
            .all(txn)
            .await?;
        let here = || found.iter().map(|(id, ..)| *id);
        counts::Entity::delete_many().filter(counts::Column::LinkId.is_in(here())).exec(txn).await?;
        row::Entity::delete_many().filter(row::Column::Id.is_in(here())).exec(txn).await?;
        addresses.extend(found.into_iter().map(|(_, domain, alias_key)| Address { domain, alias_key }));
    }
    Ok(addresses)
}
