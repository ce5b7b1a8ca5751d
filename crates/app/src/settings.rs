//! The settings, as types. `tessera.example.toml` documents each and holds its default.
//!
//! A field here without a line there fails at start, and so does a line there without a field here: the file
//! and the types cannot drift apart.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use tessera_keys::Prefix;

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub server: Server,
    pub database: Database,
    pub log: Log,
    pub metrics: Metrics,
    pub accounts: Accounts,
    pub keys: Keys,
    pub links: Links,
    pub events: Events,
    pub bulk: Bulk,
    pub github: Github,
    pub plans: Plans,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: std::net::SocketAddr,
    pub public_url: String,
    pub trusted_proxies: Vec<IpNet>,
    pub cors_origins: Vec<String>,
    pub tls_certificate_file: String,
    pub tls_key_file: String,
    pub body_bytes_max: usize,
    pub header_bytes_max: usize,
    pub request_seconds_max: u64,
    pub connections_max: usize,
    pub shutdown_seconds_max: u64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: String,
    pub connections_max: u32,
    pub wait_ms_max: u64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    pub listen: String,
    pub token: String,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    pub sign_up: SignUp,
    pub password_length_min: usize,
    pub access_token_seconds: u32,
    pub session_days_max: u32,
    pub invitation_hours_max: u32,
    pub reset_hours_max: u32,
    pub login_failures_per_account: u32,
    pub login_failures_per_network: u32,
    pub login_failure_forgiven_seconds: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUp {
    Closed,
    Invite,
    Open,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    pub prefix: Prefix,
    pub grace_seconds: u32,
    pub query_parameter: QueryParameter,
    pub guesses_per_network: u32,
    pub guess_forgiven_seconds: u32,
    pub cached_max: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryParameter {
    Allow,
    Refuse,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    pub domains: Vec<Domain>,
    pub app_schemes: Vec<String>,
    pub cached_max: usize,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    pub durability: Durability,
    pub sync_interval_ms: u64,
    pub count_interval_ms: u64,
    pub log_file_bytes_max: u64,
    pub log_bytes_max: u64,
    pub held_bytes_max: usize,
    pub when_full: WhenFull,
    pub do_not_track: DoNotTrack,
    pub keep_addresses: bool,
    pub place_file: String,
    pub memory_rows_max: usize,
    pub memory_seconds_max: u32,
    pub retention_days: u32,
    pub cache_bytes_max: usize,
    pub question_threads: usize,
    pub question_seconds_max: u64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    pub jobs_at_once: usize,
    pub upload_seconds_max: u64,
    pub retention_days: u32,
}

/// What an event that was answered for survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Durability {
    Process,
    Disk,
}

/// What happens when an event can neither be written nor held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenFull {
    Drop,
    Refuse,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DoNotTrack {
    Ignore,
    Respect,
}

/// A short domain: what people type before the alias.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Lower case, with the port unless it is the scheme's own.
    pub host: String,
    #[serde(default)]
    pub alias_case: AliasCase,
}

/// Whether `/Demo` and `/demo` are the same link. Insensitive by default: people type links from paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AliasCase {
    #[default]
    Insensitive,
    Sensitive,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Github {
    pub secret_scanning_keys: Vec<GithubKey>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GithubKey {
    pub key_identifier: String,
    pub key: String,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Plans {
    pub default: String,
    pub tiers: BTreeMap<String, Plan>,
}

/// What a workspace of this plan may do. Zero means unlimited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub api_access: bool,
    pub keys_max: u32,
    pub links_max: u32,
    #[serde(default)]
    pub qr_codes_max: u32,
    pub members_max: u32,
    /// Of all keys of a workspace together.
    #[serde(default)]
    pub requests: Limits,
    /// Of one class of calls, within `requests`.
    #[serde(default)]
    pub reads: Limits,
    #[serde(default)]
    pub writes: Limits,
    #[serde(default)]
    pub deletes: Limits,
    #[serde(default)]
    pub reports: Limits,
}

/// How many requests fit into each window. Zero, or left out, means unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub per_minute: u32,
    /// How many of a minute's may come at once; zero means all of them.
    pub burst: u32,
    /// Of a calendar day in UTC.
    pub per_day: u64,
    /// Of a calendar month in UTC.
    pub per_month: u64,
}

impl Plans {
    /// The plan of a workspace. A name that the settings no longer know falls back to the default plan:
    /// removing a tier must not lock its workspaces out.
    pub fn of(&self, name: &str) -> Option<&Plan> {
        self.tiers.get(name).or_else(|| self.tiers.get(&self.default))
    }
}

impl Plan {
    /// Every table of limits, that of all requests first.
    pub const fn limits(&self) -> [Limits; 5] {
        [self.requests, self.reads, self.writes, self.deletes, self.reports]
    }
}

impl Limits {
    pub const NONE: Self = Self { per_minute: 0, burst: 0, per_day: 0, per_month: 0 };

    pub const fn is_unlimited(&self) -> bool {
        self.per_minute == 0 && self.per_day == 0 && self.per_month == 0
    }
}

impl Settings {
    /// `scheme://host[:port]`, without a trailing slash.
    pub fn public_url(&self) -> String {
        match self.server.public_url.trim_end_matches('/') {
            "" if self.server.tls_key_file.is_empty() => format!("http://{}", self.server.listen),
            "" => format!("https://{}", self.server.listen),
            url => url.to_owned(),
        }
    }

    /// Everything that types cannot say, in one place and all at once.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut refuse = |wrong: bool, words: &str| {
            if wrong {
                problems.push(words.to_owned());
            }
        };
        let url = url::Url::parse(&self.public_url());
        refuse(
            !url.is_ok_and(|url| {
                matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none()
            }),
            "server.public_url: give scheme and host without a path, like \"https://go.example.com\"",
        );
        refuse(
            self.server.tls_certificate_file.is_empty() != self.server.tls_key_file.is_empty(),
            "server.tls_certificate_file and server.tls_key_file: set both or neither",
        );
        refuse(
            self.server.cors_origins.iter().any(|origin| !is_origin(origin)),
            "server.cors_origins: origins without a path or a slash at the end, like \"https://app.example.com\"",
        );
        refuse(self.server.header_bytes_max < 8_192, "server.header_bytes_max: at least 8192");
        refuse(self.server.request_seconds_max == 0, "server.request_seconds_max: at least 1");
        refuse(self.server.connections_max == 0, "server.connections_max: at least 1");
        refuse(self.database.connections_max == 0, "database.connections_max: at least 1");
        refuse(
            !matches!(self.database.url.split(':').next(), Some("" | "sqlite" | "postgres" | "postgresql")),
            "database.url: empty, or postgres://…, or sqlite://…",
        );
        refuse(
            !(8..=128).contains(&self.accounts.password_length_min),
            "accounts.password_length_min: 8 to 128",
        );
        refuse(
            !(60..=3_600).contains(&self.accounts.access_token_seconds),
            "accounts.access_token_seconds: 60 to 3600",
        );
        refuse(
            self.accounts.login_failure_forgiven_seconds == 0,
            "accounts.login_failure_forgiven_seconds: at least 1",
        );
        refuse(self.keys.grace_seconds > 604_800, "keys.grace_seconds: 0 to 604800 (7 days)");
        refuse(self.keys.guess_forgiven_seconds == 0, "keys.guess_forgiven_seconds: at least 1");
        refuse(
            self.links
                .domains
                .iter()
                .any(|domain| domain.host.is_empty() || domain.host != domain.host.to_lowercase()),
            "links.domains: hosts in lower case, like \"go.example.com\"",
        );
        refuse(!(1..=10_000).contains(&self.events.sync_interval_ms), "events.sync_interval_ms: 1 to 10000");
        refuse(self.events.memory_rows_max == 0, "events.memory_rows_max: at least 1");
        refuse(self.events.question_threads == 0, "events.question_threads: at least 1");
        refuse(self.events.question_seconds_max == 0, "events.question_seconds_max: at least 1");
        refuse(self.events.count_interval_ms == 0, "events.count_interval_ms: at least 1");
        refuse(
            self.events.log_file_bytes_max < 1_048_576,
            "events.log_file_bytes_max: at least 1048576 (1 MiB)",
        );
        refuse(self.bulk.jobs_at_once == 0, "bulk.jobs_at_once: at least 1");
        refuse(self.bulk.upload_seconds_max == 0, "bulk.upload_seconds_max: at least 1");
        refuse(
            !self.plans.tiers.contains_key(&self.plans.default),
            "plans.default: must name one of [plans.tiers.*]",
        );
        let limits = self.plans.tiers.values().flat_map(Plan::limits);
        refuse(
            limits.into_iter().any(|limits| limits.burst > 0 && limits.per_minute == 0),
            "plans.tiers: a burst belongs to a per_minute limit; set both or neither",
        );
        problems
    }
}

/// Exactly what a browser sends in `Origin`. In particular no `*`.
fn is_origin(text: &str) -> bool {
    url::Url::parse(text)
        .is_ok_and(|url| url.origin().is_tuple() && url.origin().ascii_serialization() == text)
}
