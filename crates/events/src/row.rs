//! Events as they are kept: what happened, and what could be worked out about it.
//!
//! `S` is the kind of text: `&str` on the way in, `String` on the way out. Empty text means that there is none or that
//! it is not known.

use tessera_types::{ApiKeyId, LinkId, RequestId, SecretId, WorkspaceId};

use crate::{CallClass, Method, Trigger, Utm};

/// A click. Kept in the order of (workspace, link, time).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClickRow<S> {
    pub at_ms: i64,
    pub workspace: WorkspaceId,
    pub link: LinkId,
    /// Tells visitors of one workspace apart for one day, and nothing else. 0: not to be told apart (`DNT`).
    pub visitor: u64,
    pub is_robot: bool,
    pub trigger: Trigger,
    pub domain: S,
    /// ISO 3166-1, two capital letters.
    pub country: S,
    /// ISO 3166-2, like `DE-BE`.
    pub region: S,
    /// The name and the country, like `Berlin, DE`.
    pub city: S,
    /// `desktop`, `mobile`, `tablet`, `tv`, `console`, `wearable`; `robot` for robots.
    pub device: S,
    pub browser: S,
    pub os: S,
    /// The first language, like `de` or `pt-BR`.
    pub language: S,
    /// The referring host without `www.`; empty: typed, scanned or hidden.
    pub referrer: S,
    /// `direct`, `search`, `social`, `email`, `ai`, `referral`, `campaign`, `qr`, …
    pub channel: S,
    pub utm: Utm<S>,
    /// Empty unless the deployment keeps addresses.
    pub address: S,
}

/// A request with an API key. Kept in the order of (workspace, key, time).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow<S> {
    pub at_ms: i64,
    pub workspace: WorkspaceId,
    pub key: ApiKeyId,
    pub secret: SecretId,
    pub id: RequestId,
    pub method: Method,
    pub class: CallClass,
    pub status: u16,
    pub latency_us: u32,
    pub route: S,
    pub address: S,
    /// ISO 3166-1, of the address.
    pub country: S,
    pub user_agent: S,
}
