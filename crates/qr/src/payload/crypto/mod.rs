//! An address to pay to: BIP 21 and its relatives, EIP-681.

mod check;
mod keccak;

use serde::{Deserialize, Serialize};

use super::field::{self, Found, given, query};

const LABEL_CHARS_MAX: usize = 100;
const MESSAGE_CHARS_MAX: usize = 250;
const WHOLE_DIGITS_MAX: usize = 12;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadCrypto)]
pub struct Crypto {
    #[schema(required, value_type = Currency)]
    pub currency: Option<Currency>,
    /// Its checksum is verified.
    #[schema(required)]
    pub address: String,
    /// In whole coins, as text: `0.015`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Who is paid. Not for ethereum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What for. Not for ethereum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrPayloadCryptoCurrency)]
pub enum Currency {
    Bitcoin,
    Litecoin,
    Dogecoin,
    Ethereum,
    Solana,
}

impl Crypto {
    pub(super) fn check(&self, found: &mut Found) {
        let Some(currency) = self.currency else {
            found.wrong("currency", "required", "this is required");
            return;
        };
        if found.required("address", &self.address) {
            found.rule("address", Some(&self.address), |text| check::address(currency, text));
        }
        found.rule("amount", given(&self.amount), |text| currency.amount(text));
        found.line("label", self.label.as_ref(), LABEL_CHARS_MAX);
        found.line("message", self.message.as_ref(), MESSAGE_CHARS_MAX);
        for (name, text) in [("label", given(&self.label)), ("message", given(&self.message))] {
            if currency == Currency::Ethereum && text.is_some() {
                found.wrong(name, "unsupported", "a payment in ether has no room for words; leave it out");
            }
        }
    }

    pub(super) fn written(&self) -> String {
        let Some(currency) = self.currency else { return String::new() };
        let address = check::address(currency, &self.address).unwrap_or_default();
        let amount = given(&self.amount).and_then(|text| currency.amount(text).ok());
        let amount = amount.as_deref();
        let query = match currency {
            Currency::Ethereum => query(&[("value", amount)]),
            _ => {
                query(&[("amount", amount), ("label", given(&self.label)), ("message", given(&self.message))])
            }
        };
        format!("{}:{address}{query}", currency.as_str())
    }
}

impl Currency {
    /// The scheme of its addresses.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Bitcoin => "bitcoin",
            Self::Litecoin => "litecoin",
            Self::Dogecoin => "dogecoin",
            Self::Ethereum => "ethereum",
            Self::Solana => "solana",
        }
    }

    /// Decimal places of the smallest unit.
    const fn places(self) -> usize {
        match self {
            Self::Bitcoin | Self::Litecoin | Self::Dogecoin => 8,
            Self::Ethereum => 18,
            Self::Solana => 9,
        }
    }

    /// As its addresses have it: coins with a decimal point, but wei for ether.
    fn amount(self, text: &str) -> Result<String, String> {
        let places = self.places();
        let (whole, fraction) = field::decimal(text.trim(), WHOLE_DIGITS_MAX, places)?;
        Ok(match self {
            Self::Ethereum => {
                let wei = format!("{whole}{fraction:0<places$}");
                wei.trim_start_matches('0').to_owned()
            }
            _ if fraction.is_empty() => whole,
            _ => format!("{whole}.{fraction}"),
        })
    }
}
