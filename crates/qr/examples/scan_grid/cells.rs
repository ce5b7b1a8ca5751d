//! What the grid of `make test-scan` is made of: styles, levels, pictures, sizes and texts.
//!
//! Limits of the verdict may be fitted to the first set of texts only. The second is asked as strictly and never looked at for
//! that: what holds for it was not tuned for it.

use serde_json::{Value, json};
use tessera_qr::{Format, Style};

pub const LEVELS: [&str; 4] = ["L", "M", "Q", "H"];
/// Every format is drawn at the middle size: what differs between sizes is the size.
pub const WIDTHS: [f64; 3] = [200.0, MIDDLE_PX, 800.0];
pub const MIDDLE_PX: f64 = 400.0;

/// A contact, as it stands in a symbol.
const CONTACT: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\nTEL;TYPE=CELL:+442079460123\r\nEMAIL:ada@example.com\r\nEND:VCARD\r\n";
const CAMPAIGN: &str = "https://tsr.example/campaigns/spring/poster-in-the-window?utm_source=poster&utm_medium=print&utm_campaign=spring&qr=1";

pub const FITTED: [&str; 6] = [
    "https://tsr.example/abcdefg?qr=1",
    CONTACT,
    "https://tsr.example/a1",
    "314159265358979323846264338327950288",
    "https://example.com/r/9Qm4xZ2?qr=1",
    CAMPAIGN,
];
pub const HELD_OUT: [&str; 4] = [
    "WIFI:T:WPA;S:Corner Cafe;P:latte-art-2026;;",
    "HTTPS://TSR.EXAMPLE/R/7KX2",
    "https://shop.example.org/products/espresso-cups-set-of-six?ref=counter-card",
    "mailto:orders@example.org?subject=Table%2014&body=Two%20flat%20whites%20and%20the%20bill%2C%20please",
];

/// A logo of shapes with a transparent ground, and a full square, as photographs are.
pub const LOGOS: [(&str, Option<&str>); 3] = [
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

/// One image of the grid, in one or in every format.
#[derive(Debug, Clone)]
pub struct Cell {
    /// `fitted`, `held-out`, or `faulty`: what must not pass for good.
    pub set: &'static str,
    pub name: String,
    pub style: Style,
    pub level: &'static str,
    pub logo: &'static str,
    pub width: f64,
    pub formats: &'static [Format],
    pub text: &'static str,
}

/// Of the small grid one cell in so many is drawn: a prime, and so no divisor of the cells of a style. Every pairing of level, logo,
/// size and text comes up with some style.
const SAMPLED_EVERY: usize = 11;

/// All of it, or for every push a fixed sample with what was once missed.
pub fn cells(is_sample: bool) -> Vec<Cell> {
    let shipped = shipped();
    let all = shipped.into_iter().chain(faulty()).enumerate();
    all.filter(|(at, cell)| !is_sample || at % SAMPLED_EVERY == 0 || was_missed(cell))
        .map(|(_, cell)| cell)
        .collect()
}

/// The cells that words ask for: those of one kind are alternatives, those of different kinds belong together.
pub fn narrowed(mut cells: Vec<Cell>, words: &[String]) -> Result<Vec<Cell>, String> {
    let kinds: [fn(&Cell) -> String; 5] = [
        |cell| cell.name.clone(),
        |cell| cell.level.to_owned(),
        |cell| cell.logo.to_owned(),
        |cell| cell.width.to_string(),
        |cell| cell.set.to_owned(),
    ];
    if let Some(word) =
        words.iter().find(|word| !kinds.iter().any(|kind| cells.iter().any(|cell| kind(cell) == **word)))
    {
        return Err(format!("no cell has a style, level, logo, width or set `{word}`"));
    }
    for kind in kinds {
        let is_asked = |cell: &Cell| words.contains(&kind(cell));
        if cells.iter().any(is_asked) {
            cells.retain(is_asked);
        }
    }
    Ok(cells)
}

/// A text of each set for every look; which one moves on with look and style, so that every text meets every style at every level,
/// and with every picture.
fn shipped() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (at, (name, style)) in Style::presets().iter().enumerate() {
        each_look(name, style, &mut |cell, look| {
            let turn = at + look;
            let texts =
                [("fitted", FITTED[turn % FITTED.len()]), ("held-out", HELD_OUT[turn % HELD_OUT.len()])];
            for (index, (set, text)) in texts.into_iter().enumerate() {
                // Every format once a look.
                let is_shown = cell.width == MIDDLE_PX && index == turn % texts.len();
                let formats = if is_shown { Format::ALL } else { &[Format::Png] };
                cells.push(Cell { set, text, formats, ..cell.clone() });
            }
        });
    }
    cells
}

/// Each with one text and in one size: nothing has to be delivered here.
fn faulty() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (at, (name, style)) in faults().iter().enumerate() {
        each_look(name, style, &mut |cell, look| {
            if cell.width == MIDDLE_PX {
                cells.push(Cell { set: "faulty", text: FITTED[(at + look) % FITTED.len()], ..cell });
            }
        });
    }
    cells
}

/// Every level, picture and size of a style, numbered.
fn each_look(name: &str, style: &Style, then: &mut impl FnMut(Cell, usize)) {
    let mut look = 0;
    for level in LEVELS {
        for (logo, image) in LOGOS {
            for width in WIDTHS {
                let over =
                    json!({ "width": width, "image": image, "qrOptions": { "errorCorrectionLevel": level } });
                let Ok(over) = serde_json::from_value::<Style>(over) else { continue };
                let mut style = style.merged(&over);
                (style.height, style.unit) = (None, None);
                let name = name.to_owned();
                then(
                    Cell { set: "", name, style, level, logo, width, formats: &[Format::Png], text: "" },
                    look,
                );
                look += 1;
            }
        }
    }
}

/// What zbar missed once while the verdict said good: a picture over the middle alignment pattern, and corners of true circles
/// (ADR 15).
fn was_missed(cell: &Cell) -> bool {
    let is_over_alignment = matches!((cell.level, cell.logo), ("M", "square") | ("Q", "badge"))
        && (cell.width, cell.text) == (MIDDLE_PX, CAMPAIGN)
        && ["classic", "rounded", "dots", "leaf", "card"].contains(&cell.name.as_str());
    let has_round_corners = ["dots", "aurora", "ring"].contains(&cell.name.as_str());
    is_over_alignment
        || (has_round_corners
            && (cell.level, cell.logo, cell.width, cell.text) == ("H", "none", WIDTHS[2], FITTED[0]))
}

fn faults() -> Vec<(String, Style)> {
    let faults: [(&str, Value); 14] = [
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
    let read = |(name, json): (&str, Value)| Some((name.to_owned(), serde_json::from_value(json).ok()?));
    faults.into_iter().filter_map(read).collect()
}
