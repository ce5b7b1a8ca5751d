//! Codewords become modules: function patterns, the zigzag of data, and the mask with its format (clauses 7.7 to 7.10).
//!
//! A row is a few machine words, so that masks and their penalties are counted 64 modules at a time.

use super::{Level, mask, tables};

/// A row as it is kept; bit `x % 64` of word `x / 64` is the module in column `x`.
pub(super) type Row = [u64; 3];

/// Modules while they are drawn, in rows of `W` words.
#[derive(Debug, Clone)]
pub(super) struct Grid<const W: usize> {
    pub(super) side: usize,
    pub(super) dark: Vec<[u64; W]>,
    pub(super) function: Vec<[u64; W]>,
}

impl<const W: usize> Grid<W> {
    /// The finished symbol: mask, dark modules, function modules.
    pub(super) fn drawn(
        version: u8,
        level: Level,
        codewords: &[u8],
        wish: Option<u8>,
    ) -> (u8, Box<[Row]>, Box<[Row]>) {
        let side = tables::modules(version);
        let mut grid = Self { side, dark: vec![[0; W]; side], function: vec![[0; W]; side] };
        grid.draw_timing();
        grid.draw_finders();
        grid.draw_alignments(version);
        grid.draw_version(version);
        grid.draw_format(level, 0);
        grid.place(codewords);
        let masked = |number: u8| {
            let mut masked = grid.clone();
            masked.apply_mask(number);
            masked.draw_format(level, number);
            masked
        };
        let (number, masked) = match wish {
            Some(number) => (number, masked(number)),
            None => {
                let mut best = (0, masked(0));
                let mut least = mask::penalty(&best.1);
                for number in 1..8 {
                    let candidate = masked(number);
                    let penalty = mask::penalty(&candidate);
                    if penalty < least {
                        (least, best) = (penalty, (number, candidate));
                    }
                }
                best
            }
        };
        (number, kept(&masked.dark), kept(&masked.function))
    }

    fn set(&mut self, x: usize, y: usize, is_dark: bool) {
        let bit = 1 << (x % 64);
        self.function[y][x / 64] |= bit;
        if is_dark {
            self.dark[y][x / 64] |= bit;
        } else {
            self.dark[y][x / 64] &= !bit;
        }
    }

    fn draw_timing(&mut self) {
        for at in 0..self.side {
            self.set(at, 6, at % 2 == 0);
            self.set(6, at, at % 2 == 0);
        }
    }

    /// Eyes with the light line around them.
    fn draw_finders(&mut self) {
        let (side, far) = (self.side, self.side - 7);
        for (left, top) in [(0, 0), (far, 0), (0, far)] {
            let around = |start: usize| start.saturating_sub(1)..(start + 8).min(side);
            for y in around(top) {
                for x in around(left) {
                    let distance = x.abs_diff(left + 3).max(y.abs_diff(top + 3));
                    self.set(x, y, distance != 2 && distance != 4);
                }
            }
        }
    }

    fn draw_alignments(&mut self, version: u8) {
        let centres = tables::alignments(version);
        let Some(last) = centres.last().copied() else { return };
        for &y in &centres {
            for &x in &centres {
                // There the eyes are.
                if matches!((x, y), (6, 6)) || (x, y) == (6, last) || (x, y) == (last, 6) {
                    continue;
                }
                for top in y - 2..=y + 2 {
                    for left in x - 2..=x + 2 {
                        self.set(left, top, left.abs_diff(x).max(top.abs_diff(y)) != 1);
                    }
                }
            }
        }
    }

    /// From version 7 on, the version twice: six bits with a Golay code of twelve.
    fn draw_version(&mut self, version: u8) {
        if version < 7 {
            return;
        }
        let mut remainder = u32::from(version);
        for _ in 0..12 {
            remainder = (remainder << 1) ^ ((remainder >> 11) * 0x1f25);
        }
        let bits = u32::from(version) << 12 | remainder;
        for at in 0..18 {
            let (far, near) = (self.side - 11 + at % 3, at / 3);
            let is_dark = bits >> at & 1 == 1;
            self.set(far, near, is_dark);
            self.set(near, far, is_dark);
        }
    }

    /// Level and mask twice: five bits with a BCH code of ten, and a mask of their own so that they are never all light.
    fn draw_format(&mut self, level: Level, mask: u8) {
        let level = match level {
            Level::L => 1,
            Level::M => 0,
            Level::Q => 3,
            Level::H => 2,
        };
        let wish = level << 3 | u32::from(mask);
        let mut remainder = wish;
        for _ in 0..10 {
            remainder = (remainder << 1) ^ ((remainder >> 9) * 0x537);
        }
        let bits = (wish << 10 | remainder) ^ 0x5412;
        let side = self.side;
        for at in 0..15 {
            let is_dark = bits >> at & 1 == 1;
            let (x, y) = match at {
                0..=5 => (8, at),
                6 => (8, 7),
                7 => (8, 8),
                8 => (7, 8),
                _ => (14 - at, 8),
            };
            self.set(x, y, is_dark);
            let (x, y) = if at < 8 { (side - 1 - at, 8) } else { (8, side - 15 + at) };
            self.set(x, y, is_dark);
        }
        self.set(8, side - 8, true);
    }

    /// Two columns at a time from the right, upwards and downwards in turn, around the vertical timing pattern.
    fn place(&mut self, codewords: &[u8]) {
        let mut bits = codewords.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
        let rights = (1..self.side).rev().step_by(2).map(|right| if right <= 6 { right - 1 } else { right });
        for (turn, right) in rights.enumerate() {
            for step in 0..self.side {
                let y = if turn % 2 == 0 { self.side - 1 - step } else { step };
                for x in [right, right - 1] {
                    if self.function[y][x / 64] >> (x % 64) & 1 == 0 {
                        // What is left over stays light.
                        let bit = bits.next().unwrap_or_default();
                        self.dark[y][x / 64] |= u64::from(bit) << (x % 64);
                    }
                }
            }
        }
    }

    fn apply_mask(&mut self, number: u8) {
        let patterns = &mask::PATTERNS[usize::from(number)];
        let inside = columns::<W>(self.side);
        for (y, (row, function)) in self.dark.iter_mut().zip(&self.function).enumerate() {
            for word in 0..W {
                row[word] ^= patterns[y % mask::PERIOD][word] & !function[word] & inside[word];
            }
        }
    }
}

/// A bit for each of the first `count` columns.
pub(super) fn columns<const W: usize>(count: usize) -> [u64; W] {
    std::array::from_fn(|word| match count.saturating_sub(word * 64) {
        0 => 0,
        bits @ 1..64 => (1 << bits) - 1,
        _ => u64::MAX,
    })
}

fn kept<const W: usize>(rows: &[[u64; W]]) -> Box<[Row]> {
    rows.iter().map(|row| std::array::from_fn(|word| row.get(word).copied().unwrap_or_default())).collect()
}
