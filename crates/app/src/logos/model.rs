//! A logo, without its picture. No I/O.

use serde_json::{Value, json};
use tessera_types::{LogoId, Timestamp, WorkspaceId};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Logo {
    pub(crate) id: LogoId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) name: String,
    /// `image/png`, `image/jpeg` or `image/svg+xml`.
    pub(crate) media_type: String,
    /// Of what is kept.
    pub(crate) bytes: u64,
    /// SHA-256 of what is kept.
    pub(crate) digest: Vec<u8>,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    /// `usr_…` or `key_…`
    pub(crate) created_by: String,
    pub(crate) created_at: Timestamp,
}

impl Logo {
    pub(crate) fn audited(&self) -> Value {
        json!({"name": self.name, "media_type": self.media_type, "bytes": self.bytes})
    }
}
