//! Modules around a symbol that say nothing, up to a circle.
//!
//! They are not drawn by lot: each is a bit of a hash of the symbol and of its place, so one text has one ring, and no part of it
//! can look like a finder pattern by being a copy of one.

use super::outline::Mask;
use crate::Symbol;

/// A circle of modules around a symbol.
#[derive(Debug)]
pub(super) struct Ring {
    /// Modules across; the symbol is in the middle.
    pub across: u32,
    pub mask: Mask,
}

/// The circle goes around the corners of symbol and quiet zone.
pub(super) fn ring(symbol: &Symbol, quiet: u32) -> Ring {
    let inner = symbol.modules() + 2 * quiet;
    let across = (inner as f32 * std::f32::consts::SQRT_2).ceil() as u32;
    // Odd as the symbol is, so that the modules of both lie on one grid.
    let across = across | 1;
    let first = (across - inner) / 2;
    let seed = seed(symbol);
    let mut mask = Mask::new(across as usize);
    for y in 0..across {
        for x in 0..across {
            let is_inside = (first..first + inner).contains(&x) && (first..first + inner).contains(&y);
            if !is_inside && is_in_circle(x, y, across) && bit(seed, x, y) {
                mask.set(x as usize, y as usize, true);
            }
        }
    }
    Ring { across, mask }
}

/// Whether all of a module lies in the circle, but for its outer corner.
fn is_in_circle(x: u32, y: u32, across: u32) -> bool {
    let middle = (across as f32 - 1.0) / 2.0;
    let (x, y) = (x as f32 - middle, y as f32 - middle);
    (x * x + y * y).sqrt() <= across as f32 / 2.0 - 0.5
}

/// FNV-1a over the modules.
fn seed(symbol: &Symbol) -> u64 {
    let side = symbol.modules() as i32;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for y in 0..side {
        for x in 0..side {
            hash = (hash ^ u64::from(symbol.is_dark(x, y))).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// The finalizer of SplitMix64.
fn bit(seed: u64, x: u32, y: u32) -> bool {
    let mut mixed = seed ^ (u64::from(x) << 32 | u64::from(y)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) & 1 == 1
}
