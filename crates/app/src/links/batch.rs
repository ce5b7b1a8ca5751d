//! Many links at once: made, looked for and removed a batch at a time, by the rules of one.
//!
//! Whoever calls holds the transaction, so that what else belongs to a batch is durable with it. Nothing here announces:
//! the caller commits with the changes it is given.

use std::collections::HashSet;

use tessera_db::{Connection, DbError, Transaction};
use tessera_types::{LinkId, WorkspaceId};

use super::{ALIAS_DRAWS_MAX, Address, Author, Draft, store};
use crate::{App, Change};

/// How many more links the plan holds; `None` if it sets no limit. Exact until the transaction ends if the workspace is
/// locked in it.
///
/// # Errors
/// As the database.
pub(crate) async fn room(connection: &impl Connection, by: &Author) -> Result<Option<u64>, DbError> {
    match u64::from(by.plan.links_max) {
        0 => Ok(None),
        links_max => Ok(Some(links_max.saturating_sub(store::count_live(connection, by.workspace).await?))),
    }
}

/// Inserts the drafts and says which were not, because another live link has the alias they ask for. Drawn aliases that
/// are taken are drawn again. Durable with the transaction.
///
/// # Errors
/// As the database.
pub(crate) async fn insert_drafts(
    app: &App,
    txn: &Transaction,
    drafts: &mut [&mut Draft],
) -> Result<Vec<usize>, DbError> {
    let mut refused = Vec::new();
    let mut waiting: Vec<usize> = (0..drafts.len()).collect();
    for draw in 0.. {
        let links: Vec<&super::Link> = waiting.iter().map(|place| &drafts[*place].link).collect();
        let left_out: Vec<usize> = store::insert_many(txn, &links).await?;
        waiting = left_out.into_iter().map(|place| waiting[place]).collect();
        let (given, drawn) = waiting.iter().partition(|place| drafts[**place].is_alias_given());
        refused.extend::<Vec<usize>>(given);
        waiting = drawn;
        if waiting.is_empty() || draw == ALIAS_DRAWS_MAX {
            break;
        }
        waiting.iter().for_each(|place| drafts[*place].draw_again(app));
    }
    refused.extend(waiting);
    refused.sort_unstable();
    Ok(refused)
}

/// Places of those addresses that a live link has right now.
///
/// # Errors
/// As the database.
pub(crate) async fn taken(
    connection: &impl Connection,
    wanted: &[(usize, Address)],
) -> Result<Vec<usize>, DbError> {
    let mut domains: Vec<&str> = wanted.iter().map(|(_, address)| address.domain.as_str()).collect();
    domains.sort_unstable();
    domains.dedup();
    let mut places = Vec::new();
    for domain in domains {
        let here = || wanted.iter().filter(|(_, address)| address.domain == domain);
        let keys = here().map(|(_, address)| address.alias_key.as_str());
        let found: HashSet<String> = store::taken(connection, domain, keys).await?.into_iter().collect();
        places.extend(
            here().filter(|(_, address)| found.contains(&address.alias_key)).map(|(place, _)| *place),
        );
    }
    Ok(places)
}

/// Removes links for good, and says what to announce. Those that are gone already are passed over. Durable with the
/// transaction.
///
/// # Errors
/// As the database.
pub(crate) async fn remove(
    txn: &Transaction,
    workspace: WorkspaceId,
    ids: &[LinkId],
) -> Result<Vec<Change>, DbError> {
    Ok(store::delete_many(txn, workspace, ids).await?.into_iter().map(Change::Link).collect())
}
