//! What the gallery shows. The test `gallery` holds the committed files to it.

use std::fmt::Write;

use tessera_qr::style::{
    BackgroundOptions, ColorStop, CornerOptions, CornerType, DotType, DotsOptions, FrameOptions,
    FramePosition, FrameType, GradientOptions, GradientType, ImageOptions, QrOptions, Shape,
};
use tessera_qr::{Code, Format, Level, Style};

/// What all codes of the gallery say.
pub const TEXT: &str = "https://tessera.example/gallery";

struct Plate {
    name: String,
    caption: String,
    style: Style,
}

struct Room {
    heading: &'static str,
    about: &'static str,
    columns: usize,
    plates: Vec<Plate>,
}

/// Names and contents of all files.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let rooms = rooms();
    let mut files = vec![("README.md".to_owned(), page(&rooms).into_bytes())];
    for plate in rooms.iter().flat_map(|room| &room.plates) {
        let code = Code::build(TEXT, &plate.style, None)
            .unwrap_or_else(|wrongs| panic!("{}: {wrongs:?}", plate.name));
        let image = code.image(Format::Svg).unwrap_or_else(|error| panic!("{}: {error}", plate.name));
        files.push((format!("{}.svg", plate.name), image));
    }
    files
}

fn page(rooms: &[Room]) -> String {
    let mut page = format!(
        "# Gallery\n\nEvery code here says `{TEXT}`. Point a phone at them. The files are written by\n\
         `cargo run -p tessera-qr --example gallery`, and a test holds them to what the code draws; each scans in `make test-scan`.\n\
         How to say what you see: [QR codes](../guides/qr-codes.md).\n"
    );
    for room in rooms {
        let _ = write!(page, "\n## {}\n\n{}\n", room.heading, room.about);
        for row in room.plates.chunks(room.columns) {
            let cells =
                |cell: &dyn Fn(&Plate) -> String| row.iter().map(cell).collect::<Vec<_>>().join(" | ");
            let image = |plate: &Plate| {
                let alt = plate.caption.replace('`', "");
                format!("<img src=\"{}.svg\" width=\"150\" alt=\"{alt}\">", plate.name)
            };
            let _ = write!(page, "\n| {} |\n|{}\n", cells(&image), ":-:|".repeat(row.len()));
            let _ = writeln!(page, "| {} |", cells(&|plate| plate.caption.clone()));
        }
    }
    page
}

fn rooms() -> Vec<Room> {
    vec![presets(), dots_and_corners(), gradients(), frames(), labels(), pictures(), grounds()]
}

fn plate(name: impl Into<String>, caption: impl Into<String>, style: Style) -> Plate {
    Plate { name: name.into(), caption: caption.into(), style }
}

fn presets() -> Room {
    let plates = Style::presets()
        .iter()
        .map(|(name, style)| plate(format!("preset-{name}"), format!("`{name}`"), style.clone()))
        .collect();
    Room { heading: "Presets", about: "Ready styles.", columns: 5, plates }
}

fn base(dots: DotType) -> Style {
    Style {
        dots_options: Some(DotsOptions { kind: Some(dots), ..DotsOptions::default() }),
        ..Style::default()
    }
}

fn corner(kind: CornerType, color: &str) -> Option<CornerOptions> {
    Some(CornerOptions { kind: Some(kind), color: Some(color.to_owned()), ..CornerOptions::default() })
}

fn dots_and_corners() -> Room {
    let mut plates = Vec::new();
    for dots in DotType::ALL {
        for kind in CornerType::ALL {
            let style = Style {
                corners_square_options: corner(*kind, "#1e3a8a"),
                corners_dot_options: corner(*kind, "#1e3a8a"),
                ..base(*dots)
            };
            let name = format!("dots-{}-corners-{}", dots.as_str(), kind.as_str());
            plates.push(plate(name, format!("{} / {}", dots.as_str(), kind.as_str()), style));
        }
    }
    Room {
        heading: "Dots and corners",
        about: "`dotsOptions.type` / `cornersSquareOptions.type` and `cornersDotOptions.type`.",
        columns: CornerType::ALL.len(),
        plates,
    }
}

fn gradient(kind: GradientType, rotation: f64, colors: &[&str]) -> Option<GradientOptions> {
    let last = (colors.len() - 1) as f64;
    let stop = |(index, color): (usize, &&str)| ColorStop {
        offset: index as f64 / last,
        color: (*color).to_owned(),
    };
    let color_stops = colors.iter().enumerate().map(stop).collect();
    Some(GradientOptions { kind: Some(kind), rotation: Some(rotation), color_stops })
}

fn gradients() -> Room {
    let dots = |gradient| Style {
        dots_options: Some(DotsOptions { kind: Some(DotType::Rounded), gradient, ..DotsOptions::default() }),
        ..Style::default()
    };
    let cool = ["#312e81", "#0f766e"];
    let warm = ["#7e22ce", "#be123c", "#b45309"];
    let rainbow = ["#991b1b", "#9a3412", "#3f6212", "#065f46", "#1e40af", "#6b21a8"];
    let own = |kind, colors: &[&str]| {
        Some(CornerOptions {
            kind: Some(kind),
            gradient: gradient(GradientType::Linear, 0.785, colors),
            ..CornerOptions::default()
        })
    };
    let plates = vec![
        plate("gradient-linear", "linear", dots(gradient(GradientType::Linear, 0.0, &cool))),
        plate(
            "gradient-diagonal",
            "linear, rotation 0.785",
            dots(gradient(GradientType::Linear, 0.785, &warm)),
        ),
        plate(
            "gradient-radial",
            "radial",
            dots(gradient(GradientType::Radial, 0.0, &["#be123c", "#1e1b4b"])),
        ),
        plate("gradient-stops", "six stops", dots(gradient(GradientType::Linear, 1.571, &rainbow))),
        plate(
            "gradient-corners",
            "corners of their own",
            Style {
                corners_square_options: own(CornerType::ExtraRounded, &["#be123c", "#7e22ce"]),
                corners_dot_options: own(CornerType::Dot, &["#7e22ce", "#be123c"]),
                ..base(DotType::ExtraRounded)
            },
        ),
        plate(
            "gradient-background",
            "background",
            Style {
                background_options: Some(BackgroundOptions {
                    gradient: gradient(GradientType::Linear, 0.785, &["#fef9c3", "#fce7f3", "#dbeafe"]),
                    round: Some(0.15),
                    ..BackgroundOptions::default()
                }),
                ..base(DotType::Classy)
            },
        ),
    ];
    Room {
        heading: "Gradients",
        about: "2 to 16 stops, on dots, corners and background; on dots a gradient spans the symbol.",
        columns: 6,
        plates,
    }
}

fn framed(kind: FrameType, frame: FrameOptions, color: &str) -> Style {
    Style {
        dots_options: Some(DotsOptions {
            kind: Some(DotType::Rounded),
            color: Some("#111827".to_owned()),
            ..DotsOptions::default()
        }),
        corners_square_options: Some(CornerOptions {
            kind: Some(CornerType::ExtraRounded),
            ..CornerOptions::default()
        }),
        frame: Some(FrameOptions { kind: Some(kind), color: Some(color.to_owned()), ..frame }),
        ..Style::default()
    }
}

fn frames() -> Room {
    let colors = ["#111827", "#1d4ed8", "#0f766e", "#b91c1c", "#7e22ce", "#b45309"];
    let kinds = FrameType::ALL.iter().filter(|kind| **kind != FrameType::None);
    let mut plates = Vec::new();
    for (index, kind) in kinds.enumerate() {
        let color = colors[index % colors.len()];
        for position in FramePosition::ALL {
            let frame = FrameOptions {
                text: Some("SCAN ME".to_owned()),
                position: Some(*position),
                ..FrameOptions::default()
            };
            let name = format!("frame-{}-{}", kind.as_str(), position.as_str());
            let caption = format!("`{}`, {}", kind.as_str(), position.as_str());
            plates.push(plate(name, caption, framed(*kind, frame, color)));
        }
    }
    Room {
        heading: "Frames",
        about: "`frame.type`, `frame.position`. Outside of a frame the image is transparent.",
        columns: 6,
        plates,
    }
}

fn labels() -> Room {
    let text = |text: &str| FrameOptions { text: Some(text.to_owned()), ..FrameOptions::default() };
    let plates = vec![
        plate("label-short", "short", framed(FrameType::Banner, text("Menu"), "#111827")),
        plate(
            "label-two-lines",
            "two lines",
            framed(FrameType::Banner, text("Scan to join our guest network – no password"), "#1e40af"),
        ),
        plate("label-greek", "Greek", framed(FrameType::Ribbon, text("Σκάναρέ με"), "#1e40af")),
        plate("label-cyrillic", "Cyrillic", framed(FrameType::Tab, text("Сканируй"), "#b91c1c")),
        plate(
            "label-accents",
            "accents",
            framed(FrameType::SpeechBubble, text("Überraschung für Ægir!"), "#0f766e"),
        ),
        plate(
            "label-long-ring",
            "along a ring",
            framed(FrameType::Circle, text("Weekly specials → scan here"), "#4c1d95"),
        ),
        plate(
            "label-text-color",
            "`textColor`",
            framed(
                FrameType::Banner,
                FrameOptions { text_color: Some("#fde047".to_owned()), ..text("10 % OFF") },
                "#111827",
            ),
        ),
        plate("label-none", "no text", framed(FrameType::RoundedBox, text(""), "#0f766e")),
    ];
    Room {
        heading: "Labels",
        about: "Text shrinks to fit, then breaks in two; what is still too long is refused with the length that fits.",
        columns: 4,
        plates,
    }
}

/// Four tiles, as a mosaic has.
const MOSAIC: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
    %3Crect width='14' height='14' rx='3' fill='%231d4ed8'/%3E%3Crect x='18' width='14' height='14' rx='7' fill='%23f59e0b'/%3E\
    %3Crect y='18' width='14' height='14' rx='7' fill='%23059669'/%3E%3Crect x='18' y='18' width='14' height='14' rx='3' fill='%23dc2626'/%3E\
    %3C/svg%3E";
/// A wide one.
const WAVE: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 60 24'%3E\
    %3Crect width='60' height='24' rx='12' fill='%230f766e'/%3E\
    %3Cpath d='M8 13c6-10 10 8 16 0s10 8 16 0 8 6 12 0' fill='none' stroke='white' stroke-width='4' stroke-linecap='round'/%3E%3C/svg%3E";

fn pictures() -> Room {
    let style = |image: &str, level: Level, options: ImageOptions| Style {
        image: Some(image.to_owned()),
        qr_options: Some(QrOptions { error_correction_level: Some(level), ..QrOptions::default() }),
        image_options: Some(options),
        corners_square_options: Some(CornerOptions {
            kind: Some(CornerType::ExtraRounded),
            ..CornerOptions::default()
        }),
        ..base(DotType::Rounded)
    };
    let size = |size: f64| ImageOptions { image_size: Some(size), ..ImageOptions::default() };
    let plates = vec![
        plate("picture-q", "level Q, `imageSize` 0.4", style(MOSAIC, Level::Q, size(0.4))),
        plate("picture-h", "level H, `imageSize` 0.5", style(MOSAIC, Level::H, size(0.5))),
        plate("picture-m", "level M, `imageSize` 0.4", style(MOSAIC, Level::M, size(0.4))),
        plate(
            "picture-margin",
            "`margin` 12",
            style(MOSAIC, Level::H, ImageOptions { margin: Some(12.0), ..size(0.5) }),
        ),
        plate("picture-wide", "wide", style(WAVE, Level::H, ImageOptions { margin: Some(6.0), ..size(0.5) })),
        plate(
            "picture-over-dots",
            "`hideBackgroundDots` false",
            style(MOSAIC, Level::H, ImageOptions { hide_background_dots: Some(false), ..size(0.3) }),
        ),
    ];
    Room {
        heading: "Pictures",
        about: "As large as the level can lose, and never on what a scanner needs to find the symbol.",
        columns: 6,
        plates,
    }
}

fn grounds() -> Room {
    let ground = |color: &str, round: f64| {
        Some(BackgroundOptions {
            color: Some(color.to_owned()),
            round: Some(round),
            ..BackgroundOptions::default()
        })
    };
    let plates = vec![
        plate(
            "ground-transparent",
            "transparent",
            Style { background_options: ground("transparent", 0.0), ..base(DotType::Square) },
        ),
        plate(
            "ground-round",
            "`round` 0.3",
            Style { background_options: ground("#ecfdf5", 0.3), ..base(DotType::ExtraRounded) },
        ),
        plate(
            "shape-circle",
            "`shape` circle",
            Style {
                shape: Some(Shape::Circle),
                background_options: ground("#ffffff", 1.0),
                ..base(DotType::Square)
            },
        ),
        plate(
            "shape-circle-rounded",
            "circle, extra-rounded",
            Style {
                shape: Some(Shape::Circle),
                background_options: ground("#eff6ff", 1.0),
                ..base(DotType::ExtraRounded)
            },
        ),
        plate(
            "shape-circle-close",
            "circle, `quietZone` 2",
            Style { shape: Some(Shape::Circle), quiet_zone: Some(2.0), ..base(DotType::Rounded) },
        ),
    ];
    Room {
        heading: "Backgrounds and circles",
        about: "The ring around a circle says nothing. It keeps the quiet zone.",
        columns: 5,
        plates,
    }
}
