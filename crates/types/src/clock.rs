//! Time is an argument: whoever needs to know the hour is handed a [`Clock`].

pub use jiff::Timestamp;

/// Tells the time. The operating system's clock implements this once, in `crates/server`; tests pin it.
pub trait Clock: Send + Sync + 'static {
    /// Wall-clock time, for what people read and calendars count. May jump.
    fn now(&self) -> Timestamp;

    /// Nanoseconds since an arbitrary start; never goes backwards. For rates and durations.
    fn monotonic_ns(&self) -> u64;
}

/// Milliseconds since 1970-01-01T00:00:00Z: the form in which both databases store every time.
pub fn to_millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The inverse of [`to_millis`]. Values outside the years -9999…9999 are pulled to the nearest end.
pub fn from_millis(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
