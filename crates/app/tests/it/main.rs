//! The product at its HTTP boundary, on SQLite and PostgreSQL.

mod canary;
mod contract;
mod keys;
mod outage;
mod races;
mod strangers;
mod support;
