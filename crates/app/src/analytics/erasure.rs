//! Forgetting clicks: those of one visitor, or those on one link.

use serde_json::json;
use tessera_events::Removal;
use tessera_types::{LinkId, WorkspaceId};

use crate::audit::{self, Actor, Entry};
use crate::events::EventError;
use crate::problem::{Problem, Wrong};
use crate::{App, events};

/// Whose clicks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Visitor(u64),
    Link(LinkId),
}

/// A visitor as clicks show it.
pub(super) fn visitor_text(visitor: u64) -> String {
    format!("vis_{visitor:016x}")
}

/// # Errors
/// If no click can show it.
pub(super) fn visitor(text: &str) -> Result<u64, Wrong> {
    let digits = text.strip_prefix("vis_").filter(|digits| digits.len() == 16);
    let visitor = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    let visitor = visitor.filter(|visitor| *visitor != 0 && visitor_text(*visitor) == text);
    visitor.ok_or_else(|| Wrong::new("format", "give the visitor of a click, like vis_09f3c1a27be4d580"))
}

/// Removes clicks from memory, segments and log, and says how many. When it returns `Ok` they are gone from the files
/// too. That it was asked for is written down before: one that a crash cuts short is known, and can be asked for again.
/// The link's own count stays.
pub(super) async fn erase(
    app: &App,
    workspace: WorkspaceId,
    actor: &Actor,
    whose: Whose,
) -> Result<u64, Problem> {
    // The visitor's name is not kept: it is what is to be forgotten.
    let (removal, told) = match whose {
        Whose::Visitor(visitor) => (Removal::Visitor { workspace, visitor }, json!({ "of": "visitor" })),
        Whose::Link(link) => (Removal::Link { workspace, link }, json!({ "of": "link", "link": link })),
    };
    let txn = app.db.begin().await?;
    audit::record(app, &txn, workspace, actor, Entry::new("clicks.erased", &workspace).after(told)).await?;
    app.commit(txn, &[]).await?;
    events::remove(app, removal).await.map_err(|error| match error {
        EventError::Db(error) => error.into(),
        error => Problem::internal(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_read_as_it_is_shown_and_in_no_other_form() {
        assert_eq!(visitor(&visitor_text(0x09f3)).unwrap(), 0x09f3);
        assert_eq!(visitor("vis_ffffffffffffffff").unwrap(), u64::MAX);
        for wrong in [
            "",
            "vis_",
            "vis_0000000000000000",
            "vis_FFFFFFFFFFFFFFFF",
            "vis_+00000000000009f",
            "09f3c1a27be4d580",
        ] {
            assert_eq!(visitor(wrong).unwrap_err().code, "format", "{wrong}");
        }
    }
}
