//! Limits of API keys: how many requests fit into a minute, a day and a month, and who has used how many.
//!
//! A request is admitted by all of its windows or by none: it takes its place before the handler runs, in one step
//! under the owner's lock, and gives it back if it turns out to be refused. What counts towards days and months is
//! folded from the event log into `daily_requests`; memory begins from that table and is then ahead of it, never
//! behind. The minute is kept in memory alone, and a restart forgives it.

mod limiter;
mod model;
mod store;

pub use limiter::{Limiter, Metered, Reached, Reservation};
pub use model::{Moment, Owner, Refused, Stand, Terms, Used, Window};
