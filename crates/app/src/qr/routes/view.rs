//! A QR code as the API shows it.

use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tessera_qr::payload::Url;
use tessera_qr::{Payload, Style, Verdict};
use tessera_types::{LinkId, QrCodeId, Timestamp};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::http::answer::{Created, Versioned};
use crate::links::{self, Link};
use crate::problem::Problem;
use crate::qr::Made;
use crate::qr::model::{Kind, Status};

#[derive(Serialize, ToSchema)]
#[schema(as = QrCode)]
pub(super) struct QrCodeView {
    pub(super) id: QrCodeId,
    #[schema(examples("Menu of the week"))]
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) status: Status,
    /// What a scan brings.
    pub(super) payload: Payload,
    /// Where a scan leads, of a dynamic code of type `url`.
    #[schema(examples("https://example.com/menu"))]
    pub(super) destination_url: Option<String>,
    /// What is in the symbol: of a dynamic code the short URL with `?qr=1`, of a static one the payload in its standard format.
    #[schema(examples("https://go.example.com/menu?qr=1"))]
    pub(super) data: String,
    /// Of a dynamic code, as are `link_id`, `link_status`, `alias` and `domain`.
    #[schema(examples("https://go.example.com/menu"))]
    pub(super) short_url: Option<String>,
    pub(super) link_id: Option<LinkId>,
    pub(super) link_status: Option<links::Status>,
    #[schema(examples("menu"))]
    pub(super) alias: Option<String>,
    #[schema(examples("go.example.com"))]
    pub(super) domain: Option<String>,
    /// Scans, those of this very moment included; null for a static code, whose scans nobody sees.
    #[schema(examples(1024))]
    pub(super) scans: Option<u64>,
    /// Visits of its link, scans among them.
    #[schema(examples(1100))]
    pub(super) clicks: Option<u64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) last_clicked_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) last_scanned_at: Option<Timestamp>,
    /// As it is drawn: the template's, where there was one, and the code's own over it.
    pub(super) style: Style,
    /// As it was when the style was set. `GET …/verdict` judges anew.
    pub(super) verdict: Verdict,
    /// The code as SVG; takes the same credentials as this call. `.png`, `.pdf`, `.eps`, `.webp` and `.jpeg` are there too.
    #[schema(examples("https://go.example.com/v1/qr-codes/qr_01jd8qd4vkf4ktabjqvqxgqzne/image.svg"))]
    pub(super) image_url: String,
    #[schema(examples(json!(["print", "spring"])))]
    pub(super) tags: Vec<String>,
    pub(super) notes: Option<String>,
    #[schema(value_type = Object)]
    pub(super) metadata: Map<String, Value>,
    #[schema(examples("key_01jd8qd4vkf4ktabjqvqxgqzne"))]
    pub(super) created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(super) updated_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) archived_at: Option<Timestamp>,
}

impl QrCodeView {
    /// # Errors
    /// A fault of ours: a payload that was kept against the rules.
    pub(super) fn new(app: &App, made: Made) -> Result<Self, Problem> {
        let (data, image_url) = (made.text(app)?, made.code.image_url(app));
        let Made { code, link } = made;
        let link = link.as_ref();
        let destination_url =
            link.and_then(Link::destination).map(|destination| destination.as_str().to_owned());
        Ok(Self {
            status: code.status(),
            image_url,
            data,
            short_url: link.map(|link| links::short_url(app, link)),
            link_id: link.map(|link| link.id),
            link_status: link.map(|link| link.status(app.now())),
            alias: link.map(|link| link.alias.text.clone()),
            domain: link.map(|link| link.domain.clone()),
            scans: link.map(|link| link.scans),
            clicks: link.map(|link| link.clicks),
            last_clicked_at: link.and_then(|link| link.last_clicked_at),
            last_scanned_at: link.and_then(|link| link.last_scanned_at),
            // The link knows better: its destination can be changed there as well.
            payload: match destination_url.clone() {
                Some(url) => Payload::Url(Url { url }),
                None => code.payload,
            },
            destination_url,
            id: code.id,
            name: code.name,
            kind: code.kind,
            style: code.style,
            verdict: code.verdict,
            tags: code.tags,
            notes: code.notes,
            metadata: code.metadata,
            created_by: code.created_by,
            created_at: code.created_at,
            updated_at: code.updated_at,
            archived_at: code.archived_at,
        })
    }
}

/// Which alias a path means.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AtDomain {
    /// The short domain of the alias, where the path names the code by one; the default domain if absent.
    #[serde(default)]
    #[param(example = "go.example.com")]
    pub(super) domain: Option<String>,
}

/// The code as it is now, with its version.
pub(super) fn versioned(app: &App, made: Made) -> Result<Response, Problem> {
    Ok(Versioned(made.code.version, QrCodeView::new(app, made)?).into_response())
}

/// 201, with where it is.
pub(super) fn created(app: &App, made: Made) -> Result<Response, Problem> {
    let place = format!("/v1/qr-codes/{}", made.code.id);
    Ok(Created(place, versioned(app, made)?).into_response())
}
