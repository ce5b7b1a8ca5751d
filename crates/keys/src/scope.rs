//! What a credential may do: `resource.action`, sets of those, and who may hand which of them on.
//!
//! The table below is the one source of the enum, the documents, the dashboard's form and the OpenAPI
//! security section. Billing, plan, membership and passwords are missing on purpose: no key reaches them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::words::words;

macro_rules! scopes {
    ($($variant:ident = $word:literal, $description:literal;)+) => {
        words! {
            /// One thing a credential may do. Stored and sent as its word; the number is for bit sets only and
            /// may change between versions.
            #[repr(u8)]
            pub enum Scope { $(#[doc = $description] $variant = $word,)+ }
        }

        impl Scope {
            /// One plain line for people who choose scopes.
            pub const fn describe(self) -> &'static str {
                match self { $(Self::$variant => $description,)+ }
            }
        }
    };
}

scopes! {
    LinksRead = "links.read", "List and read links.";
    LinksCreate = "links.create", "Create and duplicate links.";
    LinksUpdate = "links.update", "Change links.";
    LinksDelete = "links.delete", "Archive and delete links.";
    LinksPause = "links.pause", "Pause links.";
    LinksResume = "links.resume", "Resume paused links.";
    FoldersRead = "folders.read", "List and read folders.";
    FoldersCreate = "folders.create", "Create folders.";
    FoldersUpdate = "folders.update", "Change folders.";
    FoldersDelete = "folders.delete", "Delete folders.";
    TemplatesRead = "templates.read", "List and read QR templates.";
    TemplatesCreate = "templates.create", "Create QR templates.";
    TemplatesUpdate = "templates.update", "Change QR templates.";
    TemplatesDelete = "templates.delete", "Delete QR templates.";
    QrRead = "qr.read", "List and read QR codes.";
    QrCreate = "qr.create", "Create QR codes.";
    QrUpdate = "qr.update", "Change QR codes.";
    QrDelete = "qr.delete", "Delete QR codes.";
    CampaignsRead = "campaigns.read", "List and read campaigns.";
    CampaignsCreate = "campaigns.create", "Create campaigns.";
    CampaignsUpdate = "campaigns.update", "Change campaigns.";
    CampaignsDelete = "campaigns.delete", "Delete campaigns.";
    DomainsRead = "domains.read", "List and read domains.";
    DomainsCreate = "domains.create", "Add domains.";
    DomainsUpdate = "domains.update", "Change domains.";
    DomainsDelete = "domains.delete", "Remove domains.";
    ProjectsRead = "projects.read", "List and read projects.";
    ProjectsCreate = "projects.create", "Create projects.";
    ProjectsUpdate = "projects.update", "Change projects.";
    ProjectsDelete = "projects.delete", "Delete projects.";
    WebhooksRead = "webhooks.read", "List and read webhooks.";
    WebhooksCreate = "webhooks.create", "Create webhooks.";
    WebhooksUpdate = "webhooks.update", "Change webhooks.";
    WebhooksDelete = "webhooks.delete", "Delete webhooks.";
    MenusRead = "menus.read", "List and read digital menus.";
    MenusCreate = "menus.create", "Create digital menus.";
    MenusUpdate = "menus.update", "Change digital menus.";
    MenusDelete = "menus.delete", "Delete digital menus.";
    BulkCreate = "bulk.create", "Create many links or QR codes in one call.";
    AnalyticsRead = "analytics.read", "Read clicks, scans and their breakdowns.";
    AnalyticsWrite = "analytics.write", "Save, change and delete views of analytics.";
    ReportsRead = "reports.read", "Read revenue reports.";
    CustomersRead = "customers.read", "List and read customers.";
    DataWrite = "data.write", "Send in customers, invoices and other revenue data.";
    AccountRead = "account.read", "Read the workspace's name, plan and limits.";
    ApiKeysRead = "api_keys.read", "List and read API keys; never their secrets.";
    ApiKeysCreate = "api_keys.create", "Create and import API keys.";
    ApiKeysUpdate = "api_keys.update", "Change and rotate API keys.";
    ApiKeysDelete = "api_keys.delete", "Revoke and delete API keys.";
    AuditRead = "audit.read", "Read the audit log.";
    EventsRead = "events.read", "Read the stream of events.";
}

impl Scope {
    /// The part before the dot.
    pub fn resource(self) -> &'static str {
        self.as_str().split_once('.').map_or("", |(resource, _)| resource)
    }

    /// The part after the dot.
    pub fn action(self) -> &'static str {
        self.as_str().split_once('.').map_or("", |(_, action)| action)
    }
}

/// A set of scopes: one bit each, in the order of the table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ScopeSet(u128);

// The table must fit the bits.
const _: () = assert!(Scope::ALL.len() <= u128::BITS as usize);

impl ScopeSet {
    pub const fn empty() -> Self {
        Self(0)
    }

    pub fn all() -> Self {
        Scope::ALL.iter().copied().collect()
    }

    pub const fn contains(self, scope: Scope) -> bool {
        self.0 >> scope as u8 & 1 == 1
    }

    pub const fn insert(&mut self, scope: Scope) {
        self.0 |= 1 << scope as u8;
    }

    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is here and not there.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub const fn is_subset(self, of: Self) -> bool {
        self.difference(of).is_empty()
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// In the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |&scope| self.contains(scope))
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut set = Self::empty();
        for scope in scopes {
            set.insert(scope);
        }
        set
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            write!(f, "{}{scope}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl fmt::Debug for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

impl Serialize for ScopeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for ScopeSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Scope>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl utoipa::PartialSchema for ScopeSet {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ArrayBuilder::new()
            .items(<Scope as utoipa::PartialSchema>::schema())
            .unique_items(true)
            .build()
            .into()
    }
}

impl utoipa::ToSchema for ScopeSet {
    fn name() -> std::borrow::Cow<'static, str> {
        "ScopeSet".into()
    }
}

words! {
    /// A named set. Stored by its name, so that a resource added later is covered. Each holds the one before.
    pub enum Preset {
        /// Every `*.read` except keys and audit log.
        Read = "read",
        /// Everything except keys and audit log.
        ReadWrite = "read_write",
        /// Everything a key may ever do.
        All = "all",
    }
}

impl Preset {
    pub fn scopes(self) -> ScopeSet {
        let guarded = |scope: &Scope| matches!(scope.resource(), "api_keys" | "audit");
        let all = Scope::ALL.iter().copied();
        match self {
            Preset::Read => all.filter(|scope| scope.action() == "read" && !guarded(scope)).collect(),
            Preset::ReadWrite => all.filter(|scope| !guarded(scope)).collect(),
            Preset::All => all.collect(),
        }
    }
}

words! {
    /// What a member is in a workspace. Ordered by power, weakest first.
    pub enum Role {
        /// Reads; cannot even list keys.
        Viewer = "viewer",
        /// Content; no keys, no members.
        Editor = "editor",
        /// All but ownership.
        Admin = "admin",
        Owner = "owner",
    }
}

impl Role {
    /// What the role may do of what a key could do. A person and a key pass the same check.
    pub fn scopes(self) -> ScopeSet {
        match self {
            Role::Owner | Role::Admin => Preset::All,
            Role::Editor => Preset::ReadWrite,
            Role::Viewer => Preset::Read,
        }
        .scopes()
    }
}

#[cfg(test)]
#[path = "scope_tests.rs"]
mod tests;
