//! A SEPA credit transfer to be signed by the payer (EPC069-12, version 2.1; GiroCode).

use serde::{Deserialize, Serialize};

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
