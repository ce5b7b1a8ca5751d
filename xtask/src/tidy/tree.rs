//! The files that the rules look at: every `.rs`, `.md` and `.toml` of the workspace, with its text.
//!
//! Read from the disk and not from git, so that a file is held to the rules before it is committed, and so
//! that a source archive can be tested.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Folders whose name begins with a dot are somebody's tools, but for these.
const DOT_FOLDERS: &[&str] = &[".cargo", ".ci", ".config", ".github"];
/// What a build or a run leaves in the tree; `.gitignore` names the same.
const LEFTOVERS: &[&str] = &["target", "data", "node_modules", "dist", "screenshots"];
const TEXTS: &[&str] = &[".rs", ".md", ".toml"];

pub(crate) struct Tree {
    texts: BTreeMap<String, String>,
    /// Every file and folder, for links.
    paths: BTreeSet<String>,
}

impl Tree {
    pub(crate) fn read(root: &Path) -> Result<Tree, String> {
        let mut tree = Tree { texts: BTreeMap::new(), paths: BTreeSet::new() };
        tree.walk(root, "").map_err(|(path, error)| format!("{path}: {error}"))?;
        Ok(tree)
    }

    /// A tree for a test: paths and texts.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Tree {
        let texts = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Tree { texts, paths: files.iter().map(|(path, _)| (*path).to_owned()).collect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Files whose path begins and ends so, with their texts.
    pub(crate) fn files<'t>(
        &'t self,
        begin: &'t str,
        end: &'t str,
    ) -> impl Iterator<Item = (&'t str, &'t str)> {
        let all = self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        all.filter(move |(path, _)| path.starts_with(begin) && path.ends_with(end))
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        path.is_empty() || self.paths.contains(path)
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> Result<(), (String, std::io::Error)> {
        let at = |error| (folder.display().to_string(), error);
        for entry in fs::read_dir(folder).map_err(at)? {
            let entry = entry.map_err(at)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.file_type().map_err(at)?.is_dir() {
                if is_ours(&name, &entry.path()) {
                    self.paths.insert(path.clone());
                    self.walk(&entry.path(), &format!("{path}/"))?;
                }
                continue;
            }
            self.paths.insert(path.clone());
            if TEXTS.iter().any(|end| name.ends_with(end)) {
                let text = fs::read_to_string(entry.path()).map_err(|error| (path.clone(), error))?;
                self.texts.insert(path, text);
            }
        }
        Ok(())
    }
}

fn is_ours(name: &str, path: &Path) -> bool {
    let is_tool = name.starts_with('.') && !DOT_FOLDERS.contains(&name);
    // A target folder may have any name; cargo marks it.
    !is_tool && !LEFTOVERS.contains(&name) && !path.join("CACHEDIR.TAG").exists()
}
