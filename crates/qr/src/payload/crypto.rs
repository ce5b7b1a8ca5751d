//! An address to pay to: BIP 21 and its relatives, EIP-681.

use serde::{Deserialize, Serialize};

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
