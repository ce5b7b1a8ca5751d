//! What reports join to clicks when they are asked for: the tags links carry now, and what people know links by.

use std::collections::HashMap;

use tessera_events::Labels;
use tessera_types::{LinkId, WorkspaceId};

use super::store;
use crate::App;
use crate::problem::{Code, Problem};

/// Tags of links that one report can join.
const LABELS_MAX: u64 = 1_000_000;

/// What people know a link by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Face {
    pub(crate) id: LinkId,
    pub(crate) title: Option<String>,
    pub(crate) short_url: String,
}

/// The tags of the workspace's links.
///
/// # Errors
/// If there are more than a report can join.
pub(crate) async fn labels(app: &App, workspace: WorkspaceId) -> Result<Labels, Problem> {
    let rows = store::labels(app.db.read(), workspace, LABELS_MAX + 1).await?;
    if rows.len() as u64 > LABELS_MAX {
        let detail =
            format!("This workspace has more than {LABELS_MAX} tags on its links; reports join no more.");
        return Err(Problem::new(Code::Conflict, detail));
    }
    let mut names: Vec<String> = Vec::new();
    let mut of_link: HashMap<LinkId, Vec<u32>> = HashMap::new();
    for (tag, link) in rows {
        // They come by tag, so a new one is another than the last.
        if names.last() != Some(&tag) {
            names.push(tag);
        }
        let place = u32::try_from(names.len() - 1).map_err(Problem::internal)?;
        of_link.entry(link).or_default().push(place);
    }
    Ok(Labels { names, of_link })
}

/// Those of the links that the workspace has.
pub(crate) async fn faces(app: &App, workspace: WorkspaceId, ids: &[LinkId]) -> Result<Vec<Face>, Problem> {
    let named = store::named(app.db.read(), workspace, ids).await?;
    let face = |link: store::Named| Face {
        id: link.id,
        title: link.title,
        short_url: app.links.domains.short_url(&link.domain, &link.alias),
    };
    Ok(named.into_iter().map(face).collect())
}

/// The short domain of this name, as clicks hold it. `None` if it is none of ours.
pub(crate) fn domain(app: &App, name: &str) -> Option<String> {
    app.links.domains.choose(Some(name)).ok().map(|domain| domain.host.clone())
}
