//! What kind of device a user agent is, in one word.
//!
//! Nobody publishes such a list for uap-core, so the rule is ours. The first class that one of these says, wins:
//!
//! 1. `tv`: the words of television makers and boxes (`SmartTV`, `HbbTV`, `AppleTV`, `CrKey`, `AFT…`, `BRAVIA`, …).
//! 2. `console`: PlayStation, Xbox, Nintendo.
//! 3. `wearable`: watches and headsets (watchOS, `Watch`, Quest, `OculusBrowser`).
//! 4. `tablet`: iPad, `Tablet`, Kindle, PlayBook, and Android that does not say `Mobile`, as Google asks of tablets.
//! 5. `mobile`: iPhone, `Mobile`, and the systems of telephones.
//! 6. `desktop`: the systems of desktop computers.
//! 7. `mobile` again, if uap-core knows the maker of the device: what is left are old telephones.
//!
//! Otherwise it is not known. An iPad that asks for desktop sites says that it is a Mac, and is counted as one.

/// Words of the user agent, in lower case.
const TV: &[&str] = &[
    "smart-tv",
    "smarttv",
    "hbbtv",
    "appletv",
    "apple tv",
    "crkey",
    "chromecast",
    "googletv",
    "google tv",
    "bravia",
    "netcast",
    "webos.tv",
    "web0s",
    "viera",
    "roku",
    "vidaa",
    "aquos",
    "netrange",
    "dtv",
    "tv safari",
    "android tv",
    "aftb",
    "aftm",
    "afts",
    "aftt",
    "aftn",
    "aftk",
    "aftr",
    "mibox",
    "mitv",
    "shield android tv",
    "philipstv",
    "opera tv",
    "large screen",
    "pov_tv",
    "espial",
];
const CONSOLE: &[&str] = &["playstation", "xbox", "nintendo"];
const WEARABLE: &[&str] =
    &["watchos", "apple watch", "watch", "oculusbrowser", "wear os", "quest 2", "quest 3"];
const TABLET: &[&str] =
    &["ipad", "kindle", "playbook", "silk/", "touchpad", "nexus 7", "nexus 10", "sm-t", "hp-tablet"];
const MOBILE: &[&str] = &[
    "iphone",
    "ipod",
    "mobile",
    "mobi/",
    "opera mini",
    "opera mobi",
    "windows phone",
    "windows ce",
    "blackberry",
    "bb10",
    "symbian",
    "midp",
    "j2me",
    "kaios",
    "webos",
    "maemo",
    "meego",
    "series60",
    "series40",
    "bada",
];

/// Systems as uap-core names them.
const TELEPHONES: &[&str] = &[
    "iOS",
    "Android",
    "Windows Phone",
    "Windows Mobile",
    "BlackBerry OS",
    "Symbian OS",
    "Symbian^3",
    "Firefox OS",
    "KaiOS",
    "Sailfish",
    "Bada",
    "Nokia Series 40",
    "Brew MP",
    "HarmonyOS",
    "OpenHarmony",
    "webOS",
];
const DESKTOPS: &[&str] = &[
    "Windows",
    "Mac OS X",
    "Mac OS",
    "Linux",
    "Ubuntu",
    "Debian",
    "Fedora",
    "Red Hat",
    "CentOS",
    "SUSE",
    "Gentoo",
    "Slackware",
    "Arch Linux",
    "Mandriva",
    "Linux Mint",
    "Kubuntu",
    "Chrome OS",
    "FreeBSD",
    "OpenBSD",
    "NetBSD",
    "DragonFly BSD",
    "Solaris",
    "BeOS",
    "AmigaOS",
    "ATV OS X",
];

/// `os` and `family` (of the device) as uap-core names them; empty: unknown.
pub(super) fn class(user_agent: &str, os: &str, family: &str) -> &'static str {
    let text = user_agent.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let is_android = os == "Android" || text.contains("android");
    if says(TV) || os == "tvOS" || family.contains("Chromecast") {
        "tv"
    } else if says(CONSOLE) {
        "console"
    } else if says(WEARABLE) || os == "WatchOS" {
        "wearable"
    } else if says(TABLET) || says_tablet(&text) || (is_android && !says(MOBILE)) {
        "tablet"
    } else if says(MOBILE) || TELEPHONES.contains(&os) {
        "mobile"
    } else if DESKTOPS.contains(&os) || text.contains("x11;") {
        "desktop"
    } else if !matches!(family, "" | "Other" | "Spider" | "Mac") {
        "mobile"
    } else {
        ""
    }
}

/// Internet Explorer says `Tablet PC` wherever Windows can be written on, which is nearly everywhere.
fn says_tablet(text: &str) -> bool {
    text.match_indices("tablet").any(|(at, word)| !text[at + word.len()..].starts_with(" pc"))
}
