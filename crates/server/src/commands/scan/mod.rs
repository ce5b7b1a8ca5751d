//! `tessera keys scan`: leaked keys in files or in a git history. A key is shown masked, never whole.

mod git;
mod tree;

use std::path::Path;

use serde::Serialize;
use tessera_keys::find_keys;

use crate::cli::Scan;
use crate::ending::{Ending, Failure};
use crate::output::{complain, say, say_json};

/// One leaked key, and where.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Finding {
    /// With `--git`: the commit that brought it.
    commit: Option<String>,
    /// `None` for a commit's message.
    path: Option<String>,
    line: usize,
    /// In bytes, from 1.
    column: usize,
    /// Masked.
    key: String,
}

/// What was found, and how much was looked at: files, or with `--git` commits.
#[derive(Debug, Default, Serialize)]
struct Report {
    findings: Vec<Finding>,
    searched: usize,
    /// Files too large to be searched.
    skipped: usize,
    /// What could not be read, as sentences.
    #[serde(skip)]
    unread: Vec<String>,
}

pub(crate) fn run(args: &Scan) -> Result<Ending, Failure> {
    let path: &Path = &args.path;
    if !path.exists() {
        return Err(Failure::usage(format!("there is no {}", path.display())));
    }
    let report = match args.git {
        true => git::scan(path)?,
        false => tree::scan(path),
    };
    show(&report, args)?;
    match (report.findings.is_empty(), report.unread.is_empty()) {
        (false, _) => Ok(Ending::Found),
        (true, true) => Ok(Ending::Good),
        (true, false) => Err(Failure::failed("not everything could be read")),
    }
}

fn show(report: &Report, args: &Scan) -> Result<(), Failure> {
    report.unread.iter().for_each(|sentence| complain(sentence));
    if args.json {
        return say_json(report);
    }
    for finding in &report.findings {
        let commit = finding.commit.as_ref().map_or_else(String::new, |commit| format!("{commit}:"));
        let path = finding.path.as_deref().unwrap_or("(message)");
        say(&format!("{commit}{path}:{}:{}: {}", finding.line, finding.column, finding.key))?;
    }
    let unit = if args.git { "commits" } else { "files" };
    let skipped = match report.skipped {
        0 => String::new(),
        many => format!(", {many} above {} MB skipped", tree::FILE_BYTES_MAX / 1_000_000),
    };
    complain(&format!("{} keys in {} {unit}{skipped}", report.findings.len(), report.searched));
    Ok(())
}

/// Every key in `text`, as `(line, column, mask)` from 1.
fn keys_in(text: &[u8]) -> impl Iterator<Item = (usize, usize, String)> {
    let (mut line, mut line_start, mut counted) = (1, 0, 0);
    find_keys(text, None).map(move |found| {
        for (gap, _) in text[counted..found.offset].iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            line += 1;
            line_start = counted + gap + 1;
        }
        counted = found.offset;
        (line, found.offset - line_start + 1, found.key.mask().to_string())
    })
}
