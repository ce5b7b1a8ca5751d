//! Segments become bits, bits codewords, and codewords get their correction (clauses 7.4 to 7.6).
//!
//! Correction is Reed–Solomon over GF(2⁸) modulo x⁸ + x⁴ + x³ + x² + 1, in blocks that are then interleaved, so that
//! a spot on the print hurts each of them a little.

use super::segments::{Segment, count_bits};
use super::{Level, Mode, tables};

/// Data and correction codewords in the order in which they are placed.
pub(super) fn protected(segments: &[Segment], version: u8, level: Level) -> Vec<u8> {
    let data = padded(segments, version, tables::data_codewords(version, level));
    let blocks = tables::blocks(version, level);
    let correction_len = tables::correction_per_block(version, level);
    let total = tables::codewords(version);
    let (short_len, long_blocks) = (data.len() / blocks, data.len() % blocks);
    let generator = generator(correction_len);
    let mut out = vec![0; total];
    let mut rest = data.as_slice();
    for block in 0..blocks {
        let is_long = block >= blocks - long_blocks;
        let (own, others) = rest.split_at(short_len + usize::from(is_long));
        rest = others;
        for (at, byte) in own.iter().enumerate() {
            // The last codeword of long blocks stands behind those of all blocks.
            let place = if at < short_len {
                at * blocks + block
            } else {
                at * blocks + block - (blocks - long_blocks)
            };
            out[place] = *byte;
        }
        for (at, byte) in remainder(own, &generator).into_iter().take(correction_len).enumerate() {
            out[data.len() + at * blocks + block] = byte;
        }
    }
    out
}

/// The bits of the segments, a terminator, and padding.
fn padded(segments: &[Segment], version: u8, len: usize) -> Vec<u8> {
    let mut bits = Bits { bytes: Vec::with_capacity(len + 4), held: 0, held_bits: 0 };
    for segment in segments {
        let mode = match segment.mode {
            Mode::Numeric => 0b0001,
            Mode::Alphanumeric => 0b0010,
            Mode::Byte => 0b0100,
            Mode::Kanji => 0b1000,
        };
        bits.push(mode, 4);
        bits.push(segment.count as u32, count_bits(segment.mode, version));
        let values = segment.values.iter().map(|value| u32::from(*value));
        match segment.mode {
            Mode::Numeric => {
                for digits in segment.values.chunks(3) {
                    let number = digits.iter().fold(0, |number, digit| number * 10 + u32::from(*digit));
                    bits.push(number, [4, 7, 10][digits.len() - 1]);
                }
            }
            Mode::Alphanumeric => {
                for pair in segment.values.chunks(2) {
                    let number = pair.iter().fold(0, |number, letter| number * 45 + u32::from(*letter));
                    bits.push(number, [6, 11][pair.len() - 1]);
                }
            }
            Mode::Byte => values.for_each(|byte| bits.push(byte, 8)),
            Mode::Kanji => values.for_each(|character| bits.push(character, 13)),
        }
    }
    let left = 8 * len - (bits.bytes.len() * 8 + usize::from(bits.held_bits));
    bits.push(0, left.min(4) as u8);
    bits.push(0, (8 - bits.held_bits) % 8);
    let padding = [0xec, 0x11].into_iter().cycle().take(len - bits.bytes.len());
    bits.bytes.extend(padding);
    bits.bytes
}

struct Bits {
    bytes: Vec<u8>,
    held: u32,
    held_bits: u8,
}

impl Bits {
    /// The lowest `count` bits of `value`, at most 16, highest first.
    fn push(&mut self, value: u32, count: u8) {
        self.held = self.held << count | value;
        self.held_bits += count;
        while self.held_bits >= 8 {
            self.held_bits -= 8;
            self.bytes.push((self.held >> self.held_bits) as u8);
        }
        self.held &= (1 << self.held_bits) - 1;
    }
}

/// Powers of 2 in the field, twice over, and their logarithms.
const POWERS: [u8; 510] = powers();
const LOGARITHMS: [u8; 256] = logarithms();
/// Correction codewords of a block never exceed this.
const CORRECTION_MAX: usize = 30;

const fn powers() -> [u8; 510] {
    let mut powers = [0; 510];
    let mut value = 1_u32;
    let mut at = 0;
    while at < 510 {
        powers[at] = value as u8;
        value <<= 1;
        if value > 0xff {
            value ^= 0x11d;
        }
        at += 1;
    }
    powers
}

const fn logarithms() -> [u8; 256] {
    let mut logarithms = [0; 256];
    let mut at = 0;
    while at < 255 {
        logarithms[POWERS[at] as usize] = at as u8;
        at += 1;
    }
    logarithms
}

/// Logarithms of the coefficients of (x − 2⁰)(x − 2¹)…, highest power first, without the leading 1.
fn generator(degree: usize) -> Vec<u8> {
    let mut coefficients = vec![0_u8; degree];
    if let Some(last) = coefficients.last_mut() {
        *last = 1;
    }
    for root in 0..degree {
        for at in 0..degree {
            let next = coefficients.get(at + 1).copied().unwrap_or_default();
            coefficients[at] = times(coefficients[at], root) ^ next;
        }
    }
    // No coefficient of these polynomials is 0, so each has a logarithm.
    coefficients.into_iter().map(|coefficient| LOGARITHMS[usize::from(coefficient)]).collect()
}

/// `value` times a power of 2.
fn times(value: u8, power: usize) -> u8 {
    if value == 0 { 0 } else { POWERS[usize::from(LOGARITHMS[usize::from(value)]) + power] }
}

/// The remainder of the block by the generator; as many bytes as that has, the rest 0.
fn remainder(block: &[u8], generator: &[u8]) -> [u8; CORRECTION_MAX] {
    let mut remainder = [0_u8; CORRECTION_MAX];
    let degree = generator.len();
    for byte in block {
        let factor = byte ^ remainder[0];
        remainder.copy_within(1..degree, 0);
        remainder[degree - 1] = 0;
        if factor != 0 {
            let power = usize::from(LOGARITHMS[usize::from(factor)]);
            for (byte, logarithm) in remainder.iter_mut().zip(generator) {
                *byte ^= POWERS[power + usize::from(*logarithm)];
            }
        }
    }
    remainder
}
