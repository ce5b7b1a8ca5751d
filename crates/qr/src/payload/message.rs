//! What a phone writes or dials: e-mail, call, SMS, WhatsApp.

use serde::{Deserialize, Serialize};

use super::field::{self, Found, encoded, given, query, unix_lines};

const ADDRESSES_MAX: usize = 20;
const SUBJECT_CHARS_MAX: usize = 250;
const MESSAGE_CHARS_MAX: usize = 2_000;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadEmail)]
pub struct Email {
    /// One address or several, at most 20.
    #[serde(deserialize_with = "one_or_many")]
    #[schema(required)]
    pub to: Vec<String>,
    #[serde(deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<String>,
    #[serde(deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub bcc: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// May have lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadPhone)]
pub struct Call {
    /// Best with country code: `+49 30 1234567`. Spaces, dots, hyphens and brackets are left out of the code.
    #[schema(required, example = "+49 30 1234567")]
    pub number: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadSms)]
pub struct Sms {
    #[schema(required)]
    pub number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadWhatsapp)]
pub struct Whatsapp {
    /// With country code.
    #[schema(required)]
    pub number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A list, or one alone without its brackets.
fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a string or a list of strings")]
    enum Given {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Given::deserialize(deserializer)? {
        Given::One(one) => vec![one],
        Given::Many(many) => many,
    })
}

impl Email {
    pub(super) fn check(&self, found: &mut Found) {
        if self.to.is_empty() {
            found.wrong("to", "required", "at least one address is required");
        }
        for (name, list) in [("to", &self.to), ("cc", &self.cc), ("bcc", &self.bcc)] {
            found.count(name, list.len(), ADDRESSES_MAX);
            for (index, address) in list.iter().enumerate() {
                found.rule(format!("{name}[{index}]"), Some(address), field::email);
            }
        }
        found.line("subject", self.subject.as_ref(), SUBJECT_CHARS_MAX);
        found.lines("body", self.body.as_ref(), MESSAGE_CHARS_MAX);
    }

    /// RFC 6068: commas between addresses, CRLF in the body.
    pub(super) fn written(&self) -> String {
        let list = |list: &[String]| {
            let addresses: Vec<String> = list
                .iter()
                .filter_map(|address| address.rsplit_once('@'))
                .map(|(local, domain)| format!("{}@{}", encoded(local), encoded(domain)))
                .collect();
            addresses.join(",")
        };
        let mut text = format!("mailto:{}", list(&self.to));
        let body = given(&self.body).map(|body| unix_lines(body).replace('\n', "\r\n"));
        let mut join = '?';
        let mut part = |name: &str, value: String| {
            text.push(join);
            text.push_str(name);
            text.push('=');
            text.push_str(&value);
            join = '&';
        };
        for (name, addresses) in [("cc", &self.cc), ("bcc", &self.bcc)] {
            if !addresses.is_empty() {
                part(name, list(addresses));
            }
        }
        for (name, value) in [("subject", given(&self.subject)), ("body", body.as_deref())] {
            if let Some(value) = value {
                part(name, encoded(value).to_string());
            }
        }
        text
    }
}

impl Call {
    pub(super) fn check(&self, found: &mut Found) {
        number(found, &self.number);
    }

    /// RFC 3966, without visual separators.
    pub(super) fn written(&self) -> String {
        format!("tel:{}", field::phone(&self.number).unwrap_or_default())
    }
}

impl Sms {
    pub(super) fn check(&self, found: &mut Found) {
        number(found, &self.number);
        found.lines("message", self.message.as_ref(), MESSAGE_CHARS_MAX);
    }

    /// `SMSTO:number:message`: unlike `sms:`, every phone takes the message along.
    pub(super) fn written(&self) -> String {
        let number = field::phone(&self.number).unwrap_or_default();
        match given(&self.message) {
            Some(message) => format!("SMSTO:{number}:{}", unix_lines(message)),
            None => format!("SMSTO:{number}"),
        }
    }
}

impl Whatsapp {
    pub(super) fn check(&self, found: &mut Found) {
        number(found, &self.number);
        let digits = field::phone(&self.number);
        if digits.is_ok_and(|number| number.trim_start_matches('+').len() < 7 || number.starts_with('0')) {
            let message = "expected a number with country code, like +49 151 23456789";
            found.wrong("number", "format", message);
        }
        found.lines("message", self.message.as_ref(), MESSAGE_CHARS_MAX);
    }

    /// WhatsApp's own links: the number in digits alone.
    pub(super) fn written(&self) -> String {
        let number = field::phone(&self.number).unwrap_or_default();
        let message = given(&self.message).map(unix_lines);
        format!("https://wa.me/{}{}", number.trim_start_matches('+'), query(&[("text", message.as_deref())]))
    }
}

fn number(found: &mut Found, number: &str) {
    if found.required("number", number) {
        found.rule("number", Some(number), field::phone);
    }
}
