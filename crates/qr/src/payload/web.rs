//! Addresses and plain text.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadUrl)]
pub struct Url {
    /// A whole address: http, https, or a scheme that opens an app. At most 2,953 bytes.
    #[schema(required, example = "https://example.com/menu")]
    pub url: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadText)]
pub struct Text {
    /// At most 2,953 bytes.
    #[schema(required)]
    pub text: String,
}
