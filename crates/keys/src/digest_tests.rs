//! What `digest.rs` promises, as tests.

use std::collections::HashSet;

use serde_json::Value;
use tessera_types::SeededChance;

use super::*;

const V1: PepperVersion = PepperVersion(1);
const V2: PepperVersion = PepperVersion(2);

fn vectors() -> Value {
    serde_json::from_str(include_str!("../vectors/digest.json")).unwrap()
}

fn keyring() -> Keyring {
    let peppers = &vectors()["peppers"];
    let pepper = |version: &str| {
        let mut bytes = [0; 32];
        hex::read(peppers[version].as_str().unwrap(), &mut bytes).unwrap();
        bytes
    };
    Keyring::new(V2, [(V1, pepper("v1")), (V2, pepper("v2"))]).unwrap()
}

#[test]
fn digests_agree_with_an_independent_implementation() {
    let (vectors, keyring) = (vectors(), keyring());
    let key = vectors["key"].as_str().unwrap();
    for (version, name) in [(V1, "v1"), (V2, "v2")] {
        let digest = keyring.digest(version, key).unwrap();
        assert_eq!(hex::of(digest.as_bytes()), vectors["digest"][name]);
    }
    assert_eq!(keyring.digest_current(key), keyring.digest(V2, key).unwrap());
    assert_eq!(hex::of(&keyring.derive(V1, "audit").unwrap()), vectors["derived"]["v1"]);
    assert_eq!(keyring.digest(PepperVersion(3), key), None);
}

#[test]
fn an_imported_digest_is_found_by_the_key_it_was_made_from() {
    let (vectors, keyring) = (vectors(), keyring());
    let text = vectors["legacy"]["text"].as_str().unwrap();
    let candidates = keyring.candidates(text);
    for (kind, stored_kind) in [
        (ImportKind::Sha256Hex, DigestKind::Sha256),
        (ImportKind::Sha256Base64, DigestKind::Sha256),
        (ImportKind::Sha512Hex, DigestKind::Sha512),
    ] {
        let foreign = ForeignDigest::parse(kind, vectors["legacy"][kind.as_str()].as_str().unwrap()).unwrap();
        assert_eq!(foreign.kind(), stored_kind);
        let stored = keyring.wrap(V2, &foreign).unwrap();
        assert_eq!(hex::of(stored.as_bytes()), vectors["legacy"]["wrapped"][stored_kind.as_str()]);
        assert!(candidates.contains(&(stored_kind, V2, stored)));
    }
}

#[test]
fn candidates_are_every_kind_under_every_pepper_native_and_current_first() {
    let keyring = keyring();
    let order: Vec<_> =
        keyring.candidates("sk-1").into_iter().map(|(kind, version, _)| (kind, version)).collect();
    use DigestKind::{HmacSha256, Sha256, Sha512};
    assert_eq!(
        order,
        [(HmacSha256, V2), (HmacSha256, V1), (Sha256, V2), (Sha256, V1), (Sha512, V2), (Sha512, V1)]
    );
    let digests: HashSet<_> = keyring.candidates("sk-1").into_iter().map(|(_, _, digest)| digest).collect();
    assert_eq!(digests.len(), 6);
    assert_eq!(keyring.candidates_native("sk-1"), keyring.candidates("sk-1")[..2]);
}

#[test]
fn a_foreign_digest_of_the_wrong_length_or_alphabet_is_refused() {
    let hex = "ab".repeat(32);
    assert!(ForeignDigest::parse(ImportKind::Sha256Hex, &hex.to_uppercase()).is_ok());
    for (kind, text) in [
        (ImportKind::Sha256Hex, ""),
        (ImportKind::Sha256Hex, &hex[..62]),
        (ImportKind::Sha256Hex, &"zz".repeat(32)),
        (ImportKind::Sha256Hex, &"é".repeat(32)),
        (ImportKind::Sha512Hex, &hex),
        (ImportKind::Sha256Base64, &hex),
        (ImportKind::Sha256Base64, &"*".repeat(43)),
        (ImportKind::Sha256Base64, &"A".repeat(42)),
    ] {
        assert!(ForeignDigest::parse(kind, text).is_err(), "{kind} {text}");
    }
    let error = ForeignDigest::parse(ImportKind::Sha512Hex, "ab").unwrap_err();
    assert_eq!(error.to_string(), "sha512-hex wants 128 hexadecimal digits");
    // 32 bytes of 0xfb: both alphabets differ here, and padding does not matter.
    let standard = format!("{}+/s=", "+/v7".repeat(10));
    let url_safe = standard.replace('+', "-").replace('/', "_").replace('=', "");
    let parse = |text: &str| ForeignDigest::parse(ImportKind::Sha256Base64, text).unwrap();
    assert_eq!(parse(&standard), parse(&url_safe));
}

#[test]
fn the_text_form_comes_back_with_the_same_current_pepper() {
    let keyring = keyring();
    let text = keyring.to_text();
    assert!(text.starts_with("# "));
    assert!(text.ends_with(&format!("v2 {}\n", "a5".repeat(32))));
    let again = Keyring::parse(&text).unwrap();
    assert_eq!(again.current(), V2);
    assert_eq!(again.candidates("x"), keyring.candidates("x"));
}

#[test]
fn current_is_the_last_line_even_when_it_is_not_the_highest() {
    let (a, b) = ("00".repeat(32), "11".repeat(32));
    let keyring = Keyring::parse(&format!("# c\n\nv7 {a}\r\nv2 {b}\n")).unwrap();
    assert_eq!(keyring.current(), V2);
    assert_eq!(keyring.versions().collect::<Vec<_>>(), [PepperVersion(7), V2]);
    assert!(keyring.to_text().ends_with(&format!("v7 {a}\nv2 {b}\n")));
}

#[test]
fn a_broken_keyring_says_where_and_never_what() {
    let good = "00".repeat(32);
    for (text, error) in [
        (String::new(), KeyringError::Empty),
        ("# only a comment".into(), KeyringError::Empty),
        (format!("# c\nv1 {}", &good[1..]), KeyringError::Line(2)),
        (format!("1 {good}"), KeyringError::Line(1)),
        (format!("v1 {good} x"), KeyringError::Line(1)),
        (format!("v65536 {good}"), KeyringError::Line(1)),
        (format!("v1 {good}\nv1 {good}"), KeyringError::Repeated(V1)),
    ] {
        assert_eq!(Keyring::parse(&text).unwrap_err(), error);
    }
    assert_eq!(Keyring::new(V2, [(V1, [0; 32])]).unwrap_err(), KeyringError::CurrentMissing(V2));
    assert_eq!(format!("{:?}", keyring()), "Keyring(current v2, 2 in all)");
}

#[test]
fn t29_rotating_the_pepper_keeps_the_old_one() {
    let chance = SeededChance::new(29);
    let first = Keyring::generate(&chance);
    let second = first.rotated(&chance);
    assert_eq!((first.current(), second.current()), (V1, V2));
    assert!(second.has(V1) && !first.has(V2));
    assert_eq!(second.digest(V1, "k"), first.digest(V1, "k"));
    assert_ne!(second.digest_current("k"), first.digest_current("k"));
    let at_the_end = Keyring::new(PepperVersion(u16::MAX), [(PepperVersion(u16::MAX), [1; 32])]).unwrap();
    assert_eq!(at_the_end.rotated(&chance).current(), PepperVersion(0));
}

#[test]
fn derived_keys_digests_and_wrappings_never_meet() {
    let keyring = keyring();
    let derived = keyring.derive(V1, "audit").unwrap();
    assert_ne!(derived, keyring.derive(V1, "cursor").unwrap());
    assert_ne!(derived, keyring.derive(V2, "audit").unwrap());
    assert_ne!(&derived, keyring.digest(V1, "audit").unwrap().as_bytes());
}

#[test]
fn a_digest_shows_four_bytes_and_compares_whole() {
    let digest = KeyDigest::from_bytes([0xab; 32]);
    assert_eq!(format!("{digest:?}"), "KeyDigest(abababab…)");
    let mut other = [0xab; 32];
    other[31] = 0;
    assert!(digest.matches(&digest) && !digest.matches(&KeyDigest::from_bytes(other)));
}
