//! Two readers that have nothing in common but the standard.
//!
//! The strict one is the decoder of `rqrr`, of quirc's family: it is told where the modules are, looks at the middle of each, and
//! knows one threshold for the whole symbol and no second try. The lenient one is `rxing`, of ZXing's: it finds the symbol itself,
//! thresholds by neighbourhood, then with one threshold for all, then with light and dark exchanged, as phones do.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::{GlobalHistogramBinarizer, HybridBinarizer};
use rxing::qrcode::QRCodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{Binarizer, BinaryBitmap, DecodeHints, Luma8LuminanceSource, Reader};

use crate::Symbol;

use super::grey::Grey;
use super::sight::Grid;

/// What a reader made of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Right,
    /// Read, and something else than was written.
    Wrong,
    Nothing,
}

impl Seen {
    fn of(read: Option<&[u8]>, expected: &[u8]) -> Self {
        match read {
            Some(read) if read == expected => Self::Right,
            Some(_) => Self::Wrong,
            None => Self::Nothing,
        }
    }
}

/// The strict reader, for one symbol: it says what the data say, wherever the corner squares are.
pub(super) struct Strict {
    side: usize,
    /// What it makes of the perfect symbol. Compared are bytes and not texts: it gives Kanji in Shift JIS, as it found them.
    expected: Vec<u8>,
    /// What looks the same reads the same, and looking is much quicker than decoding.
    known: Vec<(Vec<bool>, Seen)>,
}

impl Strict {
    pub(super) fn of(symbol: &Symbol) -> Self {
        let side = symbol.modules() as usize;
        let modules: Vec<bool> = places(side).map(|(x, y)| symbol.is_dark(x as i32, y as i32)).collect();
        let read = decoded(side, &modules);
        let expected = read.clone().unwrap_or_default();
        let seen = Seen::of(read.as_deref(), &expected);
        Self { side, expected, known: vec![(modules, seen)] }
    }

    /// Told where the modules are.
    pub(super) fn read(&mut self, image: &Grey, grid: Grid) -> Seen {
        let level = |(x, y): (usize, usize)| {
            let (x, y) = grid.center(x as i32, y as i32);
            let inside = |at: i64, length: usize| at.clamp(0, length as i64 - 1) as usize;
            image.luma[inside(y, image.height) * image.width + inside(x, image.width)]
        };
        let levels: Vec<u8> = places(self.side).map(level).collect();
        let sum: u64 = levels.iter().map(|level| u64::from(*level)).sum();
        let mean = (sum / levels.len() as u64) as u8;
        let modules: Vec<bool> = levels.iter().map(|level| *level < mean).collect();
        if let Some((_, seen)) = self.known.iter().find(|(known, _)| *known == modules) {
            return *seen;
        }
        let seen = Seen::of(decoded(self.side, &modules).as_deref(), &self.expected);
        self.known.push((modules, seen));
        seen
    }

    /// Whether a reader of the simplest kind finds the symbol at all: `rqrr` whole, which takes the outermost points of a corner
    /// square for its corners.
    pub(super) fn finds(&self, image: &Grey) -> bool {
        let bytes = guarded(|| {
            let mut prepared =
                rqrr::PreparedImage::prepare_from_greyscale(image.width, image.height, |x, y| {
                    image.luma[y * image.width + x]
                });
            prepared.detect_grids().iter().find_map(|grid| {
                let mut bytes = Vec::new();
                grid.decode_to(&mut bytes).ok().map(|_| bytes)
            })
        });
        bytes.as_deref() == Some(self.expected.as_slice())
    }
}

/// Every module of a symbol, row after row.
fn places(side: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..side * side).map(move |at| (at % side, at / side))
}

fn decoded(side: usize, modules: &[bool]) -> Option<Vec<u8>> {
    guarded(|| {
        let bits = rqrr::SimpleGrid::from_func(side, |x, y| modules[y * side + x]);
        let mut bytes = Vec::new();
        rqrr::Grid::new(bits).decode_to(&mut bytes).ok().map(|_| bytes)
    })
}

pub(super) fn lenient(image: &Grey, expected: &str) -> Seen {
    let seen = lenient_once(image, expected);
    if seen == Seen::Right {
        return seen;
    }
    match lenient_once(&image.inverted(), expected) {
        Seen::Nothing => seen,
        inverted => inverted,
    }
}

fn lenient_once(image: &Grey, expected: &str) -> Seen {
    let source = || {
        let (width, height) = (image.width as u32, image.height as u32);
        Luma8LuminanceSource::new(image.luma.clone(), width, height).ok()
    };
    // Quickly first; only what is hard costs the thorough search.
    let text = guarded(|| read_with(HybridBinarizer::new(source()?), Effort::Quick))
        .or_else(|| guarded(|| read_with(HybridBinarizer::new(source()?), Effort::Thorough)))
        .or_else(|| guarded(|| read_with(GlobalHistogramBinarizer::new(source()?), Effort::Thorough)));
    Seen::of(text.as_deref().map(str::as_bytes), expected.as_bytes())
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Effort {
    Quick,
    Thorough,
}

fn read_with<B: Binarizer>(binarizer: B, effort: Effort) -> Option<String> {
    let hints = DecodeHints {
        TryHarder: Some(effort == Effort::Thorough),
        CharacterSet: Some("UTF-8".to_owned()),
        ..DecodeHints::default()
    };
    let mut bitmap = BinaryBitmap::new(binarizer);
    let read = match effort {
        Effort::Quick => QrReader.decode_with_hints(&mut bitmap, &hints),
        Effort::Thorough => QrReader
            .decode_with_hints(&mut bitmap, &hints)
            .or_else(|_| QRCodeReader::new().decode_with_hints(&mut bitmap, &hints)),
    };
    read.ok().map(|read| read.getText().to_owned())
}

/// A reader that gives up by panicking has read nothing: both are made for photographs, and meet odd drawings here.
fn guarded<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}
