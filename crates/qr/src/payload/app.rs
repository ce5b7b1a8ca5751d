//! One app in two stores. Only a landing page can tell which store a phone needs.

use serde::{Deserialize, Serialize};

use super::field::{self, Found, given};

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

impl App {
    pub(super) fn check(&self, found: &mut Found) {
        if given(&self.ios_url).is_none() && given(&self.android_url).is_none() {
            found.wrong("ios_url", "required", "ios_url or android_url is required");
        }
        for (name, text) in [
            ("ios_url", given(&self.ios_url)),
            ("android_url", given(&self.android_url)),
            ("fallback_url", given(&self.fallback_url)),
        ] {
            found.rule(name, text, field::web);
        }
        for (name, text, foreign, right) in [
            ("ios_url", given(&self.ios_url), "play.google.com", "android_url"),
            ("android_url", given(&self.android_url), "apps.apple.com", "ios_url"),
        ] {
            let host = text.and_then(|text| url::Url::parse(text).ok()?.host_str().map(str::to_owned));
            if host.as_deref() == Some(foreign) {
                found.wrong(name, "format", format!("this is the other store; give it as {right}"));
            }
        }
    }
}
