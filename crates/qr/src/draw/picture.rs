//! Where the picture in the middle lies, and which modules it covers.
//!
//! It covers an odd number of modules each way, so that it lies on modules and in the centre. It never touches finder, timing,
//! format or version patterns: what it covers costs codewords, and nothing that a scanner needs to find the symbol.

use crate::style::Design;
use crate::{Level, Symbol, Wrong};

/// The first modules, from an edge, that are free: beyond the timing patterns, and beyond finder and format patterns.
const BEYOND_TIMING: u32 = 7;
const BEYOND_FORMAT: u32 = 9;

/// Modules that a picture covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Covered {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// What share of a symbol a level can lose, in the option object's own reckoning.
pub(crate) fn recoverable(level: Level) -> f32 {
    match level {
        Level::L => 0.07,
        Level::M => 0.15,
        Level::Q => 0.25,
        Level::H => 0.30,
    }
}

/// The largest place for a picture of this shape: as wide as `image_size` times the level allows, as high as the picture asks.
///
/// # Errors
/// If not even one module is left for it.
pub(crate) fn place(design: &Design, symbol: &Symbol, aspect: f32) -> Result<Covered, Wrong> {
    let modules = symbol.modules();
    let share = design.image_size * recoverable(design.level);
    let most = (share * (modules * modules) as f32) as u32;
    let fits = |width: u32, height: u32| {
        if width * height > most || width.max(height) > modules {
            return None;
        }
        let (x, y) = ((modules - width) / 2, (modules - height) / 2);
        (x.min(y) >= BEYOND_TIMING && x.max(y) >= BEYOND_FORMAT).then_some(Covered { x, y, width, height })
    };
    let mut best = None;
    for width in (1..=modules).step_by(2) {
        let height = (width as f32 / aspect).ceil().clamp(1.0, modules as f32) as u32 | 1;
        best = fits(width, height).or(best);
    }
    best.ok_or_else(|| {
        let message = format!(
            "leaves no module for the picture: it may cover {most} of {modules} × {modules}; raise imageSize or the level"
        );
        Wrong::new("imageOptions.imageSize", "range", message)
    })
}
