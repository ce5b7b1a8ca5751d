//! `tidy`: the tree is held to what `docs/ARCHITECTURE.md` and `docs/STYLE.md` say.
//!
//! Rules that a compiler cannot know and a reviewer forgets: which way the arrows point, where a library may
//! be named, how long a file may be. Each rule is a function from the tree to what breaks it, and each
//! message says what to do. The whole runs as a test too, so `cargo test` knows as much as `make check`.

mod borders;
mod crates;
mod features;
mod links;
mod rust;
mod text;
mod tree;

use std::fmt;
use std::process::ExitCode;

use crate::Outcome;
use crate::command::root;
use tree::Tree;

pub(crate) fn tidy() -> Outcome {
    let tree = Tree::read(&root())?;
    let breaches = breaches(&tree);
    for breach in &breaches {
        eprintln!("{breach}");
    }
    if !breaches.is_empty() {
        return Err(format!("{} untidy places", breaches.len()));
    }
    eprintln!("tidy: {} files, all in order", tree.len());
    Ok(ExitCode::SUCCESS)
}

/// A place where a rule does not hold, and what to do about it.
#[derive(Debug, PartialEq)]
struct Breach {
    path: String,
    line: usize,
    advice: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.advice)
    }
}

fn breach(path: &str, line: usize, advice: impl Into<String>) -> Breach {
    Breach { path: path.to_owned(), line, advice: advice.into() }
}

fn breaches(tree: &Tree) -> Vec<Breach> {
    let rules: [fn(&Tree) -> Vec<Breach>; 10] = [
        crates::arrows,
        borders::http,
        borders::sql,
        features::arrows,
        text::length,
        text::story,
        text::unfinished,
        text::whitespace,
        text::names,
        links::targets,
    ];
    let mut all: Vec<Breach> = rules.iter().flat_map(|rule| rule(tree)).collect();
    all.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_tidy() {
        let tree = Tree::read(&root()).unwrap();
        let found: Vec<String> = breaches(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn a_breach_reads_as_a_place_and_an_advice() {
        assert_eq!(breach("a/b.rs", 3, "do this").to_string(), "a/b.rs:3: do this");
    }
}
