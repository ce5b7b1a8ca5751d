//! The parts of a style, as they travel and are stored.
//!
//! Names, value sets and meanings are those of the option object of the npm package `qr-code-styling` 1.9; what that one lacks is
//! marked as ours. Nothing here is checked, see `check.rs`.

use std::borrow::Cow;

use serde::de::value::CowStrDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::choice::{CornerType, DotType, FramePosition, FrameType, GradientType, Mode};
use crate::Level;

/// How the symbol is made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrOptions)]
pub struct QrOptions {
    /// The version: 1 (21 modules a side) to 40 (177). 0, or absent: the smallest that holds the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 40, example = 0)]
    pub type_number: Option<u8>,
    /// Ignored by whatever holds a text this mode cannot write; absent: the shortest way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// How much may be lost: L 7 %, M 15 %, Q 25 %, H 30 %. Q if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_correction_level: Option<Level>,
    /// Ours: the mask, 0 to 7. Absent: the one that scans best.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 7, example = 2)]
    pub mask: Option<u8>,
}

/// The modules, but for the finder patterns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrDotsOptions)]
pub struct DotsOptions {
    /// `square` if absent.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<DotType>,
    /// A CSS colour; black if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "#1a365d")]
    pub color: Option<String>,
    /// Instead of the colour. It spans the whole symbol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gradient: Option<GradientOptions>,
    /// Whether a module is a whole number of pixels where the size allows it, which keeps edges sharp. True if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_size: Option<bool>,
}

/// The ring (7 × 7 modules) or the core (3 × 3) of finder patterns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrCornerOptions)]
pub struct CornerOptions {
    /// Like the dots if absent or empty.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none", deserialize_with = "absent_if_empty")]
    pub kind: Option<CornerType>,
    /// A CSS colour; if absent, that of the dots.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "#1a365d")]
    pub color: Option<String>,
    /// Instead of the colour. It spans this ring or core.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gradient: Option<GradientOptions>,
}

/// Ours: what is different about single finder patterns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrCorners)]
pub struct Corners {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_left: Option<Corner>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_right: Option<Corner>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bottom_left: Option<Corner>,
}

/// One finder pattern. What is absent is as in `cornersSquareOptions` and `cornersDotOptions`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrCorner)]
pub struct Corner {
    /// The ring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub square: Option<CornerOptions>,
    /// The core.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dot: Option<CornerOptions>,
}

/// What lies behind the modules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrBackgroundOptions)]
pub struct BackgroundOptions {
    /// A CSS colour, or `transparent`; white if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "#ffffff")]
    pub color: Option<String>,
    /// Instead of the colour. It spans the background.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gradient: Option<GradientOptions>,
    /// How round the corners are, from 0 to 1 (a circle). 0 if absent.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "whole_as_integer")]
    #[schema(minimum = 0, maximum = 1, example = 0)]
    pub round: Option<f64>,
}

/// How the picture in the middle is placed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrImageOptions)]
pub struct ImageOptions {
    /// Whether modules under the picture are left out. True if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hide_background_dots: Option<bool>,
    /// What the picture may cover, as a share (0 to 1) of what the level can lose: at 0.4 and level Q (25 %), a tenth of the
    /// symbol. 0.4 if absent.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "whole_as_integer")]
    #[schema(minimum = 0, maximum = 1, example = 0.4)]
    pub image_size: Option<f64>,
    /// Pixels between the picture and the modules around it; 0 if absent.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "whole_as_integer")]
    #[schema(minimum = 0, maximum = 500, example = 4)]
    pub margin: Option<f64>,
    /// Says something to a browser only: accepted and ignored.
    #[serde(skip_serializing)]
    #[schema(value_type = Option<String>)]
    pub cross_origin: Ignored,
    /// Says something to a browser only: accepted and ignored.
    #[serde(skip_serializing)]
    #[schema(value_type = Option<bool>)]
    pub save_as_blob: Ignored,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrGradient)]
pub struct GradientOptions {
    /// `linear` if absent.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<GradientType>,
    /// Of a linear one, in radians, clockwise from left-to-right; 0 if absent.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "whole_as_integer")]
    #[schema(minimum = -100, maximum = 100, example = 0.785)]
    pub rotation: Option<f64>,
    /// 2 to 16, in ascending order.
    #[schema(min_items = 2, max_items = 16)]
    pub color_stops: Vec<ColorStop>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = QrColorStop)]
pub struct ColorStop {
    /// Where, from 0 to 1.
    #[serde(serialize_with = "integer_where_whole")]
    #[schema(minimum = 0, maximum = 1, example = 0)]
    pub offset: f64,
    /// A CSS colour.
    #[schema(example = "#2b6cb0")]
    pub color: String,
}

/// Ours: what surrounds the code, and the words on it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrFrame)]
pub struct FrameOptions {
    /// `none` if absent.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<FrameType>,
    /// At most 60 characters: Latin, Greek or Cyrillic letters, digits, punctuation, currencies, arrows. `SCAN ME` if absent (`box` and
    /// `rounded-box`: none); no text if empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60, example = "SCAN ME")]
    pub text: Option<String>,
    /// A CSS colour; if absent, that of the dots (of a gradient: its first).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "#1a365d")]
    pub color: Option<String>,
    /// A CSS colour. If absent: on the frame's colour, white or black, whichever reads better; on the background, the frame's colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "#ffffff")]
    pub text_color: Option<String>,
    /// `below` if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<FramePosition>,
}

/// Something another program's design may hold and that means nothing here. It is read, and forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ignored;

impl<'de> Deserialize<'de> for Ignored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl Serialize for Ignored {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

/// The package's editor writes an empty word where nothing was chosen.
fn absent_if_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<CornerType>, D::Error> {
    let word = Option::<Cow<'de, str>>::deserialize(deserializer)?;
    let word = word.filter(|word| !word.is_empty()).map(CowStrDeserializer::new);
    word.map(CornerType::deserialize).transpose()
}

/// 512 travels as `512`, not as `512.0`: what was stored is shown as it was given.
pub(super) fn whole_as_integer<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => integer_where_whole(value, serializer),
        None => serializer.serialize_none(),
    }
}

fn integer_where_whole<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    match value.fract() == 0.0 && value.abs() < 1e9 {
        true => serializer.serialize_i64(*value as i64),
        false => serializer.serialize_f64(*value),
    }
}
