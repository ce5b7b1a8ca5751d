//! Two readers that have nothing in common but the standard.
//!
//! The strict one is `rqrr`, of quirc's family: one global idea of dark, no second try. The lenient one is `rxing`, of ZXing's:
//! it thresholds by neighbourhood, tries again with one threshold for all, then with light and dark exchanged, as phones do.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::{GlobalHistogramBinarizer, HybridBinarizer};
use rxing::qrcode::QRCodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{Binarizer, BinaryBitmap, DecodeHints, Luma8LuminanceSource, Reader};

use super::grey::Grey;

/// What a reader made of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Right,
    /// Read, and something else than was written.
    Wrong,
    Nothing,
}

impl Seen {
    fn of(text: Option<String>, expected: &str) -> Self {
        match text {
            Some(text) if text == expected => Self::Right,
            Some(_) => Self::Wrong,
            None => Self::Nothing,
        }
    }
}

pub(super) fn strict(image: &Grey, expected: &str) -> Seen {
    let text = guarded(|| {
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(image.width, image.height, |x, y| {
            image.luma[y * image.width + x]
        });
        prepared.detect_grids().iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
    });
    Seen::of(text, expected)
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
    Seen::of(text, expected)
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
fn guarded(read: impl FnOnce() -> Option<String>) -> Option<String> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}
