//! Styles that are ready to use: each of them scans, and `make test-scan` proves it.

use std::sync::LazyLock;

use super::{
    BackgroundOptions, ColorStop, Corner, CornerOptions, CornerType, Corners, DotType, DotsOptions,
    FrameOptions, FrameType, GradientOptions, GradientType, Shape, Style,
};

static PRESETS: LazyLock<Vec<(&'static str, Style)>> = LazyLock::new(|| {
    use CornerType as C;
    use DotType as D;
    vec![
        ("classic", Style::default()),
        ("rounded", style(D::Rounded, "#111827", C::ExtraRounded, C::Dot)),
        ("soft", style(D::ExtraRounded, "#312e81", C::ExtraRounded, C::Dot)),
        ("dots", style(D::Dots, "#0f172a", C::Dot, C::Dot)),
        ("classy", style(D::Classy, "#1e3a5f", C::Classy, C::Square)),
        ("leaf", style(D::ClassyRounded, "#14532d", C::ClassyRounded, C::ClassyRounded)),
        ("paper", paper()),
        (
            "ocean",
            blended(D::ExtraRounded, C::ExtraRounded, GradientType::Linear, 0.785, &["#0b2e83", "#0e6f8f"]),
        ),
        (
            "sunset",
            blended(
                D::Rounded,
                C::ExtraRounded,
                GradientType::Linear,
                1.57,
                &["#86198f", "#b91c1c", "#b45309"],
            ),
        ),
        ("aurora", blended(D::Dots, C::Dot, GradientType::Radial, 0.0, &["#4c1d95", "#1d4ed8", "#065f46"])),
        ("tricolor", tricolor()),
        ("seal", seal()),
        ("border", framed(style(D::Square, "#111827", C::Square, C::Square), FrameType::Box, "SCAN ME")),
        (
            "card",
            framed(style(D::Rounded, "#0f766e", C::ExtraRounded, C::Dot), FrameType::RoundedBox, "SCAN ME"),
        ),
        (
            "banner",
            framed(style(D::Rounded, "#111827", C::ExtraRounded, C::Dot), FrameType::Banner, "SCAN ME"),
        ),
        (
            "bubble",
            framed(
                style(D::ExtraRounded, "#1d4ed8", C::ExtraRounded, C::Dot),
                FrameType::SpeechBubble,
                "SCAN ME",
            ),
        ),
        ("tab", framed(style(D::Rounded, "#9d174d", C::ExtraRounded, C::Dot), FrameType::Tab, "SCAN ME")),
        (
            "ticket",
            framed(style(D::Square, "#7c2d12", C::ExtraRounded, C::Square), FrameType::Ticket, "ADMIT ONE"),
        ),
        (
            "phone",
            framed(
                style(D::ExtraRounded, "#1f2937", C::ExtraRounded, C::Dot),
                FrameType::Phone,
                "Get the app",
            ),
        ),
        (
            "polaroid",
            framed(
                style(D::ClassyRounded, "#292524", C::ExtraRounded, C::Dot),
                FrameType::Polaroid,
                "See the photos",
            ),
        ),
        ("ring", framed(style(D::Dots, "#3b0764", C::Dot, C::Dot), FrameType::Circle, "SCAN ME")),
        (
            "viewfinder",
            framed(style(D::Square, "#111827", C::Square, C::Square), FrameType::Viewfinder, "SCAN ME"),
        ),
        (
            "ribbon",
            framed(style(D::Rounded, "#991b1b", C::ExtraRounded, C::Dot), FrameType::Ribbon, "FOR YOU"),
        ),
    ]
});

impl Style {
    /// Ready styles by name, in the order in which they are shown.
    pub fn presets() -> &'static [(&'static str, Style)] {
        &PRESETS
    }
}

fn style(dots: DotType, color: &str, square: CornerType, dot: CornerType) -> Style {
    Style {
        dots_options: Some(DotsOptions {
            kind: Some(dots),
            color: Some(color.to_owned()),
            ..DotsOptions::default()
        }),
        corners_square_options: Some(CornerOptions { kind: Some(square), ..CornerOptions::default() }),
        corners_dot_options: Some(CornerOptions { kind: Some(dot), ..CornerOptions::default() }),
        ..Style::default()
    }
}

/// Stops at even distances.
fn blended(dots: DotType, corner: CornerType, kind: GradientType, rotation: f64, colors: &[&str]) -> Style {
    let last = (colors.len() - 1) as f64;
    let color_stops = colors
        .iter()
        .enumerate()
        .map(|(index, color)| ColorStop { offset: index as f64 / last, color: (*color).to_owned() })
        .collect();
    let gradient = GradientOptions { kind: Some(kind), rotation: Some(rotation), color_stops };
    Style {
        dots_options: Some(DotsOptions {
            kind: Some(dots),
            gradient: Some(gradient),
            ..DotsOptions::default()
        }),
        ..style(dots, "#000000", corner, CornerType::Dot)
    }
}

fn paper() -> Style {
    Style {
        background_options: Some(BackgroundOptions {
            color: Some("#fef3c7".to_owned()),
            round: Some(0.12),
            ..BackgroundOptions::default()
        }),
        ..style(DotType::Classy, "#3f2411", CornerType::ExtraRounded, CornerType::Dot)
    }
}

fn tricolor() -> Style {
    let corner = |color: &str| {
        let part = CornerOptions { color: Some(color.to_owned()), ..CornerOptions::default() };
        Some(Corner { square: Some(part.clone()), dot: Some(part) })
    };
    Style {
        corners: Some(Corners {
            top_left: corner("#b91c1c"),
            top_right: corner("#1d4ed8"),
            bottom_left: corner("#15803d"),
        }),
        ..style(DotType::ExtraRounded, "#1f2937", CornerType::ExtraRounded, CornerType::Dot)
    }
}

fn seal() -> Style {
    Style {
        shape: Some(Shape::Circle),
        quiet_zone: Some(3.0),
        background_options: Some(BackgroundOptions { round: Some(1.0), ..BackgroundOptions::default() }),
        ..style(DotType::Dots, "#172554", CornerType::Dot, CornerType::Dot)
    }
}

fn framed(style: Style, kind: FrameType, text: &str) -> Style {
    let frame = FrameOptions { kind: Some(kind), text: Some(text.to_owned()), ..FrameOptions::default() };
    Style { frame: Some(frame), ..style }
}
