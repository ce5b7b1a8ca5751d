//! Inside the app, two libraries have borders: HTTP stays at the edge, SQL in the stores.
//!
//! A rule about links or keys that knows neither can be read, tested and moved without them.

use super::rust::{Named, paths, words};
use super::tree::Tree;
use super::{Breach, breach};

const APP: &str = "crates/app/src/";
const HTTP_CRATES: &[&str] = &["axum", "http", "hyper", "hyper_util", "utoipa_axum"];
const SQL_CRATES: &[&str] = &["sea_orm", "sea_query", "sqlx"];

/// Files that may cross a border though their place does not say so, each with its reason.
const HTTP_EXCEPTIONS: &[(&str, &str)] =
    &[("problem.rs", "a problem carries the header that belongs to its answer")];
const SQL_EXCEPTIONS: &[(&str, &str)] = &[
    ("http/idempotency.rs", "one table and two statements, next to the layer that is all they serve"),
    ("store.rs", "what the stores of several features share"),
];

/// HTTP libraries are named in `routes`, in `http/` and in the redirect only.
pub(crate) fn http(tree: &Tree) -> Vec<Breach> {
    let advice = |library: &str| {
        format!(
            "`{library}` is known to routes/, http/ and redirect*.rs only: take and return our own types here"
        )
    };
    crossings(tree, HTTP_CRATES, is_http_edge, advice)
}

/// SQL libraries are named in stores only.
pub(crate) fn sql(tree: &Tree) -> Vec<Breach> {
    let advice = |library: &str| {
        format!(
            "`{library}` is known to store.rs only: move the query there, or take the handle from tessera_db"
        )
    };
    crossings(tree, SQL_CRATES, is_store, advice)
}

fn is_http_edge(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_redirect =
        folder == "links" && name.starts_with("redirect") || folder.starts_with("links/redirect");
    let is_route = name == "routes.rs" || folder.split('/').any(|part| part == "routes");
    folder.split('/').next() == Some("http") || is_route || is_redirect || is_listed(HTTP_EXCEPTIONS, path)
}

fn is_store(path: &str) -> bool {
    let is_place = path.ends_with("/store.rs") || path.split('/').any(|part| part == "store");
    is_place || is_listed(SQL_EXCEPTIONS, path)
}

fn is_listed(exceptions: &[(&str, &str)], path: &str) -> bool {
    exceptions.iter().any(|(listed, _)| *listed == path)
}

/// Files outside the place that a library belongs to, and the first line of each that names it.
fn crossings(
    tree: &Tree,
    libraries: &[&str],
    is_inside: fn(&str) -> bool,
    advice: impl Fn(&str) -> String,
) -> Vec<Breach> {
    let outside = tree.files(APP, ".rs").filter(|(path, _)| !is_inside(&path[APP.len()..]));
    let mut found = Vec::new();
    for (path, source) in outside {
        let words = words(source);
        let named = paths(&words);
        for library in libraries.iter().filter(|library| !is_own_module(&named, library)) {
            if let Some(at) = named.iter().find(|path| names(path, library)) {
                found.push(breach(path, at.line, advice(library)));
            }
        }
    }
    found
}

/// By its own name, or through a crate of ours that hands it on: `tessera_db::sea_orm`.
fn names(path: &Named<'_>, library: &str) -> bool {
    let is_handed_on = path.parts[0].starts_with("tessera_") && path.parts[1] == library;
    path.parts[0] == library || is_handed_on
}

/// `use crate::http;` makes `http::…` our own folder and not the library.
fn is_own_module(named: &[Named<'_>], library: &str) -> bool {
    named.iter().any(|path| path.parts == ["crate", library])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rule: fn(&Tree) -> Vec<Breach>, path: &str, source: &str) -> Vec<usize> {
        rule(&Tree::of(&[(path, source)])).iter().map(|breach| breach.line).collect()
    }

    #[test]
    fn a_model_may_not_name_axum() {
        let source = "//! A story.\n\nuse axum::Json;\n";
        assert_eq!(lines(http, "crates/app/src/links/model.rs", source), [3]);
        assert_eq!(lines(http, "crates/app/src/links/routes/create.rs", source), Vec::<usize>::new());
        assert_eq!(lines(http, "crates/app/src/links/redirect_page.rs", source), Vec::<usize>::new());
        assert_eq!(lines(http, "crates/app/src/http/auth.rs", source), Vec::<usize>::new());
        assert_eq!(lines(http, "crates/server/src/main.rs", source), Vec::<usize>::new());
    }

    #[test]
    fn our_own_http_folder_is_not_the_library() {
        let own = "use crate::http::Answer;\nuse crate::{http::Page, keys};\n";
        assert_eq!(lines(http, "crates/app/src/links/mod.rs", own), Vec::<usize>::new());
        let imported = "use crate::http;\nfn f() { http::shape() }\n";
        assert_eq!(lines(http, "crates/app/src/links/mod.rs", imported), Vec::<usize>::new());
        let library = "fn f() -> http::StatusCode { x }\n";
        assert_eq!(lines(http, "crates/app/src/links/mod.rs", library), [1]);
    }

    #[test]
    fn only_a_store_names_the_database_library() {
        let source = "//! A story.\nuse sea_orm::Set;\n";
        assert_eq!(lines(sql, "crates/app/src/links/mod.rs", source), [2]);
        assert_eq!(lines(sql, "crates/app/src/links/store.rs", source), Vec::<usize>::new());
        assert_eq!(lines(sql, "crates/app/src/links/store/list.rs", source), Vec::<usize>::new());
        assert_eq!(lines(sql, "crates/app/src/restore.rs", source), [2]);
        assert_eq!(lines(sql, "crates/app/src/links/mod.rs", "use tessera_db::sea_orm::Set;\n"), [1]);
        assert_eq!(
            lines(sql, "crates/app/src/links/mod.rs", "use tessera_db::Transaction;\n"),
            Vec::<usize>::new()
        );
    }
}
