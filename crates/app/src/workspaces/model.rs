//! What a workspace, a member and a membership are, and the rules for their fields.

use jiff::Timestamp;
use serde::Serialize;
use tessera_keys::{Prefix, Role};
use tessera_types::{UserId, WorkspaceId};
use utoipa::ToSchema;

use crate::problem::Wrong;

pub const WORKSPACE_NAME_CHARS_MAX: usize = 80;
/// How many workspaces one person may be a member of: all of them stand in the answer to a login.
pub const MEMBERSHIPS_MAX: usize = 100;

/// A tenant: everything else belongs to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
    /// A name from the settings' plans.
    pub plan: String,
    pub timezone: String,
    pub refuse_query_keys: bool,
    pub key_prefix: Option<Prefix>,
    pub suspended_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// A person in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    pub user: UserId,
    pub role: Role,
    pub joined_at: Timestamp,
}

/// A workspace as one of its members sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Membership {
    pub id: WorkspaceId,
    #[schema(examples("Mosaic Works"))]
    pub name: String,
    /// What you are there.
    pub role: Role,
}

/// What the operator may change of a workspace; absent fields stay.
#[derive(Debug, Default)]
pub struct TermsChange {
    /// A name from the settings' plans.
    pub plan: Option<String>,
    pub suspended: Option<bool>,
}

/// What a member may change of a workspace; absent fields stay.
#[derive(Debug, Default)]
pub struct WorkspaceChange {
    pub name: Option<String>,
    pub timezone: Option<String>,
    pub refuse_query_keys: Option<bool>,
    pub key_prefix: crate::http::extract::Patch<Prefix>,
}

/// A name as people type it: trimmed, not empty, on one line.
///
/// # Errors
/// Says what would be right.
pub fn line(text: &str, chars_max: usize) -> Result<String, Wrong> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > chars_max {
        return Err(Wrong::new("length", format!("1 to {chars_max} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(Wrong::new("format", "one line, without control characters"));
    }
    Ok(text.to_owned())
}

pub fn workspace_name(text: &str) -> Result<String, Wrong> {
    line(text, WORKSPACE_NAME_CHARS_MAX)
}

/// An IANA zone, in its canonical spelling. The table is compiled in, so it is the same on every machine.
///
/// # Errors
/// If there is no such zone.
pub fn timezone(text: &str) -> Result<String, Wrong> {
    let known = jiff::tz::db().get(text).ok().and_then(|zone| zone.iana_name().map(str::to_owned));
    known.ok_or_else(|| Wrong::new("choice", "an IANA time zone, like Europe/Berlin or UTC"))
}

pub fn key_prefix(text: &str) -> Result<Prefix, Wrong> {
    text.parse().map_err(|error: tessera_keys::PrefixError| Wrong::new("format", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_known_without_the_machines_own_table_and_spelt_canonically() {
        assert_eq!(timezone("Europe/Berlin").unwrap(), "Europe/Berlin");
        assert_eq!(timezone("europe/berlin").unwrap(), "Europe/Berlin");
        assert_eq!(timezone("UTC").unwrap(), "UTC");
        for wrong in
            ["", "Berlin", "Europe/Berlin ", "+01:00", "Mars/Olympus", "../../etc/passwd", "posix/UTC"]
        {
            assert_eq!(timezone(wrong).unwrap_err().code, "choice", "{wrong}");
        }
    }

    #[test]
    fn names_are_one_trimmed_line() {
        assert_eq!(workspace_name("  Mosaic Works ").unwrap(), "Mosaic Works");
        assert_eq!(workspace_name("   ").unwrap_err().code, "length");
        assert_eq!(workspace_name(&"ä".repeat(80)).unwrap().chars().count(), 80);
        assert_eq!(workspace_name(&"ä".repeat(81)).unwrap_err().code, "length");
        assert_eq!(workspace_name("two\nlines").unwrap_err().code, "format");
    }
}
