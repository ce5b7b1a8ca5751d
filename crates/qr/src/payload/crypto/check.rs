//! Whether an address is one, by the checksum it carries: a mistyped one would send money to nobody.
//!
//! Base58Check is Bitcoin's own, bech32 is BIP 173, bech32m BIP 350, mixed-case Ethereum EIP-55. A Solana address has
//! no checksum, only a length.

use sha2::{Digest, Sha256};

use super::Currency;
use super::keccak::keccak256;

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Longer texts are not worth the quadratic conversion.
const ADDRESS_BYTES_MAX: usize = 128;

/// The address as it is written into a code.
///
/// # Errors
/// What is wrong with it.
pub(super) fn address(currency: Currency, text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.len() > ADDRESS_BYTES_MAX || !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err("expected an address of letters and digits".into());
    }
    match currency {
        Currency::Bitcoin => coin(text, "bc", &[0x00, 0x05]),
        Currency::Litecoin => coin(text, "ltc", &[0x30, 0x32, 0x05]),
        Currency::Dogecoin => coin(text, "", &[0x1e, 0x16]),
        Currency::Ethereum => ethereum(text),
        Currency::Solana => match base58(text) {
            Some(bytes) if bytes.len() == 32 => Ok(text.to_owned()),
            _ => Err("expected an address of 32 bytes in base 58".into()),
        },
    }
}

/// A segwit address, if the coin has a prefix for them, or one in Base58Check with one of `versions`.
fn coin(text: &str, prefix: &str, versions: &[u8]) -> Result<String, String> {
    let lower = text.to_ascii_lowercase();
    if !prefix.is_empty() && lower.starts_with(&format!("{prefix}1")) {
        if text != lower && text != text.to_ascii_uppercase() {
            return Err("capital and small letters are mixed: such an address is one or the other".into());
        }
        segwit(&lower, prefix)?;
        // BIP 173: in capital letters the symbol is smaller.
        return Ok(lower.to_ascii_uppercase());
    }
    let wrong = || "the checksum does not fit: a character is wrong or missing".to_owned();
    let bytes = base58(text).filter(|bytes| bytes.len() == 25).ok_or_else(wrong)?;
    let (body, checksum) = bytes.split_at(21);
    if Sha256::digest(Sha256::digest(body))[..4] != *checksum {
        return Err(wrong());
    }
    if !versions.contains(&body[0]) {
        return Err("an address of another currency, or of a test network".into());
    }
    Ok(text.to_owned())
}

fn base58(text: &str) -> Option<Vec<u8>> {
    let mut bytes: Vec<u8> = Vec::new();
    for character in text.bytes() {
        let mut carry = BASE58.iter().position(|known| *known == character)?;
        for byte in &mut bytes {
            carry += usize::from(*byte) * 58;
            *byte = (carry & 0xff) as u8;
            carry >>= 8;
        }
        while carry > 0 {
            bytes.push((carry & 0xff) as u8);
            carry >>= 8;
        }
    }
    bytes.extend(text.bytes().take_while(|b| *b == b'1').map(|_| 0));
    bytes.reverse();
    Some(bytes)
}

/// BIP 173 and 350: a version and a program of 2–40 bytes, in five bits each, with a checksum of six characters.
fn segwit(lower: &str, prefix: &str) -> Result<(), String> {
    let wrong = || "the checksum does not fit: a character is wrong or missing".to_owned();
    let values: Option<Vec<u8>> = lower[prefix.len() + 1..]
        .bytes()
        .map(|b| BECH32.iter().position(|known| *known == b).and_then(|at| u8::try_from(at).ok()))
        .collect();
    let values = values.filter(|values| values.len() > 7 && lower.len() <= 90).ok_or_else(wrong)?;
    let high = prefix.bytes().map(|b| b >> 5);
    let low = prefix.bytes().map(|b| b & 31);
    let sum = checksum(high.chain([0]).chain(low).chain(values.iter().copied()));
    let version = values[0];
    if sum != if version == 0 { 1 } else { 0x2bc8_30a3 } {
        return Err(wrong());
    }
    let bits = (values.len() - 7) * 5;
    let bytes = bits / 8;
    let padding = values[values.len() - 7] & ((1 << (bits % 8)) - 1);
    let is_shaped = bits % 8 < 5 && padding == 0 && version <= 16 && (2..=40).contains(&bytes);
    if is_shaped && (version != 0 || matches!(bytes, 20 | 32)) { Ok(()) } else { Err(wrong()) }
}

fn checksum(values: impl Iterator<Item = u8>) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    values.fold(1, |sum, value| {
        let top = sum >> 25;
        let sum = ((sum & 0x01ff_ffff) << 5) ^ u32::from(value);
        GENERATOR
            .iter()
            .enumerate()
            .filter(|(bit, _)| top >> bit & 1 == 1)
            .fold(sum, |sum, (_, word)| sum ^ word)
    })
}

fn ethereum(text: &str) -> Result<String, String> {
    let right = || "expected 0x and 40 hexadecimal digits".to_owned();
    let digits = text.strip_prefix("0x").ok_or_else(right)?;
    if digits.len() != 40 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(right());
    }
    let lower = digits.to_ascii_lowercase();
    let is_mixed = digits != lower && digits != digits.to_ascii_uppercase();
    let hash = keccak256(lower.as_bytes());
    let is_capital = |at: usize| hash[at / 2] >> (4 * (1 - at % 2)) & 0x8 != 0;
    let fits = digits
        .bytes()
        .enumerate()
        .all(|(at, b)| !b.is_ascii_alphabetic() || b.is_ascii_uppercase() == is_capital(at));
    if is_mixed && !fits {
        return Err("the checksum in its capital letters does not fit: a character is wrong".into());
    }
    Ok(text.to_owned())
}
