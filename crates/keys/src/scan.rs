//! Finds keys in bytes that may hold anything: source trees, logs, git objects.
//!
//! Exact rather than clever: what is reported has the shape and a right checksum, so chance alone produces a
//! false report about once in 10⁸ candidates. No entropy guesses, no regular expressions, one pass.

use crate::format::{BODY_LEN, PREFIX_LEN_MAX, checksum_holds, is_prefix_byte, is_separator};
use crate::{Prefix, Presented};

/// One key in the bytes that were searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    /// Where the key's prefix begins, in bytes.
    pub offset: usize,
    pub key: Presented<'a>,
}

/// Every well-formed, checksum-valid key in `text`, in order; only those with one of `prefixes`, if given.
///
/// What stands around a key does not hide it, not even letters right after its end. Where the text before the
/// random part reads as several prefixes (`foo-tsr_live_…`), the longest for which the checksum holds is
/// reported: the checksum covers the prefix, so in practice exactly one does.
///
/// Linear in the length of `text`: at most 24 checksums per 33 bytes, and in prose about one look per 32.
///
/// ```
/// use tessera_keys::{PlainKey, find_keys};
/// # let chance = tessera_types::SeededChance::new(1);
/// let key = PlainKey::mint(&"tsr_live_".parse()?, &chance);
/// let text = format!("export KEY=\"{}\"\n", key.expose());
/// let found: Vec<_> = find_keys(text.as_bytes(), None).collect();
/// assert_eq!((found.len(), found[0].offset), (1, 12));
/// assert_eq!(found[0].key.text(), key.expose());
/// # Ok::<(), tessera_keys::PrefixError>(())
/// ```
pub fn find_keys<'a>(text: &'a [u8], prefixes: Option<&[Prefix]>) -> impl Iterator<Item = Found<'a>> {
    // Where the next body may begin.
    let mut at = 1;
    std::iter::from_fn(move || {
        while let Some(window) = text.get(at..at + BODY_LEN) {
            // From the back: one look at a window of ordinary text moves on by up to its whole length.
            if let Some(gap) = window.iter().rposition(|byte| !byte.is_ascii_alphanumeric()) {
                at += gap + 1;
                continue;
            }
            let body = at;
            // The next body stands behind the next separator, which is at the end of this run or later.
            let run = text[body + BODY_LEN..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            at = body + BODY_LEN + run + 1;
            if let Some(found) = key_with_body_at(text, body, prefixes) {
                return Some(found);
            }
        }
        None
    })
}

/// Tries the prefixes that end where the body begins, longest first.
fn key_with_body_at<'a>(text: &'a [u8], body: usize, prefixes: Option<&[Prefix]>) -> Option<Found<'a>> {
    let end = body + BODY_LEN;
    if !is_separator(text[body - 1]) {
        return None;
    }
    let longest =
        text[..body].iter().rev().take(PREFIX_LEN_MAX).take_while(|&&byte| is_prefix_byte(byte)).count();
    let offset = (body - longest..body).find(|&start| {
        let wanted =
            prefixes.is_none_or(|all| all.iter().any(|p| p.as_str().as_bytes() == &text[start..body]));
        wanted && checksum_holds(&text[start..end])
    })?;
    let key = Presented::parse(std::str::from_utf8(&text[offset..end]).ok()?).ok()?;
    Some(Found { offset, key })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tessera_types::SeededChance;

    use super::*;
    use crate::PlainKey;

    fn key(prefix: &str, seed: u64) -> String {
        PlainKey::mint(&prefix.parse().unwrap(), &SeededChance::new(seed)).expose().to_owned()
    }

    fn found(text: &[u8]) -> Vec<(usize, String)> {
        find_keys(text, None).map(|found| (found.offset, found.key.text().to_owned())).collect()
    }

    #[test]
    fn a_key_is_found_whatever_stands_around_it() {
        let key = key("tsr_live_", 1);
        for (before, after) in [
            ("", ""),
            ("KEY=\"", "\""),
            ("https://x.example/v1/me?api_key=", "&b=1"),
            ("foo-", ""),
            ("a-very-long-name-before-it-all_", "\n"),
            ("abc", "AndLettersRightAfter"),
            ("\u{e9}\u{1f511}", "\u{e9}"),
            ("AUTHORIZATION: Bearer ", "\\n"),
        ] {
            let text = format!("{before}{key}{after}");
            assert_eq!(found(text.as_bytes()), [(before.len(), key.clone())], "{text}");
        }
    }

    #[test]
    fn neighbours_are_both_found() {
        let (one, other) = (key("tsr_live_", 1), key("key-", 2));
        let text = format!("{one}{other},{one}");
        assert_eq!(found(text.as_bytes()), [(0, one.clone()), (41, other), (78, one)]);
    }

    #[test]
    fn a_wanted_prefix_leaves_the_others_out() {
        let (one, other) = (key("tsr_live_", 1), key("key-", 2));
        let text = format!("{one} {other}");
        let wanted = ["key-".parse().unwrap()];
        let keys: Vec<_> = find_keys(text.as_bytes(), Some(&wanted)).map(|found| found.key.text()).collect();
        assert_eq!(keys, [other]);
    }

    #[test]
    fn text_too_short_for_a_key_holds_none() {
        for len in 0..40 {
            assert_eq!(found(&vec![b'_'; len]), []);
            assert_eq!(found(&vec![b'a'; len]), []);
        }
    }

    #[test]
    fn the_fixtures_of_the_gitleaks_rule_agree() {
        let leaks = include_str!("../../../docs/gitleaks/fixtures/true.txt");
        for line in leaks.lines().filter(|line| !line.starts_with("##")) {
            assert_eq!(found(line.as_bytes()).len(), 1, "{line}");
        }
        assert_eq!(leaks.lines().filter(|line| !line.starts_with("##")).count(), 10);
        for harmless in [
            include_str!("../../../docs/gitleaks/fixtures/false.txt"),
            include_str!("../../../docs/gitleaks/fixtures/checksum-only.txt"),
        ] {
            assert_eq!(found(harmless.as_bytes()), []);
        }
    }

    proptest! {
        #[test]
        fn every_key_in_random_noise_is_found(
            parts in proptest::collection::vec(
                (proptest::collection::vec(any::<u8>(), 0..200), any::<u64>(), "[a-z0-9_-]{0,23}[_-]"),
                0..6,
            ),
        ) {
            let (mut text, mut expected) = (Vec::new(), Vec::new());
            for (noise, seed, prefix) in parts {
                text.extend(noise);
                // Noise may end in what reads as a longer prefix; the checksum tells.
                let key = key(&prefix, seed);
                expected.push((text.len(), key.clone()));
                text.extend(key.bytes());
            }
            prop_assert_eq!(found(&text), expected);
        }

        #[test]
        fn noise_of_the_alphabet_alone_holds_no_key(text in "[0-9A-Za-z_-]{0,2000}") {
            prop_assert_eq!(found(text.as_bytes()), []);
        }
    }
}
