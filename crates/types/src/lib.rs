//! The words every other crate speaks: ids, time, chance.
//!
//! Nothing here does I/O and nothing here knows HTTP or SQL. A type lives here only if two crates need it.

mod chance;
mod clock;
mod id;

pub use chance::{Chance, SeededChance, Stream};
pub use clock::{Clock, Timestamp, from_millis, to_millis};
pub use id::{
    ApiKeyId, ApiKeyTag, AuditId, AuditTag, BulkJobId, Id, IdError, InvitationId, InvitationTag, Kind,
    LinkId, LinkTag, LogoId, NoticeId, NoticeTag, QrCodeId, QrCodeTag, RequestId, SecretId, SecretTag,
    SegmentId, SegmentTag, SessionId, Tag, TemplateId, UserId, ViewId, WorkspaceId,
};
