//! One style over another, and one style at another size.

use super::{BackgroundOptions, DotsOptions, ImageOptions, QrOptions};
use super::{Corner, CornerOptions, Corners, FrameOptions, GradientOptions, Style, Unit, design};

/// Takes what `over` says, else what `base` says.
macro_rules! over {
    ($base:expr, $over:expr, $($field:ident),+) => {
        $($base.$field = $over.$field.clone().or($base.$field.take());)+
    };
}

/// The same for fields that are objects of their own.
macro_rules! into {
    ($base:expr, $over:expr, $merge:ident, $($field:ident),+) => {
        $($base.$field = match ($base.$field.take(), &$over.$field) {
            (Some(base), Some(over)) => Some($merge(base, over)),
            (base, over) => over.clone().or(base),
        };)+
    };
}

pub(super) fn merged(base: &Style, over: &Style) -> Style {
    let mut style = base.clone();
    if over.margin.is_some() || over.quiet_zone.is_some() {
        (style.margin, style.quiet_zone) = (None, None);
    }
    let unit = |style: &Style| style.unit.unwrap_or(Unit::Px);
    let has_size = over.width.is_some() || over.height.is_some() || over.unit.is_some();
    if has_size && unit(over) != unit(base) {
        (style.width, style.height, style.unit, style.dpi) = (None, None, None, None);
    } else if over.width.is_some() {
        // A height that belonged to another width would squeeze the code.
        style.height = None;
    }
    over!(style, over, width, height, unit, dpi, margin, quiet_zone, shape, title, image);
    into!(style, over, qr_options, qr_options);
    into!(style, over, dots_options, dots_options);
    into!(style, over, corner_options, corners_square_options, corners_dot_options);
    into!(style, over, corners, corners);
    into!(style, over, background_options, background_options);
    into!(style, over, image_options, image_options);
    into!(style, over, frame, frame);
    style
}

fn qr_options(mut base: QrOptions, over: &QrOptions) -> QrOptions {
    over!(base, over, type_number, mode, error_correction_level, mask);
    base
}

fn dots_options(mut base: DotsOptions, over: &DotsOptions) -> DotsOptions {
    over!(base, over, kind, round_size);
    ink(&mut base.color, &mut base.gradient, &over.color, &over.gradient);
    base
}

fn corner_options(mut base: CornerOptions, over: &CornerOptions) -> CornerOptions {
    over!(base, over, kind);
    ink(&mut base.color, &mut base.gradient, &over.color, &over.gradient);
    base
}

fn corners(mut base: Corners, over: &Corners) -> Corners {
    into!(base, over, corner, top_left, top_right, bottom_left);
    base
}

fn corner(mut base: Corner, over: &Corner) -> Corner {
    into!(base, over, corner_options, square, dot);
    base
}

fn background_options(mut base: BackgroundOptions, over: &BackgroundOptions) -> BackgroundOptions {
    over!(base, over, round);
    ink(&mut base.color, &mut base.gradient, &over.color, &over.gradient);
    base
}

fn image_options(mut base: ImageOptions, over: &ImageOptions) -> ImageOptions {
    over!(base, over, hide_background_dots, image_size, margin);
    base
}

fn frame(mut base: FrameOptions, over: &FrameOptions) -> FrameOptions {
    over!(base, over, kind, text, color, text_color, position);
    base
}

/// A gradient wins over a colour, so a new colour has to end an old gradient.
fn ink(
    color: &mut Option<String>,
    gradient: &mut Option<GradientOptions>,
    over_color: &Option<String>,
    over_gradient: &Option<GradientOptions>,
) {
    if over_color.is_some() || over_gradient.is_some() {
        (*color, *gradient) = (over_color.clone(), over_gradient.clone());
    }
}

pub(super) fn resized(style: &Style, width_px: f64) -> Style {
    let times = width_px / design::width_px(style);
    let px_per_unit = design::px_per_unit(style);
    let mut style = style.clone();
    style.height = style.height.map(|height| (height * px_per_unit * times).round());
    (style.width, style.unit, style.dpi) = (Some(width_px), None, None);
    style.margin = style.margin.map(|margin| margin * times);
    if let Some(options) = &mut style.image_options {
        options.margin = options.margin.map(|margin| margin * times);
    }
    style
}
