//! What a code says and which modules are dark, seen from outside the crate.

mod payload_refusals;
mod payload_texts;
