//! Searching a history: the output of `git log --patch`, as it streams.
//!
//! Added lines and commit messages are searched; a line that only goes away was added by an earlier commit.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Finding, Report, keys_in};
use crate::ending::Failure;

const ARGS: [&str; 13] = [
    "-c",
    "core.quotePath=false",
    "log",
    "--all",
    "--patch",
    "--text",
    // Of a merge, what the person who resolved its conflicts added; git 2.35 or newer.
    "--diff-merges=remerge",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--unified=0",
    // NUL cannot stand in a message, so no message can pretend to be a commit.
    "--format=%x00%H%x00%B%x00",
];

pub(super) fn scan(path: &Path) -> Result<Report, Failure> {
    let mut git = Command::new("git")
        .arg("-C")
        .arg(path)
        .args(ARGS)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::failed(format!("git does not run: {error}")))?;
    let output = git.stdout.take().ok_or_else(|| Failure::failed("git has no output"))?;
    let mut history = History::default();
    let read = read_lines(BufReader::new(output), |line| history.take(line));
    let status = git.wait().map_err(Failure::failed)?;
    read.map_err(|error| Failure::failed(format!("git's output: {error}")))?;
    if !status.success() {
        return Err(Failure::failed("git log failed; what it said stands above"));
    }
    Ok(history.report)
}

fn read_lines(mut output: impl BufRead, mut take: impl FnMut(&[u8])) -> std::io::Result<()> {
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        take(line.strip_suffix(b"\n").unwrap_or(&line));
        line.clear();
    }
    Ok(())
}

/// Where in the output we are.
#[derive(Default)]
struct History {
    report: Report,
    commit: String,
    /// Of the message, while inside it.
    message_line: Option<usize>,
    path: Option<String>,
    /// The line that the next added line is, and how many lines of the hunk are still to come.
    next_line: usize,
    removed_left: usize,
    added_left: usize,
}

impl History {
    fn take(&mut self, line: &[u8]) {
        if self.message_line.is_some() {
            self.message(line);
        } else if self.added_left + self.removed_left > 0 {
            self.hunk(line);
        } else if let Some(rest) = line.strip_prefix(b"\0") {
            self.begin(rest);
        } else if let Some(rest) = line.strip_prefix(b"+++ ") {
            let path = String::from_utf8_lossy(rest.strip_prefix(b"b/").unwrap_or(rest)).into_owned();
            // Git ends a name that holds spaces with a tab.
            self.path = Some(path.trim_end_matches('\t').to_owned());
        } else if line.starts_with(b"@@ -") {
            self.open_hunk(line);
        }
    }

    /// `<hash>NUL<first line of the message>`.
    fn begin(&mut self, line: &[u8]) {
        let hash_len = line.iter().position(|byte| *byte == 0).unwrap_or(line.len());
        let commit = String::from_utf8_lossy(&line[..hash_len]).into_owned();
        self.report.searched += 1;
        self.commit = commit;
        self.path = None;
        self.message_line = Some(1);
        self.message(line.get(hash_len + 1..).unwrap_or_default());
    }

    fn message(&mut self, line: &[u8]) {
        let number = self.message_line.unwrap_or(1);
        let (text, is_last) = match line.iter().position(|byte| *byte == 0) {
            Some(end) => (&line[..end], true),
            None => (line, false),
        };
        self.search(text, number);
        self.message_line = (!is_last).then_some(number + 1);
    }

    /// `@@ -<from>[,<count>] +<from>[,<count>] @@`: what counts is how many lines follow.
    fn open_hunk(&mut self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let mut words = text.split(' ').skip(1);
        let (_, removed) = range(words.next());
        let (from, added) = range(words.next());
        (self.next_line, self.removed_left, self.added_left) = (from, removed, added);
    }

    fn hunk(&mut self, line: &[u8]) {
        match line.split_first() {
            Some((b'+', added)) => {
                self.added_left = self.added_left.saturating_sub(1);
                self.search(added, self.next_line);
                self.next_line += 1;
            }
            Some((b'-', _)) => self.removed_left = self.removed_left.saturating_sub(1),
            // "\ No newline at end of file"
            _ => {}
        }
    }

    fn search(&mut self, text: &[u8], line: usize) {
        for (_, column, key) in keys_in(text) {
            let (commit, path) = (Some(self.commit.clone()), self.path.clone());
            self.report.findings.push(Finding { commit, path, line, column, key });
        }
    }
}

/// `-12,3` or `+12`: from where, and how many. One, where nothing is said.
fn range(word: Option<&str>) -> (usize, usize) {
    let numbers = word.unwrap_or_default().trim_start_matches(['-', '+']);
    let (from, count) = numbers.split_once(',').unwrap_or((numbers, "1"));
    (from.parse().unwrap_or(0), count.parse().unwrap_or(0))
}
