//! The text, cut into segments of modes so that it takes the fewest bits.
//!
//! The shortest way is found by dynamic programming over characters: what it costs to have written everything so far
//! and to be in a mode. Kanji mode is used only on request: it would save a third, but some readers hand its characters
//! on as bytes of Shift JIS, or guess that the bytes around them are Japanese too.

use super::Mode;
use crate::Wrong;

/// Digits in the largest symbol; no text of more bytes fits.
pub(super) const DIGITS_MAX: usize = 7_089;

/// What texts are cut into.
const MIXED: [Mode; 3] = [Mode::Numeric, Mode::Alphanumeric, Mode::Byte];
/// Costs more than any text that is cut.
const UNREACHABLE: u32 = u32::MAX / 2;

/// A run of characters in one mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) mode: Mode,
    /// Characters; bytes in byte mode.
    pub(super) count: usize,
    /// What is written, value by value: digits, positions in the alphabet, bytes, or 13-bit numbers.
    pub(super) values: Vec<u16>,
}

/// Bits of the count in a segment's header (table 3).
pub(super) const fn count_bits(mode: Mode, version: u8) -> u8 {
    let class = match version {
        ..=9 => 0,
        10..=26 => 1,
        _ => 2,
    };
    match mode {
        Mode::Numeric => [10, 12, 14][class],
        Mode::Alphanumeric => [9, 11, 13][class],
        Mode::Byte => [8, 16, 16][class],
        Mode::Kanji => [8, 10, 12][class],
    }
}

/// Bits of all segments with their headers. More than any symbol holds, if a count does not fit into its header.
pub(super) fn bits(segments: &[Segment], version: u8) -> usize {
    let bits = |segment: &Segment| {
        let count_bits = count_bits(segment.mode, version);
        if segment.count >> count_bits > 0 {
            return 8 * 4_096;
        }
        4 + usize::from(count_bits) + body_bits(segment.mode, segment.count)
    };
    segments.iter().map(bits).sum()
}

fn body_bits(mode: Mode, count: usize) -> usize {
    match mode {
        Mode::Numeric => count / 3 * 10 + [0, 4, 7][count % 3],
        Mode::Alphanumeric => count / 2 * 11 + count % 2 * 6,
        Mode::Byte => count * 8,
        Mode::Kanji => count * 13,
    }
}

/// All of the text in one mode.
///
/// # Errors
/// If a character does not exist in that mode.
pub(super) fn single(text: &str, mode: Mode) -> Result<Vec<Segment>, Wrong> {
    let foreign = text.chars().find(|c| !has(mode, *c));
    if let Some(foreign) = foreign {
        let message = format!("{} mode has no {foreign:?}; leave the mode out, or use Byte", mode.as_str());
        return Err(Wrong::new("qrOptions.mode", "unsupported", message));
    }
    Ok(vec![segment(text, mode)])
}

/// The segments that take the fewest bits in symbols of this version's size.
pub(super) fn shortest(text: &str, version: u8) -> Vec<Segment> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return vec![segment(text, Mode::Numeric)];
    }
    // Sixths of bits, because digits take 10/3 and letters 11/2.
    let header = MIXED.map(|mode| (4 + u32::from(count_bits(mode, version))) * 6);
    let mut costs = header;
    let mut came_from: Vec<[u8; 3]> = Vec::with_capacity(text.len());
    for c in text.chars() {
        let bytes = c.len_utf8() as u32;
        let step = [20, 33, 48 * bytes];
        let mut next = [UNREACHABLE; 3];
        let mut from = [u8::MAX; 3];
        for to in (0..MIXED.len()).filter(|to| has(MIXED[*to], c)) {
            for (origin, cost) in costs.iter().enumerate().filter(|(_, cost)| **cost != UNREACHABLE) {
                // A segment that ends fills its last bit.
                let change = if origin == to { *cost } else { cost.next_multiple_of(6) + header[to] };
                if came_from.is_empty() && origin != to {
                    continue;
                }
                if change + step[to] < next[to] {
                    next[to] = change + step[to];
                    from[to] = origin as u8;
                }
            }
        }
        costs = next;
        came_from.push(from);
    }
    let mut mode = (0..MIXED.len()).min_by_key(|mode| costs[*mode].next_multiple_of(6)).unwrap_or(2);
    let mut modes = vec![Mode::Byte; came_from.len()];
    for (at, from) in came_from.iter().enumerate().rev() {
        modes[at] = MIXED[mode];
        mode = usize::from(from[mode]);
    }
    runs(text, &modes)
}

fn runs(text: &str, modes: &[Mode]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut start = 0;
    let mut current = modes[0];
    for ((at, _), mode) in text.char_indices().zip(modes) {
        if *mode != current {
            segments.push(segment(&text[start..at], current));
            (start, current) = (at, *mode);
        }
    }
    segments.push(segment(&text[start..], current));
    segments
}

fn segment(text: &str, mode: Mode) -> Segment {
    let values: Vec<u16> = match mode {
        Mode::Byte => text.bytes().map(u16::from).collect(),
        Mode::Numeric => text.bytes().map(|b| u16::from(b.wrapping_sub(b'0'))).collect(),
        Mode::Alphanumeric => text.bytes().map(|b| u16::from(alphanumeric(b))).collect(),
        Mode::Kanji => text.chars().filter_map(kanji).collect(),
    };
    Segment { mode, count: values.len(), values }
}

pub(super) fn has(mode: Mode, c: char) -> bool {
    match mode {
        Mode::Numeric => c.is_ascii_digit(),
        Mode::Alphanumeric => c.is_ascii() && alphanumeric(c as u8) != NOT_ALPHANUMERIC,
        Mode::Byte => true,
        Mode::Kanji => kanji(c).is_some(),
    }
}

const NOT_ALPHANUMERIC: u8 = u8::MAX;

/// Its place in the alphabet of table 5.
const fn alphanumeric(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'Z' => byte - b'A' + 10,
        b' ' => 36,
        b'$' => 37,
        b'%' => 38,
        b'*' => 39,
        b'+' => 40,
        b'-' => 41,
        b'.' => 42,
        b'/' => 43,
        b':' => 44,
        _ => NOT_ALPHANUMERIC,
    }
}

/// Its number by clause 7.4.6. Only letters and those signs that all tables of Shift JIS map alike: a wave dash or a
/// yen sign would come out as another.
fn kanji(c: char) -> Option<u16> {
    let is_same_everywhere = matches!(c,
        '\u{3000}'..='\u{3002}' | '\u{3041}'..='\u{3093}' | '\u{30a1}'..='\u{30f6}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}');
    if !is_same_everywhere {
        return None;
    }
    let mut utf8 = [0; 4];
    let (bytes, _, has_failed) = encoding_rs::SHIFT_JIS.encode(c.encode_utf8(&mut utf8));
    let [high, low] = *bytes else { return None };
    let code = u16::from_be_bytes([high, low]);
    let offset = match code {
        _ if has_failed => return None,
        0x8140..=0x9ffc => 0x8140,
        0xe040..=0xebbf => 0xc140,
        _ => return None,
    };
    let from = code - offset;
    Some((from >> 8) * 0xc0 + (from & 0xff))
}
