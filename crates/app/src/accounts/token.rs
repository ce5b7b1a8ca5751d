//! Access tokens: HS256 JWTs that live for minutes and name a session, its person and one workspace.
//!
//! A token proves only which session it came from. What the session may do is read (from memory) on every
//! request, so a token is worth nothing the moment its session has ended, however long it had to live. Signed
//! with a key derived from the pepper whose version stands in `kid`; nothing else in the header decides anything.

use std::sync::Once;

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind, new_error};
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tessera_keys::{Keyring, PepperVersion};
use tessera_types::{SessionId, Timestamp, UserId, WorkspaceId};

const PURPOSE: &str = "access-token";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    iss: String,
    aud: String,
    #[serde(rename = "sub")]
    pub user: UserId,
    #[serde(rename = "sid")]
    pub session: SessionId,
    #[serde(rename = "wid", default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<WorkspaceId>,
    iat: i64,
    exp: i64,
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenError {
    Expired,
    /// Forged, altered, of another server, or no token at all: not told apart.
    Invalid,
}

/// Signs and reads the tokens of one deployment.
pub struct Signet {
    /// One for each pepper that is still known, the current one first.
    keys: Vec<(String, EncodingKey, DecodingKey)>,
    issuer: String,
    audience: String,
    life_seconds: i64,
}

impl Signet {
    pub fn new(keyring: &Keyring, public_url: &str, life_seconds: u32) -> Self {
        install_provider();
        let current = keyring.current();
        let mut versions: Vec<PepperVersion> =
            keyring.versions().filter(|version| *version != current).collect();
        versions.insert(0, current);
        let key = |version: PepperVersion| {
            let secret = keyring.derive(version, PURPOSE)?;
            Some((version.to_string(), EncodingKey::from_secret(&secret), DecodingKey::from_secret(&secret)))
        };
        Self {
            keys: versions.into_iter().filter_map(key).collect(),
            issuer: public_url.to_owned(),
            audience: format!("{public_url}/v1"),
            life_seconds: life_seconds.into(),
        }
    }

    pub fn life_seconds(&self) -> i64 {
        self.life_seconds
    }

    /// A token for this session in this workspace.
    ///
    /// # Errors
    /// Only if JSON cannot be written.
    pub fn sign(
        &self,
        user: UserId,
        session: SessionId,
        workspace: Option<WorkspaceId>,
        now: Timestamp,
    ) -> Result<String, Error> {
        let (kid, key, _) = self.keys.first().ok_or_else(|| new_error(ErrorKind::InvalidKeyFormat))?;
        let iat = now.as_second();
        let (iss, aud) = (self.issuer.clone(), self.audience.clone());
        let claims = Claims { iss, aud, user, session, workspace, iat, exp: iat + self.life_seconds };
        encode(&Header { kid: Some(kid.clone()), ..Header::new(Algorithm::HS256) }, &claims, key)
    }

    /// What a token says, if it is ours and still lives.
    ///
    /// # Errors
    /// See [`TokenError`].
    pub fn read(&self, token: &str, now: Timestamp) -> Result<Claims, TokenError> {
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        let kid = header.kid.ok_or(TokenError::Invalid)?;
        let (_, _, key) = self.keys.iter().find(|(known, ..)| *known == kid).ok_or(TokenError::Invalid)?;
        let mut rules = Validation::new(Algorithm::HS256);
        // Time is ours to judge: the crate would ask the system's clock.
        rules.validate_exp = false;
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[&self.audience]);
        let claims = decode::<Claims>(token, key, &rules).map_err(|_| TokenError::Invalid)?.claims;
        if claims.exp <= now.as_second() { Err(TokenError::Expired) } else { Ok(claims) }
    }
}

/// HMAC-SHA256 as `jsonwebtoken` wants to be given it. Every other algorithm is refused here too, so that no
/// setting elsewhere can bring one in.
struct Hs256(Hmac<Sha256>);

impl Hs256 {
    fn new(algorithm: Algorithm, secret: &[u8]) -> Result<Self, Error> {
        if algorithm != Algorithm::HS256 {
            return Err(new_error(ErrorKind::InvalidAlgorithm));
        }
        Hmac::new_from_slice(secret).map(Self).map_err(|_| new_error(ErrorKind::InvalidKeyFormat))
    }
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], mac: &Vec<u8>) -> Result<(), signature::Error> {
        // In constant time, and only at full length.
        self.0.clone().chain_update(message).verify_slice(mac).map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(Hs256::new(*algorithm, key.as_bytes())?)),
    verifier_factory: |algorithm, key| Ok(Box::new(Hs256::new(*algorithm, key.try_get_as_bytes()?)?)),
    key_utils: KeyUtils::new_unimplemented(),
};

/// The crate keeps its cryptography in one place per process.
fn install_provider() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        if PROVIDER.install_default().is_err() {
            tracing::error!("another part of this process brought its own JWT cryptography");
        }
    });
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
