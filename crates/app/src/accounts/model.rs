//! The words of this feature: addresses, accounts, sessions, and texts that are secret.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Serialize;
use tessera_types::{Chance, SessionId, Stream, UserId};
use zeroize::Zeroizing;

use crate::problem::Wrong;

pub const EMAIL_CHARS_MAX: usize = 254;
pub const PERSON_NAME_CHARS_MAX: usize = 80;

/// An e-mail address in lower case: who a person is to this deployment.
///
/// Checked only as far as a typing error shows. Whether mail arrives, no pattern can tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Email(String);

impl Email {
    /// # Errors
    /// Says what would be right.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let wrong = || Wrong::new("format", "an e-mail address, like ada@example.com");
        let text = text.trim().to_lowercase();
        if text.len() > EMAIL_CHARS_MAX {
            return Err(Wrong::new("length", format!("at most {EMAIL_CHARS_MAX} characters")));
        }
        let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
        let is_plain = |part: &str, others: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || others.contains(c))
        };
        let has_empty_part = |part: &str| part.split('.').any(str::is_empty);
        if !is_plain(local, ".!#$%&'*+/=?^_`{|}~-") || !is_plain(domain, ".-") || local.len() > 64 {
            return Err(wrong());
        }
        if has_empty_part(local) || has_empty_part(domain) {
            return Err(wrong());
        }
        Ok(Self(text))
    }

    /// One that was parsed before it was stored.
    pub(super) fn stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or(&self.0, |(local, _)| local)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person's name, however they write it.
///
/// # Errors
/// Says what would be right.
pub fn person_name(text: &str) -> Result<String, Wrong> {
    crate::workspaces::model::line(text, PERSON_NAME_CHARS_MAX)
}

/// A person, without what proves that it is them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: UserId,
    pub email: Email,
    pub name: String,
    /// Whether this person set the deployment up.
    pub is_operator: bool,
    pub created_at: Timestamp,
    /// Moves with every change: the version for `If-Match`.
    pub updated_at: Timestamp,
}

/// A login, and the browser or program it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub created_at: Timestamp,
    /// When its access token was last renewed.
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub address: String,
    pub user_agent: String,
}

/// A random text that opens something. Not printable by accident, wiped when dropped.
pub struct SecretText(Zeroizing<String>);

const RANDOM_BYTES: usize = 32;
const RANDOM_CHARS: usize = 43;

impl SecretText {
    /// The prefix and 256 random bits in base64url.
    pub fn new(prefix: &str, chance: &dyn Chance) -> Self {
        let mut random = Zeroizing::new([0u8; RANDOM_BYTES]);
        chance.fill(Stream::Token, random.as_mut_slice());
        Self::of(prefix, random.as_slice())
    }

    pub(super) fn of(prefix: &str, bytes: &[u8]) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(prefix.len() + bytes.len() * 4 / 3 + 4));
        text.push_str(prefix);
        BASE64_URL_SAFE_NO_PAD.encode_string(bytes, &mut text);
        Self(text)
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether a text has the shape of one made with this prefix: what does not needs no query.
    pub fn is_of(prefix: &str, text: &str) -> bool {
        text.strip_prefix(prefix).is_some_and(|rest| {
            rest.len() == RANDOM_CHARS
                && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
    }
}

#[cfg(test)]
mod tests {
    use tessera_types::SeededChance;

    use super::*;

    #[test]
    fn an_address_is_trimmed_and_lower_case() {
        assert_eq!(
            Email::parse(" Ada.Lovelace+x@Example.COM ").unwrap().as_str(),
            "ada.lovelace+x@example.com"
        );
        assert_eq!(Email::parse("ä@bücher.example").unwrap().local_part(), "ä");
        assert_eq!(Email::parse("root@localhost").unwrap().as_str(), "root@localhost");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for wrong in
            ["", "@", "a@", "@b", "a b@c.d", "a@b..c", ".a@b.c", "a@b.c.", "a@@b.c", "a<b@c.d", &long]
        {
            assert_eq!(Email::parse(wrong).unwrap_err().code, "format", "{wrong}");
        }
        assert_eq!(Email::parse(&"a".repeat(300)).unwrap_err().code, "length");
    }

    #[test]
    fn a_secret_text_has_256_bits_and_knows_its_shape() {
        let secret = SecretText::new("tsr_setup_", &SeededChance::new(1));
        assert_eq!(secret.expose().len(), "tsr_setup_".len() + 43);
        assert!(SecretText::is_of("tsr_setup_", secret.expose()));
        assert!(!SecretText::is_of("tsr_reset_", secret.expose()));
        assert!(!SecretText::is_of("tsr_setup_", &secret.expose()[1..]));
        assert!(!SecretText::is_of("tsr_setup_", ""));
    }
}
