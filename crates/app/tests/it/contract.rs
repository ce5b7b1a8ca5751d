//! The files that are made from the source are the ones that are committed.

use std::path::Path;

use tessera_app::http::{RESERVED, document, openapi};

use crate::support::operations;

/// Compares a committed file with what the source makes now. A stale one is rewritten, so that the fix is to
/// look at the difference and commit it.
fn is_fresh(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::fs::read_to_string(&path).is_ok_and(|committed| committed == made) {
        return;
    }
    std::fs::write(&path, made).expect("docs/ can be written");
    panic!("docs/{name} was stale and has been rewritten: look at the difference, then commit it");
}

#[test]
fn the_openapi_document_is_the_committed_one() {
    let made = serde_json::to_string_pretty(document()).expect("the document is JSON");
    is_fresh("openapi.json", &(made + "\n"));
}

#[test]
fn the_pages_of_errors_and_scopes_are_the_committed_ones() {
    is_fresh("errors.md", &openapi::errors_page());
    is_fresh("scopes.md", &openapi::scopes_page());
}

#[test]
fn the_document_is_openapi_3_1() {
    assert_eq!(document()["openapi"].as_str(), Some("3.1.0"));
}

#[test]
fn no_alias_can_hide_a_path_of_ours() {
    for (method, path, _) in operations() {
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        assert!(RESERVED.contains(&first), "{method} {path}: add {first:?} to http::RESERVED");
    }
}
