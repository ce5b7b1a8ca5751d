//! A crate is a firewall, so which crate may see which is written down here, and nowhere else.
//!
//! `server → app → {events, db, keys, qr, revenue} → types`; testkit serves tests only, xtask nothing at all.

use toml::{Table, Value};

use super::tree::Tree;
use super::{Breach, breach};

/// Each crate and what it may depend on. An arrow may skip a step, never turn back.
const ARROWS: &[(&str, &[&str])] = &[
    ("types", &[]),
    ("keys", &["types"]),
    ("qr", &["types"]),
    ("revenue", &["types"]),
    ("db", &["types"]),
    ("events", &["types"]),
    ("app", &["types", "keys", "qr", "revenue", "db", "events"]),
    ("server", &["types", "keys", "qr", "revenue", "db", "events", "app"]),
    ("testkit", &["types", "keys", "qr", "revenue", "db", "events", "app", "server"]),
    ("xtask", &[]),
];

/// Holds every `Cargo.toml` to the table of arrows.
pub(crate) fn arrows(tree: &Tree) -> Vec<Breach> {
    let manifests = tree.files("crates/", "/Cargo.toml").chain(tree.files("xtask/", "/Cargo.toml"));
    manifests.flat_map(|(path, text)| of_one(path, text)).collect()
}

fn of_one(path: &str, text: &str) -> Vec<Breach> {
    let name = path.trim_end_matches("/Cargo.toml").trim_start_matches("crates/");
    let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == name) else {
        let advice =
            format!("the crate `{name}` has no arrows: add it to the table in xtask/src/tidy/crates.rs");
        return vec![breach(path, 1, advice)];
    };
    let manifest: Table = match text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![breach(path, 1, format!("not TOML: {error}"))],
    };
    let line = |dependency: &str| {
        let found = text.lines().position(|line| line.contains(dependency));
        found.map_or(1, |at| at + 1)
    };

    let built = ours(&manifest, &["dependencies", "build-dependencies"]);
    let tested = ours(&manifest, &["dev-dependencies"]);
    let turned_back = built.into_iter().filter(|to| !allowed.contains(&to.as_str()));
    let only_for_others = tested.into_iter().filter(|to| to != "testkit" && !allowed.contains(&to.as_str()));
    turned_back
        .chain(only_for_others)
        .map(|to| {
            let advice = if to == "testkit" {
                "testkit is for tests: move it to [dev-dependencies]".to_owned()
            } else {
                format!("`{name}` may not depend on `{to}`: move what is shared towards `types`")
            };
            breach(path, line(&format!("tessera-{to}")), advice)
        })
        .collect()
}

/// Names of our own crates in the given tables, also in those for one target only.
fn ours(manifest: &Table, tables: &[&str]) -> Vec<String> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let places = targets.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    std::iter::once(manifest)
        .chain(places)
        .flat_map(|place| tables.iter().filter_map(|table| place.get(*table)?.as_table()))
        .flat_map(Table::keys)
        .filter_map(|name| name.strip_prefix("tessera-").map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        arrows(&Tree::of(&[(path, text)])).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_server_may_see_the_app_and_what_lies_below_it() {
        let text = "[dependencies]\ntessera-app.workspace = true\ntessera-db.workspace = true\n";
        assert_eq!(found("crates/server/Cargo.toml", text), Vec::<String>::new());
    }

    #[test]
    fn a_leaf_may_not_see_the_app() {
        let text = "[dependencies]\nserde = \"1\"\ntessera-app.workspace = true\n";
        assert_eq!(
            found("crates/keys/Cargo.toml", text),
            ["crates/keys/Cargo.toml:3: `keys` may not depend on `app`: move what is shared towards `types`"]
        );
    }

    #[test]
    fn the_testkit_is_for_tests_only() {
        let text = "[dependencies]\ntessera-testkit.workspace = true\n";
        assert_eq!(
            found("crates/app/Cargo.toml", text),
            ["crates/app/Cargo.toml:2: testkit is for tests: move it to [dev-dependencies]"]
        );
        assert_eq!(found("crates/app/Cargo.toml", &text.replace("dep", "dev-dep")), Vec::<String>::new());
    }

    #[test]
    fn a_dependency_for_one_target_is_a_dependency() {
        let text = "[target.'cfg(unix)'.dependencies]\ntessera-db = { path = \"../db\" }\n";
        assert_eq!(
            found("crates/keys/Cargo.toml", text),
            ["crates/keys/Cargo.toml:2: `keys` may not depend on `db`: move what is shared towards `types`"]
        );
    }

    #[test]
    fn a_new_crate_says_where_it_stands() {
        assert_eq!(
            found("crates/mail/Cargo.toml", ""),
            [
                "crates/mail/Cargo.toml:1: the crate `mail` has no arrows: add it to the table in xtask/src/tidy/crates.rs"
            ]
        );
    }
}
