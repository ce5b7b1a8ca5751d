//! A column of codes, straight from the pages of a Parquet file.
//!
//! Parquet keeps such a column as we do: a page of values, then pages of codes in runs and packed bits. The library's own
//! readers would turn codes into texts and us into turning them back, so these two encodings are read here:
//! PLAIN for values, and the RLE / bit-packing hybrid for codes (parquet-format, Encodings.md).

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};

use super::column::PART_ROWS_MAX;

/// What is wrong with a page.
pub(super) type Damage = String;

/// Codes of all rows, and the bytes of each value.
pub(super) fn read(
    mut pages: impl PageReader,
    rows: usize,
    mut value: impl FnMut(&[u8]) -> Result<(), Damage>,
    width: Width,
) -> Result<Vec<u16>, Damage> {
    let mut codes = Vec::with_capacity(rows);
    let mut values = 0;
    while let Some(page) = pages.get_next_page().map_err(|error| error.to_string())? {
        match page {
            Page::DictionaryPage { buf, num_values, .. } => {
                values = num_values as usize;
                split(&buf, values, width, &mut value)?;
            }
            Page::DataPage { buf, num_values, encoding, .. } => {
                if !matches!(encoding, Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY) {
                    return Err(format!("unexpected encoding {encoding}"));
                }
                unpack(&buf, num_values as usize, &mut codes)?;
            }
            Page::DataPageV2 { .. } => return Err("unexpected kind of page".to_owned()),
        }
    }
    if codes.len() != rows || codes.iter().any(|code| usize::from(*code) >= values) {
        return Err("codes that are too few, or stand for nothing".to_owned());
    }
    Ok(codes)
}

/// How long a value is.
#[derive(Clone, Copy)]
pub(super) enum Width {
    /// As four bytes before it say.
    Written,
    Bytes(usize),
}

fn split(
    mut bytes: &[u8],
    values: usize,
    width: Width,
    found: &mut impl FnMut(&[u8]) -> Result<(), Damage>,
) -> Result<(), Damage> {
    if values > PART_ROWS_MAX {
        return Err(format!("{values} values for at most {PART_ROWS_MAX} rows"));
    }
    let short = || "a value that is cut off".to_owned();
    for _ in 0..values {
        let length = match width {
            Width::Bytes(length) => length,
            Width::Written => {
                let (head, rest) = bytes.split_first_chunk::<4>().ok_or_else(short)?;
                bytes = rest;
                u32::from_le_bytes(*head) as usize
            }
        };
        let (value, rest) = bytes.split_at_checked(length).ok_or_else(short)?;
        found(value)?;
        bytes = rest;
    }
    Ok(())
}

/// One byte says how many bits a code has; then come runs, each headed by a varint: even, a repeated code; odd, groups
/// of eight packed codes.
fn unpack(page: &[u8], rows: usize, codes: &mut Vec<u16>) -> Result<(), Damage> {
    let short = || "codes that are cut off".to_owned();
    let (&bits, mut bytes) = page.split_first().ok_or_else(short)?;
    let bits = usize::from(bits);
    if bits > 16 {
        return Err(format!("codes of {bits} bits"));
    }
    let end = codes.len() + rows;
    while codes.len() < end {
        let (head, rest) = varint(bytes).ok_or_else(short)?;
        bytes = rest;
        let left = end - codes.len();
        if head & 1 == 0 {
            let (value, rest) = bytes.split_at_checked(bits.div_ceil(8)).ok_or_else(short)?;
            let code = value.iter().rev().fold(0u16, |code, byte| code << 8 | u16::from(*byte));
            codes.extend(std::iter::repeat_n(code, left.min((head >> 1) as usize)));
            bytes = rest;
            if head >> 1 == 0 {
                return Err("a run of nothing".to_owned());
            }
        } else {
            let groups = (head >> 1) as usize;
            let length = groups.checked_mul(bits).ok_or_else(short)?;
            // The last run of a page may be cut off behind its last value.
            let (packed, rest) = bytes.split_at(length.min(bytes.len()));
            let count = left.min(groups * 8);
            if packed.len() * 8 < count * bits || groups == 0 {
                return Err(short());
            }
            unpack_bits(packed, bits, count, codes);
            bytes = rest;
        }
    }
    Ok(())
}

fn unpack_bits(packed: &[u8], bits: usize, count: usize, codes: &mut Vec<u16>) {
    let mask = (1u32 << bits) - 1;
    let (mut window, mut held, mut next) = (0u32, 0, packed.iter());
    for _ in 0..count {
        while held < bits {
            window |= u32::from(*next.next().unwrap_or(&0)) << held;
            held += 8;
        }
        codes.push((window & mask) as u16);
        window >>= bits;
        held -= bits;
    }
}

fn varint(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut value = 0u32;
    for (at, byte) in bytes.iter().take(5).enumerate() {
        value |= u32::from(byte & 0x7f).checked_shl(at as u32 * 7)?;
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_packed_bits_of_the_specification_are_read() {
        // Encodings.md packs 0 to 7 in three bits as these three bytes; before them a run of 300 times 5.
        let page = [3, 0b1101_1000, 0b0000_0100, 5, 0b0000_0011, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        let mut codes = Vec::new();
        unpack(&page, 308, &mut codes).unwrap();
        assert_eq!(codes.len(), 308);
        assert!(codes[..300].iter().all(|code| *code == 5));
        assert_eq!(codes[300..], [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn what_is_cut_off_or_endless_is_damage() {
        let damaged: [&[u8]; 6] = [&[], &[3], &[3, 0x80], &[3, 3, 0x88], &[17, 2, 0, 0, 0], &[3, 0, 5]];
        for page in damaged {
            assert!(unpack(page, 8, &mut Vec::new()).is_err(), "{page:?}");
        }
    }
}
