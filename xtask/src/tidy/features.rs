//! A feature is a folder of the app; which feature may call which stands in `docs/ARCHITECTURE.md`.
//!
//! The table there is the one in force: a fenced block that opens with three backticks and `arrows`, one line
//! per feature, `keys -> audit workspaces`. A feature calls another through its `mod.rs`, never through its
//! tables or its routes. The shared modules at the root of the crate and `http` are open to all; `http` joins
//! the features' routes together, so it may name those, and only it.

use std::collections::{BTreeMap, BTreeSet};

use super::rust::{paths, words};
use super::tree::Tree;
use super::{Breach, breach};

const APP: &str = "crates/app/src/";
const MAP: &str = "docs/ARCHITECTURE.md";
const SHELL: &str = "http";

type Table<'t> = BTreeMap<&'t str, BTreeSet<&'t str>>;

/// Holds each feature to its line in the table, and to the other features' front doors.
pub(crate) fn arrows(tree: &Tree) -> Vec<Breach> {
    let features: BTreeSet<&str> = tree
        .files(APP, ".rs")
        .filter_map(|(path, _)| feature_of(path))
        .filter(|name| *name != SHELL)
        .collect();
    if features.is_empty() {
        return Vec::new();
    }
    let table = match table(tree.text(MAP)) {
        Ok(table) => table,
        Err(advice) => return vec![breach(MAP, 1, advice)],
    };

    let mut found = unknown(&table, &features);
    for (path, source) in tree.files(APP, ".rs") {
        let Some(from) = feature_of(path) else { continue };
        let mut told = BTreeSet::new();
        for (line, to, inner) in references(path, source) {
            if to == from || !features.contains(to) {
                continue;
            }
            if let Some(advice) =
                objection(&table, from, to, inner).filter(|advice| told.insert(advice.clone()))
            {
                found.push(breach(path, line, advice));
            }
        }
    }
    found
}

/// What is wrong with a reference from one feature to something in another.
fn objection(table: &Table<'_>, from: &str, to: &str, inner: Option<&str>) -> Option<String> {
    if inner == Some("store") || (inner == Some("routes") && from != SHELL) {
        let inner = inner.unwrap_or_default();
        return Some(format!("`{to}::{inner}` is private to `{to}`: call a function of its mod.rs"));
    }
    let is_allowed = from == SHELL || table.get(from).is_some_and(|targets| targets.contains(to));
    (!is_allowed)
        .then(|| format!("the arrow `{from} -> {to}` is not in the table of {MAP}: add it, or turn it round"))
}

/// Names in the table that are no folder: a renamed feature must not keep its rights.
fn unknown(table: &Table<'_>, features: &BTreeSet<&str>) -> Vec<Breach> {
    let names: BTreeSet<&str> =
        table.iter().flat_map(|(from, to)| std::iter::once(from).chain(to)).copied().collect();
    let strange = names.into_iter().filter(|name| !features.contains(name) && *name != SHELL);
    strange
        .map(|name| {
            breach(MAP, 1, format!("the table of arrows names `{name}`, which is no folder of {APP}"))
        })
        .collect()
}

fn table(map: Option<&str>) -> Result<Table<'_>, String> {
    let map = map.ok_or("is missing: it holds the table of arrows between features")?;
    let block = map.split_once("\n```arrows\n").and_then(|(_, rest)| rest.split_once("\n```"));
    let (block, _) = block
        .ok_or("has no table of arrows: a block that opens with ```arrows, `keys -> audit` on a line")?;
    let mut table = Table::new();
    for line in block.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (from, to) = line.split_once("->").ok_or(format!("not an arrow: `{line}`"))?;
        table.entry(from.trim()).or_default().extend(to.split_whitespace());
    }
    Ok(table)
}

/// `crates/app/src/keys/routes/create.rs` → `keys`. A file at the root of the crate belongs to none.
fn feature_of(path: &str) -> Option<&str> {
    path.strip_prefix(APP)?.split_once('/').map(|(feature, _)| feature)
}

/// Line, module at the root of the crate, and what is named inside it.
fn references<'s>(path: &str, source: &'s str) -> Vec<(usize, &'s str, Option<&'s str>)> {
    let depth = depth(path);
    let words = words(source);
    let named = paths(&words);
    named
        .into_iter()
        .filter_map(|path| {
            let supers = path.parts.iter().take_while(|part| **part == "super").count();
            let from_root = match path.parts[0] {
                "crate" => 1,
                // Enough of them lead out of the feature as well.
                "super" if supers >= depth => supers,
                _ => return None,
            };
            let inner = path.parts.get(from_root + 1).copied();
            path.parts.get(from_root).map(|to| (path.line, *to, inner))
        })
        .collect()
}

/// How many modules deep a file is: 1 for `keys/mod.rs`, 2 for `keys/model.rs`.
fn depth(path: &str) -> usize {
    let inside = path.trim_start_matches(APP).trim_end_matches(".rs").trim_end_matches("/mod");
    inside.split('/').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "# Map\n\n```arrows\nkeys -> audit\nlinks -> keys audit\n```\n";

    fn found(path: &str, source: &str) -> Vec<String> {
        let files = [
            (MAP, DOCUMENT),
            ("crates/app/src/audit/mod.rs", ""),
            ("crates/app/src/links/mod.rs", ""),
            ("crates/app/src/keys/mod.rs", ""),
            (path, source),
        ];
        arrows(&Tree::of(&files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_arrow_in_the_table_is_fine() {
        let source =
            "use crate::audit::Row;\nuse crate::http::Page;\nuse crate::App;\nuse crate::keys::store::Key;\n";
        assert_eq!(found("crates/app/src/keys/rotate.rs", source), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_that_is_not_in_the_table_is_named_once_a_file() {
        let source =
            "use crate::audit::Row;\nuse crate::{http, links::Link};\nfn f() { crate::links::pause() }\n";
        assert_eq!(
            found("crates/app/src/keys/rotate.rs", source),
            [
                "crates/app/src/keys/rotate.rs:2: the arrow `keys -> links` is not in the table of docs/ARCHITECTURE.md: \
             add it, or turn it round"
            ]
        );
    }

    #[test]
    fn climbing_out_with_super_is_an_arrow_too() {
        let out = "fn f() { super::super::links::pause() }\n";
        assert_eq!(found("crates/app/src/keys/rotate.rs", out).len(), 1);
        assert_eq!(found("crates/app/src/keys/routes/links.rs", out), Vec::<String>::new());
    }

    #[test]
    fn another_features_tables_and_routes_are_private() {
        let message = |inner| {
            format!(
                "crates/app/src/keys/rotate.rs:1: `audit::{inner}` is private to `audit`: call a function of its mod.rs"
            )
        };
        for inner in ["store", "routes"] {
            let source = format!("use crate::audit::{inner}::x;\n");
            assert_eq!(found("crates/app/src/keys/rotate.rs", &source), [message(inner)]);
        }
    }

    #[test]
    fn the_shell_joins_routes_and_reads_no_tables() {
        let source = "use crate::audit::routes;\nuse crate::links::store;\n";
        assert_eq!(
            found("crates/app/src/http/mod.rs", source),
            [
                "crates/app/src/http/mod.rs:2: `links::store` is private to `links`: call a function of its mod.rs"
            ]
        );
    }

    #[test]
    fn without_the_table_nothing_is_allowed() {
        let code = ("crates/app/src/keys/mod.rs", "");
        let missing = arrows(&Tree::of(&[code]));
        assert_eq!(missing[0].advice, "is missing: it holds the table of arrows between features");
        let empty = arrows(&Tree::of(&[code, (MAP, "# Map\n")]));
        assert_eq!(
            empty[0].advice,
            "has no table of arrows: a block that opens with ```arrows, `keys -> audit` on a line"
        );
    }

    #[test]
    fn a_name_in_the_table_that_is_no_folder_is_a_breach() {
        let code = ("crates/app/src/keys/mod.rs", "");
        let breaches = arrows(&Tree::of(&[code, (MAP, "\n```arrows\nkeys -> mail\n```\n")]));
        assert_eq!(
            breaches[0].advice,
            "the table of arrows names `mail`, which is no folder of crates/app/src/"
        );
    }
}
