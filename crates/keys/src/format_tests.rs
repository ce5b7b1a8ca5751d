//! What `format.rs` promises, as tests.

use proptest::prelude::*;
use serde_json::Value;
use tessera_types::SeededChance;

use super::*;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../vectors/format.json")).unwrap()
}

fn mint(prefix: &str, seed: u64) -> PlainKey {
    PlainKey::mint(&prefix.parse().unwrap(), &SeededChance::new(seed))
}

#[test]
fn every_valid_vector_parses_into_its_parts() {
    let vectors = vectors();
    let valid = vectors["valid"].as_array().unwrap();
    assert_eq!(valid.len(), 13);
    for vector in valid {
        let presented = Presented::parse(vector["key"].as_str().unwrap()).unwrap();
        assert_eq!(presented.text(), vector["key"]);
        assert_eq!(presented.prefix(), vector["prefix"]);
        assert_eq!(presented.mask().to_string(), vector["mask"]);
        let said = format!("{}{}", presented.prefix(), vector["random"].as_str().unwrap());
        assert_eq!(checksum(said.as_bytes()), vector["checksum"].as_str().unwrap().as_bytes());
    }
}

#[test]
fn every_invalid_vector_is_refused_for_its_reason() {
    let vectors = vectors();
    let invalid = vectors["invalid"].as_array().unwrap();
    assert_eq!(invalid.len(), 23);
    for vector in invalid {
        let error = Presented::parse(vector["text"].as_str().unwrap()).unwrap_err();
        assert_eq!(format!("{error:?}"), vector["error"], "{}", vector["why"]);
    }
}

#[test]
fn s047_s130_s160_the_described_prefixes_are_all_expressible() {
    for (prefix, len) in [("growqr_live_", 44), ("key-", 36), ("api_live_", 41), ("tsr_live_", 41)] {
        let key = mint(prefix, 1);
        assert_eq!(key.expose().len(), len);
        assert!(key.expose().starts_with(prefix));
        assert_eq!(Presented::parse(key.expose()).unwrap().prefix(), prefix);
    }
}

#[test]
fn a_prefix_that_cannot_be_is_refused_with_the_reason() {
    for (text, error) in [
        ("", PrefixError::Empty),
        ("tsr", PrefixError::BadEnd),
        ("Tsr_", PrefixError::BadCharacter('T')),
        ("größe_", PrefixError::BadCharacter('ö')),
        ("a b_", PrefixError::BadCharacter(' ')),
        ("abcdefghijklmnopqrstuvwx_", PrefixError::TooLong),
    ] {
        assert_eq!(text.parse::<Prefix>(), Err(error), "{text}");
    }
    assert_eq!(PrefixError::BadEnd.to_string(), "a key prefix ends in _ or -, as in tsr_live_");
    assert_eq!(serde_json::to_string(&"key-".parse::<Prefix>().unwrap()).unwrap(), r#""key-""#);
    assert!(serde_json::from_str::<Prefix>(r#""key""#).is_err());
}

#[test]
fn t31_every_digit_is_equally_likely() {
    // 20,000 keys × 26 digits over 62 digits: 8387 of each expected. Chi-squared with 61 degrees of freedom
    // exceeds 117 once in 10⁵; the seed is fixed, so this fails for a change of the generator only. With
    // plain `byte % 62` the first eight digits would each come up 25 % more often.
    let chance = SeededChance::new(31);
    let prefix = "tsr_live_".parse().unwrap();
    let mut counts = [0f64; 62];
    for _ in 0..20_000 {
        let key = PlainKey::mint(&prefix, &chance);
        for byte in &key.expose().as_bytes()[9..9 + RANDOM_LEN] {
            counts[ALPHABET.iter().position(|digit| digit == byte).unwrap()] += 1.0;
        }
    }
    let expected = 20_000.0 * 26.0 / 62.0;
    let chi_squared: f64 = counts.iter().map(|count| (count - expected).powi(2) / expected).sum();
    assert!(chi_squared < 117.0, "{chi_squared}");
}

#[test]
fn s048_a_mask_identifies_and_gives_nothing_back() {
    let key = mint("growqr_live_", 7);
    let mask = key.mask();
    assert_eq!(mask.prefix, "growqr_live_");
    assert_eq!(mask.start, key.expose()[12..20]);
    assert_eq!(mask.end, key.expose()[40..]);
    assert_eq!(mask.to_string().len(), 12 + 8 + 3 + 4);
    let presented = Presented::parse(key.expose()).unwrap();
    assert_eq!(format!("{presented:?}"), format!("Presented({mask})"));
}

proptest! {
    #[test]
    fn what_is_minted_parses(prefix in "[a-z0-9_-]{0,23}[_-]", seed: u64) {
        let key = mint(&prefix, seed);
        let presented = Presented::parse(key.expose()).unwrap();
        prop_assert_eq!(presented.prefix(), prefix);
        prop_assert_eq!(presented.text(), key.expose());
        prop_assert_eq!(presented.mask(), key.mask());
    }

    #[test]
    fn one_wrong_character_is_always_noticed(
        prefix in "[a-z0-9_-]{0,23}[_-]", seed: u64, place: proptest::sample::Index, wrong in "[ -~é]",
    ) {
        let key = mint(&prefix, seed);
        let place = place.index(key.expose().len());
        let mut text = key.expose().to_owned();
        text.replace_range(place..=place, &wrong);
        prop_assume!(text != key.expose());
        prop_assert!(Presented::parse(&text).is_err());
    }

    #[test]
    fn swapped_neighbours_are_noticed(
        prefix in "[a-z0-9_-]{0,23}[_-]", seed: u64, place: proptest::sample::Index,
    ) {
        // Across the border to the checksum one swap in 2³² would pass; proptest does not live that long.
        let key = mint(&prefix, seed);
        let mut bytes = key.expose().as_bytes().to_vec();
        let place = place.index(bytes.len() - 1);
        prop_assume!(bytes[place] != bytes[place + 1]);
        bytes.swap(place, place + 1);
        prop_assert!(Presented::parse(std::str::from_utf8(&bytes).unwrap()).is_err());
    }

    #[test]
    fn a_key_cut_short_is_always_noticed(
        prefix in "[a-z0-9_-]{0,23}[_-]", seed: u64, kept: proptest::sample::Index,
    ) {
        let key = mint(&prefix, seed);
        prop_assert!(Presented::parse(&key.expose()[..kept.index(key.expose().len())]).is_err());
    }

    #[test]
    fn a_mask_shows_at_most_eight_and_four_characters_of_the_secret(
        prefix in "[a-z0-9_-]{0,23}[_-]", seed: u64,
    ) {
        let key = mint(&prefix, seed);
        let body = &key.expose()[prefix.len()..];
        let mask = key.mask();
        prop_assert_eq!((mask.start.len(), mask.end.len()), (8, 4));
        let shown = mask.to_string();
        for window in body.as_bytes().windows(MASK_START_LEN + 1) {
            prop_assert!(!shown.as_bytes().windows(MASK_START_LEN + 1).any(|part| part == window));
        }
    }
}
