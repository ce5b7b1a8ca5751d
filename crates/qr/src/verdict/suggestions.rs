//! What would help, as words and as a part of a style to be laid over the code's own.

use super::reasons::{MODULE_MM_RISKY_BELOW, MODULE_PX_GOOD, QUIET_MODULES_ASKED, UNALIGNED_MODULE_PX_MIN};
use super::{Findings, ReasonCode, Suggestion};
use crate::style::{BackgroundOptions, CornerOptions, CornerType, DotType, DotsOptions, ImageOptions};
use crate::{Level, QrOptions, Style};

/// What a style covers with its picture where it does not say: see `imageOptions.imageSize`.
pub(super) const IMAGE_SIZE_DEFAULT: f64 = 0.4;

/// In the order in which to try them: what costs the design least comes first.
pub(super) fn suggestions(findings: &Findings<'_>, codes: &[ReasonCode]) -> Vec<Suggestion> {
    let style = findings.style;
    let has = |any: &[ReasonCode]| any.iter().any(|code| codes.contains(code));
    let mut list = Vec::new();
    let mut suggest = |message: String, change: Option<Style>| list.push(Suggestion { message, change });

    let is_weak =
        has(&[ReasonCode::Covered, ReasonCode::Fragile, ReasonCode::OneReaderOnly, ReasonCode::Misread]);
    let is_hidden = findings.sight.lost_codewords > 0 && (is_weak || has(&[ReasonCode::Unreadable]));
    if is_hidden && findings.level != Level::H {
        suggest(
            "raise the error correction level to H: it gives back about 30 % of the data".into(),
            Some(at_level(Level::H)),
        );
    }
    if is_hidden && style.image.is_some() {
        let size =
            style.image_options.as_ref().and_then(|options| options.image_size).unwrap_or(IMAGE_SIZE_DEFAULT);
        suggest("make the picture smaller".into(), Some(with_image_size(size * 0.6)));
    }
    if has(&[ReasonCode::QuietZone, ReasonCode::Crowded]) {
        suggest(
            format!("leave {QUIET_MODULES_ASKED} modules of quiet zone on every side"),
            Some(with_quiet_zone()),
        );
    }
    if has(&[ReasonCode::Inverted]) {
        suggest("print dark modules on a light ground".into(), Some(black_on_white(style)));
    } else if has(&[ReasonCode::Contrast]) {
        suggest("choose darker modules or a lighter ground".into(), Some(black_on_white(style)));
    }
    if has(&[ReasonCode::Transparent]) {
        let options = BackgroundOptions { color: Some("#ffffff".into()), ..BackgroundOptions::default() };
        suggest(
            "give it a background of its own, or make sure that what it lies on is light".into(),
            Some(Style { background_options: Some(options), ..Style::default() }),
        );
    }
    if has(&[ReasonCode::FinderPattern]) {
        suggest("make the corner squares square".into(), Some(square_corners()));
    }
    let dots = style.dots_options.as_ref().and_then(|options| options.kind);
    if is_weak && dots.is_some_and(|kind| kind != DotType::Square) {
        let options = DotsOptions { kind: Some(DotType::Square), ..DotsOptions::default() };
        let change = Style { dots_options: Some(options), ..Style::default() };
        suggest("draw the modules as squares".into(), Some(change));
    }
    let needed = match has(&[ReasonCode::AlignmentPattern]) {
        true => UNALIGNED_MODULE_PX_MIN,
        false => MODULE_PX_GOOD,
    };
    let is_small = findings.measured.width_mm.is_none() && findings.measured.module_px < needed;
    if is_small && has(&[ReasonCode::TooFewPixels, ReasonCode::AlignmentPattern]) {
        let factor = f64::from(needed / findings.measured.module_px.max(0.01));
        suggest(
            format!("make the image larger: {needed} pixels a module or more"),
            enlarged(style, factor, 512.0),
        );
    }
    if let (true, Some(width)) = (has(&[ReasonCode::TooSmall]), findings.measured.width_mm) {
        let needed = MODULE_MM_RISKY_BELOW * findings.modules as f32;
        let message = format!("print it larger: the symbol at least {} mm wide", needed.ceil());
        // A print has a width of its own, or the 40 mm that a style without one has.
        suggest(message, style.width.and_then(|_| enlarged(style, f64::from(needed / width), 40.0)));
    }
    if has(&[ReasonCode::AlignmentPattern]) && style.image.is_some() {
        suggest(
            "shorten what is in it, for example by a dynamic code: up to 41 modules a side, a picture in the middle covers no alignment pattern"
                .into(),
            None,
        );
        suggest("or leave the picture out, or put it beside the symbol".into(), None);
    }
    if has(&[ReasonCode::Dense]) {
        suggest(
            "shorten what is in it, for example by a dynamic code: a short link needs 29 modules".into(),
            None,
        );
    }
    list
}

pub(super) fn at_level(level: Level) -> Style {
    let options = QrOptions { error_correction_level: Some(level), ..QrOptions::default() };
    Style { qr_options: Some(options), ..Style::default() }
}

pub(super) fn with_image_size(size: f64) -> Style {
    // Two decimals: nobody wants to read 0.24000000000000005.
    let size = ((size * 100.0).round() / 100.0).max(0.05);
    let options = ImageOptions { image_size: Some(size), ..ImageOptions::default() };
    Style { image_options: Some(options), ..Style::default() }
}

pub(super) fn with_quiet_zone() -> Style {
    Style { quiet_zone: Some(f64::from(QUIET_MODULES_ASKED)), ..Style::default() }
}

fn enlarged(style: &Style, factor: f64, default: f64) -> Option<Style> {
    // Modules are rounded down to whole pixels; what that takes away is given first.
    let grown = |side: f64| (side * factor * 1.2).ceil();
    let height = style.height.map(grown);
    Some(Style {
        width: Some(grown(style.width.unwrap_or(default))),
        height,
        unit: style.unit,
        ..Style::default()
    })
}

/// Corners only where they have colours of their own.
fn black_on_white(style: &Style) -> Style {
    let black = || Some("#000000".to_owned());
    let corner = |options: &Option<CornerOptions>| {
        let is_own =
            options.as_ref().is_some_and(|options| options.color.is_some() || options.gradient.is_some());
        is_own.then(|| CornerOptions { color: black(), ..CornerOptions::default() })
    };
    Style {
        dots_options: Some(DotsOptions { color: black(), ..DotsOptions::default() }),
        background_options: Some(BackgroundOptions {
            color: Some("#ffffff".into()),
            ..BackgroundOptions::default()
        }),
        corners_square_options: corner(&style.corners_square_options),
        corners_dot_options: corner(&style.corners_dot_options),
        ..Style::default()
    }
}

fn square_corners() -> Style {
    let square = || Some(CornerOptions { kind: Some(CornerType::Square), ..CornerOptions::default() });
    Style { corners_square_options: square(), corners_dot_options: square(), ..Style::default() }
}
