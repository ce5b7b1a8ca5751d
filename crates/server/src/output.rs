//! What commands print: results to standard output, everything else to standard error.

use std::io::{self, Write};

use serde::Serialize;

use crate::ending::Failure;

/// Prints a result. A reader that went away (`tessera … | head`) has seen enough; that is no failure.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints one JSON object on one line.
pub(crate) fn say_json(value: &impl Serialize) -> Result<(), Failure> {
    say(&serde_json::to_string(value).map_err(Failure::failed)?)
}

/// Tells the person at the terminal. If nobody can be told, nothing is left to do about it.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "tessera: {text}");
}
