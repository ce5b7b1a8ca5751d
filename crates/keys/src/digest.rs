//! What is stored instead of a key: `HMAC-SHA256(pepper, whole key)`.
//!
//! 154 random bits need no slow hash; the pepper, which lives outside the database, makes a stolen table
//! useless. Peppers have versions so that they can be rotated: a key is re-digested when it is next used.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;
use tessera_types::{Chance, Stream};
use zeroize::Zeroizing;

use crate::hex;
use crate::words::words;

/// Which pepper a digest was made with. Stored beside every digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PepperVersion(pub u16);

impl fmt::Display for PepperVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

/// Thirty-two secret bytes, wiped when dropped, and never shown.
///
/// The keyed state is prepared once; a digest copies it instead of hashing the pepper again.
#[derive(Clone)]
pub struct Pepper {
    bytes: Zeroizing<[u8; 32]>,
    keyed: Hmac<Sha256>,
}

impl Pepper {
    fn new(bytes: [u8; 32]) -> Self {
        // HMAC pads a short key with zeros to the block size (RFC 2104 §2); padded here, no length can be wrong.
        let mut block = Zeroizing::new([0u8; 64]);
        block[..32].copy_from_slice(&bytes);
        Self { keyed: Hmac::new((&*block).into()), bytes: Zeroizing::new(bytes) }
    }

    fn draw(chance: &dyn Chance) -> Self {
        let mut bytes = Zeroizing::new([0u8; 32]);
        chance.fill(Stream::Pepper, bytes.as_mut_slice());
        Self::new(*bytes)
    }

    fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.keyed.clone();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// Every pepper a deployment still needs, and which of them new digests use.
///
/// A digest made with a version that is not here cannot be checked. Whoever starts a server compares
/// [`Keyring::has`] with the versions in the database and refuses to start; nothing here turns a lost pepper
/// into a wrong key.
#[derive(Clone)]
pub struct Keyring {
    /// Never empty; the order of the file.
    peppers: Vec<(PepperVersion, Pepper)>,
    current: usize,
}

/// Why peppers make no [`Keyring`]. Says where, never what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    #[error("there is no pepper in it")]
    Empty,
    #[error("pepper {0} is to be the current one but is not there")]
    CurrentMissing(PepperVersion),
    #[error("pepper {0} is there twice")]
    Repeated(PepperVersion),
    #[error("line {0} is not of the form \"v1 <64 hexadecimal digits>\"")]
    Line(usize),
}

const KEYRING_COMMENT: &str = "\
# The peppers of this Tessera, oldest first; the last line is the one in use. Keep this file secret, and keep\n\
# a copy apart from the database: without it no API key works.\n";

impl Keyring {
    pub fn new(
        current: PepperVersion,
        peppers: impl IntoIterator<Item = (PepperVersion, [u8; 32])>,
    ) -> Result<Self, KeyringError> {
        let mut kept: Vec<(PepperVersion, Pepper)> = Vec::new();
        for (version, bytes) in peppers {
            if kept.iter().any(|(known, _)| *known == version) {
                return Err(KeyringError::Repeated(version));
            }
            kept.push((version, Pepper::new(bytes)));
        }
        if kept.is_empty() {
            return Err(KeyringError::Empty);
        }
        let current = kept
            .iter()
            .position(|(version, _)| *version == current)
            .ok_or(KeyringError::CurrentMissing(current))?;
        Ok(Self { peppers: kept, current })
    }

    /// A first keyring: one pepper, version 1.
    pub fn generate(chance: &dyn Chance) -> Self {
        Self { peppers: vec![(PepperVersion(1), Pepper::draw(chance))], current: 0 }
    }

    /// The same peppers and a new one, which is current. Old digests stay checkable.
    pub fn rotated(&self, chance: &dyn Chance) -> Self {
        let newest = self.versions().max().unwrap_or(PepperVersion(0));
        let mut version = PepperVersion(newest.0.wrapping_add(1));
        // After 65,535 the count begins anew; a version still in use must not be taken over.
        while self.has(version) {
            version = PepperVersion(version.0.wrapping_add(1));
        }
        let mut peppers = self.peppers.clone();
        peppers.push((version, Pepper::draw(chance)));
        Self { current: peppers.len() - 1, peppers }
    }

    /// Reads the text form: one `v1 <64 hex>` per line, the last one current; `#` begins a comment line.
    pub fn parse(text: &str) -> Result<Self, KeyringError> {
        let mut peppers = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            peppers.push(parse_line(line).ok_or(KeyringError::Line(index + 1))?);
        }
        let current = peppers.last().map(|(version, _)| *version).ok_or(KeyringError::Empty)?;
        Self::new(current, peppers)
    }

    /// The text form, for a file that only the server's user can read (0600). Wiped from memory when dropped.
    pub fn to_text(&self) -> Zeroizing<String> {
        const LINE_LEN_MAX: usize = "v65535 ".len() + 64 + 1;
        // The final size at once: growing would leave copies of peppers in freed memory.
        let size = KEYRING_COMMENT.len() + self.peppers.len() * LINE_LEN_MAX;
        let mut text = Zeroizing::new(String::with_capacity(size));
        text.push_str(KEYRING_COMMENT);
        let older = self.peppers.iter().enumerate().filter(|(index, _)| *index != self.current);
        for (version, pepper) in older.map(|(_, entry)| entry).chain([&self.peppers[self.current]]) {
            text.push_str(&version.to_string());
            text.push(' ');
            hex::write(&mut text, pepper.bytes.as_slice());
            text.push('\n');
        }
        text
    }

    pub fn current(&self) -> PepperVersion {
        self.peppers[self.current].0
    }

    pub fn versions(&self) -> impl Iterator<Item = PepperVersion> {
        self.peppers.iter().map(|(version, _)| *version)
    }

    pub fn has(&self, version: PepperVersion) -> bool {
        self.pepper(version).is_some()
    }

    /// The digest of a whole key, prefix and checksum included. `None` if the version is not in the ring.
    pub fn digest(&self, version: PepperVersion, text: &str) -> Option<KeyDigest> {
        Some(KeyDigest(self.pepper(version)?.mac(&[text.as_bytes()])))
    }

    /// The digest under which a key minted or re-digested now is stored.
    pub fn digest_current(&self, text: &str) -> KeyDigest {
        KeyDigest(self.peppers[self.current].1.mac(&[text.as_bytes()]))
    }

    /// The digest under which an imported digest is stored: `HMAC(pepper, "sha256:" ‖ digest)`.
    ///
    /// Keys issued elsewhere may be short enough to guess from a plain SHA-256; under the pepper a stolen
    /// table is as useless for them as for ours. The label keeps them apart from native digests: no key of
    /// ours holds a colon.
    pub fn wrap(&self, version: PepperVersion, foreign: &ForeignDigest) -> Option<KeyDigest> {
        Some(self.pepper(version)?.wrap(foreign))
    }

    /// Everything under which a presented text may be stored: native first, the current pepper before the
    /// older ones; then imported kinds. One lookup with all of them finds a key wherever it came from.
    pub fn candidates(&self, text: &str) -> Vec<(DigestKind, PepperVersion, KeyDigest)> {
        let mut all = self.candidates_native(text);
        for foreign in [ForeignDigest::sha256(text), ForeignDigest::sha512(text)] {
            let wrapped = self.current_first().map(|(version, pepper)| (*version, pepper.wrap(&foreign)));
            all.extend(wrapped.map(|(version, digest)| (foreign.kind, version, digest)));
        }
        all
    }

    /// As [`Keyring::candidates`], for texts of our own format: one digest per pepper.
    pub fn candidates_native(&self, text: &str) -> Vec<(DigestKind, PepperVersion, KeyDigest)> {
        self.current_first()
            .map(|(version, pepper)| {
                (DigestKind::HmacSha256, *version, KeyDigest(pepper.mac(&[text.as_bytes()])))
            })
            .collect()
    }

    /// A key for another purpose (audit chain, token signing, cursors): `HMAC(pepper, "derive:" ‖ label)`.
    /// One label, one purpose; knowing one derived key tells nothing about another or about the pepper.
    pub fn derive(&self, version: PepperVersion, label: &str) -> Option<[u8; 32]> {
        Some(self.pepper(version)?.mac(&[b"derive:", label.as_bytes()]))
    }

    fn pepper(&self, version: PepperVersion) -> Option<&Pepper> {
        self.peppers.iter().find(|(known, _)| *known == version).map(|(_, pepper)| pepper)
    }

    fn current_first(&self) -> impl Iterator<Item = &(PepperVersion, Pepper)> {
        let older = self.peppers.iter().enumerate().filter(|(index, _)| *index != self.current);
        std::iter::once(&self.peppers[self.current]).chain(older.map(|(_, entry)| entry))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring(current {}, {} in all)", self.current(), self.peppers.len())
    }
}

impl Pepper {
    fn wrap(&self, foreign: &ForeignDigest) -> KeyDigest {
        KeyDigest(self.mac(&[foreign.kind.as_str().as_bytes(), b":", &foreign.bytes]))
    }
}

fn parse_line(line: &str) -> Option<(PepperVersion, [u8; 32])> {
    let mut words = line.split_ascii_whitespace();
    let (version, digits, None) = (words.next()?, words.next()?, words.next()) else { return None };
    let version = version.strip_prefix('v')?.parse().ok()?;
    let mut bytes = [0u8; 32];
    hex::read(digits, &mut bytes)?;
    Some((PepperVersion(version), bytes))
}

/// The only form of a key that can reach SQL.
///
/// `Eq` and `Hash` serve as key of maps, whose timing tells at most about digests, which an attacker without
/// the pepper cannot choose. Where a stored digest is compared with a presented one, use
/// [`KeyDigest::matches`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyDigest([u8; 32]);

impl KeyDigest {
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Equality in constant time.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyDigest({}…)", hex::of(&self.0[..4]))
    }
}

words! {
    /// How a stored digest was made; a column beside it.
    pub enum DigestKind {
        /// A key of ours: HMAC-SHA256 of its whole text.
        HmacSha256 = "hmac-sha256",
        /// Imported as SHA-256, stored under the pepper.
        Sha256 = "sha256",
        /// Imported as SHA-512, stored under the pepper.
        Sha512 = "sha512",
    }
}

words! {
    /// How an imported digest is written down.
    pub enum ImportKind {
        Sha256Hex = "sha256-hex",
        /// Standard or URL-safe alphabet, with or without padding.
        Sha256Base64 = "sha256-base64",
        Sha512Hex = "sha512-hex",
    }
}

/// The digest of a key issued elsewhere, as its former home stored it.
#[derive(Clone, PartialEq, Eq)]
pub struct ForeignDigest {
    kind: DigestKind,
    bytes: Vec<u8>,
}

/// Why a text is no digest of the kind it was said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} wants {wanted}")]
pub struct ForeignDigestError {
    pub kind: ImportKind,
    wanted: &'static str,
}

impl ForeignDigest {
    pub fn parse(kind: ImportKind, text: &str) -> Result<Self, ForeignDigestError> {
        let wanted = match kind {
            ImportKind::Sha256Hex => "64 hexadecimal digits",
            ImportKind::Sha256Base64 => "32 bytes in base64 (43 characters, or 44 with padding)",
            ImportKind::Sha512Hex => "128 hexadecimal digits",
        };
        let (kind_stored, bytes) = match kind {
            ImportKind::Sha256Hex => (DigestKind::Sha256, hex_bytes::<32>(text)),
            ImportKind::Sha256Base64 => (DigestKind::Sha256, base64_bytes(text)),
            ImportKind::Sha512Hex => (DigestKind::Sha512, hex_bytes::<64>(text)),
        };
        let bytes = bytes.ok_or(ForeignDigestError { kind, wanted })?;
        Ok(Self { kind: kind_stored, bytes })
    }

    /// What the column beside the stored digest says.
    pub fn kind(&self) -> DigestKind {
        self.kind
    }

    fn sha256(text: &str) -> Self {
        Self { kind: DigestKind::Sha256, bytes: Sha256::digest(text).to_vec() }
    }

    fn sha512(text: &str) -> Self {
        Self { kind: DigestKind::Sha512, bytes: Sha512::digest(text).to_vec() }
    }
}

impl fmt::Debug for ForeignDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ForeignDigest({} {}…)", self.kind, hex::of(&self.bytes[..4]))
    }
}

fn hex_bytes<const N: usize>(text: &str) -> Option<Vec<u8>> {
    let mut bytes = [0u8; N];
    hex::read(text, &mut bytes)?;
    Some(bytes.to_vec())
}

fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    use base64::Engine;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = match text.contains(['-', '_']) {
        true => &base64::alphabet::URL_SAFE,
        false => &base64::alphabet::STANDARD,
    };
    let fits = matches!(text.len(), 43 | 44);
    let bytes = fits.then(|| GeneralPurpose::new(alphabet, config).decode(text))?.ok()?;
    (bytes.len() == 32).then_some(bytes)
}

#[cfg(test)]
#[path = "digest_tests.rs"]
mod tests;
