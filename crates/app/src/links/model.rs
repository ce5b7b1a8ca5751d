//! A link and its states. No I/O.

use serde::Serialize;
use serde_json::{Map, Value, json};
use tessera_qr::Payload;
use tessera_types::{LinkId, QrCodeId, Timestamp, WorkspaceId};
use utoipa::ToSchema;

use super::Address;
use super::alias::Alias;
use super::destination::Destination;
use super::rules::Rules;

#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub id: LinkId,
    pub workspace: WorkspaceId,
    pub domain: String,
    pub alias: Alias,
    pub leads_to: LeadsTo,
    /// Who is taken elsewhere. None where the link shows a page.
    pub rules: Box<Rules>,
    /// The code that owns the link: what is printed stays, so its address does too.
    pub qr_code: Option<QrCodeId>,
    pub title: Option<String>,
    pub notes: Option<String>,
    pub metadata: Map<String, Value>,
    /// In the order they were given.
    pub tags: Vec<String>,
    pub utm: Utm,
    pub redirect_status: RedirectStatus,
    pub forward_query: bool,
    pub starts_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    /// Where visitors go instead once the link is expired or used up.
    pub expired_url: Option<Destination>,
    pub max_clicks: Option<u64>,
    /// argon2id, as a PHC string.
    pub password_hash: Option<String>,
    pub paused_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub clicks: u64,
    /// Those of the clicks that came by a QR code.
    pub scans: u64,
    pub last_clicked_at: Option<Timestamp>,
    /// Of the clicks that were scans.
    pub last_scanned_at: Option<Timestamp>,
    /// `usr_…` or `key_…`
    pub created_by: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

/// Where a link takes its visitors.
#[derive(Debug, Clone, PartialEq)]
pub enum LeadsTo {
    Destination(Destination),
    /// A page of ours, with what a phone cannot open by itself.
    Landing(Box<Payload>),
}

/// Campaign parameters, merged into the destination's query at the redirect.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Utm {
    pub source: Option<String>,
    pub medium: Option<String>,
    pub campaign: Option<String>,
    pub term: Option<String>,
    pub content: Option<String>,
}

impl Utm {
    /// Those that are set, as parameters.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("utm_source", &self.source),
            ("utm_medium", &self.medium),
            ("utm_campaign", &self.campaign),
            ("utm_term", &self.term),
            ("utm_content", &self.content),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}

/// How browsers are sent on. None of these answers may be cached, so also a 301 can be paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RedirectStatus {
    Moved301,
    #[default]
    Found302,
    Temporary307,
    Permanent308,
}

impl RedirectStatus {
    pub const fn code(self) -> u16 {
        match self {
            Self::Moved301 => 301,
            Self::Found302 => 302,
            Self::Temporary307 => 307,
            Self::Permanent308 => 308,
        }
    }

    pub fn from_code(code: i64) -> Option<Self> {
        [Self::Moved301, Self::Found302, Self::Temporary307, Self::Permanent308]
            .into_iter()
            .find(|status| i64::from(status.code()) == code)
    }
}

/// What a visitor would meet now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LinkStatus)]
pub enum Status {
    Active,
    Paused,
    Scheduled,
    Expired,
    UsedUp,
    Archived,
}

impl Status {
    pub const ALL: [Self; 6] =
        [Self::Active, Self::Paused, Self::Scheduled, Self::Expired, Self::UsedUp, Self::Archived];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Scheduled => "scheduled",
            Self::Expired => "expired",
            Self::UsedUp => "used_up",
            Self::Archived => "archived",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

impl Link {
    pub fn address(&self) -> Address {
        Address { domain: self.domain.clone(), alias_key: self.alias.key.clone() }
    }

    pub fn destination(&self) -> Option<&Destination> {
        match &self.leads_to {
            LeadsTo::Destination(destination) => Some(destination),
            LeadsTo::Landing(_) => None,
        }
    }

    pub fn landing(&self) -> Option<&Payload> {
        match &self.leads_to {
            LeadsTo::Destination(_) => None,
            LeadsTo::Landing(payload) => Some(payload),
        }
    }

    /// The first of these that holds; redirects ask in the same order.
    pub fn status(&self, now: Timestamp) -> Status {
        if self.archived_at.is_some() {
            Status::Archived
        } else if self.paused_at.is_some() {
            Status::Paused
        } else if self.starts_at.is_some_and(|starts| now < starts) {
            Status::Scheduled
        } else if self.expires_at.is_some_and(|expires| now >= expires) {
            Status::Expired
        } else if self.max_clicks.is_some_and(|max| self.clicks >= max) {
            Status::UsedUp
        } else {
            Status::Active
        }
    }

    /// What a person would look for, in lower case.
    pub fn search_text(&self) -> String {
        let mut text = format!("{}\n", self.alias.text);
        let destination = self.destination();
        let places = destination.map(|to| to.as_str().to_owned()).into_iter();
        let places = places.chain(destination.and_then(Destination::host_unicode));
        let places = places.chain(self.rules.destinations().map(|to| to.as_str().to_owned()));
        for part in places.chain(self.title.clone()).chain(self.tags.iter().cloned()) {
            text.push_str(&part);
            text.push('\n');
        }
        text.to_lowercase()
    }

    /// For the audit log: everything a person set, and of a password only that there is one.
    pub fn audited(&self) -> Value {
        json!({
            "domain": self.domain,
            "alias": self.alias.text,
            "destination_url": self.destination().map(Destination::as_str),
            "targets": self.rules.targets,
            "ios_url": self.rules.ios_url,
            "android_url": self.rules.android_url,
            "variants": self.rules.variants,
            "landing": self.landing().map(audited_payload),
            "qr_code_id": self.qr_code,
            "title": self.title,
            "notes": self.notes,
            "metadata": self.metadata,
            "tags": self.tags,
            "utm_source": self.utm.source,
            "utm_medium": self.utm.medium,
            "utm_campaign": self.utm.campaign,
            "utm_term": self.utm.term,
            "utm_content": self.utm.content,
            "redirect_status": self.redirect_status.code(),
            "forward_query": self.forward_query,
            "starts_at": self.starts_at,
            "expires_at": self.expires_at,
            "expired_url": self.expired_url.as_ref().map(Destination::as_str),
            "max_clicks": self.max_clicks,
            "has_password": self.password_hash.is_some(),
            "paused_at": self.paused_at,
            "archived_at": self.archived_at,
        })
    }

    /// The same of two states, so that a new password in place of an old one shows as a change.
    pub fn audited_change(before: &Self, after: &Self) -> (Value, Value) {
        let (mut was, mut is) = (before.audited(), after.audited());
        if before.password_hash != after.password_hash {
            was["password"] = "the one before".into();
            is["password"] = "another one".into();
        }
        if before.landing() != after.landing() && was["landing"] == is["landing"] {
            was["landing"]["password"] = "the one before".into();
            is["landing"]["password"] = "another one".into();
        }
        (was, is)
    }
}

/// A network's password opens a network; the log says only that there is one.
fn audited_payload(payload: &Payload) -> Value {
    let mut value = serde_json::to_value(payload).unwrap_or_default();
    if let (Payload::Wifi(_), Some(password)) = (payload, value.get_mut("password")) {
        *password = "not shown".into();
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_of_changes_holds_a_page_without_the_password_on_it() {
        let payload = |text: &str| serde_json::from_str::<Payload>(text).unwrap();
        let network = payload(r#"{"type": "wifi", "ssid": "Mosaic Guest", "password": "nine tiles"}"#);
        assert_eq!(
            audited_payload(&network),
            json!({"type": "wifi", "ssid": "Mosaic Guest", "password": "not shown", "security": "wpa2", "hidden": false})
        );
        let open = payload(r#"{"type": "wifi", "ssid": "Free", "security": "none"}"#);
        assert_eq!(audited_payload(&open)["password"], Value::Null);
        let firm = payload(r#"{"type": "vcard", "organization": "Mosaic Works"}"#);
        assert_eq!(
            audited_payload(&firm),
            json!({"type": "vcard", "version": 3, "organization": "Mosaic Works"})
        );
    }
}
