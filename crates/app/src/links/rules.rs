//! Who is taken where: by country, device and language, by phone, and by share.
//!
//! The first that fits decides: `targets` in their order, the address for the visitor's phone (`ios_url`,
//! `android_url`), `variants`, and for the rest the link's own destination.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::destination::Destination;
use super::wishes::UTM_CHARS_MAX;
use crate::fields::line;
use crate::problem::{Checks, Wrong};

pub const TARGETS_MAX: usize = 50;
/// Values of one condition.
pub const CHOICES_MAX: usize = 50;
pub const VARIANTS_MAX: usize = 10;

/// What only some links have; in the database as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ios_url: Option<Destination>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub android_url: Option<Destination>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
}

impl Rules {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Every place that visitors may be taken to by them.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        let targets = self.targets.iter().map(|target| &target.destination_url);
        let phones = self.ios_url.iter().chain(&self.android_url);
        targets.chain(phones).chain(self.variants.iter().map(|variant| &variant.destination_url))
    }
}

/// Where some visitors go instead: those for whom every condition that is named holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LinkTarget)]
pub struct Target {
    /// ISO 3166-1, two letters. Empty: anywhere.
    #[schema(examples(json!(["DE", "AT"])))]
    pub countries: Vec<String>,
    /// Empty: any.
    pub devices: Vec<Device>,
    /// Of the language a browser wants most. Empty: any.
    #[schema(examples(json!(["de", "pt-BR"])))]
    pub languages: Vec<String>,
    #[schema(value_type = String, examples("https://example.com/de"))]
    pub destination_url: Destination,
}

/// A share of the visitors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LinkVariant)]
pub struct Variant {
    #[schema(value_type = String, examples("https://example.com/spring-b"))]
    pub destination_url: Destination,
    /// Of all that no target and no phone's address takes elsewhere.
    #[schema(examples(50), minimum = 1, maximum = 100)]
    pub percent: u8,
    /// In place of the link's own, in the destination and in analytics.
    #[schema(examples("b"))]
    pub utm_content: Option<String>,
}

/// A system, or a class of them. A tablet is a mobile; an iPad that asks for desktop sites calls itself a Mac.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LinkDevice)]
pub enum Device {
    Ios,
    Android,
    Windows,
    Macos,
    Linux,
    Chromeos,
    /// `ios` or `android`.
    Mobile,
    /// Each of the others.
    Desktop,
}

impl Device {
    const ALL: [(&str, Self); 8] = [
        ("ios", Self::Ios),
        ("android", Self::Android),
        ("windows", Self::Windows),
        ("macos", Self::Macos),
        ("linux", Self::Linux),
        ("chromeos", Self::Chromeos),
        ("mobile", Self::Mobile),
        ("desktop", Self::Desktop),
    ];
}

/// Where some visitors go instead. At least one condition; all that are named must hold, and of one any value.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LinkTargetWish)]
pub struct TargetWish {
    /// ISO 3166-1, two letters. Needs a place file on the server.
    #[serde(default)]
    #[schema(examples(json!(["DE", "AT"])), max_items = 50)]
    countries: Vec<String>,
    /// `ios`, `android`, `windows`, `macos`, `linux`, `chromeos`, or a class: `mobile`, `desktop`.
    #[serde(default)]
    #[schema(examples(json!(["mobile"])), max_items = 50)]
    devices: Vec<String>,
    /// Of the language a browser wants most. `pt` is also `pt-BR`; `pt-BR` is only that.
    #[serde(default)]
    #[schema(examples(json!(["de", "pt-BR"])), max_items = 50)]
    languages: Vec<String>,
    /// Held to the rules of the link's own.
    #[schema(examples("https://example.com/de"), max_length = 8192)]
    destination_url: String,
}

/// A share of the visitors.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LinkVariantWish)]
pub struct VariantWish {
    /// Held to the rules of the link's own.
    #[schema(examples("https://example.com/spring-b"), max_length = 8192)]
    destination_url: String,
    /// Of all that no target and no phone's address takes elsewhere. Together at most 100; the rest goes to the link's
    /// own destination.
    #[schema(examples(50), minimum = 1, maximum = 100)]
    percent: i64,
    /// In place of the link's own, in the destination and in analytics: what tells the variants apart there.
    #[serde(default)]
    #[schema(examples("b"), max_length = 200)]
    utm_content: Option<String>,
}

/// What an address must be to be led to.
type Parse<'a> = &'a dyn Fn(&str) -> Result<Destination, Wrong>;

pub(super) fn targets(
    checks: &mut Checks,
    wishes: Vec<TargetWish>,
    knows_countries: bool,
    destination: Parse<'_>,
) -> Vec<Target> {
    if wishes.len() > TARGETS_MAX {
        checks.refuse("targets", "length", format!("at most {TARGETS_MAX} targets"));
        return Vec::new();
    }
    let mut targets = Vec::new();
    for (place, wish) in wishes.into_iter().enumerate() {
        let field = |name: &str| format!("targets[{place}].{name}");
        if wish.countries.is_empty() && wish.devices.is_empty() && wish.languages.is_empty() {
            let words = "name countries, devices or languages; everybody goes to the link's destination_url";
            checks.refuse(format!("targets[{place}]"), "required", words);
        }
        if !wish.countries.is_empty() && !knows_countries {
            let words =
                "this server cannot tell where visitors are: its operator has not set events.place_file";
            checks.refuse(field("countries"), "unsupported", words);
        }
        let target = (
            choices(checks, &field("countries"), &wish.countries, country),
            choices(checks, &field("devices"), &wish.devices, device),
            choices(checks, &field("languages"), &wish.languages, language),
            keep(checks, field("destination_url"), destination(&wish.destination_url)),
        );
        if let (countries, devices, languages, Some(destination_url)) = target {
            targets.push(Target { countries, devices, languages, destination_url });
        }
    }
    targets
}

pub(super) fn variants(
    checks: &mut Checks,
    wishes: Vec<VariantWish>,
    destination: Parse<'_>,
) -> Vec<Variant> {
    if wishes.len() > VARIANTS_MAX {
        checks.refuse("variants", "length", format!("at most {VARIANTS_MAX} variants"));
        return Vec::new();
    }
    let mut variants: Vec<Variant> = Vec::new();
    for (place, wish) in wishes.into_iter().enumerate() {
        let field = |name: &str| format!("variants[{place}].{name}");
        let percent = u8::try_from(wish.percent).ok().filter(|percent| (1..=100).contains(percent));
        let percent = percent.ok_or_else(|| Wrong::new("range", "a whole number from 1 to 100"));
        let utm_content = wish.utm_content.map(|text| line(&text, UTM_CHARS_MAX)).transpose();
        let variant = (
            keep(checks, field("destination_url"), destination(&wish.destination_url)),
            keep(checks, field("percent"), percent),
            keep(checks, field("utm_content"), utm_content),
        );
        if let (Some(destination_url), Some(percent), Some(utm_content)) = variant {
            variants.push(Variant { destination_url, percent, utm_content });
        }
    }
    let total: u32 = variants.iter().map(|variant| u32::from(variant.percent)).sum();
    if total > 100 {
        let words =
            format!("together at most 100 percent, not {total}; what is left goes to destination_url");
        checks.refuse("variants", "range", words);
    }
    variants
}

/// Each once, in the order given.
fn choices<T: PartialEq>(
    checks: &mut Checks,
    field: &str,
    given: &[String],
    parse: fn(&str) -> Result<T, Wrong>,
) -> Vec<T> {
    if given.len() > CHOICES_MAX {
        checks.refuse(field.to_owned(), "length", format!("at most {CHOICES_MAX}"));
        return Vec::new();
    }
    let mut choices = Vec::new();
    for (place, text) in given.iter().enumerate() {
        if let Some(choice) = keep(checks, format!("{field}[{place}]"), parse(text.trim()))
            && !choices.contains(&choice)
        {
            choices.push(choice);
        }
    }
    choices
}

fn keep<T>(checks: &mut Checks, field: String, parsed: Result<T, Wrong>) -> Option<T> {
    parsed.map_err(|wrong| checks.refuse(field, wrong.code, wrong.message)).ok()
}

fn country(text: &str) -> Result<String, Wrong> {
    let code = text.to_ascii_uppercase();
    match code.as_str() {
        "UK" => Err(Wrong::new("choice", "the United Kingdom is GB")),
        code if tessera_events::is_country(code) => Ok(code.to_owned()),
        _ => Err(Wrong::new("choice", "expected a country's two letters (ISO 3166-1), like DE or US")),
    }
}

fn device(text: &str) -> Result<Device, Wrong> {
    let known = Device::ALL.iter().find(|(name, _)| *name == text);
    known.map(|(_, device)| *device).ok_or_else(|| {
        let names = Device::ALL.map(|(name, _)| name);
        Wrong::new("choice", format!("expected one of {}", names.join(", ")))
    })
}

/// As the language of a visit is written, so that the two can be compared.
fn language(text: &str) -> Result<String, Wrong> {
    let mut tag = String::new();
    tessera_events::preferred_language(text, &mut tag);
    if tag.eq_ignore_ascii_case(&text.replace('_', "-")) && !tag.is_empty() {
        return Ok(tag);
    }
    Err(Wrong::new("format", "expected a language, with a country or without one, like de or pt-BR"))
}
