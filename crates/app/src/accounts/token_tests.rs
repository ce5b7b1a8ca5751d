//! Forged tokens, each made by hand: the attacker writes header and claims, and signs with what they have.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};
use tessera_types::{SeededChance, from_millis};

use super::*;

const NOW_MS: i64 = 1_771_151_400_000;

fn now() -> Timestamp {
    from_millis(NOW_MS)
}

fn ring() -> Keyring {
    Keyring::generate(&SeededChance::new(1))
}

fn signet() -> Signet {
    Signet::new(&ring(), "https://go.example.com", 900)
}

fn ids() -> (UserId, SessionId, WorkspaceId) {
    let chance = SeededChance::new(2);
    (UserId::new(now(), &chance), SessionId::new(now(), &chance), WorkspaceId::new(now(), &chance))
}

fn claims() -> Value {
    let (user, session, workspace) = ids();
    let iat = now().as_second();
    json!({"iss": "https://go.example.com", "aud": "https://go.example.com/v1", "sub": user, "sid": session,
        "wid": workspace, "iat": iat, "exp": iat + 900})
}

fn forge(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let message = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(&message).finalize().into_bytes();
    format!("{message}.{}", BASE64.encode(mac))
}

fn secret() -> [u8; 32] {
    ring().derive(PepperVersion(1), PURPOSE).unwrap()
}

fn header() -> Value {
    json!({"typ": "JWT", "alg": "HS256", "kid": "v1"})
}

#[test]
fn a_token_says_what_was_signed_until_the_second_it_expires() {
    let (user, session, workspace) = ids();
    let token = signet().sign(user, session, Some(workspace), now()).unwrap();
    let read = signet().read(&token, now()).unwrap();
    assert_eq!((read.user, read.session, read.workspace), (user, session, Some(workspace)));
    assert!(signet().read(&token, from_millis(NOW_MS + 899_999)).is_ok());
    assert_eq!(signet().read(&token, from_millis(NOW_MS + 900_000)), Err(TokenError::Expired));
    assert!(token.starts_with("eyJ"), "the carrier tells tokens from keys by this");
}

#[test]
fn a_hand_made_token_with_the_right_secret_is_taken_so_the_forgeries_below_fail_for_their_own_reason() {
    assert!(signet().read(&forge(&header(), &claims(), &secret()), now()).is_ok());
}

#[test]
fn t30_other_algorithms_and_none_are_refused() {
    for alg in ["none", "None", "NONE", "", "HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "hs256"] {
        let mut header = header();
        header["alg"] = alg.into();
        let token = forge(&header, &claims(), &secret());
        assert_eq!(signet().read(&token, now()), Err(TokenError::Invalid), "{alg}");
        let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
        assert_eq!(signet().read(&unsigned, now()), Err(TokenError::Invalid), "{alg}, unsigned");
    }
    let mut without = header();
    without.as_object_mut().unwrap().remove("alg");
    assert_eq!(signet().read(&forge(&without, &claims(), &secret()), now()), Err(TokenError::Invalid));
}

#[test]
fn t30_the_kid_names_a_pepper_and_nothing_else() {
    for kid in [
        "v2",
        "1",
        "V1",
        "v01",
        " v1",
        "v1 ",
        "v65536",
        "../../dev/null",
        "v1' or '1'='1",
        "",
        "http://evil/jwks",
    ] {
        let mut header = header();
        header["kid"] = kid.into();
        for secret in [&secret()[..], b"", &[0; 32]] {
            assert_eq!(
                signet().read(&forge(&header, &claims(), secret), now()),
                Err(TokenError::Invalid),
                "{kid}"
            );
        }
    }
    let mut without = header();
    without.as_object_mut().unwrap().remove("kid");
    assert_eq!(signet().read(&forge(&without, &claims(), &secret()), now()), Err(TokenError::Invalid));
}

#[test]
fn t30_a_key_in_the_header_is_not_believed() {
    let evil = [9; 32];
    let mut header = header();
    header["jwk"] = json!({"kty": "oct", "k": BASE64.encode(evil)});
    header["jku"] = "https://evil.example/jwks".into();
    assert_eq!(signet().read(&forge(&header, &claims(), &evil), now()), Err(TokenError::Invalid));
}

#[test]
fn t30_tokens_of_other_servers_audiences_and_purposes_are_refused() {
    for (claim, value) in [
        ("iss", json!("https://other.example.com")),
        ("aud", json!("https://go.example.com")),
        ("aud", json!(["https://go.example.com/v1", "https://other.example.com/v1"])),
        ("iss", Value::Null),
        ("sub", json!("ws_01h455vb4pex5vsknk084sn02q")),
        ("sid", json!("")),
        ("wid", json!("usr_01h455vb4pex5vsknk084sn02q")),
        ("exp", json!("9999999999")),
        ("exp", json!(-1)),
        ("role", json!("owner")),
    ] {
        let mut claims = claims();
        claims[claim] = value.clone();
        let read = signet().read(&forge(&header(), &claims, &secret()), now());
        assert!(read.is_err(), "{claim} {value}");
    }
    for missing in ["iss", "aud", "sub", "sid", "iat", "exp"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(missing);
        assert_eq!(
            signet().read(&forge(&header(), &claims, &secret()), now()),
            Err(TokenError::Invalid),
            "{missing}"
        );
    }
    let audit = ring().derive(PepperVersion(1), "audit").unwrap();
    assert_eq!(signet().read(&forge(&header(), &claims(), &audit), now()), Err(TokenError::Invalid));
}

#[test]
fn t30_altered_cut_and_padded_tokens_are_refused() {
    let token = forge(&header(), &claims(), &secret());
    for place in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(bytes).unwrap();
        assert!(signet().read(&altered, now()).is_err(), "byte {place}");
        assert!(signet().read(&token[..place], now()).is_err(), "cut at {place}");
    }
    for end in ["=", ".", "A", " ", "\n"] {
        assert!(signet().read(&format!("{token}{end}"), now()).is_err(), "{end:?}");
    }
}

#[test]
fn tokens_signed_under_an_older_pepper_live_out_their_minutes() {
    let (user, session, _) = ids();
    let old = signet().sign(user, session, None, now()).unwrap();
    let rotated = Signet::new(&ring().rotated(&SeededChance::new(9)), "https://go.example.com", 900);
    assert_eq!(rotated.read(&old, now()).unwrap().workspace, None);
    let new = rotated.sign(user, session, None, now()).unwrap();
    assert_eq!(signet().read(&new, now()), Err(TokenError::Invalid));
}
