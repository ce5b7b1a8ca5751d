//! Aliases: what stands after the domain.
//!
//! ASCII letters and digits, `-` `_` `.` and `/`, because a person must be able to type it from paper on any
//! keyboard. A drawn one has seven characters of an alphabet in which nothing looks like anything else.

use tessera_types::{Chance, Stream};

use crate::http::RESERVED;
use crate::problem::Wrong;
use crate::settings::AliasCase;

pub const ALIAS_CHARS_MAX: usize = 190;
const DRAWN_CHARS: usize = 7;
/// Without 0 and o, 1 and i and l.
const ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
/// How many numbered aliases are tried for a suggestion.
const SUGGESTIONS_MAX: usize = 20;

/// What nobody wants on a poster, as far as the alphabet can spell it. Compared after digits that pass for
/// letters were read as such.
const OFFENSIVE: [&str; 36] = [
    "anus", "arse", "ass", "bastard", "bum", "cum", "cunt", "damn", "dumb", "fag", "fart", "fck", "fuck",
    "fuk", "hate", "hure", "jerk", "kkk", "kunt", "merda", "naz", "negr", "perv", "puta", "pute", "rape",
    "scum", "sex", "shag", "suck", "tard", "turd", "twat", "wank", "xxx", "ztfu",
];

/// Whether an alias may hold this.
pub(super) const fn may_hold(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/')
}

/// An alias that may stand in an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// As it was written.
    pub text: String,
    /// As it is compared.
    pub key: String,
}

impl Alias {
    /// # Errors
    /// Says which rule it breaks.
    pub fn parse(text: &str, case: AliasCase) -> Result<Self, Wrong> {
        if !(1..=ALIAS_CHARS_MAX).contains(&text.len()) {
            return Err(Wrong::new("length", format!("1 to {ALIAS_CHARS_MAX} characters")));
        }
        if !text.bytes().all(may_hold) {
            return Err(Wrong::new("format", "letters a to z, digits, and - _ . / only"));
        }
        if text.split('/').any(str::is_empty) {
            return Err(Wrong::new("format", "no / at the beginning or end, and no two in a row"));
        }
        if text.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err(Wrong::new("format", "no segment may be . or .., which browsers take out"));
        }
        let first = text.split('/').next().unwrap_or_default();
        if RESERVED.iter().any(|word| word.eq_ignore_ascii_case(first)) {
            return Err(Wrong::new("reserved", format!("{first} is kept for pages of this server")));
        }
        Ok(Self::of(text.to_owned(), case))
    }

    /// A new one, every alias of seven characters as likely as any other that is fit to print.
    pub fn draw(chance: &dyn Chance, case: AliasCase) -> Self {
        loop {
            let text = draw_text(chance);
            if !is_offensive(&text) && !RESERVED.contains(&text.as_str()) {
                return Self::of(text, case);
            }
        }
    }

    /// `demo-2`, `demo-3` and so on: what to try when `demo` is taken.
    pub fn numbered(&self, case: AliasCase) -> Vec<Self> {
        let base = self.text.get(..ALIAS_CHARS_MAX - 3).unwrap_or(&self.text);
        (2..2 + SUGGESTIONS_MAX).map(|number| Self::of(format!("{base}-{number}"), case)).collect()
    }

    fn of(text: String, case: AliasCase) -> Self {
        let key = match case {
            AliasCase::Insensitive => text.to_ascii_lowercase(),
            AliasCase::Sensitive => text.clone(),
        };
        Self { text, key }
    }
}

/// Five bits of each byte choose a letter; the 32nd value is drawn again instead of folded in, which would
/// make one letter likelier than the others.
fn draw_text(chance: &dyn Chance) -> String {
    let mut text = String::with_capacity(DRAWN_CHARS);
    let mut bytes = [0u8; 16];
    while text.len() < DRAWN_CHARS {
        chance.fill(Stream::Alias, &mut bytes);
        let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 31)));
        text.extend(letters.take(DRAWN_CHARS - text.len()).map(|&letter| char::from(letter)));
    }
    text
}

fn is_offensive(text: &str) -> bool {
    let read: String = text
        .chars()
        .map(|letter| match letter {
            '2' => 'z',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '6' | '9' => 'g',
            '7' => 't',
            '8' => 'b',
            'v' => 'u',
            other => other,
        })
        .collect();
    OFFENSIVE.iter().any(|word| text.contains(word) || read.contains(word))
}

#[cfg(test)]
mod tests {
    use tessera_types::SeededChance;

    use super::*;

    #[test]
    fn the_rules_for_given_aliases() {
        for text in ["a", "demo", "Spring-Sale_2026", "a/b/c", "v1.2", "....a", "x/..y", &"a".repeat(190)] {
            assert_eq!(
                Alias::parse(text, AliasCase::Insensitive).map(|alias| alias.text),
                Ok(text.to_owned())
            );
        }
        let table = [
            ("", "length"),
            (&"a".repeat(191), "length"),
            ("a b", "format"),
            ("caf\u{e9}", "format"),
            ("a?b", "format"),
            ("50%", "format"),
            ("/a", "format"),
            ("a/", "format"),
            ("a//b", "format"),
            ("a/../b", "format"),
            ("./a", "format"),
            ("..", "format"),
            ("v1", "reserved"),
            ("V1/links", "reserved"),
            ("Login", "reserved"),
            ("robots.txt", "reserved"),
            ("a\nb", "format"),
        ];
        for (text, code) in table {
            assert_eq!(Alias::parse(text, AliasCase::Insensitive).unwrap_err().code, code, "{text}");
        }
    }

    #[test]
    fn the_domain_decides_whether_case_counts() {
        assert_eq!(Alias::parse("Demo", AliasCase::Insensitive).unwrap().key, "demo");
        assert_eq!(Alias::parse("Demo", AliasCase::Sensitive).unwrap().key, "Demo");
    }

    #[test]
    fn drawn_aliases_are_seven_plain_letters_each_as_likely_as_the_others() {
        let chance = SeededChance::new(3);
        let mut counts = [0u32; 256];
        for _ in 0..20_000 {
            for byte in draw_text(&chance).bytes() {
                counts[usize::from(byte)] += 1;
            }
        }
        assert_eq!(counts.iter().filter(|count| **count > 0).count(), 31);
        // 140,000 letters, 4,516 of each expected, standard deviation 66: five of them allowed either way.
        for letter in ALPHABET {
            let count = counts[usize::from(*letter)];
            assert!((4_186..=4_846).contains(&count), "{} came {count} times", char::from(*letter));
        }
        let drawn = Alias::draw(&chance, AliasCase::Insensitive);
        assert_eq!(drawn.text.len(), 7);
    }

    #[test]
    fn a_drawn_alias_says_nothing_rude() {
        for text in ["afuckxy", "xxa55yy", "fvck234", "n4z2345", "37kkk8w", "s3xy234"] {
            assert!(is_offensive(text), "{text}");
        }
        for text in ["mosa2cr", "tk7pq3n", "h4j5k6m"] {
            assert!(!is_offensive(text), "{text}");
        }
        let chance = SeededChance::new(4);
        assert!((0..5_000).all(|_| !is_offensive(&Alias::draw(&chance, AliasCase::Sensitive).text)));
    }

    #[test]
    fn a_suggestion_never_outgrows_an_alias() {
        let long = Alias::parse(&"a".repeat(190), AliasCase::Sensitive).unwrap();
        assert!(long.numbered(AliasCase::Sensitive).iter().all(|alias| alias.text.len() <= 190));
        let demo = Alias::parse("Demo", AliasCase::Insensitive).unwrap();
        assert_eq!(demo.numbered(AliasCase::Insensitive)[0].text, "Demo-2");
    }
}
