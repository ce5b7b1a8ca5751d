//! A style that was checked: all defaults in place, all words known, all numbers in range.

use super::Style;
use super::check::{Ink, Refusals};
use super::choice::{CornerType, DotType, FramePosition, FrameType, Mode, Shape, Unit};
use super::options::{CornerOptions, FrameOptions};
use crate::scene::Color;
use crate::{Level, Wrong, draw};

/// Pixels of the width, if a style names none.
pub const WIDTH_PX_DEFAULT: f64 = 512.0;
/// Millimetres of the width, if a style counts in them and names none.
const WIDTH_MM_DEFAULT: f64 = 40.0;
const WIDTH_IN_DEFAULT: f64 = 1.5;
/// Pixels of a side.
pub const SIDE_PX: std::ops::RangeInclusive<f64> = 32.0..=10_000.0;
pub const DPI: std::ops::RangeInclusive<f64> = 36.0..=2400.0;
pub const DPI_DEFAULT: f64 = 300.0;
/// Modules of quiet zone, as ISO/IEC 18004 asks.
pub const QUIET_ZONE_MODULES: f64 = 4.0;
/// Characters of a frame's text.
pub const FRAME_TEXT_CHARS_MAX: usize = 60;
/// Characters of a title.
pub const TITLE_CHARS_MAX: usize = 200;
/// Bytes of a data URI: a logo of 1 MiB in base64, with room.
pub const IMAGE_BYTES_MAX: usize = 1_500_000;
/// What a frame says if nobody says anything else.
pub const FRAME_TEXT_DEFAULT: &str = "SCAN ME";

const MM_PER_INCH: f64 = 25.4;

#[derive(Debug, Clone)]
pub(crate) struct Design {
    pub size: Size,
    pub quiet: Quiet,
    pub shape: Shape,
    pub title: Option<String>,
    pub level: Level,
    /// `None`: the smallest that holds the text.
    pub version: Option<u8>,
    pub mask: Option<u8>,
    pub mode: Option<Mode>,
    pub dots: DotType,
    pub ink: Ink,
    pub is_whole: bool,
    /// Top left, top right, bottom left.
    pub corners: [CornerDesign; 3],
    pub background: Ink,
    /// From 0 to 1.
    pub background_round: f32,
    /// Share of what the level can lose.
    pub image_size: f32,
    pub image_margin_px: f32,
    pub hides_dots: bool,
    pub frame: Option<FrameDesign>,
}

/// Pixels of the image; dots per inch where it has a size in the world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Size {
    pub width: f32,
    /// `None`: what the frame makes of the width.
    pub height: Option<f32>,
    pub dpi: Option<f32>,
}

/// The space around a symbol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Quiet {
    Modules(f32),
    Px(f32),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CornerDesign {
    pub square: Part,
    pub dot: Part,
}

/// A ring or a core. Without an ink of its own it is painted with the dots, as one with them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    pub shape: PartShape,
    pub ink: Option<Ink>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartShape {
    /// One figure.
    Square,
    Dot,
    ExtraRounded,
    /// Module by module.
    Modules(DotType),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FrameDesign {
    pub kind: FrameType,
    /// Trimmed; may be empty.
    pub text: String,
    pub color: Color,
    pub text_color: Option<Color>,
    pub position: FramePosition,
}

impl Design {
    /// # Errors
    /// Everything that is wrong with the style.
    pub(crate) fn of(style: &Style) -> Result<Self, Vec<Wrong>> {
        let mut refusals = Refusals::default();
        let design = read(&mut refusals, style);
        if refusals.0.is_empty() { Ok(design) } else { Err(refusals.0) }
    }
}

impl Style {
    /// Whether it can be drawn, as far as that can be known without a text and without its logo.
    ///
    /// # Errors
    /// Everything that is wrong with it, with dotted paths: `dotsOptions.gradient.colorStops[2].offset`.
    pub fn check(&self) -> Result<(), Vec<Wrong>> {
        Design::of(self).map(|_| ())
    }
}

fn read(refusals: &mut Refusals, style: &Style) -> Design {
    let size = size(refusals, style);
    let quiet = quiet(refusals, style, size);
    let shape = style.shape.unwrap_or(Shape::Square);
    refusals.choice("shape", shape.is_unknown(), Shape::words);
    check_image(refusals, style);
    let title = title(refusals, style);

    let qr = style.qr_options.clone().unwrap_or_default();
    refusals.number("qrOptions.typeNumber", qr.type_number.map(f64::from), 0.0, 0.0..=40.0, "");
    refusals.number("qrOptions.mask", qr.mask.map(f64::from), 0.0, 0.0..=7.0, "");
    refusals.choice("qrOptions.mode", qr.mode.is_some_and(Mode::is_unknown), Mode::words);

    let dots = style.dots_options.clone().unwrap_or_default();
    let dot_type = dots.kind.unwrap_or(DotType::Square);
    refusals.choice("dotsOptions.type", dot_type.is_unknown(), DotType::words);
    let ink = refusals.ink("dotsOptions", dots.color.as_ref(), dots.gradient.as_ref());
    let ink = ink.unwrap_or(Ink::Solid(Color::BLACK));
    if is_invisible(&ink) {
        refusals.note("dotsOptions.color", "range", "modules that are transparent cannot be seen");
    }

    let background = style.background_options.clone().unwrap_or_default();
    let fill = refusals.ink("backgroundOptions", background.color.as_ref(), background.gradient.as_ref());
    let round = refusals.number("backgroundOptions.round", background.round, 0.0, 0.0..=1.0, "");

    let image = style.image_options.clone().unwrap_or_default();
    let image_size = refusals.number("imageOptions.imageSize", image.image_size, 0.4, 0.0..=1.0, "");
    let image_margin = refusals.number("imageOptions.margin", image.margin, 0.0, 0.0..=500.0, " pixels");

    let frame = style.frame.as_ref().and_then(|frame| read_frame(refusals, frame, ink.color()));
    if frame.is_some() && shape == Shape::Circle {
        refusals.note(
            "frame.type",
            "unsupported",
            "a code of shape circle has no frame; leave one of them out",
        );
    }
    Design {
        size,
        quiet,
        shape,
        title,
        level: qr.error_correction_level.unwrap_or(Level::Q),
        version: qr.type_number.filter(|version| *version > 0),
        mask: qr.mask,
        mode: qr.mode,
        dots: dot_type,
        corners: corners(refusals, style, dot_type),
        ink,
        is_whole: dots.round_size.unwrap_or(true),
        background: fill.unwrap_or(Ink::Solid(Color::WHITE)),
        background_round: round as f32,
        image_size: image_size as f32,
        image_margin_px: image_margin as f32,
        hides_dots: image.hide_background_dots.unwrap_or(true),
        frame,
    }
}

fn is_invisible(ink: &Ink) -> bool {
    match ink {
        Ink::Solid(color) => color.a == 0,
        Ink::Gradient { stops, .. } => !stops.is_empty() && stops.iter().all(|stop| stop.color.a == 0),
    }
}

/// Pixels of one unit of `width`, at this style's resolution.
pub(super) fn px_per_unit(style: &Style) -> f64 {
    let dpi = style.dpi.unwrap_or(DPI_DEFAULT);
    match style.unit.unwrap_or(Unit::Px) {
        Unit::Mm => dpi / MM_PER_INCH,
        Unit::In => dpi,
        Unit::Px | Unit::Unknown => 1.0,
    }
}

/// The width in pixels, named or not.
pub(super) fn width_px(style: &Style) -> f64 {
    let absent = match style.unit.unwrap_or(Unit::Px) {
        Unit::Mm => WIDTH_MM_DEFAULT,
        Unit::In => WIDTH_IN_DEFAULT,
        Unit::Px | Unit::Unknown => WIDTH_PX_DEFAULT,
    };
    (style.width.unwrap_or(absent) * px_per_unit(style)).round()
}

/// A physical size keeps its inches: pixels are whole, and the resolution gives way by a fraction.
fn size(refusals: &mut Refusals, style: &Style) -> Size {
    let unit = style.unit.unwrap_or(Unit::Px);
    refusals.choice("unit", unit.is_unknown(), Unit::words);
    let dpi = refusals.number("dpi", style.dpi, DPI_DEFAULT, DPI, " pixels per inch");
    let (range, name) = match unit {
        Unit::Mm => (5.0..=1000.0, " mm"),
        Unit::In => (0.2..=40.0, " in"),
        Unit::Px | Unit::Unknown => (SIDE_PX, " pixels"),
    };
    if style.dpi.is_some() && matches!(unit, Unit::Px) {
        refusals.note("dpi", "unsupported", "a size in pixels has no resolution; say unit: \"mm\" or \"in\"");
    }
    let times = match unit {
        Unit::Mm => dpi / MM_PER_INCH,
        Unit::In => dpi,
        Unit::Px | Unit::Unknown => 1.0,
    };
    let mut side = |field: &'static str, value: Option<f64>| {
        let value = value?;
        let before = refusals.0.len();
        refusals.number(field, Some(value), *range.start(), range.clone(), name);
        let px = (value * times).round();
        if refusals.0.len() == before && !SIDE_PX.contains(&px) {
            let message = format!("is {px} pixels at {dpi} dpi; images have 32 to 10,000 on a side");
            refusals.note(field, "range", message);
        }
        if unit == Unit::Px && value.fract() != 0.0 {
            refusals.note(field, "format", "must be a whole number of pixels");
        }
        Some(px)
    };
    side("width", style.width);
    let height = side("height", style.height);
    let width = width_px(style);
    let exact = style.width.unwrap_or(width / times) * times;
    let is_physical = matches!(unit, Unit::Mm | Unit::In);
    Size {
        width: width as f32,
        height: height.map(|height| height as f32),
        dpi: is_physical.then_some((dpi * width / exact) as f32),
    }
}

fn quiet(refusals: &mut Refusals, style: &Style, size: Size) -> Quiet {
    let most = (size.width.min(size.height.unwrap_or(size.width)) / 2.0 - 11.0).clamp(0.0, 2000.0);
    let margin =
        refusals.number("margin", style.margin, 0.0, 0.0..=f64::from(most.floor()), " pixels at this size");
    let modules = refusals.number("quietZone", style.quiet_zone, QUIET_ZONE_MODULES, 0.0..=40.0, " modules");
    match (style.margin, style.quiet_zone) {
        (Some(_), Some(_)) => {
            refusals.note(
                "margin",
                "conflict",
                "margin and quietZone say the same in pixels and in modules; give one",
            );
            Quiet::Px(margin as f32)
        }
        (Some(_), None) => Quiet::Px(margin as f32),
        _ => Quiet::Modules(modules as f32),
    }
}

fn check_image(refusals: &mut Refusals, style: &Style) {
    let Some(image) = style.image.as_ref().filter(|image| !image.is_empty()) else { return };
    if image.starts_with("data:") {
        if image.len() > IMAGE_BYTES_MAX {
            let message =
                format!("a data URI has at most {IMAGE_BYTES_MAX} bytes; upload a smaller picture as a logo");
            refusals.note("image", "length", message);
        }
        return;
    }
    let id = image.strip_prefix("logo_");
    if id.is_some_and(|id| {
        id.len() == 26 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    }) {
        return;
    }
    if image.starts_with("http:") || image.starts_with("https:") || image.starts_with("//") {
        let message =
            "addresses are not fetched: upload the picture as a logo and name its id, or give a data URI";
        refusals.note("image", "unsupported", message);
    } else {
        refusals.note(
            "image",
            "format",
            "must be the id of a logo (logo_…) or a data URI of a PNG, JPEG or SVG",
        );
    }
}

fn title(refusals: &mut Refusals, style: &Style) -> Option<String> {
    let title = style.title.as_ref()?;
    if title.chars().count() > TITLE_CHARS_MAX {
        refusals.note("title", "length", format!("must have at most {TITLE_CHARS_MAX} characters"));
    }
    if title.chars().any(is_forbidden) {
        refusals.note("title", "format", "must not hold control characters");
    }
    let title = title.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

/// What XML cannot hold, or nobody can see.
fn is_forbidden(character: char) -> bool {
    character.is_control() || matches!(character, '\u{FFFE}' | '\u{FFFF}')
}

fn corners(refusals: &mut Refusals, style: &Style, dots: DotType) -> [CornerDesign; 3] {
    let square = style.corners_square_options.clone().unwrap_or_default();
    let dot = style.corners_dot_options.clone().unwrap_or_default();
    let all = CornerDesign {
        square: part(refusals, "cornersSquareOptions", &square, None, dots),
        dot: part(refusals, "cornersDotOptions", &dot, None, dots),
    };
    let own = style.corners.clone().unwrap_or_default();
    [("topLeft", own.top_left), ("topRight", own.top_right), ("bottomLeft", own.bottom_left)].map(
        |(name, corner)| {
            let Some(corner) = corner else { return all.clone() };
            let mut one = |what: &str, options: Option<CornerOptions>, base: &Part| match options {
                Some(options) => {
                    part(refusals, &format!("corners.{name}.{what}"), &options, Some(base), dots)
                }
                None => base.clone(),
            };
            CornerDesign {
                square: one("square", corner.square, &all.square),
                dot: one("dot", corner.dot, &all.dot),
            }
        },
    )
}

fn part(
    refusals: &mut Refusals,
    path: &str,
    options: &CornerOptions,
    base: Option<&Part>,
    dots: DotType,
) -> Part {
    refusals.choice(
        format!("{path}.type"),
        options.kind.is_some_and(CornerType::is_unknown),
        CornerType::words,
    );
    let shape = match options.kind {
        Some(CornerType::Square) => PartShape::Square,
        Some(CornerType::Dot) => PartShape::Dot,
        Some(CornerType::ExtraRounded) => PartShape::ExtraRounded,
        Some(CornerType::Rounded) => PartShape::Modules(DotType::Rounded),
        Some(CornerType::Dots) => PartShape::Modules(DotType::Dots),
        Some(CornerType::Classy) => PartShape::Modules(DotType::Classy),
        Some(CornerType::ClassyRounded) => PartShape::Modules(DotType::ClassyRounded),
        Some(CornerType::Unknown) | None => base.map_or(PartShape::Modules(dots), |base| base.shape),
    };
    let ink = refusals.ink(path, options.color.as_ref(), options.gradient.as_ref());
    if ink.as_ref().is_some_and(is_invisible) {
        refusals.note(
            format!("{path}.color"),
            "range",
            "a finder pattern that is transparent cannot be seen",
        );
    }
    Part { shape, ink: ink.or_else(|| base.and_then(|base| base.ink.clone())) }
}

fn read_frame(refusals: &mut Refusals, frame: &FrameOptions, dots: Color) -> Option<FrameDesign> {
    let kind = frame.kind.unwrap_or(FrameType::None);
    refusals.choice("frame.type", kind.is_unknown(), FrameType::words);
    let position = frame.position.unwrap_or(FramePosition::Below);
    refusals.choice("frame.position", position.is_unknown(), FramePosition::words);
    let color = frame.color.as_ref().map(|color| refusals.color("frame.color", color));
    let text_color = frame.text_color.as_ref().map(|color| refusals.color("frame.textColor", color));
    let needs_text = !matches!(kind, FrameType::Box | FrameType::RoundedBox);
    let absent = if needs_text { FRAME_TEXT_DEFAULT } else { "" };
    let text = frame.text.as_deref().unwrap_or(absent).trim();
    if text.chars().count() > FRAME_TEXT_CHARS_MAX {
        refusals.note("frame.text", "length", format!("must have at most {FRAME_TEXT_CHARS_MAX} characters"));
    } else if let Err(wrong) = draw::check_text(kind, text) {
        refusals.0.push(wrong);
    }
    let design =
        FrameDesign { kind, text: text.to_owned(), color: color.unwrap_or(dots), text_color, position };
    (kind != FrameType::None && !kind.is_unknown()).then_some(design)
}
