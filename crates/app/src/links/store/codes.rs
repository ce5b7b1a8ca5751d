//! The links that QR codes own, and the addresses they keep.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LikeExpr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QuerySelect};
use tessera_db::DbError;
use tessera_types::{QrCodeId, WorkspaceId};

use super::{Address, IDS_MAX, Link, complete, holds_address, of, one, row};
use crate::search::anywhere;

/// The link of a QR code.
pub(in crate::links) async fn of_code(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    code: QrCodeId,
) -> Result<Option<Link>, DbError> {
    one(connection, of(workspace).filter(row::Column::QrCodeId.eq(code.uuid()))).await
}

/// The same, locked until the transaction ends.
pub(in crate::links) async fn lock_of_code(
    txn: &DatabaseTransaction,
    workspace: WorkspaceId,
    code: QrCodeId,
) -> Result<Option<Link>, DbError> {
    one(txn, of(workspace).filter(row::Column::QrCodeId.eq(code.uuid())).lock_exclusive()).await
}

/// Those of the codes' links that there are.
pub(in crate::links) async fn of_codes(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    codes: &[QrCodeId],
) -> Result<Vec<Link>, DbError> {
    let mut links = Vec::new();
    for batch in codes.chunks(IDS_MAX) {
        let those = row::Column::QrCodeId.is_in(batch.iter().map(|code| code.uuid()));
        let rows = of(workspace).filter(those).all(connection).await?;
        links.extend(complete(connection, rows).await?);
    }
    Ok(links)
}

/// The workspace's link that holds this address, with its tags.
pub(in crate::links) async fn holding(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    address: &Address,
) -> Result<Option<Link>, DbError> {
    let query = of(workspace)
        .filter(row::Column::Domain.eq(&address.domain))
        .filter(row::Column::AliasKey.eq(&address.alias_key))
        .filter(holds_address());
    one(connection, query).await
}

/// The ids of links of codes that a search finds, for a query of codes.
pub(crate) fn found_of_codes(workspace: WorkspaceId, search: &str) -> SelectStatement {
    Query::select()
        .column(row::Column::Id)
        .from(row::Entity)
        .and_where(row::Column::WorkspaceId.eq(workspace.uuid()))
        .and_where(row::Column::QrCodeId.is_not_null())
        .and_where(row::Column::SearchText.like(LikeExpr::new(anywhere(search)).escape('\\')))
        .to_owned()
}
