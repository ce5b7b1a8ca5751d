//! What reports join to clicks when they are asked for: tags, titles and addresses of links.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};
use tessera_db::DbError;
use tessera_types::{LinkId, WorkspaceId};

use super::{IDS_MAX, row, tag};

/// A link as people know it.
pub(in crate::links) struct Named {
    pub(in crate::links) id: LinkId,
    pub(in crate::links) title: Option<String>,
    pub(in crate::links) domain: String,
    pub(in crate::links) alias: String,
}

/// Every tag of every link of the workspace, archived ones too, by tag: at most `labels_max` of them.
pub(in crate::links) async fn labels(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    labels_max: u64,
) -> Result<Vec<(String, LinkId)>, DbError> {
    let rows: Vec<(String, Uuid)> = tag::Entity::find()
        .select_only()
        .column(tag::Column::Tag)
        .column(tag::Column::LinkId)
        .filter(tag::Column::WorkspaceId.eq(workspace.uuid()))
        .order_by_asc(tag::Column::Tag)
        .limit(labels_max)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(tag, id)| (tag, LinkId::from_uuid(id))).collect())
}

/// Those of the links that the workspace has.
pub(in crate::links) async fn named(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    ids: &[LinkId],
) -> Result<Vec<Named>, DbError> {
    let mut found = Vec::new();
    for batch in ids.chunks(IDS_MAX) {
        let rows: Vec<(Uuid, Option<String>, String, String)> = row::Entity::find()
            .select_only()
            .column(row::Column::Id)
            .column(row::Column::Title)
            .column(row::Column::Domain)
            .column(row::Column::Alias)
            .filter(row::Column::WorkspaceId.eq(workspace.uuid()))
            .filter(row::Column::Id.is_in(batch.iter().map(|id| id.uuid())))
            .into_tuple()
            .all(connection)
            .await?;
        let named = |(id, title, domain, alias)| Named { id: LinkId::from_uuid(id), title, domain, alias };
        found.extend(rows.into_iter().map(named));
    }
    Ok(found)
}
