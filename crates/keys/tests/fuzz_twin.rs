//! The fuzz target's twin: everything that reads bytes from outside, fed with noise and with damaged truth.
//!
//! Runs in the ordinary test run. Nothing may panic, and whatever is accepted must say the same when it is
//! written and read again. `PROPTEST_CASES=1000000 cargo test -p tessera-keys --test fuzz_twin` digs deeper.

use proptest::prelude::*;
use tessera_keys::{
    AllowList, ForeignDigest, Grant, ImportKind, Keyring, PlainKey, Prefix, Presented, Preset, Role, Scope,
    find_keys,
};
use tessera_types::SeededChance;

fn key(seed: u64) -> String {
    let prefix = "tsr_live_".parse().expect("a prefix");
    PlainKey::mint(&prefix, &SeededChance::new(seed)).expose().to_owned()
}

/// A true text with a few characters replaced, dropped, doubled or moved, or any text at all.
fn damaged(truth: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let wounds = proptest::collection::vec((any::<proptest::sample::Index>(), 0..4u8, any::<char>()), 0..4);
    let damaged = (truth, wounds).prop_map(|(truth, wounds)| {
        let mut text: Vec<char> = truth.chars().collect();
        for (place, kind, other) in wounds {
            if text.is_empty() {
                break;
            }
            let place = place.index(text.len());
            match kind {
                0 => text[place] = other,
                1 => drop(text.remove(place)),
                2 => text.insert(place, text[place]),
                _ => text.rotate_left(place),
            }
        }
        text.into_iter().collect()
    });
    prop_oneof![3 => damaged, 1 => any::<String>()]
}

fn truth() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u64>().prop_map(key),
        any::<u64>().prop_map(|seed| Keyring::generate(&SeededChance::new(seed)).to_text().to_string()),
        Just("10.0.0.0/8,2001:db8::/32,::ffff:10.0.0.1".to_owned()),
        Just("links.read,links.create,qr.read".to_owned()),
        Just("read_write".to_owned()),
        Just("ab".repeat(32)),
        Just("growqr_live_".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(1024), ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_reader_panic_and_what_is_accepted_comes_back(text in damaged(truth())) {
        if let Ok(presented) = Presented::parse(&text) {
            prop_assert_eq!(presented.text(), &text);
            prop_assert!(presented.prefix().parse::<Prefix>().is_ok());
            prop_assert_eq!(find_keys(text.as_bytes(), None).next().map(|found| found.offset), Some(0));
        }
        if let Ok(prefix) = text.parse::<Prefix>() {
            prop_assert_eq!(prefix.as_str(), &text);
            prop_assert!(Presented::parse(PlainKey::mint(&prefix, &SeededChance::new(1)).expose()).is_ok());
        }
        if let Ok(keyring) = Keyring::parse(&text) {
            let again = Keyring::parse(&keyring.to_text()).unwrap();
            prop_assert_eq!(again.candidates(&text), keyring.candidates(&text));
        }
        if let Ok(grant) = Grant::from_text(&text) {
            prop_assert_eq!(Grant::from_text(&grant.to_text()), Ok(grant));
        }
        if let Ok(list) = AllowList::from_text(&text) {
            prop_assert_eq!(AllowList::from_text(&list.to_text()), Ok(list));
        }
        for kind in ImportKind::ALL {
            let _ = ForeignDigest::parse(*kind, &text);
        }
        let _ = (text.parse::<Scope>(), text.parse::<Preset>(), text.parse::<Role>());
    }

    #[test]
    fn the_scanner_reports_exactly_what_parses(
        pieces in proptest::collection::vec(
            prop_oneof![
                any::<u64>().prop_map(|seed| key(seed).into_bytes()),
                damaged(any::<u64>().prop_map(key)).prop_map(String::into_bytes),
                proptest::collection::vec(any::<u8>(), 0..80),
                "[a-z0-9_-]{0,40}".prop_map(String::into_bytes),
            ],
            0..6,
        ),
    ) {
        let text = pieces.concat();
        let found: Vec<_> = find_keys(&text, None).map(|found| (found.offset, found.key.text().len())).collect();
        prop_assert_eq!(found, every_key_the_slow_way(&text));
    }
}

/// The definition, without any cleverness: at each end, the longest stretch that parses.
fn every_key_the_slow_way(text: &[u8]) -> Vec<(usize, usize)> {
    let parses = |start: usize, end: usize| {
        std::str::from_utf8(&text[start..end]).is_ok_and(|part| Presented::parse(part).is_ok())
    };
    (33..=text.len())
        .filter_map(|end| {
            (end.saturating_sub(56)..=end - 33).find(|&start| parses(start, end)).map(|s| (s, end - s))
        })
        .collect()
}
