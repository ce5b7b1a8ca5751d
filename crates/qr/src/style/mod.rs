//! How a code looks: the option object of the npm package `qr-code-styling` 1.9, and what it lacks.
//!
//! A [`Style`] is what travels and is stored: every field may be absent. [`Style::check`] tells everything that is wrong with it;
//! only a `Design`, which exists if nothing is, is ever drawn.

mod check;
mod choice;
mod color;
mod design;
mod merge;
mod names;
mod options;
mod presets;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use choice::{CornerType, DotType, FramePosition, FrameType, GradientType, Mode, Shape, Unit};
pub use options::{
    BackgroundOptions, ColorStop, Corner, CornerOptions, Corners, DotsOptions, FrameOptions, GradientOptions,
    Ignored, ImageOptions, QrOptions,
};

pub use check::GRADIENT_STOPS;
pub(crate) use check::Ink;
pub use design::{
    DPI, DPI_DEFAULT, FRAME_TEXT_CHARS_MAX, FRAME_TEXT_DEFAULT, IMAGE_BYTES_MAX, QUIET_ZONE_MODULES, SIDE_PX,
    TITLE_CHARS_MAX, WIDTH_PX_DEFAULT,
};
pub(crate) use design::{Design, FrameDesign, Part, PartShape, Quiet};
use options::whole_as_integer;

/// How a code looks. Everything is optional; an empty object is a black code of 512 × 512 pixels on white, level Q, with a
/// quiet zone of 4 modules. Designs made with the npm package `qr-code-styling` can be used as they are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrStyle)]
pub struct Style {
    /// In `unit`: 32 to 10,000 whole pixels; 5 to 1,000 mm; 0.2 to 40 in. 512 px (or 40 mm, 1.5 in) if absent.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "whole_as_integer")]
    #[schema(minimum = 0, maximum = 10000, example = 512)]
    pub width: Option<f64>,
    /// As `width`. If absent, as high as the code and its frame are at this width.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "whole_as_integer")]
    #[schema(minimum = 0, maximum = 10000, example = 512)]
    pub height: Option<f64>,
    /// Ours. Pixels if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Ours: pixels per inch of images made of pixels, 36 to 2,400; for `mm` and `in`. 300 if absent.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "whole_as_integer")]
    #[schema(minimum = 36, maximum = 2400, example = 300)]
    pub dpi: Option<f64>,
    /// Pixels between the edge, or the frame, and the symbol. Instead of `quietZone`.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "whole_as_integer")]
    #[schema(minimum = 0, maximum = 2000, example = 24)]
    pub margin: Option<f64>,
    /// Ours: the same in modules, which fits every size. ISO/IEC 18004 asks for 4. 4 if neither is given.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "whole_as_integer")]
    #[schema(minimum = 0, maximum = 40, example = 4)]
    pub quiet_zone: Option<f64>,
    /// `square` if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<Shape>,
    /// Ours: what a screen reader says. If absent, what a scanner reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Menu of the week")]
    pub title: Option<String>,
    /// The picture in the middle: the id of an uploaded logo (`logo_…`) or a data URI of a PNG, JPEG or SVG. Addresses are not
    /// fetched. Empty: none, also over a template that has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "logo_01jq5x8e6nf0v9c0k7d2w3m4pz")]
    pub image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_options: Option<QrOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dots_options: Option<DotsOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corners_square_options: Option<CornerOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corners_dot_options: Option<CornerOptions>,
    /// Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corners: Option<Corners>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background_options: Option<BackgroundOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_options: Option<ImageOptions>,
    /// Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame: Option<FrameOptions>,

    /// Canvas or SVG, in a browser: accepted and ignored.
    #[serde(rename = "type", skip_serializing)]
    #[schema(value_type = Option<String>)]
    pub kind: Ignored,
    /// What a code says is given beside its style: accepted and ignored.
    #[serde(skip_serializing)]
    #[schema(value_type = Option<String>)]
    pub data: Ignored,
    /// Accepted and ignored.
    #[serde(skip_serializing)]
    #[schema(ignore)]
    pub node_canvas: Ignored,
    /// Accepted and ignored.
    #[serde(skip_serializing)]
    #[schema(ignore)]
    pub jsdom: Ignored,
    /// A note of the package's own editor to itself, as are the next ones: accepted and ignored.
    #[serde(skip_serializing)]
    #[schema(ignore)]
    pub dots_options_helper: Ignored,
    #[serde(skip_serializing)]
    #[schema(ignore)]
    pub corners_square_options_helper: Ignored,
    #[serde(skip_serializing)]
    #[schema(ignore)]
    pub corners_dot_options_helper: Ignored,
    #[serde(skip_serializing)]
    #[schema(ignore)]
    pub background_options_helper: Ignored,
}

/// What a style's `image` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageReference<'a> {
    /// An uploaded logo: `logo_…`.
    Logo(&'a str),
    /// A data URI, for [`Logo::from_data_uri`](crate::Logo).
    Data(&'a str),
}

impl Style {
    /// `None` if there is no picture, or if [`Style::check`] refuses what there is.
    pub fn image_reference(&self) -> Option<ImageReference<'_>> {
        let image = self.image.as_deref()?;
        if image.starts_with("logo_") {
            return Some(ImageReference::Logo(image));
        }
        image.starts_with("data:").then_some(ImageReference::Data(image))
    }

    /// This style, with everything that `over` says said instead: a code's own style over its template's.
    ///
    /// Two fields that exclude each other replace each other: a colour ends a gradient, a quiet zone a margin, and back. A size in
    /// one unit ends a size in another.
    #[must_use]
    pub fn merged(&self, over: &Style) -> Style {
        merge::merged(self, over)
    }

    /// The same design with another width in pixels, its margins grown or shrunk along.
    #[must_use]
    pub fn resized(&self, width_px: f64) -> Style {
        merge::resized(self, width_px)
    }
}
