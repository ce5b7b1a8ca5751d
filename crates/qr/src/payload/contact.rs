//! People and firms: vCard 3 and 4, and the shorter MeCard.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::File;
use super::content_line::{escape, fold};
use super::field::{self, Found, given};

const NAME_CHARS_MAX: usize = 100;
const LINE_CHARS_MAX: usize = 200;
const NOTE_CHARS_MAX: usize = 1_000;
const PHONES_MAX: usize = 10;
const EMAILS_MAX: usize = 10;
const WEBSITES_MAX: usize = 10;
const ADDRESSES_MAX: usize = 5;
const MECARD_LIST_MAX: usize = 3;

/// A contact as a vCard. A name or an organization is required; everything else is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadVcard)]
pub struct Contact {
    /// 3 (every phone reads it; the default) or 4.
    #[schema(value_type = u8, minimum = 3, maximum = 4)]
    pub version: VcardVersion,
    /// Before the name: `Dr.`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// After the name: `Jr.`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// What the person does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// At most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// At most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// Web addresses, at most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub websites: Vec<String>,
    /// At most 5.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The https address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

/// Which edition of the format is written: RFC 2426 or RFC 6350.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum VcardVersion {
    #[default]
    V3,
    V4,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadVcardPhone)]
pub struct Phone {
    #[schema(required)]
    pub number: String,
    pub kind: PhoneKind,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrPayloadVcardPhoneKind)]
pub enum PhoneKind {
    #[default]
    Mobile,
    Work,
    Home,
    Fax,
}

/// A postal address; at least one field is required.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadVcardAddress)]
pub struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// A contact in the short format that Japanese phones began with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadMecard)]
pub struct Mecard {
    /// This or `last_name` is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// At most 3.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// At most 3.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl From<VcardVersion> for u8 {
    fn from(version: VcardVersion) -> Self {
        match version {
            VcardVersion::V3 => 3,
            VcardVersion::V4 => 4,
        }
    }
}

impl TryFrom<u8> for VcardVersion {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        match number {
            3 => Ok(Self::V3),
            4 => Ok(Self::V4),
            _ => Err("expected 3 or 4"),
        }
    }
}

impl Contact {
    pub(super) fn check(&self, found: &mut Found) {
        if self.name().is_empty() {
            found.wrong("last_name", "required", "a name or an organization is required");
        }
        for (name, text, chars_max) in [
            ("prefix", &self.prefix, NAME_CHARS_MAX),
            ("first_name", &self.first_name, NAME_CHARS_MAX),
            ("middle_name", &self.middle_name, NAME_CHARS_MAX),
            ("last_name", &self.last_name, NAME_CHARS_MAX),
            ("suffix", &self.suffix, NAME_CHARS_MAX),
            ("nickname", &self.nickname, NAME_CHARS_MAX),
            ("organization", &self.organization, LINE_CHARS_MAX),
            ("department", &self.department, LINE_CHARS_MAX),
            ("title", &self.title, LINE_CHARS_MAX),
        ] {
            found.line(name, text.as_ref(), chars_max);
        }
        found.count("phones", self.phones.len(), PHONES_MAX);
        for (index, phone) in self.phones.iter().enumerate() {
            found.rule(format!("phones[{index}].number"), Some(&phone.number), field::phone);
        }
        found.count("emails", self.emails.len(), EMAILS_MAX);
        for (index, address) in self.emails.iter().enumerate() {
            found.rule(format!("emails[{index}]"), Some(address), field::email);
        }
        found.count("websites", self.websites.len(), WEBSITES_MAX);
        for (index, website) in self.websites.iter().enumerate() {
            found.rule(format!("websites[{index}]"), Some(website), field::web);
        }
        found.count("addresses", self.addresses.len(), ADDRESSES_MAX);
        for (index, address) in self.addresses.iter().enumerate() {
            address.check(index, found);
        }
        found.rule("birthday", given(&self.birthday), birthday);
        found.lines("note", self.note.as_ref(), NOTE_CHARS_MAX);
        found.rule("photo", given(&self.photo), |text| match field::web(text) {
            Ok(url) if url.starts_with("https://") => Ok(()),
            Ok(_) => Err("expected an address that begins with https://".to_owned()),
            Err(message) => Err(message),
        });
    }

    /// What a person would call the contact: the name, else the organization. Empty if it has neither.
    pub fn name(&self) -> String {
        let parts = [&self.prefix, &self.first_name, &self.middle_name, &self.last_name, &self.suffix];
        // A prefix alone is no name.
        let has_name =
            [&self.first_name, &self.middle_name, &self.last_name].iter().any(|part| given(part).is_some());
        let name: Vec<&str> = parts.into_iter().filter_map(given).filter(|_| has_name).collect();
        let fallback = [&self.organization, &self.nickname].into_iter().find_map(given);
        if name.is_empty() { fallback.unwrap_or_default().to_owned() } else { name.join(" ") }
    }

    pub(super) fn written(&self) -> String {
        fold(&self.properties())
    }

    pub(super) fn file(&self) -> File {
        let content = format!("{}\r\n", self.written());
        File::named(&self.name(), "vcf", "text/vcard; charset=utf-8", content)
    }

    fn properties(&self) -> Vec<String> {
        let part = |text: &Option<String>| escape(given(text).unwrap_or_default());
        let is_v3 = self.version == VcardVersion::V3;
        let mut lines = vec!["BEGIN:VCARD".to_owned()];
        lines.push(format!("VERSION:{}.0", u8::from(self.version)));
        let name = [&self.last_name, &self.first_name, &self.middle_name, &self.prefix, &self.suffix];
        lines.push(format!("N:{}", name.map(part).join(";")));
        lines.push(format!("FN:{}", escape(&self.name())));
        let mut text = |name: &str, text: Option<String>| {
            lines.extend(text.filter(|text| !text.is_empty()).map(|text| format!("{name}:{text}")));
        };
        text("NICKNAME", given(&self.nickname).map(escape));
        text(
            "ORG",
            match given(&self.department) {
                Some(department) => Some(format!("{};{}", part(&self.organization), escape(department))),
                None => given(&self.organization).map(escape),
            },
        );
        text("TITLE", given(&self.title).map(escape));
        for phone in &self.phones {
            let number = field::phone(&phone.number).unwrap_or_default();
            if is_v3 {
                text(&format!("TEL;TYPE={}", phone.kind.as_str().to_ascii_uppercase()), Some(number));
            } else {
                text(&format!("TEL;VALUE=uri;TYPE={}", phone.kind.as_str()), Some(format!("tel:{number}")));
            }
        }
        for address in &self.emails {
            text("EMAIL", Some(escape(address)));
        }
        for website in &self.websites {
            text("URL", field::web(website).ok());
        }
        for address in &self.addresses {
            let parts =
                [&address.street, &address.city, &address.region, &address.postal_code, &address.country];
            text("ADR", Some(format!(";;{}", parts.map(part).join(";"))));
        }
        let birthday = given(&self.birthday).and_then(|text| birthday(text).ok());
        text(
            "BDAY",
            birthday.map(|date| date.strftime(if is_v3 { "%Y-%m-%d" } else { "%Y%m%d" }).to_string()),
        );
        text("NOTE", given(&self.note).map(escape));
        let photo = given(&self.photo).and_then(|text| field::web(text).ok());
        text(if is_v3 { "PHOTO;VALUE=uri" } else { "PHOTO" }, photo);
        lines.push("END:VCARD".to_owned());
        lines
    }
}

impl Address {
    fn check(&self, index: usize, found: &mut Found) {
        let fields = [
            ("street", &self.street),
            ("city", &self.city),
            ("region", &self.region),
            ("postal_code", &self.postal_code),
            ("country", &self.country),
        ];
        if fields.iter().all(|(_, text)| given(text).is_none()) {
            let message = "at least one of street, city, region, postal_code and country is required";
            found.wrong(format!("addresses[{index}]"), "required", message);
        }
        for (name, text) in fields {
            let field = format!("addresses[{index}].{name}");
            match name {
                // A flat, a floor: streets have lines.
                "street" => found.lines(field, text.as_ref(), LINE_CHARS_MAX),
                _ => found.line(field, text.as_ref(), LINE_CHARS_MAX),
            }
        }
    }
}

impl PhoneKind {
    /// The value of `TYPE`, as RFC 6350 has it.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "cell",
            Self::Work => "work",
            Self::Home => "home",
            Self::Fax => "fax",
        }
    }
}

impl Mecard {
    pub(super) fn check(&self, found: &mut Found) {
        if given(&self.first_name).is_none() && given(&self.last_name).is_none() {
            found.wrong("last_name", "required", "first_name or last_name is required");
        }
        for (name, text, chars_max) in [
            ("first_name", &self.first_name, NAME_CHARS_MAX),
            ("last_name", &self.last_name, NAME_CHARS_MAX),
            ("nickname", &self.nickname, NAME_CHARS_MAX),
            ("address", &self.address, LINE_CHARS_MAX),
            ("note", &self.note, LINE_CHARS_MAX),
        ] {
            found.line(name, text.as_ref(), chars_max);
        }
        found.list("phones", &self.phones, MECARD_LIST_MAX);
        for (index, number) in self.phones.iter().enumerate().filter(|(_, number)| !number.trim().is_empty())
        {
            found.rule(format!("phones[{index}]"), Some(number), field::phone);
        }
        found.list("emails", &self.emails, MECARD_LIST_MAX);
        for (index, address) in self.emails.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            found.rule(format!("emails[{index}]"), Some(address), field::email);
        }
        found.rule("website", given(&self.website), field::web);
        found.rule("birthday", given(&self.birthday), birthday);
    }

    /// `MECARD:N:last,first;TEL:…;;`, escaped as in `WIFI:`.
    pub(super) fn written(&self) -> String {
        let escaped = |text: &str| {
            let mut out = String::new();
            super::wifi::escape(&mut out, text);
            out
        };
        let name: Vec<String> =
            [&self.last_name, &self.first_name].into_iter().filter_map(given).map(escaped).collect();
        let mut text = format!("MECARD:N:{};", name.join(","));
        let mut field = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                text.push_str(&format!("{name}:{value};"));
            }
        };
        field("NICKNAME", given(&self.nickname).map(escaped));
        for number in &self.phones {
            field("TEL", field::phone(number).ok());
        }
        for address in &self.emails {
            field("EMAIL", Some(escaped(address)));
        }
        field("URL", given(&self.website).and_then(|url| field::web(url).ok()).map(|url| escaped(&url)));
        field("ADR", given(&self.address).map(escaped));
        let date = given(&self.birthday).and_then(|text| birthday(text).ok());
        field("BDAY", date.map(|date| date.strftime("%Y%m%d").to_string()));
        field("NOTE", given(&self.note).map(escaped));
        text.push(';');
        text
    }
}

fn birthday(text: &str) -> Result<Date, String> {
    let date = text.parse::<Date>().ok().filter(|date| text.len() == 10 && (1..=9999).contains(&date.year()));
    date.ok_or_else(|| "expected a date like 1990-12-31".to_owned())
}
