//! The numbers of the standard: how many codewords there are, and into how many blocks they are divided (ISO/IEC
//! 18004:2015, tables 1 and 9), and where alignment patterns lie (annex E).

use super::Level;

/// Correction codewords of each block, by level and version.
const CORRECTION: [[u8; 40]; 4] = [
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26,
        28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ],
    [
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30,
        28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
];

/// Blocks, by level and version.
const BLOCKS: [[u8; 40]; 4] = [
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16,
        17, 18, 19, 19, 20, 21, 22, 24, 25,
    ],
    [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28,
        29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
    [
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35,
        38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
    ],
    [
        1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42,
        45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
    ],
];

pub(super) const fn modules(version: u8) -> usize {
    17 + 4 * version as usize
}

pub(super) fn blocks(version: u8, level: Level) -> usize {
    BLOCKS[level as usize][usize::from(version) - 1].into()
}

pub(super) fn correction_per_block(version: u8, level: Level) -> usize {
    CORRECTION[level as usize][usize::from(version) - 1].into()
}

/// All codewords: what function patterns leave over, in whole bytes.
pub(super) fn codewords(version: u8) -> usize {
    let version = usize::from(version);
    let mut bits = (16 * version + 128) * version + 64;
    if version >= 2 {
        let rows = version / 7 + 2;
        bits -= (25 * rows - 10) * rows - 55;
    }
    if version >= 7 {
        bits -= 36;
    }
    bits / 8
}

pub(super) fn data_codewords(version: u8, level: Level) -> usize {
    codewords(version) - blocks(version, level) * correction_per_block(version, level)
}

/// Wrong codewords that can be put right. In the smallest symbols some of the correction guards against reading what
/// was never written.
pub(super) fn correctable(version: u8, level: Level) -> usize {
    match (version, level) {
        (1, Level::L) => 2,
        (1, Level::M) | (2, Level::L) => 4,
        _ => blocks(version, level) * (correction_per_block(version, level) / 2),
    }
}

/// Centres of alignment patterns, along either axis, ascending. None in version 1.
pub(super) fn alignments(version: u8) -> Vec<usize> {
    if version == 1 {
        return Vec::new();
    }
    let count = usize::from(version) / 7 + 2;
    // Version 32 is the one for which the formula does not hold.
    let step = match version {
        32 => 26,
        _ => (usize::from(version) * 4 + count * 2 + 1) / (count * 2 - 2) * 2,
    };
    let last = modules(version) - 7;
    let mut centres: Vec<usize> = (0..count - 1).map(|back| last - back * step).collect();
    centres.push(6);
    centres.reverse();
    centres
}
