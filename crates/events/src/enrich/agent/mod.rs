//! What a user agent says of itself: browser, operating system, kind of device.
//!
//! uap-core's patterns are compiled when the first unknown user agent comes and let go when none came for
//! [`IDLE_REFRESHES_MAX`] refreshes: 30 MiB that an idle deployment does not need. What was worked out is remembered,
//! so that they are asked seldom: user agents repeat.

mod device;
mod patterns;
#[cfg(test)]
mod uap_core_tests;

use siphasher::sip::SipHasher13;
use tessera_types::{Chance, Stream};
use ua_parser::Extractor;

use super::IDLE_REFRESHES_MAX;
use super::recent::Recent;
use super::text::{NAME_BYTES_MAX, USER_AGENT_BYTES_MAX, beginning, fit};

/// User agents that are remembered, at some 150 bytes each.
const REMEMBERED_MAX: usize = 1 << 14;

/// Families as uap-core names them, empty where it knows none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Agent {
    pub(super) browser: Box<str>,
    pub(super) os: Box<str>,
    pub(super) device: &'static str,
}

pub(super) struct Agents {
    known: Recent<Agent>,
    hasher: SipHasher13,
    patterns: Patterns,
}

enum Patterns {
    Absent,
    Compiled {
        extractor: Box<Extractor<'static>>,
        idle_refreshes: u32,
    },
    /// The file in the program cannot be read; that was said once.
    Broken,
}

impl Agents {
    pub(super) fn new(chance: &dyn Chance) -> Self {
        let mut key = [0; 16];
        chance.fill(Stream::Salt, &mut key);
        Self {
            known: Recent::new(REMEMBERED_MAX),
            hasher: SipHasher13::new_with_key(&key),
            patterns: Patterns::Absent,
        }
    }

    /// Where the agent stands; good until the next call. Only the first 1,024 bytes are looked at.
    pub(super) fn find(&mut self, user_agent: &str) -> usize {
        let user_agent = beginning(user_agent, USER_AGENT_BYTES_MAX);
        let key = self.hasher.hash(user_agent.as_bytes());
        if let Some(at) = self.known.find(key) {
            return at;
        }
        let agent = self.extractor().map(|patterns| agent_of(patterns, user_agent)).unwrap_or_default();
        self.known.keep(key, agent)
    }

    pub(super) fn at(&self, place: usize) -> &Agent {
        self.known.at(place)
    }

    pub(super) fn refresh(&mut self) {
        if let Patterns::Compiled { idle_refreshes, .. } = &mut self.patterns {
            *idle_refreshes += 1;
            if *idle_refreshes > IDLE_REFRESHES_MAX {
                self.patterns = Patterns::Absent;
            }
        }
    }

    fn extractor(&mut self) -> Option<&Extractor<'static>> {
        if matches!(self.patterns, Patterns::Absent) {
            self.patterns = match patterns::compile() {
                Ok(extractor) => Patterns::Compiled { extractor: Box::new(extractor), idle_refreshes: 0 },
                Err(error) => {
                    tracing::error!(%error, "browsers, systems and devices will be unknown");
                    Patterns::Broken
                }
            };
        }
        match &mut self.patterns {
            Patterns::Compiled { extractor, idle_refreshes } => {
                *idle_refreshes = 0;
                Some(extractor)
            }
            Patterns::Absent | Patterns::Broken => None,
        }
    }
}

fn agent_of(patterns: &Extractor<'_>, user_agent: &str) -> Agent {
    let (browser, os, device) = patterns.extract(user_agent);
    let os = os.map(|os| os.os).unwrap_or_default();
    let family = device.map(|device| device.device).unwrap_or_default();
    let name = |family: &str| if family == "Other" { Box::default() } else { fit(family, NAME_BYTES_MAX) };
    Agent {
        browser: browser.map(|browser| name(&browser.family)).unwrap_or_default(),
        device: device::class(user_agent, &os, &family),
        os: name(&os),
    }
}

#[cfg(test)]
mod tests {
    use tessera_types::SeededChance;

    use super::*;

    fn agent(user_agent: &str) -> (String, String, &'static str) {
        let mut agents = Agents::new(&SeededChance::new(1));
        let at = agents.find(user_agent);
        let agent = agents.at(at);
        (agent.browser.to_string(), agent.os.to_string(), agent.device)
    }

    #[test]
    fn the_patterns_come_at_first_need_and_go_when_idle() {
        let mut agents = Agents::new(&SeededChance::new(1));
        assert!(matches!(agents.patterns, Patterns::Absent));
        agents.find("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        for _ in 0..IDLE_REFRESHES_MAX {
            agents.refresh();
        }
        assert!(matches!(agents.patterns, Patterns::Compiled { .. }));
        // What is remembered needs no patterns.
        let at = agents.find("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        assert_eq!(&*agents.at(at).browser, "Firefox");
        agents.refresh();
        assert!(matches!(agents.patterns, Patterns::Absent));
        let at = agents.find("Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0");
        assert_eq!(&*agents.at(at).browser, "Firefox");
    }

    #[test]
    fn nothing_is_known_of_nonsense() {
        for text in ["", " ", "\u{0}\u{1}", "x", "Mozilla/5.0"] {
            assert_eq!(agent(text), (String::new(), String::new(), ""), "{text:?}");
        }
        let (browser, os, _) = agent(&"Mozilla/5.0 (Linux; Android 14) Chrome/".repeat(3_000));
        assert!(browser.len() <= NAME_BYTES_MAX && os.len() <= NAME_BYTES_MAX);
    }
}
