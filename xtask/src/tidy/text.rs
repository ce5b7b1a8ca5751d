//! What every file looks like: it opens with its story, ends in a sitting, and holds nothing half done.

use super::rust::words;
use super::tree::Tree;
use super::{Breach, breach};

const FILE_LINES_MAX: usize = 600;
/// Macros that stand for code which is not there, and the one that is left over from looking for a bug.
const UNFINISHED_MACROS: &[&str] = &["todo", "unimplemented", "dbg"];
/// Split, so that this file does not find itself.
const UNFINISHED_MARKS: &[&str] = &[concat!("FIX", "ME"), concat!("XX", "X")];
const EMPTY_NAMES: &[&str] = &["Manager", "Helper", "Util", "Utils"];

/// A file is a sitting. Tests count: they are read too.
pub(crate) fn length(tree: &Tree) -> Vec<Breach> {
    let sources = sources(tree).filter(|(_, source)| !is_generated(source));
    let long = sources.filter(|(_, source)| source.lines().count() > FILE_LINES_MAX);
    long.map(|(path, source)| {
        let advice = format!(
            "{} lines, at most {FILE_LINES_MAX}: split by what changes together",
            source.lines().count()
        );
        breach(path, FILE_LINES_MAX + 1, advice)
    })
    .collect()
}

/// A file opens with its story.
pub(crate) fn story(tree: &Tree) -> Vec<Breach> {
    let silent = sources(tree).filter(|(_, source)| !source.starts_with("//!"));
    silent
        .map(|(path, _)| breach(path, 1, "open with `//!`: what this is, and what code cannot show"))
        .collect()
}

/// Nothing half there.
pub(crate) fn unfinished(tree: &Tree) -> Vec<Breach> {
    let mut found = Vec::new();
    for (path, source) in tree.files("", ".rs") {
        for pair in words(source).windows(2) {
            if UNFINISHED_MACROS.contains(&pair[0].text) && pair[1].text == "!" {
                found.push(breach(
                    path,
                    pair[0].line,
                    format!("`{}!`: finish it, or take it out", pair[0].text),
                ));
            }
        }
        for (at, line) in source.lines().enumerate() {
            let mut marks = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            if let Some(mark) = marks.find(|word| UNFINISHED_MARKS.contains(word)) {
                found.push(breach(path, at + 1, format!("`{mark}`: mend it, or open an issue and say so")));
            }
        }
    }
    found
}

/// No whitespace that nobody sees, and a newline at the end.
pub(crate) fn whitespace(tree: &Tree) -> Vec<Breach> {
    let mut found = Vec::new();
    for (path, text) in tree.files("", "") {
        for (at, line) in text.split('\n').enumerate() {
            if line.ends_with([' ', '\t', '\r']) {
                found.push(breach(path, at + 1, "whitespace at the end of the line: remove it"));
            } else if line.contains('\t') {
                found.push(breach(path, at + 1, "a tab: write spaces, or `\\t` in a string"));
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            found.push(breach(path, text.lines().count(), "no newline at the end of the file: add one"));
        }
    }
    found
}

/// A type is named for what it is, not for being of use.
pub(crate) fn names(tree: &Tree) -> Vec<Breach> {
    let mut found = Vec::new();
    for (path, source) in tree.files("", ".rs") {
        for pair in words(source).windows(2) {
            let is_type = ["struct", "enum", "trait", "type", "union"].contains(&pair[0].text);
            if is_type && EMPTY_NAMES.iter().any(|end| pair[1].text.ends_with(end)) {
                let advice = format!("`{}` says nothing: name what it is", pair[1].text);
                found.push(breach(path, pair[1].line, advice));
            }
        }
    }
    found
}

fn sources(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let crates = tree.files("crates/", ".rs").filter(|(path, _)| path.contains("/src/"));
    crates.chain(tree.files("xtask/src/", ".rs"))
}

fn is_generated(source: &str) -> bool {
    source.lines().take(5).any(|line| line.contains("@generated"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: fn(&Tree) -> Vec<Breach>, path: &str, text: &str) -> Vec<String> {
        rule(&Tree::of(&[(path, text)])).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn six_hundred_lines_are_a_sitting_and_601_are_not() {
        let path = "crates/keys/src/lib.rs";
        assert_eq!(found(length, path, &"\n".repeat(600)), Vec::<String>::new());
        assert_eq!(
            found(length, path, &"\n".repeat(601)),
            ["crates/keys/src/lib.rs:601: 601 lines, at most 600: split by what changes together"]
        );
        let generated = format!("//! @generated\n{}", "\n".repeat(600));
        assert_eq!(found(length, path, &generated), Vec::<String>::new());
    }

    #[test]
    fn a_source_file_opens_with_its_story() {
        let path = "crates/keys/src/lib.rs";
        assert_eq!(found(story, path, "//! Keys.\n"), Vec::<String>::new());
        assert_eq!(found(story, path, "use a::b;\n//! Keys.\n").len(), 1);
        assert_eq!(found(story, "crates/keys/build.rs", "fn main() {}\n"), Vec::<String>::new());
    }

    #[test]
    fn unfinished_code_is_found_and_speech_about_it_is_not() {
        let path = "crates/keys/src/lib.rs";
        assert_eq!(
            found(unfinished, path, "fn a() { todo!() }\n"),
            ["crates/keys/src/lib.rs:1: `todo!`: finish it, or take it out"]
        );
        assert_eq!(found(unfinished, path, "// no todo!() here\nlet todo = !x;\n"), Vec::<String>::new());
    }

    #[test]
    fn a_mark_counts_as_a_whole_word_only() {
        let mark = UNFINISHED_MARKS[1];
        assert_eq!(found(unfinished, "a.rs", &format!("// {mark}: later\n")).len(), 1);
        assert_eq!(found(unfinished, "a.rs", &format!("let id = \"link_{mark}\";\n")), Vec::<String>::new());
    }

    #[test]
    fn invisible_whitespace_is_found_in_all_kinds_of_text() {
        assert_eq!(
            found(whitespace, "README.md", "a \nb\n"),
            ["README.md:1: whitespace at the end of the line: remove it"]
        );
        assert_eq!(
            found(whitespace, "a.toml", "a\n\tb\n"),
            ["a.toml:2: a tab: write spaces, or `\\t` in a string"]
        );
        assert_eq!(found(whitespace, "a.rs", "a\nb"), ["a.rs:2: no newline at the end of the file: add one"]);
    }

    #[test]
    fn a_type_is_not_named_for_being_of_use() {
        let path = "crates/keys/src/lib.rs";
        assert_eq!(
            found(names, path, "pub struct KeyManager;\n"),
            ["crates/keys/src/lib.rs:1: `KeyManager` says nothing: name what it is"]
        );
        assert_eq!(found(names, path, "struct Managers;\nfn helper() {}\n"), Vec::<String>::new());
    }
}
