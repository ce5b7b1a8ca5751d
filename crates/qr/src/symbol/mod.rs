//! The symbol: which modules are dark (ISO/IEC 18004:2015, model 2, versions 1–40).
//!
//! The text is cut into segments so that it takes the fewest bits, the bits become codewords with their correction,
//! those become modules, and the mask that is easiest to read is laid over them. That the result is the standard's is
//! proven against an independent encoder, matrix by matrix (`tests/vectors`).
//!
//! Text beyond ASCII is written as UTF-8 and not announced by an ECI: every phone and both our decoders recognise it
//! as such, while several readers, scanners at tills among them, print the announcement or refuse it.

mod codewords;
mod grid;
mod level;
mod mask;
mod segments;
mod tables;

pub use level::{Level, Mode};

use crate::Wrong;
use grid::Grid;
use segments::Segment;

/// Versions of the standard; a symbol of version v has 17 + 4v modules a side.
const VERSION_MAX: u8 = 40;

/// What is wished for beyond the text. By default: level Q, and the rest as is best.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SymbolOptions {
    pub level: Level,
    /// 1–40; the smallest that does, if absent.
    pub version: Option<u8>,
    /// 0–7; the one with the lowest penalty, if absent.
    pub mask: Option<u8>,
    /// All of the text in this mode; the shortest mixture, if absent.
    pub mode: Option<Mode>,
}

/// A square of modules, without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    version: u8,
    level: Level,
    mask: u8,
    text_bits: usize,
    dark: Box<[grid::Row]>,
    function: Box<[grid::Row]>,
}

impl Symbol {
    /// The smallest symbol that holds the text, or the one that is wished for.
    ///
    /// # Errors
    /// If the text is empty, does not fit, or cannot be written in the mode; or an option is out of its range. The
    /// fields are `data` and those of `qrOptions`.
    pub fn encode(text: &str, options: &SymbolOptions) -> Result<Self, Wrong> {
        check(text, options)?;
        let (version, segments) = match options.version {
            Some(version) => (version, fitted(text, options, version)?),
            None => smallest(text, options)?,
        };
        let bits = segments::bits(&segments, version);
        let codewords = codewords::protected(&segments, version, options.level);
        // Rows of one word up to version 11, of two up to 27: most symbols are small, and shifts of one word are fast.
        let (mask, dark, function) = match version {
            1..=11 => Grid::<1>::drawn(version, options.level, &codewords, options.mask),
            12..=27 => Grid::<2>::drawn(version, options.level, &codewords, options.mask),
            _ => Grid::<3>::drawn(version, options.level, &codewords, options.mask),
        };
        Ok(Self { version, level: options.level, mask, text_bits: bits, dark, function })
    }

    /// Modules of a side: 21, 25, … 177.
    pub fn modules(&self) -> u32 {
        tables::modules(self.version) as u32
    }

    /// 1–40.
    pub fn version(&self) -> u8 {
        self.version
    }

    pub fn level(&self) -> Level {
        self.level
    }

    /// 0–7.
    pub fn mask(&self) -> u8 {
        self.mask
    }

    /// From the left and from the top, counted from 0. Outside the symbol all is light.
    pub fn is_dark(&self, x: i32, y: i32) -> bool {
        self.bit(&self.dark, x, y)
    }

    /// Whether a module belongs to one of the three large eyes: a square of seven modules in a corner.
    pub fn is_finder(&self, x: i32, y: i32) -> bool {
        let far = self.modules() as i32 - 7;
        let (near_x, near_y) = ((0..7).contains(&x), (0..7).contains(&y));
        let (far_x, far_y) = ((far..far + 7).contains(&x), (far..far + 7).contains(&y));
        (near_x || far_x) && (near_y || far_y) && !(far_x && far_y)
    }

    /// Whether a module is there for finding and reading the rest: eyes with their separators, timing and alignment
    /// patterns, format and version. Covering one is worse than covering data.
    pub fn is_function(&self, x: i32, y: i32) -> bool {
        self.bit(&self.function, x, y)
    }

    /// How many codewords carry the text; the rest of [`codewords`](Self::codewords) repair them.
    pub fn data_codewords(&self) -> usize {
        tables::data_codewords(self.version, self.level)
    }

    pub fn codewords(&self) -> usize {
        tables::codewords(self.version)
    }

    /// Per cent of all codewords that may be wrong, if the damage is spread over the blocks.
    pub fn correctable_pct(&self) -> f32 {
        let correctable = tables::correctable(self.version, self.level);
        correctable as f32 * 100.0 / self.codewords() as f32
    }

    /// The highest level at which the same text takes no larger symbol.
    pub fn level_max(&self) -> Level {
        let fits = |level: &Level| self.text_bits <= 8 * tables::data_codewords(self.version, *level);
        Level::ALL.into_iter().rev().find(fits).unwrap_or(self.level)
    }

    /// As [`encode`](Self::encode), at the highest level that does not make the symbol larger.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn encode_at_raised_level(text: &str, options: &SymbolOptions) -> Result<Self, Wrong> {
        let symbol = Self::encode(text, options)?;
        let level = symbol.level_max();
        if level == options.level {
            return Ok(symbol);
        }
        Self::encode(text, &SymbolOptions { level, version: Some(symbol.version), ..*options })
    }

    fn bit(&self, rows: &[grid::Row], x: i32, y: i32) -> bool {
        let side = self.modules() as usize;
        let inside = |at: i32| usize::try_from(at).ok().filter(|at| *at < side);
        inside(x).zip(inside(y)).is_some_and(|(x, y)| rows[y][x / 64] >> (x % 64) & 1 == 1)
    }
}

/// Bytes of text that a symbol of this version and level holds, if they are all in byte mode.
pub fn text_bytes_max(version: u8, level: Level) -> usize {
    let header_bits = 4 + usize::from(segments::count_bits(Mode::Byte, version));
    (8 * tables::data_codewords(version, level) - header_bits) / 8
}

fn check(text: &str, options: &SymbolOptions) -> Result<(), Wrong> {
    if text.is_empty() {
        return Err(Wrong::new("data", "required", "a code has to say something"));
    }
    if options.version.is_some_and(|version| !(1..=VERSION_MAX).contains(&version)) {
        return Err(Wrong::new(
            "qrOptions.typeNumber",
            "range",
            "from 1 to 40, or 0 for the smallest that does",
        ));
    }
    if options.mask.is_some_and(|mask| mask > 7) {
        return Err(Wrong::new("qrOptions.mask", "range", "from 0 to 7"));
    }
    Ok(())
}

/// The segments for one version. The count of a segment is longer in larger versions, so they depend on it.
fn cut(text: &str, options: &SymbolOptions, version: u8) -> Result<Vec<Segment>, Wrong> {
    match options.mode {
        None => Ok(segments::shortest(text, version)),
        Some(mode) => segments::single(text, mode),
    }
}

fn smallest(text: &str, options: &SymbolOptions) -> Result<(u8, Vec<Segment>), Wrong> {
    // Not even digits alone, the densest, would fit; and cutting takes time and memory.
    if text.len() <= segments::DIGITS_MAX {
        for class in [1..=9, 10..=26, 27..=VERSION_MAX] {
            let segments = cut(text, options, *class.start())?;
            let bits = segments::bits(&segments, *class.start());
            let fits = |version: &u8| bits <= 8 * tables::data_codewords(*version, options.level);
            if let Some(version) = class.into_iter().find(fits) {
                return Ok((version, segments));
            }
        }
    }
    let most = text_bytes_max(VERSION_MAX, options.level);
    let level = options.level.as_str();
    let mut message = format!(
        "too long: at level {level} a QR code holds at most {most} bytes, and this text has {}",
        text.len()
    );
    let lower = Level::ALL.into_iter().rev().filter(|lower| *lower < options.level).find(|lower| {
        let wish = SymbolOptions { level: *lower, ..*options };
        matches!(fit(text, &wish, VERSION_MAX), Ok(Some(_)))
    });
    if let Some(lower) = lower {
        message.push_str(&format!("; it would fit at level {}", lower.as_str()));
    }
    Err(Wrong::new("data", "length", message))
}

/// The segments for a version that is wished for.
fn fitted(text: &str, options: &SymbolOptions, version: u8) -> Result<Vec<Segment>, Wrong> {
    if let Some(segments) = fit(text, options, version)? {
        return Ok(segments);
    }
    let (needed, _) = smallest(text, &SymbolOptions { version: None, ..*options })?;
    let (most, level) = (text_bytes_max(version, options.level), options.level.as_str());
    let message = format!(
        "version {version} is too small: at level {level} it holds {most} bytes, and this text has {}; \
         the smallest that holds it is {needed}",
        text.len()
    );
    Err(Wrong::new("qrOptions.typeNumber", "range", message))
}

fn fit(text: &str, options: &SymbolOptions, version: u8) -> Result<Option<Vec<Segment>>, Wrong> {
    if text.len() > segments::DIGITS_MAX {
        return Ok(None);
    }
    let segments = cut(text, options, version)?;
    let is_fitting = segments::bits(&segments, version) <= 8 * tables::data_codewords(version, options.level);
    Ok(is_fitting.then_some(segments))
}
