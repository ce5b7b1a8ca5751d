//! An appointment (iCalendar, RFC 5545).

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadEvent)]
pub struct Event {
    #[schema(required)]
    pub title: String,
    /// `2026-05-01T18:00:00+02:00`; or without an offset, in `timezone`, or wherever the phone is; or, if `all_day`,
    /// a date.
    #[schema(required)]
    pub starts_at: String,
    /// Written like `starts_at`. For `all_day` the last day. Absent, it ends when it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<String>,
    pub all_day: bool,
    /// A name of the IANA table, like `Europe/Berlin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// An e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organizer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
