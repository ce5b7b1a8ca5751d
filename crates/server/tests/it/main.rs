//! The real program, as its users meet it: started, spoken to over sockets, stopped with signals.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends here")]

mod bootstrap;
mod checks;
mod codes;
mod configuration;
mod connections;
mod crash;
mod program;
mod start;
