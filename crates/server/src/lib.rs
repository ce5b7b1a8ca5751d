//! The binary `tessera`: command line, configuration, wiring, shutdown.
//!
//! The only reader of the environment, of configuration files and of the system's clock and randomness;
//! everything below gets them as arguments.

mod background;
mod cli;
mod commands;
pub mod config;
mod dashboard;
mod data;
mod ending;
mod log;
mod open;
mod output;
mod serve;
mod system;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{
    AuditCommand, Cli, Command, ConfigCommand, EventsCommand, KeysCommand, PepperCommand, UsersCommand,
};
use crate::ending::{Ending, Failure};

/// Does what the command line says; the exit code is part of the contract, see `tessera --help`.
pub fn main() -> ExitCode {
    let ending = run(Cli::parse());
    if let Err(failure) = &ending {
        output::complain(&failure.to_string());
    }
    ExitCode::from(ending::code(&ending))
}

fn run(cli: Cli) -> Result<Ending, Failure> {
    match cli.command {
        Command::Serve(args) => on_runtime(serve::serve(args)),
        Command::Bootstrap(args) => on_runtime(commands::bootstrap::run(args)),
        Command::Demo(args) => on_runtime(commands::demo::run(args)),
        Command::Users(UsersCommand::ResetPassword(args)) => {
            on_runtime(commands::users::reset_password(args))
        }
        Command::Keys(KeysCommand::Scan(args)) => commands::scan::run(&args),
        Command::Audit(AuditCommand::Verify(args)) => on_runtime(commands::audit::verify(args)),
        Command::Config(ConfigCommand::Check(args)) => commands::config::check(&args),
        Command::Config(ConfigCommand::Print(args)) => commands::config::print(&args),
        Command::Events(EventsCommand::Repair(args)) => commands::events::repair(&args),
        Command::Qr(args) => commands::qr::run(&args),
        Command::Pepper(PepperCommand::Rotate(args)) => commands::pepper::rotate(&args),
    }
}

fn on_runtime(work: impl Future<Output = Result<Ending, Failure>>) -> Result<Ending, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("no threads to work with: {error}")))?;
    runtime.block_on(work)
}
