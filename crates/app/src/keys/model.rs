//! What a key is, without I/O: the record in memory, the words of a request, the view.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use tessera_keys::{
    AllowList, AllowMode, Grant, KeyDigest, KeyFacts, KeyStatus, PlainKey, Role, ScopeError, ScopeSet,
    effective, is_unused, needs_rotation, unused_days,
};
use tessera_types::{ApiKeyId, SecretId, UserId, WorkspaceId};
use utoipa::ToSchema;

use super::Usage;
use super::limits::RateLimits;
use crate::metering::{Metered, Terms};
use crate::problem::Wrong;
use crate::workspaces::Standing;

pub const NAME_CHARS_MAX: usize = 100;

/// All that a request with a key depends on. A record, never a verdict: time, address and scope are judged
/// anew each time.
pub struct Record {
    pub digest: KeyDigest,
    pub id: ApiKeyId,
    pub secret: SecretId,
    pub workspace: WorkspaceId,
    pub name: String,
    pub owner: Option<UserId>,
    pub grant: Grant,
    pub facts: KeyFacts,
    pub retired_at: Option<Timestamp>,
    pub valid_until: Option<Timestamp>,
    pub allow: AllowList,
    pub allow_mode: AllowMode,
    pub standing: Standing,
    pub usage: Arc<Usage>,
    pub metered: Metered,
    /// The key's own, beside the plan's.
    pub rate_limits: RateLimits,
}

impl Record {
    pub fn terms(&self) -> Terms {
        Terms { plan: Arc::clone(&self.standing.plan), own: self.rate_limits.limits() }
    }

    /// What the key may do right now: its grant, and of a personal key no more than its member's role allows.
    pub fn scopes(&self) -> ScopeSet {
        let ceiling = match (self.owner, self.standing.role) {
            (None, _) => ScopeSet::all(),
            (Some(_), role) => role.map_or(ScopeSet::empty(), Role::scopes),
        };
        effective(&self.grant, ceiling)
    }
}

/// A key as stored, with the secrets that can still be told of.
#[derive(Debug, Clone)]
pub struct Key {
    pub id: ApiKeyId,
    pub workspace: WorkspaceId,
    pub owner: Option<UserId>,
    pub name: String,
    pub grant: Grant,
    pub facts: KeyFacts,
    pub allow: AllowList,
    pub allow_mode: AllowMode,
    pub rate_limits: RateLimits,
    pub created_by: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    pub request_count: u64,
    pub last_used_at: Option<Timestamp>,
    pub last_used_ip: Option<String>,
    pub last_used_agent: Option<String>,
    /// The current one first; never empty.
    pub secrets: Vec<Secret>,
}

#[derive(Debug, Clone)]
pub struct Secret {
    pub id: SecretId,
    pub preview: String,
    pub prefix: String,
    pub created_at: Timestamp,
    pub valid_until: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

/// An API key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct KeyView {
    pub id: ApiKeyId,
    #[schema(examples("CI/CD Pipeline"))]
    pub name: String,
    /// What the key begins with.
    #[schema(examples("tsr_live_"))]
    pub prefix: String,
    /// Enough to tell which key it is: prefix, first 8, last 4.
    #[schema(examples("tsr_live_7f3a9b2c...d4e1"))]
    pub preview: String,
    /// `workspace`, or `personal`: dies with its member.
    #[schema(examples("workspace"))]
    pub owner: &'static str,
    pub owner_user_id: Option<UserId>,
    /// A preset (`read`, `read_write`, `all`) or a list of scopes.
    #[schema(examples(json!(["links.read", "links.create"])))]
    pub scopes: Vec<&'static str>,
    /// `active`, `inactive`, `revoked` or `expired`.
    #[schema(examples("active"))]
    pub status: &'static str,
    pub is_active: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// Networks the key may be used from.
    #[schema(examples(json!(["203.0.113.0/24"])))]
    pub ip_allow: Vec<String>,
    /// `off`, `report_only` or `enforce`.
    #[schema(examples("off"))]
    pub ip_allow_mode: &'static str,
    /// The key's own limits, within the plan's. Null: none.
    pub rate_limits: Option<RateLimits>,
    /// `usr_…`, `key_…` or `operator`.
    pub created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Requests served, over all secrets this key ever had.
    #[schema(examples(1289))]
    pub request_count: u64,
    /// Null: never used.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    pub last_used_ip: Option<String>,
    pub last_used_user_agent: Option<String>,
    /// Whole days since the last use, or since creation if never used.
    #[schema(examples(0))]
    pub unused_days: u32,
    /// Active, and not used for 30 days or more.
    pub is_unused: bool,
    /// The current secret is older than 90 days.
    pub needs_rotation: bool,
    /// Secrets that still open, the current one first.
    pub secrets: Vec<SecretView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeySecret)]
pub struct SecretView {
    pub id: SecretId,
    #[schema(examples("tsr_live_7f3a9b2c...d4e1"))]
    pub preview: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it stops working, if it was rotated away.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
}

/// A new key: the only answer that carries a secret, and only once.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKeyWithSecret)]
pub struct ShownOnce {
    /// The whole key. Store it now: it is not kept here and is never shown again.
    #[serde(serialize_with = "expose")]
    #[schema(value_type = String, examples("tsr_live_7f3a9b2cQmB4xW8LkT0vYd1nHs2g0d4e1"))]
    pub key: PlainKey,
    #[serde(flatten)]
    pub view: KeyView,
}

fn expose<S: Serializer>(key: &PlainKey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(key.expose())
}

impl Key {
    pub fn view(&self, now: Timestamp) -> KeyView {
        let current =
            self.secrets.iter().find(|secret| secret.valid_until.is_none()).or(self.secrets.first());
        let status = self.facts.status(now);
        let is_live = |secret: &&Secret| secret.valid_until.is_none_or(|until| now < until);
        KeyView {
            id: self.id,
            name: self.name.clone(),
            prefix: current.map_or_else(String::new, |secret| secret.prefix.clone()),
            preview: current.map_or_else(String::new, |secret| secret.preview.clone()),
            owner: if self.owner.is_some() { "personal" } else { "workspace" },
            owner_user_id: self.owner,
            scopes: self.grant.names(),
            status: status.as_str(),
            is_active: self.facts.is_active,
            expires_at: self.facts.expires_at,
            revoked_at: self.facts.revoked_at,
            ip_allow: self.allow.iter().map(|network| network.to_string()).collect(),
            ip_allow_mode: self.allow_mode.as_str(),
            rate_limits: self.rate_limits.shown(),
            created_by: self.created_by.clone(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            request_count: self.request_count,
            last_used_at: self.last_used_at,
            last_used_ip: self.last_used_ip.clone(),
            last_used_user_agent: self.last_used_agent.clone(),
            unused_days: unused_days(now, self.created_at, self.last_used_at),
            is_unused: status == KeyStatus::Active && is_unused(now, self.created_at, self.last_used_at),
            needs_rotation: status == KeyStatus::Active
                && current.is_some_and(|secret| needs_rotation(now, secret.created_at)),
            secrets: match status {
                KeyStatus::Revoked => Vec::new(),
                _ => self.secrets.iter().filter(is_live).map(Secret::view).collect(),
            },
        }
    }
}

impl Secret {
    fn view(&self) -> SecretView {
        SecretView {
            id: self.id,
            preview: self.preview.clone(),
            created_at: self.created_at,
            valid_until: self.valid_until,
            last_used_at: self.last_used_at,
        }
    }
}

/// A name as it is kept: trimmed, one line, 1 to 100 characters.
pub fn name(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    let count = text.chars().count();
    if count == 0 || count > NAME_CHARS_MAX {
        return Err(Wrong::new("range", format!("1 to {NAME_CHARS_MAX} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(Wrong::new("format", "one line without control characters"));
    }
    Ok(text.to_owned())
}

pub fn grant(names: &[String]) -> Result<Grant, Wrong> {
    Grant::request(names).map_err(|error| {
        let code = match &error {
            ScopeError::Empty => "required",
            ScopeError::Duplicate { .. } => "duplicate",
            _ => "unknown",
        };
        Wrong::new(code, error.to_string())
    })
}

pub fn allow_list(entries: &[String]) -> Result<AllowList, Wrong> {
    AllowList::parse(entries).map_err(|error| Wrong::new("format", error.to_string()))
}

/// An expiry that lies ahead.
pub fn expiry(at: Timestamp, now: Timestamp) -> Result<Timestamp, Wrong> {
    if at > now { Ok(at) } else { Err(Wrong::new("range", "a time that lies ahead")) }
}

/// An allow list that is enforced while empty would lock everybody out.
pub fn allow_fits(allow: &AllowList, mode: AllowMode) -> Result<(), Wrong> {
    if mode == AllowMode::Enforce && allow.is_empty() {
        return Err(Wrong::new("required", "name at least one network, or set ip_allow_mode to off"));
    }
    Ok(())
}
