//! Logging: to standard error, as text for people or JSON for machines.
//!
//! Nothing is redacted here, because nothing secret is handed over: keys and passwords have no `Debug`, and
//! requests are logged by route, never by path or header.

use std::io::IsTerminal;

use tessera_app::settings::{Log, LogFormat};
use tracing_subscriber::EnvFilter;

use crate::ending::Failure;

/// PostgreSQL says at every start that what is there already is there already. The settings can ask for it again.
const QUIET: &str = "sqlx::postgres::notice=warn";

/// From here on, this process logs as the settings say.
pub(crate) fn begin(log: &Log) -> Result<(), Failure> {
    begin_at(log, &log.level)
}

/// For commands that run and end: their result is what counts, so only what went wrong is logged.
pub(crate) fn begin_quietly(log: &Log) -> Result<(), Failure> {
    begin_at(log, "warn")
}

fn begin_at(log: &Log, level: &str) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(format!("{QUIET},{level}")).map_err(Failure::usage)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    }
    .map_err(Failure::failed)?;
    std::panic::set_hook(Box::new(|panic| {
        // Where, and not what: the message of a panic may quote the value it stumbled over.
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, thread = std::thread::current().name(), "panic");
    }));
    Ok(())
}
