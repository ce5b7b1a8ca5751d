//! Which user agents are robots, by the pattern list of isbot.
//!
//! `data/isbot/patterns.txt` is the list as isbot 5.2.3 publishes it (npm, Unlicense). Six of its patterns look around
//! themselves, which finite automata cannot; they are written out by hand here, and a list that changes them is refused
//! by a test. Redirects ask on their own threads, so verdicts are remembered without a lock.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use regex::bytes::{Regex, RegexBuilder};
use siphasher::sip::SipHasher13;
use tessera_types::{Chance, Stream};

use super::text::{USER_AGENT_BYTES_MAX, beginning};

const PATTERNS: &str = include_str!("../../data/isbot/patterns.txt");

/// Verdicts that are remembered, at eight bytes each.
const REMEMBERED_MAX: usize = 1 << 14;
/// Memory the automaton may fill while it is built as it goes.
const AUTOMATON_BYTES_MAX: usize = 1 << 20;

/// Tells robots from people by what they call themselves. Shared between threads.
pub struct RobotList {
    /// Compiled for the first question: 2 MiB that a server without visitors does not need.
    patterns: OnceLock<Option<Regex>>,
    /// 63 bits of a keyed hash and, in the lowest, the verdict. The key is secret, so no client can find a text that
    /// is taken for another one's.
    verdicts: Box<[AtomicU64]>,
    hasher: SipHasher13,
}

impl RobotList {
    pub fn new(chance: &dyn Chance) -> Self {
        let mut key = [0; 16];
        chance.fill(Stream::Salt, &mut key);
        Self {
            patterns: OnceLock::new(),
            verdicts: (0..REMEMBERED_MAX).map(|_| AtomicU64::new(0)).collect(),
            hasher: SipHasher13::new_with_key(&key),
        }
    }

    /// Whether this is a robot. Who does not say what they are is one: every browser does.
    ///
    /// Only the first 1,024 bytes are looked at. `HEAD`, prefetches and previews are not known here.
    pub fn is_robot(&self, user_agent: &str) -> bool {
        let user_agent = beginning(user_agent, USER_AGENT_BYTES_MAX).as_bytes();
        let hash = self.hasher.hash(user_agent);
        // Two places for each, or two that are often seen and meet in one would drive each other out for good.
        let (tag, place) = (hash & !1, ((hash >> 32) as usize % REMEMBERED_MAX) & !1);
        let (newer, older) = (&self.verdicts[place], &self.verdicts[place + 1]);
        let last = newer.load(Ordering::Relaxed);
        for known in [last, older.load(Ordering::Relaxed)] {
            if known & !1 == tag {
                return known & 1 == 1;
            }
        }
        let is_robot = self.judge(user_agent);
        older.store(last, Ordering::Relaxed);
        newer.store(tag | u64::from(is_robot), Ordering::Relaxed);
        is_robot
    }

    fn judge(&self, user_agent: &[u8]) -> bool {
        user_agent.trim_ascii().is_empty()
            || LOOK_AROUND.iter().any(|(_, matches)| matches(user_agent))
            || self
                .patterns
                .get_or_init(compile)
                .as_ref()
                .is_some_and(|patterns| patterns.is_match(user_agent))
    }
}

/// All patterns that do not look around, as one. Classes and case are ASCII's, as in isbot's own language.
fn compile() -> Option<Regex> {
    let plain: Vec<String> = PATTERNS
        .lines()
        .filter(|pattern| !looks_around(pattern))
        .map(|pattern| format!("(?:{})", translated(pattern)))
        .collect();
    RegexBuilder::new(&plain.join("|"))
        .case_insensitive(true)
        .unicode(false)
        .dfa_size_limit(AUTOMATON_BYTES_MAX)
        .build()
        .inspect_err(
            |error| tracing::error!(%error, "the list of robots cannot be read; none will be recognised"),
        )
        .ok()
}

/// JavaScript takes a hyphen after a class for itself; here it has to say so.
fn translated(pattern: &str) -> String {
    pattern.replace(r"\d-.", r"\d\-.")
}

fn looks_around(pattern: &str) -> bool {
    ["(?!", "(?=", "(?<!", "(?<="].iter().any(|group| pattern.contains(group))
}

type Matcher = fn(&[u8]) -> bool;

/// The patterns that look around, and what they say.
const LOOK_AROUND: [(&str, Matcher); 6] = [
    (r"(?:^|[^g])news(?!sapphire)", |text| {
        anywhere(text, b"news", |before, after| !ends(before, b"g") && !begins(after, b"sapphire"))
    }),
    (r"(?<! channel/|google/)google(?!(?:wv|app|/google| pixel))", |text| {
        anywhere(text, b"google", |before, after| {
            ![&b" channel/"[..], b"google/"].iter().any(|end| ends(before, end))
                && ![&b"wv"[..], b"app", b"/google", b" pixel"].iter().any(|start| begins(after, start))
        })
    }),
    (r"(?<! cu)bots?(?:\b|_)", |text| {
        anywhere(text, b"bot", |before, after| {
            let plural = after.strip_prefix(b"s").or_else(|| after.strip_prefix(b"S"));
            !ends(before, b" cu") && (is_word_end(after) || plural.is_some_and(is_word_end))
        })
    }),
    (r"(?<!cam)scan", |text| anywhere(text, b"scan", |before, _| !ends(before, b"cam"))),
    (r"(?<!lib)http", |text| anywhere(text, b"http", |before, _| !ends(before, b"lib"))),
    (r"java(?!;)", |text| anywhere(text, b"java", |_, after| !begins(after, b";"))),
];

/// Whether the word, in any case, occurs between two parts that suit.
fn anywhere(text: &[u8], word: &[u8], suits: impl Fn(&[u8], &[u8]) -> bool) -> bool {
    text.windows(word.len())
        .enumerate()
        .any(|(at, window)| window.eq_ignore_ascii_case(word) && suits(&text[..at], &text[at + word.len()..]))
}

fn begins(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start))
}

fn ends(text: &[u8], end: &[u8]) -> bool {
    text.len() >= end.len() && text[text.len() - end.len()..].eq_ignore_ascii_case(end)
}

/// `(?:\b|_)` after a letter.
fn is_word_end(after: &[u8]) -> bool {
    after.first().is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use tessera_types::SeededChance;

    use super::*;

    const BROWSERS: &str = include_str!("../../tests/data/isbot/browsers.yml");
    const CRAWLERS: &str = include_str!("../../tests/data/isbot/crawlers.yml");
    const INSTANCES: &str = include_str!("../../tests/data/crawler-user-agents/instances.txt");

    fn robots() -> RobotList {
        RobotList::new(&SeededChance::new(3))
    }

    /// The items of isbot's lists: one plain or double-quoted line each.
    fn items(yaml: &'static str) -> Vec<&'static str> {
        let lines = yaml.lines().filter_map(|line| line.strip_prefix("  - "));
        let bare =
            lines.map(|item| item.strip_prefix('"').and_then(|item| item.strip_suffix('"')).unwrap_or(item));
        bare.inspect(|item| assert!(!item.contains('\\'), "an escape that this test cannot read: {item}"))
            .collect()
    }

    #[test]
    fn every_crawler_of_isbot_is_a_robot() {
        let (robots, crawlers) = (robots(), items(CRAWLERS));
        let missed: Vec<_> = crawlers.iter().filter(|crawler| !robots.is_robot(crawler)).collect();
        assert_eq!((crawlers.len(), missed), (CRAWLER_COUNT, vec![]));
    }

    #[test]
    fn not_one_browser_of_isbot_is_a_robot() {
        let (robots, browsers) = (robots(), items(BROWSERS));
        let wronged: Vec<_> = browsers.iter().filter(|browser| robots.is_robot(browser)).collect();
        assert_eq!((browsers.len(), wronged), (BROWSER_COUNT, vec![]));
    }

    const CRAWLER_COUNT: usize = 626;
    const BROWSER_COUNT: usize = 555;

    #[test]
    fn of_the_crawler_user_agents_99_in_100_are_robots() {
        let robots = robots();
        let (all, missed) = INSTANCES
            .lines()
            .fold((0, 0), |(all, missed), line| (all + 1, missed + usize::from(!robots.is_robot(line))));
        assert_eq!((all, missed), (2118, 9));
    }

    #[test]
    fn the_patterns_by_hand_are_those_of_the_list_that_look_around() {
        let listed: Vec<_> = PATTERNS.lines().filter(|pattern| looks_around(pattern)).collect();
        assert_eq!(listed, LOOK_AROUND.map(|(pattern, _)| pattern));
        assert_eq!(PATTERNS.lines().count(), 206);
        assert!(compile().is_some());
    }

    #[test]
    fn the_patterns_by_hand_say_what_they_stand_for() {
        let cases: [(usize, &[&str], &[&str]); 6] = [
            (0, &["news", "a NEWS", "news sapphire"], &["gnews", "Gnews", "newsSapphire", "new"]),
            (
                1,
                &["google", "xGoogle/1", "channel/google", "google /google"],
                &["GoogleWV", "googleapp", "google/google", " channel/google", "google pixel"],
            ),
            (
                2,
                &["bot", "Bots", "robot_", "bots/1", "cu bot", "xcubot"],
                &[" cubot", "both", "bottle", "botsy", "bot1"],
            ),
            (3, &["scan", "a scanner"], &["camscan", "CAMSCANNER", "scam"]),
            (4, &["http", "xHTTPx", "lib http"], &["libhttp", "LibHTTP/1"]),
            (5, &["java", "Java/1.8", "java ;"], &["java;", "jav"]),
        ];
        for (at, matching, others) in cases {
            let (pattern, matches) = LOOK_AROUND[at];
            for text in matching {
                assert!(matches(text.as_bytes()), "{pattern} on {text}");
            }
            for text in others {
                assert!(!matches(text.as_bytes()), "{pattern} on {text}");
            }
        }
    }

    #[test]
    fn a_verdict_is_the_same_the_second_time_and_nobody_is_a_robot() {
        let robots = robots();
        for _ in 0..2 {
            assert!(robots.is_robot(""));
            assert!(robots.is_robot("  "));
            assert!(robots.is_robot("curl/8.5.0"));
            assert!(!robots.is_robot(items(BROWSERS)[500]));
        }
        // More texts than places: what was overwritten is judged again.
        for round in 0..3 * REMEMBERED_MAX {
            assert!(robots.is_robot(&format!("curl/{round}")));
        }
        assert!(!robots.is_robot(items(BROWSERS)[500]));
    }

    #[test]
    fn a_text_without_end_is_judged_by_its_beginning() {
        let long = format!("{}{}", items(BROWSERS)[500], " x".repeat(20_000));
        assert!(!robots().is_robot(&long));
        assert!(robots().is_robot(&"ü".repeat(40_000)));
    }
}
