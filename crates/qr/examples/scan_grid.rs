//! Draws the grid of `make test-scan`: every shipped style, and faulty ones, at every level, with and without a logo, in several
//! sizes and formats; or, for every push, a fixed sample of it with what was once missed. Writes the images and `grid.tsv`: file, verdict, score, style, level, logo, pixels, format, text.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a command line program")]

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use tessera_qr::{Code, Format, Grade, Style};

const TEXT: &str = "https://tsr.example/abcdefg?qr=1";
const LONG_TEXT: &str = "https://tsr.example/campaigns/spring/poster-in-the-window?utm_source=poster&utm_medium=print&utm_campaign=spring&qr=1";
/// A logo of shapes with a transparent ground, and a full square, as photographs are.
const LOGOS: [(&str, Option<&str>); 3] = [
    ("none", None),
    (
        "badge",
        Some(
            "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='40' height='40'%3E%3Ccircle cx='20' cy='20' r='20' fill='%23e4572e'/%3E%3Cpath d='M12 20l6 6 11-12' fill='none' stroke='%23fff' stroke-width='4'/%3E%3C/svg%3E",
        ),
    ),
    (
        "square",
        Some(
            "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='40' height='40'%3E%3Cpath d='M0 0h40v40H0z' fill='%23264653'/%3E%3Cpath d='M8 8h10v10H8zM22 22h10v10H22z' fill='%23e9c46a'/%3E%3C/svg%3E",
        ),
    ),
];

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(folder), Some(extent)) = (args.next(), args.next()) else {
        println!("scan_grid FOLDER small|full");
        return ExitCode::FAILURE;
    };
    let outcome = match extent.as_str() {
        "small" => draw(Path::new(&folder), &[240.0, MIDDLE_PX, LARGE_PX], Extent::Small),
        _ => draw(Path::new(&folder), &[200.0, MIDDLE_PX, LARGE_PX], Extent::Full),
    };
    match outcome {
        Ok(count) => println!("{count} images"),
        Err(wrong) => {
            println!("scan_grid: {wrong}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// What ships, and what must not pass for good.
fn styles() -> Vec<(String, Style)> {
    let faulty: [(&str, Value); 14] = [
        ("faulty-white", json!({ "dotsOptions": { "color": "#fff" } })),
        ("faulty-almost-white", json!({ "dotsOptions": { "color": "#fafafa" } })),
        ("faulty-pale", json!({ "dotsOptions": { "color": "#e8e8e8" } })),
        ("faulty-light-grey", json!({ "dotsOptions": { "color": "#c8c8c8" } })),
        ("faulty-yellow", json!({ "dotsOptions": { "color": "#ffd400" } })),
        (
            "faulty-grey-on-grey",
            json!({ "dotsOptions": { "color": "#777" }, "backgroundOptions": { "color": "#888" } }),
        ),
        (
            "faulty-inverted",
            json!({ "dotsOptions": { "color": "#fff" }, "backgroundOptions": { "color": "#111" } }),
        ),
        ("faulty-no-quiet-zone", json!({ "quietZone": 0 })),
        ("faulty-one-quiet-module", json!({ "quietZone": 1 })),
        ("faulty-transparent", json!({ "backgroundOptions": { "color": "transparent" } })),
        ("faulty-huge-logo", json!({ "imageOptions": { "imageSize": 1 } })),
        ("faulty-hidden-corners", json!({ "cornersSquareOptions": { "color": "#fff" } })),
        ("faulty-hidden-cores", json!({ "cornersDotOptions": { "color": "#fff" } })),
        (
            "faulty-fading-out",
            json!({ "dotsOptions": { "gradient": { "type": "linear", "colorStops": [
                { "offset": 0, "color": "#000" }, { "offset": 1, "color": "#fff" } ] } } }),
        ),
    ];
    let shipped = Style::presets().iter().map(|(name, style)| ((*name).to_owned(), style.clone()));
    let faulty = faulty
        .into_iter()
        .filter_map(|(name, json)| Some((name.to_owned(), serde_json::from_value(json).ok()?)));
    shipped.chain(faulty).collect()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Extent {
    Small,
    Full,
}

/// Every format and the long text at one size: what differs between sizes is the size.
const MIDDLE_PX: f64 = 400.0;
const LARGE_PX: f64 = 800.0;
const LEVELS: [&str; 4] = ["L", "M", "Q", "H"];
/// Of the small grid one cell in so many is drawn. A prime, and so no divisor of the 72 cells of a style: every pairing of level,
/// logo, size and text comes up with some style.
const SAMPLED_EVERY: usize = 11;

/// What was missed once, by zbar, while the verdict said good: a picture over the middle alignment pattern, and corners of true
/// circles (ADR 15).
fn was_missed(style: &str, level: &str, logo: &str, width: f64, text: &str) -> bool {
    let is_over_alignment = matches!((level, logo), ("M", "square") | ("Q", "badge"))
        && (width, text) == (MIDDLE_PX, LONG_TEXT)
        && ["classic", "rounded", "dots", "leaf", "card"].contains(&style);
    let has_round_corners = ["dots", "aurora", "ring"].contains(&style);
    is_over_alignment || (has_round_corners && (level, width, text) == ("H", LARGE_PX, TEXT))
}

fn shown_as(extent: Extent, width: f64, text: &str) -> &'static [Format] {
    match (extent, width == MIDDLE_PX, text == TEXT) {
        (Extent::Full, true, true) => Format::ALL,
        (Extent::Full, true, false) | (Extent::Full, false, true) | (Extent::Small, ..) => &[Format::Png],
        _ => &[],
    }
}

fn draw(folder: &Path, sizes: &[f64], extent: Extent) -> Result<usize, String> {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let mut table = String::new();
    let (mut count, mut cell) = (0, 0);
    for (name, style) in styles() {
        for level in LEVELS {
            for (logo, image) in &LOGOS {
                for width in sizes {
                    for text in [TEXT, LONG_TEXT] {
                        let formats = shown_as(extent, *width, text);
                        cell += 1;
                        let is_drawn = extent == Extent::Full
                            || cell % SAMPLED_EVERY == 0
                            || was_missed(&name, level, logo, *width, text);
                        if formats.is_empty() || !is_drawn {
                            continue;
                        }
                        let over = json!({ "width": width, "image": image, "qrOptions": { "errorCorrectionLevel": level } });
                        let over: Style = serde_json::from_value(over).map_err(|error| error.to_string())?;
                        let mut style = style.merged(&over);
                        (style.height, style.unit) = (None, None);
                        // A logo may be larger than what its place has room for: that is refused, and no image.
                        let Ok(code) = Code::build(text, &style, None) else { continue };
                        let verdict = code.verdict();
                        let grade = match verdict.verdict {
                            Grade::Good => "good",
                            Grade::Risky => "risky",
                            Grade::Fails => "fails",
                        };
                        for format in formats {
                            count += 1;
                            let file = format!("{count:05}.{}", format.as_str());
                            let bytes = code.image(*format).map_err(|error| error.to_string())?;
                            fs::write(folder.join(&file), bytes).map_err(|error| error.to_string())?;
                            let row = format!(
                                "{file}\t{grade}\t{}\t{name}\t{level}\t{logo}\t{width}\t{}\t{text}\n",
                                verdict.score,
                                format.as_str()
                            );
                            table.push_str(&row);
                        }
                    }
                }
            }
        }
    }
    fs::write(folder.join("grid.tsv"), table).map_err(|error| error.to_string())?;
    Ok(count)
}
