//! What is known about an event at the moment it happens, which is what the log keeps.
//!
//! Nothing here is looked up: place, device and referrer are worked out later, off the hot path, from the address
//! and headers that stand here.

use std::net::IpAddr;

use tessera_types::{ApiKeyId, LinkId, RequestId, SecretId, WorkspaceId};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    Click(Click<'a>),
    Request(Request<'a>),
}

impl Event<'_> {
    /// Milliseconds since 1970, by the clock of the machine it happened on.
    pub fn at_ms(&self) -> i64 {
        match self {
            Self::Click(click) => click.at_ms,
            Self::Request(request) => request.at_ms,
        }
    }

    pub fn workspace(&self) -> WorkspaceId {
        match self {
            Self::Click(click) => click.workspace,
            Self::Request(request) => request.workspace,
        }
    }
}

/// Somebody, or something, followed a short link and was redirected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Click<'a> {
    pub at_ms: i64,
    pub workspace: WorkspaceId,
    pub link: LinkId,
    /// A robot, a preview or a prefetch: kept, and not counted as a click. Decided when it happens, because a link's
    /// counter needs to know at once.
    pub is_robot: bool,
    pub trigger: Trigger,
    /// The short domain.
    pub domain: &'a str,
    pub address: Option<IpAddr>,
    pub user_agent: &'a str,
    /// The header as sent.
    pub referrer: &'a str,
    /// `Accept-Language` as sent.
    pub languages: &'a str,
    pub utm: Utm<&'a str>,
    /// `DNT: 1` or `Sec-GPC: 1` was sent, and the deployment respects it.
    pub is_untracked: bool,
}

/// How a visitor came by the short link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trigger {
    Link,
    Qr,
}

impl Trigger {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Qr => "qr",
        }
    }
}

/// The five campaign parameters; empty where there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Utm<S> {
    pub source: S,
    pub medium: S,
    pub campaign: S,
    pub term: S,
    pub content: S,
}

/// An API key was recognised and its request answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    pub at_ms: i64,
    pub workspace: WorkspaceId,
    pub key: ApiKeyId,
    pub secret: SecretId,
    pub id: RequestId,
    pub method: Method,
    pub class: CallClass,
    pub status: u16,
    pub latency_us: u32,
    /// The route's template, like `/v1/links/{id}`.
    pub route: &'a str,
    pub address: Option<IpAddr>,
    pub user_agent: &'a str,
}

impl Request<'_> {
    /// Whether it counts as a use of the key: everything that was served does, 4xx included; what was refused at the
    /// door (401, 403, 429) does not.
    pub const fn is_counted(&self) -> bool {
        !matches!(self.status, 401 | 403 | 429)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
    Other,
}

impl Method {
    pub const ALL: [Self; 8] =
        [Self::Get, Self::Head, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Options, Self::Other];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Other => "OTHER",
        }
    }
}

/// What a request is for, where a plan limits kinds of calls on their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallClass {
    Read,
    Write,
    Delete,
    Report,
}

impl CallClass {
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Delete, Self::Report];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::Report => "report",
        }
    }
}
