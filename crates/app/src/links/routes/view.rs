//! A link as the API shows it.

use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use tessera_types::{LinkId, QrCodeId, Timestamp};
use utoipa::ToSchema;

use crate::App;
use crate::http::answer::{Created, Versioned};
use crate::links::model::{Link, Status};
use crate::links::rules::{Target, Variant};
use crate::links::{self, destination::Destination};

#[derive(Serialize, ToSchema)]
#[schema(as = Link)]
pub(super) struct LinkView {
    pub(super) id: LinkId,
    /// What people open, scan and type.
    #[schema(examples("https://go.example.com/spring"))]
    pub(super) short_url: String,
    /// In ASCII, as the URL standard writes it. Null where the link shows a page: see `landing`.
    #[schema(examples("https://example.com/spring"))]
    pub(super) destination_url: Option<String>,
    /// The destination's host in its own script, where that differs from `destination_url`.
    #[schema(examples("bücher.example"))]
    pub(super) destination_host_unicode: Option<String>,
    /// Where some visitors go instead: the first target that fits, else the address for their phone, else a variant.
    pub(super) targets: Vec<Target>,
    pub(super) ios_url: Option<String>,
    pub(super) android_url: Option<String>,
    pub(super) variants: Vec<Variant>,
    /// What the page holds that the link shows instead of leading on: `vcard`, `wifi`, `event` or `app`.
    #[schema(examples("vcard"))]
    pub(super) landing: Option<&'static str>,
    /// The QR code that the link belongs to. It is archived and deleted with the code, and keeps its address.
    pub(super) qr_code_id: Option<QrCodeId>,
    #[schema(examples("spring"))]
    pub(super) alias: String,
    #[schema(examples("go.example.com"))]
    pub(super) domain: String,
    pub(super) title: Option<String>,
    pub(super) notes: Option<String>,
    #[schema(value_type = Object)]
    pub(super) metadata: Map<String, Value>,
    #[schema(examples(json!(["production", "source:cms"])))]
    pub(super) tags: Vec<String>,
    #[schema(examples("newsletter"))]
    pub(super) utm_source: Option<String>,
    #[schema(examples("email"))]
    pub(super) utm_medium: Option<String>,
    #[schema(examples("spring-2026"))]
    pub(super) utm_campaign: Option<String>,
    pub(super) utm_term: Option<String>,
    pub(super) utm_content: Option<String>,
    /// 301, 302, 307 or 308.
    #[schema(examples(302))]
    pub(super) redirect_status: u16,
    pub(super) forward_query: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) starts_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) expires_at: Option<Timestamp>,
    pub(super) expired_url: Option<String>,
    pub(super) max_clicks: Option<u64>,
    pub(super) has_password: bool,
    pub(super) status: Status,
    /// Visits that were sent on; those of this very moment included.
    #[schema(examples(1024))]
    pub(super) clicks: u64,
    /// Those of the clicks that came by a QR code.
    #[schema(examples(311))]
    pub(super) scans: u64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) last_clicked_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) last_scanned_at: Option<Timestamp>,
    /// An SVG image that scans to `short_url` with `?qr=1`; takes the same credentials as this call.
    #[schema(examples("https://go.example.com/v1/links/link_01jd8qd4vkf4ktabjqvqxgqzne/qr.svg"))]
    pub(super) qr_url: String,
    /// The person or key that made it.
    #[schema(examples("key_01jd8qd4vkf4ktabjqvqxgqzne"))]
    pub(super) created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(super) updated_at: Timestamp,
}

impl LinkView {
    pub(super) fn new(app: &App, link: Link) -> Self {
        let link = app.links.counted(link);
        let text = |url: Option<Destination>| url.as_ref().map(|url| url.as_str().to_owned());
        Self {
            status: link.status(app.now()),
            short_url: links::short_url(app, &link),
            qr_url: format!("{}/v1/links/{}/qr.svg", app.settings.public_url(), link.id),
            destination_host_unicode: link.destination().and_then(Destination::host_unicode),
            destination_url: link.destination().map(|to| to.as_str().to_owned()),
            targets: link.rules.targets.clone(),
            ios_url: text(link.rules.ios_url.clone()),
            android_url: text(link.rules.android_url.clone()),
            variants: link.rules.variants.clone(),
            landing: link.landing().map(|payload| payload.kind().as_str()),
            qr_code_id: link.qr_code,
            id: link.id,
            alias: link.alias.text,
            domain: link.domain,
            title: link.title,
            notes: link.notes,
            metadata: link.metadata,
            tags: link.tags,
            utm_source: link.utm.source,
            utm_medium: link.utm.medium,
            utm_campaign: link.utm.campaign,
            utm_term: link.utm.term,
            utm_content: link.utm.content,
            redirect_status: link.redirect_status.code(),
            forward_query: link.forward_query,
            starts_at: link.starts_at,
            expires_at: link.expires_at,
            expired_url: text(link.expired_url),
            max_clicks: link.max_clicks,
            has_password: link.password_hash.is_some(),
            clicks: link.clicks,
            scans: link.scans,
            last_clicked_at: link.last_clicked_at,
            last_scanned_at: link.last_scanned_at,
            created_by: link.created_by,
            created_at: link.created_at,
            updated_at: link.updated_at,
        }
    }
}

/// The link as it is now, with its version.
pub(super) fn versioned(app: &App, link: Link) -> Response {
    Versioned(link.version, LinkView::new(app, link)).into_response()
}

/// 201, with where it is.
pub(super) fn created(app: &App, link: Link) -> Response {
    let place = format!("/v1/links/{}", link.id);
    Created(place, versioned(app, link)).into_response()
}
