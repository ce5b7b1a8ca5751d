//! Clicks and requests: from the moment they happen to the answer of a question about them.
//!
//! An event is appended to a log before its answer leaves ([`log`]). Whoever folds the log reads it in order, adds
//! what can be known about each event ([`enrich`]) and keeps the rows ([`store`]), first in memory, then in Parquet
//! segments. A [`Question`] is answered from both. Neither Arrow nor SQL is seen from outside: what must be
//! remembered in a database (which segments there are, how far the log was folded) is handed out and taken back as
//! plain values, so that the caller can commit it together with whatever else the events changed.

mod enrich;
mod event;
mod log;
mod question;
mod row;
mod scan;
mod store;

pub use enrich::{Channels, EnrichOptions, Enricher, PlaceFile, RobotList, preferred_language};
pub use event::{CallClass, Click, Event, Method, Request, Trigger, Utm};
pub use log::{
    Condition, Durability, Full, Log, LogError, LogOptions, Lost, Position, ReadError, Reader, Repaired,
    repair,
};
pub use question::{
    Answer, Cancel, Dimension, Filter, FilterValue, Group, Interval, Kind, Labels, Measure, Measured, Order,
    Question, Robots, TimeUnit, Uniques, Value,
};
pub use row::{ClickRow, RequestRow};
pub use scan::{
    AskError, BUCKETS_MAX, QUESTION_BYTES_MAX, RowCursor, Rows, RowsQuestion, VISITORS_EXACT_MAX, buckets,
    is_country,
};
pub use store::{
    Compaction, Frozen, Removal, Rewritten, SEGMENT_ROWS_MAX, SegmentMeta, Store, StoreError, StoreOptions,
};
