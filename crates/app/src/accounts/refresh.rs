//! Refresh tokens: what keeps a login going, replaced by a new one each time it is used.
//!
//! A token names its session and carries our mark, so that any earlier token of a session is recognised as such,
//! however many rotations ago, while a guess that merely names a session ends nothing.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tessera_keys::Keyring;
use tessera_types::{Chance, SessionId, Stream};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::model::SecretText;

const PREFIX: &str = "tsr_refresh_";
const PURPOSE: &str = "refresh-token";
/// Session, 256 random bits, mark.
const BYTES: usize = 16 + 32 + 16;

/// A new token of a session.
pub fn issue(keyring: &Keyring, chance: &dyn Chance, session: SessionId) -> SecretText {
    let mut bytes = Zeroizing::new([0u8; BYTES]);
    bytes[..16].copy_from_slice(session.uuid().as_bytes());
    chance.fill(Stream::Token, &mut bytes[16..48]);
    if let Some(key) = keyring.derive(keyring.current(), PURPOSE) {
        let mark = mac(&key, &bytes[..48]).finalize().into_bytes();
        bytes[48..].copy_from_slice(&mark[..16]);
    }
    SecretText::of(PREFIX, bytes.as_slice())
}

/// The session a token was issued for; `None` if it was never issued here.
pub fn session_of(keyring: &Keyring, token: &str) -> Option<SessionId> {
    let text = token.strip_prefix(PREFIX)?;
    let bytes = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?);
    if bytes.len() != BYTES {
        return None;
    }
    let is_ours = keyring.versions().any(|version| {
        keyring
            .derive(version, PURPOSE)
            .is_some_and(|key| mac(&key, &bytes[..48]).verify_truncated_left(&bytes[48..]).is_ok())
    });
    is_ours.then(|| Uuid::from_slice(&bytes[..16]).ok().map(SessionId::from_uuid))?
}

fn mac(key: &[u8; 32], message: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key)
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"))
        .chain_update(message)
}

#[cfg(test)]
mod tests {
    use tessera_types::{SeededChance, from_millis};

    use super::*;

    #[test]
    fn a_token_names_its_session_and_no_altered_one_does() {
        let chance = SeededChance::new(1);
        let keyring = Keyring::generate(&chance);
        let session = SessionId::new(from_millis(1_771_151_400_000), &chance);
        let token = issue(&keyring, &chance, session);
        let text = token.expose();
        assert_eq!(text.len(), 12 + 86);
        assert_eq!(session_of(&keyring, text), Some(session));
        assert_eq!(session_of(&keyring.rotated(&chance), text), Some(session));
        assert_eq!(session_of(&Keyring::generate(&chance), text), None);
        for place in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(session_of(&keyring, std::str::from_utf8(&bytes).unwrap()), None, "byte {place}");
            assert_eq!(session_of(&keyring, &text[..place]), None, "cut at {place}");
        }
    }
}
