//! `check`: everything that can be known without running the product.
//!
//! The generated documents (`docs/openapi.json`, `docs/errors.md`, `docs/scopes.md`) are held fresh by
//! snapshot tests, so they belong to `test`.

use std::process::{Command, ExitCode};

use crate::Outcome;
use crate::command::{cargo, is_on_path, must, shown};

pub(crate) fn check() -> Outcome {
    step(cargo().args(["fmt", "--all", "--check"]))?;
    crate::tidy::tidy()?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    step(cargo().args(clippy))?;
    let doc = ["doc", "--workspace", "--no-deps", "--locked"];
    step(cargo().args(doc).env("RUSTDOCFLAGS", "-D warnings"))?;
    crate::dashboard::check()?;
    // The one optional step: it needs a tool that takes minutes to build, and a network.
    if is_on_path("cargo-deny") {
        step(cargo().args(["deny", "--locked", "check"]))?;
    } else {
        eprintln!("check: licences and advisories not looked at; `cargo install cargo-deny` adds that");
    }
    eprintln!("check: all fine");
    Ok(ExitCode::SUCCESS)
}

fn step(command: &mut Command) -> Result<(), String> {
    eprintln!("check: {}", shown(command));
    must(command)
}
