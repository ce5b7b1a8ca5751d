//! Searching files, in the order of their names.

use std::path::Path;

use super::{Finding, Report, keys_in};

/// Larger files are rarely written by people; they are counted, so that nobody is surprised.
pub(super) const FILE_BYTES_MAX: u64 = 10_000_000;

pub(super) fn scan(path: &Path) -> Report {
    let mut report = Report::default();
    walk(path, &mut report);
    report
}

fn walk(path: &Path, report: &mut Report) {
    if let Err(error) = look(path, report) {
        report.unread.push(format!("{}: {error}", path.display()));
    }
}

fn look(path: &Path, report: &mut Report) -> std::io::Result<()> {
    // Of the path itself, not of what a symbolic link points at: links may lead out of the tree, or in circles.
    let metadata = path.symlink_metadata()?;
    if metadata.is_dir() {
        let entries = path.read_dir()?.collect::<Result<Vec<_>, _>>()?;
        let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
        paths.sort();
        let inside = paths.iter().filter(|path| path.file_name().is_none_or(|name| name != ".git"));
        inside.for_each(|path| walk(path, report));
    } else if metadata.is_file() && metadata.len() > FILE_BYTES_MAX {
        report.skipped += 1;
    } else if metadata.is_file() {
        let text = std::fs::read(path)?;
        report.searched += 1;
        let name = path.display().to_string();
        report.findings.extend(keys_in(&text).map(|(line, column, key)| Finding {
            commit: None,
            path: Some(name.clone()),
            line,
            column,
            key,
        }));
    }
    Ok(())
}
