//! What clicks are told apart by, in the words of the API: one table for parsing, answers, CSV and documents.
//!
//! A word is both a thing to group by and, with `_not` beside it, a filter. Where nothing is known about a click the
//! filter's word is `none`, and an answer holds null.

use tessera_events::{Dimension, Interval, TimeUnit, Trigger};

use crate::problem::Wrong;

/// A word of the API for what clicks are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Time,
    Weekday,
    Hour,
    Workspace,
    Tag,
    Link,
    Domain,
    Trigger,
    Country,
    Region,
    City,
    Continent,
    Device,
    Browser,
    Os,
    Language,
    Referrer,
    Channel,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    UtmTerm,
    UtmContent,
}

/// What a filter compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// The id of a link.
    Link,
    /// A tag: asked for by the links that carry it.
    Tag,
    OneOf(&'static [&'static str]),
    /// Codes in capital letters, with this many of them at most.
    Capitals(usize),
    Lower,
    Text,
}

/// A thing clicks can be filtered by.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) by: By,
    pub(super) name: &'static str,
    /// The parameter that leaves these out.
    pub(super) name_not: &'static str,
    pub(super) values: Values,
    pub(super) about: &'static str,
    pub(super) example: &'static str,
}

/// Two letters each: the seven continents of the English-speaking school.
const CONTINENTS: &[&str] = &["AF", "AN", "AS", "EU", "NA", "OC", "SA"];
const TRIGGERS: &[&str] = &[Trigger::Link.as_str(), Trigger::Qr.as_str()];
const DEVICES: &[&str] = &["console", "desktop", "mobile", "robot", "tablet", "tv", "wearable"];
const CHANNELS: &[&str] = &[
    "affiliate",
    "ai",
    "campaign",
    "direct",
    "email",
    "messaging",
    "paid",
    "qr",
    "referral",
    "search",
    "social",
    "video",
];

macro_rules! fields {
    ($($by:ident $name:literal $values:expr, $about:literal, $example:literal;)*) => {
        /// Everything clicks can be filtered by, in the order of the documents.
        pub(super) const FIELDS: &[Field] = &[$(Field {
            by: By::$by, name: $name, name_not: concat!($name, "_not"), values: $values, about: $about, example: $example,
        }),*];
    };
}

fields! {
    Link "link" Values::Link, "Links, by id", "link_01jd8qd4vkf4ktabjqvqxgqzne";
    Tag "tag" Values::Tag, "Links that carry a tag now", "production";
    Domain "domain" Values::Lower, "Short domains", "go.example.com";
    Trigger "trigger" Values::OneOf(TRIGGERS), "How visitors came by the short link: `link` or `qr`", "qr";
    Country "country" Values::Capitals(2), "Countries (ISO 3166-1)", "DE,FR";
    Region "region" Values::Capitals(6), "Regions (ISO 3166-2)", "DE-BE";
    City "city" Values::Text, "Cities with their country; a comma within one takes a backslash", "Berlin\\, DE";
    Continent "continent" Values::OneOf(CONTINENTS), "Continents: AF, AN, AS, EU, NA, OC, SA", "EU";
    Device "device" Values::OneOf(DEVICES), "`desktop`, `mobile`, `tablet`, `tv`, `console`, `wearable`, `robot`", "mobile";
    Browser "browser" Values::Text, "Browsers", "Firefox";
    Os "os" Values::Text, "Operating systems", "Android";
    Language "language" Values::Text, "First languages", "de";
    Referrer "referrer" Values::Lower, "Referring hosts, without `www.`", "news.example.com";
    Channel "channel" Values::OneOf(CHANNELS), "Kinds of sources: `direct`, `search`, `social`, `email`, `ai`, `video`, `messaging`, `paid`, `affiliate`, `referral`, `campaign`, `qr`", "social";
    UtmSource "utm_source" Values::Text, "Campaign parameter", "newsletter";
    UtmMedium "utm_medium" Values::Text, "Campaign parameter", "email";
    UtmCampaign "utm_campaign" Values::Text, "Campaign parameter", "spring-2026";
    UtmTerm "utm_term" Values::Text, "Campaign parameter", "shoes";
    UtmContent "utm_content" Values::Text, "Campaign parameter", "banner";
}

/// Who asks: an operator may tell workspaces apart; tags belong to one workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Workspace,
    Deployment,
}

impl By {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Weekday => "weekday",
            Self::Hour => "hour",
            Self::Workspace => "workspace",
            Self::Tag => "tag",
            Self::Link => "link",
            Self::Domain => "domain",
            Self::Trigger => "trigger",
            Self::Country => "country",
            Self::Region => "region",
            Self::City => "city",
            Self::Continent => "continent",
            Self::Device => "device",
            Self::Browser => "browser",
            Self::Os => "os",
            Self::Language => "language",
            Self::Referrer => "referrer",
            Self::Channel => "channel",
            Self::UtmSource => "utm_source",
            Self::UtmMedium => "utm_medium",
            Self::UtmCampaign => "utm_campaign",
            Self::UtmTerm => "utm_term",
            Self::UtmContent => "utm_content",
        }
    }

    /// What answers can be broken down by.
    pub(super) fn all(reach: Reach) -> impl Iterator<Item = Self> {
        let clock = [Self::Time, Self::Weekday, Self::Hour];
        let wider = (reach == Reach::Deployment).then_some(Self::Workspace);
        let fields = FIELDS.iter().map(|field| field.by);
        let fields = fields.filter(move |by| reach == Reach::Workspace || *by != Self::Tag);
        clock.into_iter().chain(wider).chain(fields)
    }

    /// # Errors
    /// Names the words there are.
    pub(super) fn parse(word: &str, reach: Reach) -> Result<Self, Wrong> {
        Self::all(reach).find(|by| by.name() == word).ok_or_else(|| {
            let known: Vec<&str> = Self::all(reach).map(Self::name).collect();
            Wrong::new("choice", format!("expected one of {}", known.join(", ")))
        })
    }

    /// Whether its values are moments or hours, which are read in their own order.
    pub(super) const fn is_of_the_clock(self) -> bool {
        matches!(self, Self::Time | Self::Weekday | Self::Hour)
    }

    /// As the store knows it. `None` for tags, which take the labels of the workspace's links.
    pub(super) fn dimension(self, unit: TimeUnit, zone: &str) -> Option<Dimension> {
        let zone = || zone.to_owned();
        Some(match self {
            Self::Time => Dimension::Time(Interval { unit, zone: zone() }),
            Self::Weekday => Dimension::Weekday(zone()),
            Self::Hour => Dimension::HourOfDay(zone()),
            Self::Workspace => Dimension::Workspace,
            Self::Tag => return None,
            Self::Link => Dimension::Link,
            Self::Domain => Dimension::Domain,
            Self::Trigger => Dimension::Trigger,
            Self::Country => Dimension::Country,
            Self::Region => Dimension::Region,
            Self::City => Dimension::City,
            Self::Continent => Dimension::Continent,
            Self::Device => Dimension::Device,
            Self::Browser => Dimension::Browser,
            Self::Os => Dimension::Os,
            Self::Language => Dimension::Language,
            Self::Referrer => Dimension::Referrer,
            Self::Channel => Dimension::Channel,
            Self::UtmSource => Dimension::UtmSource,
            Self::UtmMedium => Dimension::UtmMedium,
            Self::UtmCampaign => Dimension::UtmCampaign,
            Self::UtmTerm => Dimension::UtmTerm,
            Self::UtmContent => Dimension::UtmContent,
        })
    }
}

impl Values {
    /// A value as clicks hold it.
    ///
    /// # Errors
    /// Says what would be right.
    pub(super) fn read(self, text: String) -> Result<String, Wrong> {
        match self {
            Self::OneOf(known) => {
                let found = known.iter().find(|word| word.eq_ignore_ascii_case(&text));
                let refused =
                    || Wrong::new("choice", format!("expected none or one of {}", known.join(", ")));
                found.map(|word| (*word).to_owned()).ok_or_else(refused)
            }
            Self::Capitals(chars_max) => {
                let is_code = (2..=chars_max).contains(&text.len())
                    && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                let refused =
                    || Wrong::new("format", "expected none or codes like DE (country) and DE-BE (region)");
                is_code.then(|| text.to_ascii_uppercase()).ok_or_else(refused)
            }
            Self::Lower => Ok(text.to_lowercase()),
            Self::Link | Self::Tag | Self::Text => Ok(text),
        }
    }
}

/// The values of a parameter that takes several, by comma. A backslash takes what follows as it is: `Berlin\, DE`, and
/// `\none` for something that is called so. `None` stands for `none`.
pub(super) fn values(text: &str) -> Vec<Option<String>> {
    let (mut all, mut value, mut is_literal) = (Vec::new(), String::new(), false);
    let mut chars = text.chars();
    let mut finish = |value: &mut String, is_literal: &mut bool| {
        let word = std::mem::take(value);
        let word = word.trim();
        if !word.is_empty() {
            all.push((word != "none" || *is_literal).then(|| word.to_owned()));
        }
        *is_literal = false;
    };
    while let Some(c) = chars.next() {
        match c {
            ',' => finish(&mut value, &mut is_literal),
            '\\' => {
                is_literal = true;
                value.extend(chars.next());
            }
            _ => value.push(c),
        }
    }
    finish(&mut value, &mut is_literal);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Option<String>> {
        values(text)
    }

    #[test]
    fn values_come_by_comma_and_a_backslash_takes_the_next_character_as_it_is() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(read("DE, FR"), [some("DE"), some("FR")]);
        assert_eq!(read("Berlin\\, DE,Paris\\, FR"), [some("Berlin, DE"), some("Paris, FR")]);
        assert_eq!(read("none,\\none"), [None, some("none")]);
        assert_eq!(read("a\\\\b"), [some("a\\b")]);
        assert_eq!(read(" , ,"), []);
        assert_eq!(read("ends\\"), [some("ends")]);
    }

    #[test]
    fn closed_words_are_read_in_any_case_and_others_are_refused() {
        assert_eq!(Values::OneOf(CONTINENTS).read("eu".into()).unwrap(), "EU");
        assert_eq!(Values::OneOf(TRIGGERS).read("QR".into()).unwrap(), "qr");
        let wrong = Values::OneOf(TRIGGERS).read("poster".into()).unwrap_err();
        assert_eq!((wrong.code, wrong.message.as_str()), ("choice", "expected none or one of link, qr"));
        assert_eq!(Values::Capitals(2).read("de".into()).unwrap(), "DE");
        assert_eq!(Values::Capitals(2).read("DEU".into()).unwrap_err().code, "format");
        assert_eq!(Values::Capitals(6).read("de-be".into()).unwrap(), "DE-BE");
    }

    #[test]
    fn every_field_can_be_grouped_by_and_operators_group_by_workspaces_instead_of_tags() {
        let words = |reach| By::all(reach).map(By::name).collect::<Vec<_>>();
        let of_workspace = words(Reach::Workspace);
        assert_eq!(of_workspace.len(), FIELDS.len() + 3);
        assert!(
            FIELDS.iter().all(|field| field.by.name() == field.name && of_workspace.contains(&field.name))
        );
        assert!(!of_workspace.contains(&"workspace") && !words(Reach::Deployment).contains(&"tag"));
        assert!(words(Reach::Deployment).contains(&"workspace"));
    }
}
