//! A link from one document to a file leads somewhere.
//!
//! Relative targets only: what lies on other hosts is looked after there, and a path that begins with `/` is
//! one of the product's own.

use super::tree::Tree;
use super::{Breach, breach};

/// Every relative link in a markdown file names a file or folder of the tree.
pub(crate) fn targets(tree: &Tree) -> Vec<Breach> {
    let mut found = Vec::new();
    for (path, text) in tree.files("", ".md") {
        for (line, target) in relative_links(text) {
            let file = target.split('#').next().unwrap_or_default();
            if !resolve(path, file).is_some_and(|file| tree.has(&file)) {
                found.push(breach(
                    path,
                    line,
                    format!("the link to `{target}` leads nowhere: mend it, or write the file"),
                ));
            }
        }
    }
    found
}

/// Line and target of each `](target)` outside code.
fn relative_links(text: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    let mut is_code = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        if is_code {
            continue;
        }
        // Between backticks, every second piece is code.
        let prose = line.split('`').step_by(2);
        links.extend(prose.flat_map(targets_of).map(|target| (at + 1, target)));
    }
    links
}

fn targets_of(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split("](").skip(1);
    let targets = after
        .filter_map(|rest| rest.split_once(')'))
        .filter_map(|(target, _)| target.split_whitespace().next());
    targets.filter(|target| !target.starts_with(['#', '/', '<']) && !has_scheme(target))
}

fn has_scheme(target: &str) -> bool {
    target.contains("://") || target.starts_with("mailto:")
}

/// The path in the tree that a link in `from` names; `None` when it leaves the tree.
fn resolve(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let files = [("docs/API.md", text), ("README.md", ""), ("docs/adr/0001-a.md", "")];
        targets(&Tree::of(&files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_link_to_a_file_of_the_tree_is_fine() {
        assert_eq!(
            found("[a](../README.md#start), [b](adr/0001-a.md \"title\"), [c](#here)\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_link_to_nothing_is_named_with_its_line() {
        assert_eq!(
            found("\nsee [`a`](adr/0002.md)\n"),
            ["docs/API.md:2: the link to `adr/0002.md` leads nowhere: mend it, or write the file"]
        );
    }

    #[test]
    fn other_hosts_routes_and_code_are_left_alone() {
        let text = "[a](https://x.example/y) [b](/api-docs) `[c](gone.md)`\n```\n[d](gone.md)\n```\n";
        assert_eq!(found(text), Vec::<String>::new());
    }

    #[test]
    fn a_link_may_not_leave_the_tree() {
        assert_eq!(found("[a](../../elsewhere.md)\n").len(), 1);
    }
}
