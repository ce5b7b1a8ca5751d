//! What several features ask of the fields they share: a line of text, notes, metadata, tags, a moment.
//!
//! Each says what would be right, and none changes what it was given beyond trimming it.

use serde_json::{Map, Value};
use tessera_types::{Timestamp, from_millis, to_millis};

use crate::http::extract::Patch;
use crate::problem::{Checks, Wrong};

pub const SEARCH_CHARS_MAX: usize = 200;
pub const NOTES_CHARS_MAX: usize = 4_000;
pub const TAGS_MAX: usize = 50;
pub const TAG_CHARS_MAX: usize = 64;
pub const METADATA_ENTRIES_MAX: usize = 50;
pub const METADATA_KEY_CHARS_MAX: usize = 40;
pub const METADATA_VALUE_CHARS_MAX: usize = 500;

/// One line of text, trimmed.
pub(crate) fn line(text: &str, chars_max: usize) -> Result<String, Wrong> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(Wrong::new("format", "one line, without control characters"));
    }
    if !(1..=chars_max).contains(&text.chars().count()) {
        return Err(Wrong::new("length", format!("1 to {chars_max} characters; null clears it")));
    }
    Ok(text.to_owned())
}

pub(crate) fn notes(text: String) -> Result<String, Wrong> {
    match text.chars().count() {
        1..=NOTES_CHARS_MAX => Ok(text),
        _ => Err(Wrong::new("length", format!("1 to {NOTES_CHARS_MAX} characters; null clears it"))),
    }
}

pub(crate) fn metadata(value: Value) -> Result<Map<String, Value>, Wrong> {
    let Value::Object(map) = value else { return Err(Wrong::new("type", "expected an object")) };
    if map.len() > METADATA_ENTRIES_MAX {
        return Err(Wrong::new("length", format!("at most {METADATA_ENTRIES_MAX} entries")));
    }
    for (name, value) in &map {
        if !(1..=METADATA_KEY_CHARS_MAX).contains(&name.chars().count()) {
            return Err(Wrong::new("length", format!("names of 1 to {METADATA_KEY_CHARS_MAX} characters")));
        }
        let chars = match value {
            Value::Object(_) | Value::Array(_) => {
                return Err(Wrong::new("type", format!("{name}: a text, a number, true, false or null")));
            }
            Value::String(text) => text.chars().count(),
            other => other.to_string().len(),
        };
        if chars > METADATA_VALUE_CHARS_MAX {
            return Err(Wrong::new(
                "length",
                format!("{name}: at most {METADATA_VALUE_CHARS_MAX} characters"),
            ));
        }
    }
    Ok(map)
}

/// Trimmed, each once, in the order given.
pub(crate) fn tags(checks: &mut Checks, wish: Patch<Vec<String>>) -> Patch<Vec<String>> {
    let Patch::Set(given) = wish else {
        return if wish == Patch::Keep { Patch::Keep } else { Patch::Clear };
    };
    let mut tags: Vec<String> = Vec::new();
    for (place, text) in given.iter().enumerate() {
        let text = text.trim();
        if !(1..=TAG_CHARS_MAX).contains(&text.chars().count()) {
            checks.refuse(format!("tags[{place}]"), "length", format!("1 to {TAG_CHARS_MAX} characters"));
        } else if text.chars().any(|letter| letter == ',' || letter.is_control()) {
            checks.refuse(
                format!("tags[{place}]"),
                "format",
                "no comma, which separates tags in a filter, and no control character",
            );
        } else if !tags.iter().any(|known| known == text) {
            tags.push(text.to_owned());
        }
    }
    if tags.len() > TAGS_MAX {
        checks.refuse("tags", "length", format!("at most {TAGS_MAX} tags"));
    }
    Patch::Set(tags)
}

pub(crate) fn time(text: &str) -> Result<Timestamp, Wrong> {
    let time: Timestamp = text.parse().map_err(|_| {
        Wrong::new("format", "give an RFC 3339 time with its offset, like 2026-02-15T10:30:00Z")
    })?;
    // What is stored and shown: milliseconds.
    Ok(from_millis(to_millis(time)))
}

/// The values of a parameter that takes several, by comma.
pub(crate) fn list(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|value| !value.is_empty())
}

/// The same, each one of the words that are known.
pub(crate) fn several<T>(
    text: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
    known: &[&str],
) -> Result<Vec<T>, Wrong> {
    let wrong = || Wrong::new("choice", format!("expected one of {}", known.join(", ")));
    list(text).map(|value| parse(value).ok_or_else(wrong)).collect()
}

/// What to look for; nothing is no search.
pub(crate) fn search(text: Option<String>) -> Result<Option<String>, Wrong> {
    match text.as_deref().map_or(0, |text| text.chars().count()) {
        0 => Ok(None),
        1..=SEARCH_CHARS_MAX => Ok(text),
        _ => Err(Wrong::new("length", format!("at most {SEARCH_CHARS_MAX} characters"))),
    }
}
