//! The shape of a key: `<prefix><26 random><6 checksum>`, everything after the prefix in base62.
//!
//! The checksum (CRC-32 of all that stands before it) turns away typos, truncation and other brands' keys
//! before any I/O, and makes leak scanning exact. It is no MAC: whoever knows the format can compute it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use tessera_types::{Chance, Stream};
use zeroize::Zeroizing;

/// Characters of chance in a key: 26 × log2(62) ≈ 154.8 bits.
pub const RANDOM_LEN: usize = 26;
/// Characters of checksum: 62⁶ > 2³², so six always suffice.
pub const CHECKSUM_LEN: usize = 6;
/// What follows the prefix.
pub const BODY_LEN: usize = RANDOM_LEN + CHECKSUM_LEN;
pub const PREFIX_LEN_MAX: usize = 24;
pub const KEY_LEN_MIN: usize = 1 + BODY_LEN;
pub const KEY_LEN_MAX: usize = PREFIX_LEN_MAX + BODY_LEN;
/// How much of the random part a [`Mask`] shows.
pub const MASK_START_LEN: usize = 8;
/// How much of the key's end a [`Mask`] shows.
pub const MASK_END_LEN: usize = 4;

/// The digits of base62, in the order of their values.
pub const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The first part of a key: 1 to 24 of `a-z0-9_-`, ending in `_` or `-`.
///
/// The end makes a key splittable without knowing its prefix: no base62 digit is a separator, so the last 32
/// characters are the body and the rest is the prefix.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prefix(String);

/// Why a text is no [`Prefix`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrefixError {
    #[error("a key prefix needs at least one character")]
    Empty,
    #[error("a key prefix has at most {PREFIX_LEN_MAX} characters")]
    TooLong,
    #[error("a key prefix is made of a-z, 0-9, _ and -; {0:?} is none of these")]
    BadCharacter(char),
    #[error("a key prefix ends in _ or -, as in tsr_live_")]
    BadEnd,
}

impl Prefix {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Prefix {
    type Error = PrefixError;

    fn try_from(text: String) -> Result<Self, PrefixError> {
        // Characters before length: a person who pastes "Größe…" is told about the ö, not about bytes.
        if let Some(bad) = text.chars().find(|&c| !(c.is_ascii() && is_prefix_byte(c as u8))) {
            return Err(PrefixError::BadCharacter(bad));
        }
        match text.as_bytes() {
            [] => Err(PrefixError::Empty),
            bytes if bytes.len() > PREFIX_LEN_MAX => Err(PrefixError::TooLong),
            [.., last] if is_separator(*last) => Ok(Self(text)),
            _ => Err(PrefixError::BadEnd),
        }
    }
}

impl FromStr for Prefix {
    type Err = PrefixError;

    fn from_str(text: &str) -> Result<Self, PrefixError> {
        text.to_owned().try_into()
    }
}

impl From<Prefix> for String {
    fn from(prefix: Prefix) -> Self {
        prefix.0
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl utoipa::PartialSchema for Prefix {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[a-z0-9_-]{0,23}[_-]$"))
            .examples(["tsr_live_"])
            .build()
            .into()
    }
}

impl utoipa::ToSchema for Prefix {
    fn name() -> std::borrow::Cow<'static, str> {
        "KeyPrefix".into()
    }
}

/// A whole secret, just minted. It leaves the process once, in the answer to create or rotate, and is wiped
/// from memory when dropped.
///
/// There is no `Debug`, `Display`, `Clone` or `Serialize`, so it cannot slip into a log or a second answer:
///
/// ```compile_fail
/// # use tessera_keys::PlainKey;
/// fn log(key: &PlainKey) { println!("{key:?}"); }
/// ```
/// ```compile_fail
/// # use tessera_keys::PlainKey;
/// fn send(key: &PlainKey) -> String { serde_json::to_string(key).unwrap() }
/// ```
pub struct PlainKey(Zeroizing<String>);

impl PlainKey {
    /// Draws a new key. Every digit is equally likely: bytes that would favour the first digits are thrown
    /// away and drawn again.
    pub fn mint(prefix: &Prefix, chance: &dyn Chance) -> Self {
        // A byte below 248 = 4 × 62 falls on each digit four times; 8 of 256 are refused.
        const FAIR: u8 = 4 * 62;
        // The final size at once: growing would leave a copy of the secret in freed memory.
        let mut text = Zeroizing::new(String::with_capacity(prefix.0.len() + BODY_LEN));
        text.push_str(&prefix.0);
        let random_end = prefix.0.len() + RANDOM_LEN;
        let mut bytes = Zeroizing::new([0u8; 32]);
        while text.len() < random_end {
            chance.fill(Stream::Key, bytes.as_mut_slice());
            let missing = random_end - text.len();
            let digits = bytes.iter().filter(|&&byte| byte < FAIR).take(missing);
            text.extend(digits.map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
        }
        let checksum = checksum(text.as_bytes());
        text.extend(checksum.map(char::from));
        Self(text)
    }

    /// The secret itself. Whoever calls this is answerable for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn mask(&self) -> Mask {
        Mask::of(&self.0, self.0.len() - BODY_LEN)
    }
}

/// A key as a client sent it: well-formed, checksum right. Nothing is known yet about whether it exists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Presented<'a> {
    text: &'a str,
    prefix_len: usize,
}

/// Why a text is no key. Clients are told none of this apart: every case is the same 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    #[error("shorter than any key ({KEY_LEN_MIN} characters)")]
    TooShort,
    #[error("longer than any key ({KEY_LEN_MAX} characters)")]
    TooLong,
    #[error("one of the last {BODY_LEN} characters is not in 0-9A-Za-z")]
    BadCharacter,
    #[error("the part before the last {BODY_LEN} characters is no key prefix")]
    BadPrefix,
    #[error("the checksum does not match: mistyped, cut short, or not a key of this kind")]
    BadChecksum,
}

impl<'a> Presented<'a> {
    /// Looks at shape and checksum only: no allocation, no I/O.
    ///
    /// What the checksum promises: changing one character, or swapping two neighbours on the same side of
    /// the checksum's first digit, is always noticed (CRC-32 sees every burst up to 32 bits). Cutting the
    /// end off is always noticed too, because a separator then stands in the body. Any other damage goes
    /// unnoticed once in 2³².
    pub fn parse(text: &'a str) -> Result<Self, FormatError> {
        let bytes = text.as_bytes();
        if bytes.len() < KEY_LEN_MIN {
            return Err(FormatError::TooShort);
        }
        if bytes.len() > KEY_LEN_MAX {
            return Err(FormatError::TooLong);
        }
        let (prefix, body) = bytes.split_at(bytes.len() - BODY_LEN);
        if !body.iter().all(u8::is_ascii_alphanumeric) {
            return Err(FormatError::BadCharacter);
        }
        let ends_well = prefix.last().is_some_and(|&last| is_separator(last));
        if !ends_well || !prefix.iter().all(|&byte| is_prefix_byte(byte)) {
            return Err(FormatError::BadPrefix);
        }
        if !checksum_holds(bytes) {
            return Err(FormatError::BadChecksum);
        }
        Ok(Self { text, prefix_len: prefix.len() })
    }

    pub fn text(&self) -> &'a str {
        self.text
    }

    pub fn prefix(&self) -> &'a str {
        &self.text[..self.prefix_len]
    }

    pub fn mask(&self) -> Mask {
        Mask::of(self.text, self.prefix_len)
    }
}

impl fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Presented({})", self.mask())
    }
}

/// What of a key may be shown and stored: enough for its owner to tell which one it is.
///
/// `tsr_live_7f3a9b2c...d4e1`. Of the 154 random bits, 47 are shown; the end belongs to the checksum.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mask {
    pub prefix: String,
    /// The first 8 characters of the random part.
    pub start: String,
    /// The last 4 characters of the key.
    pub end: String,
}

impl Mask {
    fn of(key: &str, prefix_len: usize) -> Self {
        let (prefix, body) = key.split_at(prefix_len);
        Self {
            prefix: prefix.to_owned(),
            start: body[..MASK_START_LEN].to_owned(),
            end: body[BODY_LEN - MASK_END_LEN..].to_owned(),
        }
    }
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}...{}", self.prefix, self.start, self.end)
    }
}

/// CRC-32 (IEEE 802.3, as in zip and PNG) in base62, most significant digit first, padded with `0`.
pub(crate) fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_LEN] {
    let mut value = crc32fast::hash(bytes);
    let mut digits = [b'0'; CHECKSUM_LEN];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(value % 62) as usize];
        value /= 62;
    }
    digits
}

/// Whether the last six bytes are the checksum of all before. Wants at least six bytes.
pub(crate) fn checksum_holds(key: &[u8]) -> bool {
    let (said, stated) = key.split_at(key.len() - CHECKSUM_LEN);
    checksum(said) == stated
}

pub(crate) fn is_separator(byte: u8) -> bool {
    matches!(byte, b'_' | b'-')
}

pub(crate) fn is_prefix_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
