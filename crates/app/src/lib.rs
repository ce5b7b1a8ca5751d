//! The product: what Tessera does, one folder per feature, and the HTTP shell they share.
//!
//! Inside a feature `mod.rs` tells the story, `model.rs` holds types and rules without I/O, `store.rs` the
//! queries, `routes/` one file per endpoint. `docs/ARCHITECTURE.md` has the map and the allowed arrows.

pub mod accounts;
mod analytics;
mod app;
pub mod audit;
mod author;
mod bulk;
mod cache;
pub mod caller;
mod counting;
pub mod demo;
pub mod events;
mod feedback;
mod fields;
pub mod http;
pub mod keys;
mod landing;
pub mod links;
mod logos;
pub mod metering;
mod metrics;
mod plan;
pub mod problem;
mod qr;
mod search;
pub mod settings;
mod store;
mod templates;
mod throttle;
mod views;
mod workers;
pub mod workspaces;

pub use app::{App, Change, Foundation, StartError};
pub use settings::Settings;
