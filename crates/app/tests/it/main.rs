//! The product at its HTTP boundary, on SQLite and PostgreSQL.

mod canary;
mod contract;
mod keys;
mod races;
mod strangers;
mod support;
