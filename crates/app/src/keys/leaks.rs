//! Keys that got out: whoever holds one may end it, and whoever finds one may report it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use tessera_keys::KeyStatus;

use super::{admission, store};
use crate::audit::{self, Actor, Entry};
use crate::problem::Problem;
use crate::settings::GithubKey;
use crate::{App, Change};

/// What a presented secret turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposed {
    /// A live key of ours; it is revoked now.
    Ended,
    /// A key of ours that was dead already.
    DeadAlready,
    Unknown,
}

/// Ends the key that this secret belongs to. When it returns, the key is dead.
///
/// # Errors
/// As the database.
pub async fn end_exposed(
    app: &App,
    text: &str,
    actor: &Actor,
    source: Option<&str>,
) -> Result<Exposed, Problem> {
    let Some(record) = admission::look_up(app, text).await? else { return Ok(Exposed::Unknown) };
    let txn = app.db.begin().await?;
    let Some(mut key) = store::lock(&txn, record.workspace, record.id).await? else {
        return Ok(Exposed::Unknown);
    };
    if key.facts.status(app.now()) == KeyStatus::Revoked {
        return Ok(Exposed::DeadAlready);
    }
    key.facts.revoked_at = Some(app.now());
    store::update(app, &txn, &key).await?;
    let entry =
        Entry::new("api_key.exposed", &key.id).after(serde_json::json!({"source": source, "revoked": true}));
    audit::record(app, &txn, key.workspace, actor, entry).await?;
    app.commit(txn, &[Change::Key(key.id)]).await?;
    tracing::warn!(key = %key.id, "exposed key revoked");
    Ok(Exposed::Ended)
}

/// Whether GitHub signed this body: ECDSA over P-256 and SHA-256, the signature in DER and base64
/// (docs.github.com, "Secret scanning partner program").
pub fn is_signed(keys: &[GithubKey], identifier: &str, signature: &str, body: &[u8]) -> bool {
    let Some(point) =
        keys.iter().find(|key| key.key_identifier == identifier).and_then(|key| public_point(&key.key))
    else {
        return false;
    };
    let Ok(signature) = BASE64_STANDARD.decode(signature) else { return false };
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(body, &signature).is_ok()
}

/// The curve point in a PEM `SubjectPublicKeyInfo` of a P-256 key: the prefix is always the same 26 bytes
/// (RFC 5480), then 65 bytes of uncompressed point.
fn public_point(pem: &str) -> Option<Vec<u8>> {
    const PREFIX: [u8; 26] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
        0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];
    let base64: String = pem.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect();
    let der = BASE64_STANDARD.decode(base64).ok()?;
    der.strip_prefix(&PREFIX).filter(|point| point.len() == 65).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sample of GitHub's documentation: payload, signature and public key.
    const BODY: &str = r#"[{"source":"commit","token":"some_token","type":"some_type","url":"https://example.com/base-repo-url/"}]"#;
    const SIGNATURE: &str =
        "MEQCIQDaMKqrGnE27S0kgMrEK0eYBmyG0LeZismAEz/BgZyt7AIfXt9fErtRS4XaeSt/AO1RtBY66YcAdjxji410VQV4xg==";
    const PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYAGMWO8XgCamYKMJS6jc/qgvSlAd\n\
        AjPuDPRcXU22YxgBrz+zoN19MzuRyW87qEt9/AmtoNP5GrobzUvQSyJFVw==\n-----END PUBLIC KEY-----\n";

    #[test]
    fn t25_only_the_documented_signature_over_the_exact_body_and_key_is_taken() {
        let id = "bcb53661c06b4728e59d897fb6165d5c9cda0fd9cdf9d09ead458168deb7518c";
        let keys = [GithubKey { key_identifier: id.to_owned(), key: PEM.to_owned() }];
        assert!(is_signed(&keys, id, SIGNATURE, BODY.as_bytes()));
        assert!(!is_signed(&keys, id, SIGNATURE, format!("{BODY} ").as_bytes()), "another body");
        assert!(!is_signed(&keys, "old", SIGNATURE, BODY.as_bytes()), "an unknown key id");
        assert!(!is_signed(&[], id, SIGNATURE, BODY.as_bytes()), "no keys configured");
        for forged in ["", "AAAA", "MAYCAQACAQA=", "MAYCAQECAQE=", &SIGNATURE[4..], &format!("{SIGNATURE}AA")]
        {
            assert!(!is_signed(&keys, id, forged, BODY.as_bytes()), "{forged}");
        }
    }
}
