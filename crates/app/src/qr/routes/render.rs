//! `POST /v1/qr-codes/render`: an image of a code that is kept nowhere.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::Value;
use tessera_qr::style::SIDE_PX;
use tessera_qr::{Fix, Format, Payload, Style};
use tessera_types::TemplateId;
use utoipa::ToSchema;

use super::image::{OnTerminal, TEXT};
use crate::App;
use crate::http::answer;
use crate::http::auth::{Can, QrRead};
use crate::http::extract::Body;
use crate::logos::{self, of_style};
use crate::problem::{Checks, Problem, Wrong};
use crate::qr::drawing::{self, Drawing};
use crate::qr::wishes::of_payload;
use crate::templates;

/// The most that a symbol of any kind can hold (version 40, level L, digits); a text of letters holds less.
const DATA_BYTES_MAX: usize = 7_089;

/// A design: what a code says, and how it looks.
pub(super) struct Design {
    pub(super) data: Option<String>,
    pub(super) payload: Option<Value>,
    pub(super) style: Option<Style>,
    pub(super) template_id: Option<TemplateId>,
}

/// A design to judge.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QrDesign)]
pub struct DesignToJudge {
    /// What a scanner reads, as it is. Instead of `payload`.
    #[serde(default)]
    #[schema(examples("https://example.com/menu"), max_length = 7089)]
    pub(super) data: Option<String>,
    /// The same as a payload, which is written in its standard format. Instead of `data`.
    #[serde(default)]
    #[schema(value_type = Option<Payload>)]
    pub(super) payload: Option<Value>,
    /// Over the template's style, if there is one.
    #[serde(default)]
    pub(super) style: Option<Style>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) template_id: Option<TemplateId>,
    /// How the style may be mended if it would not scan well; all of them if it takes that. A good design stays as it is.
    #[serde(default)]
    #[schema(examples(json!(["raise_level", "quiet_zone"])))]
    pub(super) fix: Option<Vec<Fix>>,
}

/// A design to draw.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenderQrCode {
    /// What a scanner reads, as it is. Instead of `payload`.
    #[serde(default)]
    #[schema(examples("https://example.com/menu"), max_length = 7089)]
    data: Option<String>,
    /// The same as a payload, which is written in its standard format. Instead of `data`.
    #[serde(default)]
    #[schema(value_type = Option<Payload>)]
    payload: Option<Value>,
    /// Over the template's style, if there is one.
    #[serde(default)]
    style: Option<Style>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    template_id: Option<TemplateId>,
    /// `svg`, `png`, `pdf`, `eps`, `webp`, `jpeg`, or `text` for terminals.
    #[schema(examples("svg"))]
    format: String,
    /// Pixels, from 32 to 10000; as the style says if absent.
    #[serde(default)]
    #[schema(minimum = 32, maximum = 10_000)]
    width: Option<i64>,
    /// Pixels; as high as code and frame need if absent.
    #[serde(default)]
    #[schema(minimum = 32, maximum = 10_000)]
    height: Option<i64>,
    /// What a `text` is shown on: `dark`, which has light letters, or `light`; `dark` if absent.
    #[serde(default)]
    terminal: Option<OnTerminal>,
}

impl Design {
    /// # Errors
    /// Everything that is wrong, `checks` included.
    pub(super) async fn read(
        self,
        app: &App,
        can: &Can<QrRead>,
        mut checks: Checks,
    ) -> Result<Drawing, Problem> {
        let (text, text_field) = match (self.data, self.payload) {
            (Some(_), Some(_)) => {
                checks.refuse("payload", "conflict", "give data or payload, not both");
                (None, "payload")
            }
            (None, None) => {
                checks.refuse("data", "required", "this is required; or give a payload");
                (None, "data")
            }
            (Some(data), None) => (checks.keep("data", check_data(data)), "data"),
            (None, Some(value)) => {
                let text = Payload::from_json(value).and_then(|payload| payload.text());
                let text = text.map_err(|wrong| checks.extend(wrong.iter().map(of_payload))).ok();
                (text, "payload")
            }
        };
        let mut style = self.style.unwrap_or_default();
        if let Some(id) = self.template_id {
            match templates::named(app, can.workspace(), id).await? {
                Ok(base) => style = base.merged(&style),
                Err(error) => checks.extend([error]),
            }
        }
        checks.extend(style.check().err().unwrap_or_default().iter().map(of_style));
        let named = match logos::named(app, can.workspace(), &style).await? {
            Ok(named) => named,
            Err(error) => {
                checks.extend([error]);
                None
            }
        };
        checks.done()?;
        let text = text.ok_or_else(Problem::not_found)?;
        Ok(Drawing { text, style, picture: named.map(|named| named.picture), text_field })
    }
}

fn check_data(data: String) -> Result<String, Wrong> {
    match data.len() {
        1..=DATA_BYTES_MAX => Ok(data),
        _ => Err(Wrong::new("length", format!("1 to {DATA_BYTES_MAX} bytes"))),
    }
}

/// Draw a QR code
///
/// Keeps nothing. The same design gives the same bytes. Whether it would scan, `POST /v1/qr-codes/verdict` says.
#[utoipa::path(post, path = "/v1/qr-codes/render", tag = "QR codes", operation_id = "renderQrCode",
    request_body = RenderQrCode,
    extensions(("x-needs" = json!("qr.read"))),
    responses((status = 200, description = "The image",
        content((String = "image/svg+xml"), (Vec<u8> = "image/png"), (Vec<u8> = "application/pdf"), (Vec<u8> = "application/postscript"),
            (Vec<u8> = "image/webp"), (Vec<u8> = "image/jpeg"), (String = "text/plain")),
        headers(("ETag" = String, description = "Of these bytes")))))]
pub(super) async fn render(
    can: Can<QrRead>,
    State(app): State<App>,
    headers: HeaderMap,
    Body(body): Body<RenderQrCode>,
) -> Result<Response, Problem> {
    let mut checks = Checks::default();
    let format = checks.keep("format", Drawn::parse(&body.format));
    if body.terminal.is_some() && format.is_some_and(|format| format != Drawn::Text) {
        checks.refuse("terminal", "conflict", "only the format text is shown on a terminal");
    }
    let mut side = |field: &'static str, side: Option<i64>| {
        let side = side.map(|side| side as f64);
        if side.is_some_and(|side| !SIDE_PX.contains(&side)) {
            checks.refuse(field, "range", format!("from {} to {}", SIDE_PX.start(), SIDE_PX.end()));
        }
        side
    };
    let (width, height) = (side("width", body.width), side("height", body.height));
    let RenderQrCode { data, payload, style, template_id, terminal, .. } = body;
    let design = Design { data, payload, style, template_id };
    let mut drawing = design.read(&app, &can, checks).await?;
    if let Some(width) = width {
        drawing.style = drawing.style.resized(width);
    }
    if height.is_some() {
        drawing.style.height = height;
    }
    match format.ok_or_else(Problem::not_found)? {
        Drawn::Image(format) => {
            Ok(answer::image(format.media_type(), drawing::image(&app, drawing, format).await?, &headers))
        }
        Drawn::Text => {
            let text = drawing::text(&app, drawing, terminal.unwrap_or_default().into()).await?;
            Ok(answer::image(TEXT, text, &headers))
        }
    }
}

/// What comes of a design.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Drawn {
    Image(Format),
    Text,
}

impl Drawn {
    fn parse(name: &str) -> Result<Self, Wrong> {
        match (name, Format::parse(name)) {
            ("text", _) => Ok(Self::Text),
            (_, Some(format)) => Ok(Self::Image(format)),
            (_, None) => {
                let names: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
                Err(Wrong::new("choice", format!("expected one of {}, text", names.join(", "))))
            }
        }
    }
}
