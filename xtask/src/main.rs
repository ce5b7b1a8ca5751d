//! `cargo xtask`: the logic behind the names in the Makefile.
//!
//! People type `make run`, `make test`, `make check`; each is one line that lands here, one file per command.
//! It has next to no dependencies, because on a fresh machine it is compiled before anything else.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program: it reads the environment and speaks to a person"
)]

mod check;
mod command;
mod dashboard;
mod debian;
mod fuzz_api;
mod place;
mod postgres;
mod run;
mod scan;
mod setup;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  setup                  look at the machine; install or name what is missing
  run [ARGS]             build and start the server on SQLite in ./data, with npm's file of countries
                         (LISTEN=127.0.0.1:8080, PROFILE=release; ARGS go to `tessera serve`)
  test [FILTER]          every test, on SQLite and PostgreSQL
                         (TESSERA_TEST_POSTGRES_URL=… to use a server of yours)
  test-scan [small] [WORD…]
                         outside readers (zbar, zxing-cpp, OpenCV) look at every shipped style, or at the
                         styles, levels, logos, widths and sets (fitted, held-out, faulty) that are named
  postgres -- COMMAND    run COMMAND beside a throw-away PostgreSQL
  check                  format, clippy, docs, tidy, the dashboard's types and tests
  dashboard              build the dashboard if its sources are newer (needs Node)
  dashboard-dev          Vite's server for working on it, in front of a running server (TESSERA_URL=…)
  test-dashboard         stories in Chromium against the real binary (CHROMIUM=…)
  screenshots            every page, light and dark, wide and narrow (CLICKS=200000)
  tidy                   only the rules of the tree: arrows, borders, sizes, words, links
  fuzz-api [ARGS]        schemathesis against a live server, with an owner's key
                         (EXAMPLES=30; ARGS go to `schemathesis run`)
  help                   this
";

/// What a command comes to: the exit code to pass on, or what went wrong and how to mend it.
type Outcome = Result<ExitCode, String>;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let name = args.next().unwrap_or_else(|| "help".to_owned());
    let rest: Vec<String> = args.collect();
    let outcome = match name.as_str() {
        "setup" => setup::setup(),
        "run" => run::run(&rest),
        "test" => test::test(&rest),
        "test-scan" => scan::test_scan(&rest),
        "postgres" => postgres::beside(&rest),
        "check" => check::check(),
        "tidy" => tidy::tidy(),
        "dashboard" => dashboard::build(),
        "dashboard-dev" => dashboard::develop(),
        "test-dashboard" => dashboard::test(),
        "screenshots" => dashboard::screenshots(),
        "fuzz-api" => fuzz_api::fuzz_api(&rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        unknown => Err(format!("there is no command `{unknown}`\n\n{HELP}")),
    };
    outcome.unwrap_or_else(|wrong| {
        eprintln!("xtask: {wrong}");
        ExitCode::FAILURE
    })
}
