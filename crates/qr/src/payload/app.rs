//! One app in two stores. Only a landing page can tell which store a phone needs.

use serde::{Deserialize, Serialize};

/// At least one of the stores is required.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = QrPayloadApp)]
pub struct App {
    /// In Apple's store: `https://apps.apple.com/…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ios_url: Option<String>,
    /// In Google's store, or wherever the app for Android is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub android_url: Option<String>,
    /// For everything that is neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_url: Option<String>,
}
