//! What a code says and which modules are dark, seen from outside the crate.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod gallery;
mod payload_refusals;
mod payload_texts;
mod styles;
mod symbols;
mod terminal;
