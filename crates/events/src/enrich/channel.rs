//! The channel of a click: one word for what kind of place brought the visitor.
//!
//! The first that applies:
//!
//! 1. A QR code was scanned: `qr`. Nothing else says how somebody came to a poster.
//! 2. `utm_medium` is a word that marketing tools agree on (`cpc`: `paid`; `newsletter`: `email`; see `MEDIUMS`).
//! 3. `utm_source` names somebody in the list (`facebook`, `chatgpt.com`).
//! 4. Any other UTM parameter: `campaign`.
//! 5. The referring host is in the list, or below a host that is: that host's channel; the longest entry counts, so
//!    `mail.google.com` is `email` while `google.com` is `search`.
//! 6. Any other referrer: `referral`. None: `direct`.
//!
//! The lists are our own. They name the large ones; what is not in them is a `referral`, never wrong, only less exact.

use std::collections::HashMap;

use crate::{Trigger, Utm};

/// Words longer than this are in no list.
const WORD_BYTES_MAX: usize = 32;

const SEARCH: &str = "search";
const SOCIAL: &str = "social";
const EMAIL: &str = "email";
const AI: &str = "ai";
const VIDEO: &str = "video";
const MESSAGING: &str = "messaging";
const PAID: &str = "paid";
const AFFILIATE: &str = "affiliate";
const REFERRAL: &str = "referral";
const QR: &str = "qr";
const CAMPAIGN: &str = "campaign";
const DIRECT: &str = "direct";

/// Hosts, with everything below them.
const HOSTS: &[(&str, &[&str])] = &[
    (
        SEARCH,
        &[
            "ask.com",
            "baidu.com",
            "bing.com",
            "brave.com",
            "coccoc.com",
            "daum.net",
            "dogpile.com",
            "duckduckgo.com",
            "ecosia.org",
            "excite.com",
            "kagi.com",
            "lycos.com",
            "mojeek.com",
            "msn.com",
            "naver.com",
            "petalsearch.com",
            "qwant.com",
            "rambler.ru",
            "search.yahoo.com",
            "seznam.cz",
            "so.com",
            "sogou.com",
            "startpage.com",
            "swisscows.com",
            "yahoo.com",
            "yandex.com",
            "yandex.ru",
            "you.com",
            "ya.ru",
        ],
    ),
    (
        SOCIAL,
        &[
            "bsky.app",
            "douban.com",
            "facebook.com",
            "fb.com",
            "fb.me",
            "flickr.com",
            "github.com",
            "goodreads.com",
            "instagram.com",
            "kakao.com",
            "lemmy.world",
            "linkedin.com",
            "lnkd.in",
            "mastodon.online",
            "mastodon.social",
            "medium.com",
            "meetup.com",
            "mixi.jp",
            "news.ycombinator.com",
            "nextdoor.com",
            "ok.ru",
            "pin.it",
            "pinterest.com",
            "producthunt.com",
            "quora.com",
            "reddit.com",
            "renren.com",
            "snapchat.com",
            "stackexchange.com",
            "stackoverflow.com",
            "substack.com",
            "t.co",
            "threads.com",
            "threads.net",
            "truthsocial.com",
            "tumblr.com",
            "twitter.com",
            "vk.com",
            "weibo.com",
            "x.com",
            "xing.com",
            "zhihu.com",
        ],
    ),
    (
        EMAIL,
        &[
            "fastmail.com",
            "mail.aol.com",
            "mail.google.com",
            "mail.proton.me",
            "mail.qq.com",
            "mail.ru",
            "mail.yahoo.com",
            "mail.yandex.com",
            "mail.yandex.ru",
            "mail.zoho.com",
            "office.com",
            "outlook.live.com",
            "outlook.office.com",
            "outlook.office365.com",
            "webmail.gmx.net",
            "gmx.net",
            "web.de",
        ],
    ),
    (
        AI,
        &[
            "character.ai",
            "chat.deepseek.com",
            "chat.mistral.ai",
            "chat.openai.com",
            "chat.qwen.ai",
            "chatgpt.com",
            "claude.ai",
            "copilot.microsoft.com",
            "deepseek.com",
            "gemini.google.com",
            "grok.com",
            "huggingface.co",
            "kimi.com",
            "meta.ai",
            "mistral.ai",
            "notebooklm.google.com",
            "openai.com",
            "perplexity.ai",
            "phind.com",
            "poe.com",
        ],
    ),
    (
        VIDEO,
        &[
            "bilibili.com",
            "dailymotion.com",
            "douyin.com",
            "kick.com",
            "nicovideo.jp",
            "odysee.com",
            "rumble.com",
            "tiktok.com",
            "twitch.tv",
            "vimeo.com",
            "youku.com",
            "youtu.be",
            "youtube-nocookie.com",
            "youtube.com",
        ],
    ),
    (
        MESSAGING,
        &[
            "chat.google.com",
            "discord.com",
            "discordapp.com",
            "line.me",
            "messages.google.com",
            "messenger.com",
            "signal.org",
            "slack.com",
            "t.me",
            "teams.live.com",
            "teams.microsoft.com",
            "telegram.me",
            "telegram.org",
            "viber.com",
            "wa.me",
            "wechat.com",
            "weixin.qq.com",
            "whatsapp.com",
            "zalo.me",
        ],
    ),
];

/// Sites of Google's that are no search.
const REFERRING: [&str; 7] = [
    "classroom.google.com",
    "docs.google.com",
    "drive.google.com",
    "meet.google.com",
    "sites.google.com",
    "translate.google.com",
    "calendar.google.com",
];

/// Names that many countries have a domain of: `google.de`, `google.co.uk`, `google.com.br`.
const EVERYWHERE: [(&str, &str); 5] =
    [("google", SEARCH), ("yahoo", SEARCH), ("yandex", SEARCH), ("bing", SEARCH), ("pinterest", SOCIAL)];

/// Short names that people write into `utm_source`.
const SOURCES: &[(&str, &[&str])] = &[
    (SEARCH, &["baidu", "bing", "duckduckgo", "ecosia", "google", "naver", "yahoo", "yandex"]),
    (
        SOCIAL,
        &[
            "bluesky",
            "bsky",
            "facebook",
            "fb",
            "hackernews",
            "ig",
            "instagram",
            "linkedin",
            "mastodon",
            "pinterest",
            "producthunt",
            "quora",
            "reddit",
            "snapchat",
            "threads",
            "tumblr",
            "twitter",
            "vk",
            "weibo",
            "x",
            "xing",
        ],
    ),
    (
        EMAIL,
        &["customerio", "email", "hubspotemail", "klaviyo", "mail", "mailchimp", "newsletter", "sendgrid"],
    ),
    (AI, &["chatgpt", "claude", "copilot", "gemini", "grok", "openai", "perplexity"]),
    (VIDEO, &["tiktok", "twitch", "vimeo", "youtube", "yt"]),
    (MESSAGING, &["discord", "messenger", "signal", "slack", "sms", "telegram", "wechat", "whatsapp"]),
    (QR, &["qr", "qrcode"]),
];

/// Words of `utm_medium`, without `-`, `_` and blanks.
const MEDIUMS: &[(&str, &[&str])] = &[
    (
        PAID,
        &[
            "ad",
            "ads",
            "banner",
            "cpa",
            "cpc",
            "cpm",
            "cpp",
            "cpv",
            "display",
            "expandable",
            "interstitial",
            "native",
            "paid",
            "paidmedia",
            "paidsearch",
            "paidsocial",
            "paidvideo",
            "ppc",
            "programmatic",
            "remarketing",
            "retargeting",
            "sem",
            "sponsored",
        ],
    ),
    (AFFILIATE, &["affiliate", "affiliates", "partner", "partners"]),
    (EMAIL, &["edm", "email", "mail", "mailing", "newsletter"]),
    (SOCIAL, &["organicsocial", "sm", "social", "socialmedia", "socialnetwork"]),
    (VIDEO, &["organicvideo", "video"]),
    (SEARCH, &["organic", "organicsearch", "search", "seo"]),
    (MESSAGING, &["chat", "im", "messaging", "mms", "mobilepush", "notification", "push", "sms", "whatsapp"]),
    (AI, &["ai", "chatbot", "llm"]),
    (QR, &["qr", "qrcode", "scan"]),
    (REFERRAL, &["referral"]),
];

type List = HashMap<&'static str, &'static str>;

/// The rule above, with its lists.
pub struct Channels {
    hosts: List,
    sources: List,
    mediums: List,
}

impl Channels {
    #[allow(clippy::new_without_default, reason = "it builds tables; nobody should get it by chance")]
    pub fn new() -> Self {
        let mut hosts = list(HOSTS);
        hosts.extend(REFERRING.map(|host| (host, REFERRAL)));
        Self { hosts, sources: list(SOURCES), mediums: list(MEDIUMS) }
    }

    /// `referrer` is a host in lower case without `www.`, as rows hold it.
    pub fn of(&self, trigger: Trigger, utm: &Utm<&str>, referrer: &str) -> &'static str {
        if trigger == Trigger::Qr {
            return QR;
        }
        let Utm { source, medium, campaign, term, content } = utm;
        if [source, medium, campaign, term, content].iter().any(|text| !text.trim().is_empty()) {
            return self.of_medium(medium).or_else(|| self.of_source(source)).unwrap_or(CAMPAIGN);
        }
        if referrer.is_empty() {
            return DIRECT;
        }
        self.of_host(referrer).unwrap_or(REFERRAL)
    }

    fn of_medium(&self, medium: &str) -> Option<&'static str> {
        word(medium, |word| self.mediums.get(word).copied())
    }

    fn of_source(&self, source: &str) -> Option<&'static str> {
        word(source, |word| self.sources.get(word).copied().or_else(|| self.of_host(word)))
    }

    fn of_host(&self, host: &str) -> Option<&'static str> {
        let mut rest = host;
        loop {
            if let Some(channel) = self.hosts.get(rest) {
                return Some(channel);
            }
            let (label, suffix) = rest.split_once('.')?;
            if let Some((_, channel)) = EVERYWHERE.iter().find(|(name, _)| *name == label)
                && is_country(suffix)
            {
                return Some(channel);
            }
            rest = suffix;
        }
    }
}

fn list(groups: &[(&'static str, &'static [&'static str])]) -> List {
    groups.iter().flat_map(|(channel, words)| words.iter().map(|word| (*word, *channel))).collect()
}

/// `com`, `de`, `co.uk`, `com.br`: what a name stands below if it is registered in a country.
fn is_country(suffix: &str) -> bool {
    let is_code = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_lowercase());
    match suffix.split_once('.') {
        None => suffix == "com" || is_code(suffix),
        Some((second, country)) => matches!(second, "co" | "com" | "ne") && is_code(country),
    }
}

/// Hands on the text in lower case and without what people put between words; on the stack, as it is for each click.
fn word<T>(text: &str, found: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let mut word = [0; WORD_BYTES_MAX];
    let mut length = 0;
    for byte in text.trim().bytes().filter(|byte| !b" -_".contains(byte)) {
        *word.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    std::str::from_utf8(&word[..length]).ok().filter(|word| !word.is_empty()).and_then(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(source: &str, medium: &str, campaign: &str, referrer: &str) -> &'static str {
        let utm = Utm { source, medium, campaign, ..Utm::default() };
        Channels::new().of(Trigger::Link, &utm, referrer)
    }

    #[test]
    fn without_parameters_the_referrer_decides_and_the_longest_entry_counts() {
        for (referrer, expected) in [
            ("", "direct"),
            ("google.com", "search"),
            ("google.de", "search"),
            ("google.co.uk", "search"),
            ("images.google.com.br", "search"),
            ("mail.google.com", "email"),
            ("docs.google.com", "referral"),
            ("gemini.google.com", "ai"),
            ("google.evil.com", "referral"),
            ("notgoogle.com", "referral"),
            ("search.yahoo.co.jp", "search"),
            ("mail.yahoo.com", "email"),
            ("l.facebook.com", "social"),
            ("out.reddit.com", "social"),
            ("t.co", "social"),
            ("at.co", "referral"),
            ("m.youtube.com", "video"),
            ("chatgpt.com", "ai"),
            ("web.whatsapp.com", "messaging"),
            ("blog.example.com", "referral"),
            ("localhost", "referral"),
            ("[2001:db8::1]", "referral"),
        ] {
            assert_eq!(channel("", "", "", referrer), expected, "{referrer}");
        }
    }

    #[test]
    fn a_known_medium_counts_before_a_source_and_both_before_the_referrer() {
        assert_eq!(channel("google", "cpc", "spring", "google.com"), "paid");
        assert_eq!(channel("facebook", "Paid_Social", "", "facebook.com"), "paid");
        assert_eq!(channel("x", "E-Mail", "", ""), "email");
        assert_eq!(channel("Facebook", "button", "", "blog.example.com"), "social");
        assert_eq!(channel("chatgpt.com", "", "", ""), "ai");
        assert_eq!(channel("acme", "qr code", "", ""), "qr");
        assert_eq!(channel("acme", "poster", "spring", "google.com"), "campaign");
        assert_eq!(channel("", "", "spring", "google.com"), "campaign");
        assert_eq!(channel(" ", "", "", "google.com"), "search");
        assert_eq!(channel(&"a".repeat(5_000), "\u{1F600}", "", ""), "campaign");
    }

    #[test]
    fn a_scan_is_a_scan() {
        let utm = Utm { medium: "cpc", ..Utm::default() };
        assert_eq!(Channels::new().of(Trigger::Qr, &utm, "google.com"), "qr");
    }

    #[test]
    fn no_word_stands_in_two_channels_and_all_are_written_as_they_are_looked_up() {
        for groups in [HOSTS, SOURCES, MEDIUMS] {
            let words: Vec<_> = groups.iter().flat_map(|(_, words)| *words).collect();
            assert_eq!(list(groups).len(), words.len());
            for word in words {
                assert!(
                    word.len() <= WORD_BYTES_MAX && !word.bytes().any(|byte| byte.is_ascii_uppercase()),
                    "{word}"
                );
            }
        }
    }
}
