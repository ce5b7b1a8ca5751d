//! A QR code and its states. No I/O.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tessera_qr::{Payload, Style, Verdict};
use tessera_types::{LinkId, LogoId, QrCodeId, Timestamp, WorkspaceId};
use utoipa::ToSchema;

use crate::App;
use crate::templates::audited_style;

pub(crate) const NAME_CHARS_MAX: usize = 200;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QrCode {
    pub(crate) id: QrCodeId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// As it was last set by way of the code. A dynamic address may have been changed at its link since.
    pub(crate) payload: Payload,
    /// Of a dynamic code.
    pub(crate) address: Option<Printed>,
    pub(crate) style: Style,
    /// The one that the style names.
    pub(crate) logo: Option<LogoId>,
    pub(crate) verdict: Verdict,
    pub(crate) notes: Option<String>,
    pub(crate) metadata: Map<String, Value>,
    /// In the order they were given.
    pub(crate) tags: Vec<String>,
    pub(crate) archived_at: Option<Timestamp>,
    /// `usr_…` or `key_…`
    pub(crate) created_by: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) version: i64,
}

impl QrCode {
    /// Where its image is, as SVG.
    pub(crate) fn image_url(&self, app: &App) -> String {
        format!("{}/v1/qr-codes/{}/image.svg", app.settings.public_url(), self.id)
    }
}

/// The link whose short URL is in the symbol. It is printed, so none of it ever changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Printed {
    pub(crate) link: LinkId,
    pub(crate) domain: String,
    pub(crate) alias: String,
}

/// What the symbol holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrCodeKind)]
pub(crate) enum Kind {
    /// A short link of its own: what it leads to can be changed after printing, and scans are counted.
    #[default]
    Dynamic,
    /// The payload itself.
    Static,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrCodeStatus)]
pub(crate) enum Status {
    Active,
    Archived,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Dynamic, Self::Static];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Dynamic => "dynamic",
            Self::Static => "static",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl Status {
    pub(crate) const ALL: [Self; 2] = [Self::Active, Self::Archived];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

impl QrCode {
    pub(crate) fn status(&self) -> Status {
        if self.archived_at.is_some() { Status::Archived } else { Status::Active }
    }

    /// What a person would look for, in lower case: name, tags, address, and every text of the payload but a password. Where
    /// a dynamic code leads is not among it: its link knows, and may have been led elsewhere since.
    pub(crate) fn search_text(&self) -> String {
        let mut text = format!("{}\n", self.name);
        for part in self.tags.iter().chain(self.address.iter().flat_map(|at| [&at.alias, &at.domain])) {
            text.push_str(part);
            text.push('\n');
        }
        if self.kind == Kind::Static || !matches!(self.payload, Payload::Url(_)) {
            collect_texts(&without_password(&self.payload), &mut text);
        }
        text.to_lowercase()
    }

    /// For the audit log: everything a person set, and of a password only that there is one.
    pub(crate) fn audited(&self) -> Value {
        json!({
            "name": self.name,
            "kind": self.kind,
            "payload": without_password(&self.payload),
            "domain": self.address.as_ref().map(|at| &at.domain),
            "alias": self.address.as_ref().map(|at| &at.alias),
            "style": audited_style(&self.style),
            "verdict": self.verdict.verdict,
            "score": self.verdict.score,
            "notes": self.notes,
            "metadata": self.metadata,
            "tags": self.tags,
            "archived_at": self.archived_at,
        })
    }

    /// The same of two states, so that a new password in place of an old one shows as a change.
    pub(crate) fn audited_change(before: &Self, after: &Self) -> (Value, Value) {
        let (mut was, mut is) = (before.audited(), after.audited());
        if before.payload != after.payload && was["payload"] == is["payload"] {
            was["password"] = "the one before".into();
            is["password"] = "another one".into();
        }
        (was, is)
    }
}

fn without_password(payload: &Payload) -> Value {
    let mut value = json!(payload);
    if let Some(fields) = value.as_object_mut()
        && fields.remove("password").is_some_and(|password| !password.is_null())
    {
        fields.insert("has_password".to_owned(), true.into());
    }
    value
}

fn collect_texts(value: &Value, into: &mut String) {
    match value {
        Value::String(text) => {
            into.push_str(text);
            into.push('\n');
        }
        Value::Array(list) => list.iter().for_each(|value| collect_texts(value, into)),
        Value::Object(map) => map.values().for_each(|value| collect_texts(value, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
