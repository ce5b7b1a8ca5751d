//! A click as the API shows it.

use serde::Serialize;
use tessera_events::ClickRow;
use tessera_types::{LinkId, Timestamp, from_millis};
use utoipa::ToSchema;

use crate::analytics::erasure::visitor_text;

/// One click. What is not known about it is null.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Click)]
pub(super) struct ClickView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    pub(super) link: LinkId,
    /// `link` or `qr`.
    #[schema(examples("qr"))]
    trigger: &'static str,
    /// A robot, a preview or a prefetch.
    is_robot: bool,
    /// Tells visitors of this workspace apart for one day and says nothing else; null if they asked not to be.
    #[schema(examples("vis_09f3c1a27be4d580"))]
    visitor: Option<String>,
    #[schema(examples("go.example.com"))]
    domain: String,
    #[schema(examples("DE"))]
    country: Option<String>,
    #[schema(examples("DE-BE"))]
    region: Option<String>,
    #[schema(examples("Berlin, DE"))]
    city: Option<String>,
    #[schema(examples("mobile"))]
    device: Option<String>,
    #[schema(examples("Firefox"))]
    browser: Option<String>,
    #[schema(examples("Android"))]
    os: Option<String>,
    #[schema(examples("de"))]
    language: Option<String>,
    #[schema(examples("news.example.com"))]
    referrer: Option<String>,
    #[schema(examples("social"))]
    channel: Option<String>,
    utm_source: Option<String>,
    utm_medium: Option<String>,
    utm_campaign: Option<String>,
    utm_term: Option<String>,
    utm_content: Option<String>,
    /// Only where the deployment keeps addresses.
    address: Option<String>,
}

impl From<ClickRow<String>> for ClickView {
    fn from(row: ClickRow<String>) -> Self {
        let known = |text: String| (!text.is_empty()).then_some(text);
        Self {
            at: from_millis(row.at_ms),
            link: row.link,
            trigger: row.trigger.as_str(),
            is_robot: row.is_robot,
            visitor: (row.visitor != 0).then(|| visitor_text(row.visitor)),
            domain: row.domain,
            country: known(row.country),
            region: known(row.region),
            city: known(row.city),
            device: known(row.device),
            browser: known(row.browser),
            os: known(row.os),
            language: known(row.language),
            referrer: known(row.referrer),
            channel: known(row.channel),
            utm_source: known(row.utm.source),
            utm_medium: known(row.utm.medium),
            utm_campaign: known(row.utm.campaign),
            utm_term: known(row.utm.term),
            utm_content: known(row.utm.content),
            address: known(row.address),
        }
    }
}

pub(super) const HEAD: &[&str] = &[
    "at",
    "link",
    "trigger",
    "is_robot",
    "visitor",
    "domain",
    "country",
    "region",
    "city",
    "device",
    "browser",
    "os",
    "language",
    "referrer",
    "channel",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "address",
];

impl ClickView {
    /// In the order of [`HEAD`].
    pub(super) fn cells(self) -> Vec<String> {
        let texts = [
            self.country,
            self.region,
            self.city,
            self.device,
            self.browser,
            self.os,
            self.language,
            self.referrer,
            self.channel,
            self.utm_source,
            self.utm_medium,
            self.utm_campaign,
            self.utm_term,
            self.utm_content,
            self.address,
        ];
        let mut cells = vec![
            self.at.to_string(),
            self.link.to_string(),
            self.trigger.to_owned(),
            self.is_robot.to_string(),
            self.visitor.unwrap_or_default(),
            self.domain,
        ];
        cells.extend(texts.into_iter().map(Option::unwrap_or_default));
        cells
    }
}
