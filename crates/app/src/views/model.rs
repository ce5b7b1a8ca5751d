//! A saved view, and what its parts may hold. No I/O.

use serde_json::{Value, json};
use tessera_types::{Timestamp, ViewId, WorkspaceId};

use crate::problem::Wrong;

pub(super) const NAME_CHARS_MAX: usize = 64;
/// What every browser and proxy takes of an address.
pub(super) const QUERY_CHARS_MAX: usize = 2_048;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SavedView {
    pub(crate) id: ViewId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) name: String,
    pub(crate) query: String,
    /// `usr_…` or `key_…`
    pub(crate) created_by: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) version: i64,
}

impl SavedView {
    pub(super) fn audited(&self) -> Value {
        json!({"name": self.name, "query": self.query})
    }

    /// The name as it is compared and sorted.
    pub(super) fn name_key(&self) -> String {
        self.name.to_lowercase()
    }
}

/// The search string of an address. It may be empty: the page as it opens.
pub(super) fn query(text: &str) -> Result<String, Wrong> {
    if text.chars().count() > QUERY_CHARS_MAX {
        return Err(Wrong::new("length", format!("at most {QUERY_CHARS_MAX} characters")));
    }
    if text.starts_with('?') {
        return Err(Wrong::new("format", "what stands behind the ?, without it"));
    }
    if text.chars().any(|letter| letter.is_control() || letter.is_whitespace() || letter == '#') {
        return Err(Wrong::new(
            "format",
            "parameters as they stand in an address: printable, without spaces and without #",
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_what_stands_behind_the_question_mark_of_an_address() {
        let long = "a".repeat(QUERY_CHARS_MAX);
        for good in ["", "range=30d&country=DE,FR", "q=%20x&name=ü", &long] {
            assert_eq!(query(good).as_deref(), Ok(good));
        }
        for (wrong, code) in [
            ("?range=7d", "format"),
            ("range=7d#chart", "format"),
            ("a b", "format"),
            ("a\nb", "format"),
            ("a\u{2028}b", "format"),
            ("a\u{7}b", "format"),
            (&format!("{long}a"), "length"),
        ] {
            assert_eq!(query(wrong).map_err(|wrong| wrong.code), Err(code), "{wrong:?}");
        }
    }
}
