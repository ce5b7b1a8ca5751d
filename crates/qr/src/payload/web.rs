//! Addresses and plain text.

use serde::{Deserialize, Serialize};

use super::field::{self, Found, URL_BYTES_MAX};

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

impl Url {
    pub(super) fn check(&self, found: &mut Found) {
        if found.required("url", &self.url) {
            found.rule("url", Some(&self.url), field::address);
        }
    }

    pub(super) fn written(&self) -> String {
        field::address(&self.url).unwrap_or_default()
    }
}

impl Text {
    pub(super) fn check(&self, found: &mut Found) {
        if self.text.is_empty() {
            found.wrong("text", "required", "this is required");
        }
        if self.text.len() > URL_BYTES_MAX {
            let message = format!("at most {URL_BYTES_MAX} bytes; this has {}", self.text.len());
            found.wrong("text", "length", message);
        }
        if let Some(bad) = self.text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            let message = format!("must not contain a control character (U+{:04X})", u32::from(bad));
            found.wrong("text", "format", message);
        }
    }
}
