//! `setup`: the machine has what a build needs, or says what to do.
//!
//! The checks are a shell script beside this package, because without a linker no Rust program can be built
//! to make them; the Makefile runs the same script first.

use std::process::ExitCode;

use crate::Outcome;
use crate::command::{must, program, root};

pub(crate) fn setup() -> Outcome {
    must(&mut program(root().join("xtask/setup.sh")))?;
    Ok(ExitCode::SUCCESS)
}
