//! The commands that run and end, one file each.

pub(crate) mod audit;
pub(crate) mod bootstrap;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod events;
pub(crate) mod pepper;
pub(crate) mod qr;
pub(crate) mod scan;
pub(crate) mod users;
