//! A SEPA credit transfer to be signed by the payer (EPC069-12, version 2.1; GiroCode).

use serde::{Deserialize, Serialize};

use super::field::{self, Found, given};

const NAME_CHARS_MAX: usize = 70;
const REFERENCE_CHARS_MAX: usize = 35;
const TEXT_CHARS_MAX: usize = 140;
const INFORMATION_CHARS_MAX: usize = 70;
/// The guideline's own bound: version 13 at level M.
const BYTES_MAX: usize = 331;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadEpc)]
pub struct Epc {
    /// Who is paid; at most 70 characters.
    #[schema(required)]
    pub name: String,
    #[schema(required, example = "DE71110220330123456789")]
    pub iban: String,
    /// Not needed within the European Economic Area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bic: Option<String>,
    /// Euros, 0.01–999999999.99, as text: `12.50`. Absent, the payer fills it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Only EUR.
    pub currency: Euro,
    /// A code of ISO 20022, up to four letters or digits, like `GDDS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// A creditor reference (ISO 11649), at most 35 characters. Not together with `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What the transfer is for, at most 140 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A word to the payer, at most 70 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub information: Option<String>,
}

/// The one currency of SEPA.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = QrPayloadEpcCurrency)]
pub enum Euro {
    #[default]
    #[serde(rename = "EUR")]
    Eur,
}

impl Epc {
    pub(super) fn check(&self, found: &mut Found) {
        found.required("name", &self.name);
        found.line("name", Some(&self.name), NAME_CHARS_MAX);
        if found.required("iban", &self.iban) {
            found.rule("iban", Some(&self.iban), iban);
        }
        found.rule("bic", given(&self.bic), bic);
        found.rule("amount", given(&self.amount), amount);
        found.rule("purpose", given(&self.purpose), purpose);
        found.line("reference", self.reference.as_ref(), REFERENCE_CHARS_MAX);
        found.rule("reference", given(&self.reference), reference);
        found.line("text", self.text.as_ref(), TEXT_CHARS_MAX);
        found.line("information", self.information.as_ref(), INFORMATION_CHARS_MAX);
        if given(&self.reference).is_some() && given(&self.text).is_some() {
            found.wrong("text", "unsupported", "give a reference or a text, not both");
        }
        let bytes = self.written().len();
        if bytes > BYTES_MAX {
            let message =
                format!("a payment code holds {BYTES_MAX} bytes; this has {bytes}: shorten the text");
            found.wrong("text", "length", message);
        }
    }

    /// Twelve lines; empty ones at the end are left out, as the guideline allows.
    pub(super) fn written(&self) -> String {
        let amount = given(&self.amount).and_then(|text| amount(text).ok()).unwrap_or_default();
        let lines = [
            "BCD",
            "002",
            // UTF-8
            "1",
            "SCT",
            &given(&self.bic).and_then(|text| bic(text).ok()).unwrap_or_default(),
            self.name.trim(),
            &iban(&self.iban).unwrap_or_default(),
            &amount,
            given(&self.purpose).unwrap_or_default(),
            given(&self.reference).unwrap_or_default(),
            given(&self.text).unwrap_or_default(),
            given(&self.information).unwrap_or_default(),
        ];
        lines.join("\n").trim_end_matches('\n').to_owned()
    }
}

/// ISO 13616: country, two check digits, up to 30 characters; the whole is 1 modulo 97.
fn iban(text: &str) -> Result<String, String> {
    let iban: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let bytes = iban.as_bytes();
    let is_shaped = (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    if !is_shaped {
        return Err("expected an IBAN like DE71 1102 2033 0123 4567 89".into());
    }
    if remainder_97(&bytes[4..], &bytes[..4]) == 1 {
        Ok(iban)
    } else {
        Err("the check digits of this IBAN do not fit: a digit is wrong or missing".into())
    }
}

/// ISO 7064 MOD 97-10 of letters (A is 10) and digits.
fn remainder_97(first: &[u8], then: &[u8]) -> u32 {
    first.iter().chain(then).filter_map(|b| char::from(*b).to_digit(36)).fold(0, |sum, digit| {
        let shift = if digit > 9 { 100 } else { 10 };
        (sum * shift + digit) % 97
    })
}

/// ISO 9362.
fn bic(text: &str) -> Result<String, String> {
    let bic = text.trim().to_ascii_uppercase();
    let bytes = bic.as_bytes();
    let is_shaped = matches!(bytes.len(), 8 | 11)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes[4..6].iter().all(u8::is_ascii_uppercase);
    if is_shaped { Ok(bic) } else { Err("expected a BIC of 8 or 11 characters, like BELADEBEXXX".into()) }
}

fn amount(text: &str) -> Result<String, String> {
    let (whole, fraction) = field::decimal(text.trim(), 9, 2)?;
    let point = if fraction.is_empty() { "" } else { "." };
    Ok(format!("EUR{whole}{point}{fraction}"))
}

fn purpose(text: &str) -> Result<(), String> {
    let is_code = text.len() <= 4 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if is_code { Ok(()) } else { Err("up to four capital letters or digits, like GDDS".into()) }
}

/// ISO 11649, if it says that it is one; other references are a matter of the country.
fn reference(text: &str) -> Result<(), String> {
    if !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err("only letters and digits; anything else belongs in text".into());
    }
    let upper = text.to_ascii_uppercase();
    let Some(rest) = upper.strip_prefix("RF") else { return Ok(()) };
    let is_right = rest.len() > 2 && remainder_97(&rest.as_bytes()[2..], &upper.as_bytes()[..4]) == 1;
    if is_right { Ok(()) } else { Err("the check digits of this creditor reference do not fit".into()) }
}
