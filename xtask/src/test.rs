//! `test`: every test, on SQLite and on PostgreSQL.
//!
//! There is no skipping: without a PostgreSQL to test against, this fails and says how to get one. The last
//! line is a count over all runners, `N passed, N failed`.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

use crate::Outcome;
use crate::command::{cargo, is_on_path, root, shown, status};
use crate::postgres::Cluster;

const POSTGRES_URL: &str = "TESSERA_TEST_POSTGRES_URL";

pub(crate) fn test(filter: &[String]) -> Outcome {
    let given = std::env::var(POSTGRES_URL).ok().filter(|url| !url.is_empty());
    let (url, _cluster) = match given {
        Some(url) => (url, None),
        None => {
            let cluster = Cluster::start()?;
            (cluster.url(), Some(cluster))
        }
    };

    let mut tally = if is_on_path("cargo-nextest") { nextest(&url, filter)? } else { libtest(&url, filter)? };
    // Plain `cargo test` has run the doc tests already; a filter asks for particular tests.
    if is_on_path("cargo-nextest") && filter.is_empty() {
        tally.add(&counted(
            cargo().args(["test", "--doc", "--workspace", "--no-fail-fast"]).env(POSTGRES_URL, &url),
        )?);
    }

    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(if tally.is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What one or several runners came to. `is_good` is the runners' own word: a test that does not compile
/// is in no count.
#[derive(Debug, PartialEq)]
struct Tally {
    passed: u64,
    failed: u64,
    is_good: bool,
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.is_good &= other.is_good;
    }
}

/// Counts from nextest's report, so that its output stays on the terminal, colours and progress bar and all.
fn nextest(url: &str, filter: &[String]) -> Result<Tally, String> {
    // In the clone, wherever cargo's own artefacts go (`store.dir` of nextest).
    let report = root().join("target/nextest/default/junit.xml");
    // A run that never gets to its tests must not count those of the run before.
    let _ = std::fs::remove_file(&report);
    let args = ["nextest", "run", "--workspace", "--profile", "default"];
    let status = status(cargo().args(args).args(filter).env(POSTGRES_URL, url))?;
    let report = std::fs::read_to_string(&report).unwrap_or_default();
    let (passed, failed) = junit_counts(&report);
    Ok(Tally { passed, failed, is_good: status.success() })
}

fn libtest(url: &str, filter: &[String]) -> Result<Tally, String> {
    let args = ["test", "--workspace", "--no-fail-fast"];
    counted(cargo().args(args).args(filter).env(POSTGRES_URL, url))
}

/// Runs cargo's own test runner, passes its output on, and adds up its result lines.
fn counted(command: &mut Command) -> Result<Tally, String> {
    let name = shown(command);
    let wrong = |error| format!("`{name}`: {error}");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(wrong)?;
    let mut tally = Tally { passed: 0, failed: 0, is_good: true };
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            println!("{line}");
            if let Some((passed, failed)) = libtest_counts(&line) {
                tally.passed += passed;
                tally.failed += failed;
            }
        }
    }
    tally.is_good = child.wait().map_err(wrong)?.success();
    Ok(tally)
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; …` → (3, 0)
fn libtest_counts(line: &str) -> Option<(u64, u64)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| counts.split("; ").find_map(|part| part.strip_suffix(word)?.parse().ok());
    Some((number(" passed")?, number(" failed")?))
}

/// `<testsuites name="…" tests="12" failures="1" errors="0" …>` → (11, 1). No report, no tests.
fn junit_counts(report: &str) -> (u64, u64) {
    let head = report.split_once("<testsuites ").and_then(|(_, rest)| rest.split_once('>'));
    let head = head.map_or("", |(head, _)| head);
    let number = |name: &str| -> u64 {
        let value = head.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
        value.and_then(|(value, _)| value.parse().ok()).unwrap_or(0)
    };
    let failed = number("failures") + number("errors");
    (number("tests").saturating_sub(failed), failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_line_of_cargo_test_is_counted() {
        let line = "test result: FAILED. 31 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(libtest_counts(line), Some((31, 2)));
        assert_eq!(libtest_counts("test a_name ... ok"), None);
    }

    #[test]
    fn a_report_of_nextest_is_counted() {
        let report =
            r#"<?xml version="1.0"?><testsuites name="nextest-run" tests="12" failures="1" errors="2">"#;
        assert_eq!(junit_counts(report), (9, 3));
        assert_eq!(junit_counts(""), (0, 0));
    }
}
