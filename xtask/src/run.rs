//! `run`: from a clone to a running server.
//!
//! A dev build, because a newcomer waits for it: it is ready in a fraction of the time a release build takes,
//! and quick enough for trying things out. `PROFILE=release` for the other kind.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::command::{cargo, must, program, shown, target_dir};

const DATA: &str = "./data";
const LISTEN_DEFAULT: &str = "127.0.0.1:8080";

pub(crate) fn run(args: &[String]) -> Outcome {
    crate::setup::setup()?;
    crate::dashboard::build_if_possible();
    let tessera = build()?;
    crate::place::bring(Path::new(DATA));
    let listen = std::env::var("LISTEN").unwrap_or_else(|_| LISTEN_DEFAULT.to_owned());
    let mut serve = program(tessera);
    serve.args(["serve", "--data", DATA, "--listen", &listen]).args(args);
    // The server takes our place, so that signals and the exit code are its own.
    let error = serve.exec();
    Err(format!("`{}` could not be started: {error}", shown(&serve)))
}

/// Builds the server in the profile that `PROFILE` names, and answers where the binary is.
pub(crate) fn build() -> Result<PathBuf, String> {
    let profile = std::env::var("PROFILE").unwrap_or_else(|_| "dev".to_owned());
    must(cargo().args(["build", "--package", "tessera-server", "--bin", "tessera", "--profile", &profile]))?;
    // Cargo keeps the dev profile's artefacts under its old name.
    let folder = if profile == "dev" { "debug" } else { &profile };
    Ok(target_dir().join(folder).join("tessera"))
}
