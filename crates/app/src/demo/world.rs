//! Who clicks: countries, devices, robots, and where each kind of link is met. Shares are rounded guesses.

use super::story::Kind;

pub(super) struct Country {
    pub(super) code: &'static str,
    pub(super) weight: f64,
    /// Of the capital, in winter.
    pub(super) utc_offset_hours: i64,
    pub(super) languages: &'static [&'static str],
    /// Name with the country, region, weight.
    pub(super) cities: &'static [(&'static str, &'static str, f64)],
}

const fn country(
    code: &'static str,
    weight: f64,
    utc_offset_hours: i64,
    languages: &'static [&'static str],
    cities: &'static [(&'static str, &'static str, f64)],
) -> Country {
    Country { code, weight, utc_offset_hours, languages, cities }
}

/// A shop with cafés in Hamburg and Copenhagen that ships to most of the world.
pub(super) const COUNTRIES: &[Country] = &[
    country(
        "DE",
        34.0,
        1,
        &["de-DE", "de-DE", "de", "de-DE", "en-US", "tr-TR"],
        &[
            ("Hamburg, DE", "DE-HH", 9.0),
            ("Berlin, DE", "DE-BE", 5.0),
            ("Munich, DE", "DE-BY", 3.0),
            ("Cologne, DE", "DE-NW", 2.5),
            ("Frankfurt am Main, DE", "DE-HE", 2.0),
            ("Bremen, DE", "DE-HB", 1.5),
            ("Kiel, DE", "DE-SH", 1.2),
            ("Leipzig, DE", "DE-SN", 1.0),
            ("Stuttgart, DE", "DE-BW", 1.4),
            ("Hanover, DE", "DE-NI", 1.3),
        ],
    ),
    country(
        "DK",
        14.0,
        1,
        &["da-DK", "da-DK", "da", "en-GB"],
        &[
            ("Copenhagen, DK", "DK-84", 7.0),
            ("Aarhus, DK", "DK-82", 2.0),
            ("Odense, DK", "DK-83", 1.0),
            ("Aalborg, DK", "DK-81", 0.8),
        ],
    ),
    country(
        "US",
        11.0,
        -5,
        &["en-US", "en-US", "en-US", "es-US"],
        &[
            ("New York, US", "US-NY", 3.0),
            ("Portland, US", "US-OR", 1.6),
            ("Seattle, US", "US-WA", 1.8),
            ("Chicago, US", "US-IL", 1.5),
            ("Austin, US", "US-TX", 1.2),
            ("San Francisco, US", "US-CA", 2.0),
        ],
    ),
    country(
        "GB",
        8.0,
        0,
        &["en-GB"],
        &[
            ("London, GB", "GB-ENG", 5.0),
            ("Manchester, GB", "GB-ENG", 1.2),
            ("Edinburgh, GB", "GB-SCT", 1.0),
            ("Bristol, GB", "GB-ENG", 0.8),
        ],
    ),
    country(
        "SE",
        6.0,
        1,
        &["sv-SE", "sv-SE", "en-GB"],
        &[("Stockholm, SE", "SE-AB", 3.0), ("Malmö, SE", "SE-M", 2.0), ("Gothenburg, SE", "SE-O", 1.5)],
    ),
    country(
        "NL",
        4.5,
        1,
        &["nl-NL", "nl", "en-GB"],
        &[("Amsterdam, NL", "NL-NH", 3.0), ("Rotterdam, NL", "NL-ZH", 1.5), ("Utrecht, NL", "NL-UT", 1.0)],
    ),
    country("AT", 3.5, 1, &["de-AT", "de"], &[("Vienna, AT", "AT-9", 3.0), ("Graz, AT", "AT-6", 1.0)]),
    country(
        "CH",
        3.0,
        1,
        &["de-CH", "de-CH", "fr-CH"],
        &[("Zurich, CH", "CH-ZH", 3.0), ("Geneva, CH", "CH-GE", 1.2), ("Bern, CH", "CH-BE", 1.0)],
    ),
    country(
        "FR",
        3.0,
        1,
        &["fr-FR", "fr-FR", "fr"],
        &[("Paris, FR", "FR-IDF", 4.0), ("Lyon, FR", "FR-ARA", 1.2), ("Bordeaux, FR", "FR-NAQ", 0.8)],
    ),
    country(
        "NO",
        2.5,
        1,
        &["nb-NO", "no", "en-GB"],
        &[("Oslo, NO", "NO-03", 3.0), ("Bergen, NO", "NO-46", 1.2)],
    ),
    country(
        "ES",
        1.6,
        1,
        &["es-ES", "ca-ES"],
        &[("Madrid, ES", "ES-MD", 2.0), ("Barcelona, ES", "ES-CT", 2.0)],
    ),
    country("IT", 1.5, 1, &["it-IT"], &[("Milan, IT", "IT-25", 2.0), ("Rome, IT", "IT-62", 1.5)]),
    country("PL", 1.4, 1, &["pl-PL", "pl"], &[("Warsaw, PL", "PL-14", 2.0), ("Gdansk, PL", "PL-22", 1.0)]),
    country(
        "FI",
        1.2,
        2,
        &["fi-FI", "fi", "sv-FI"],
        &[("Helsinki, FI", "FI-18", 3.0), ("Turku, FI", "FI-19", 0.8)],
    ),
    country(
        "BE",
        1.0,
        1,
        &["nl-BE", "fr-BE"],
        &[("Brussels, BE", "BE-BRU", 2.0), ("Antwerp, BE", "BE-VAN", 1.0)],
    ),
    country("JP", 1.0, 9, &["ja-JP", "ja"], &[("Tokyo, JP", "JP-13", 3.0), ("Osaka, JP", "JP-27", 1.0)]),
    country(
        "CA",
        0.9,
        -5,
        &["en-CA", "fr-CA"],
        &[("Toronto, CA", "CA-ON", 2.0), ("Montreal, CA", "CA-QC", 1.0)],
    ),
    country("AU", 0.8, 10, &["en-AU"], &[("Melbourne, AU", "AU-VIC", 2.0), ("Sydney, AU", "AU-NSW", 2.0)]),
    country(
        "BR",
        0.7,
        -3,
        &["pt-BR"],
        &[("São Paulo, BR", "BR-SP", 3.0), ("Belo Horizonte, BR", "BR-MG", 1.0)],
    ),
    country("IE", 0.6, 0, &["en-IE"], &[("Dublin, IE", "IE-L", 1.0)]),
    country(
        "IN",
        0.6,
        5,
        &["en-IN", "hi-IN"],
        &[("Bengaluru, IN", "IN-KA", 2.0), ("Mumbai, IN", "IN-MH", 2.0)],
    ),
    country("CO", 0.4, -5, &["es-CO"], &[("Bogotá, CO", "CO-DC", 2.0), ("Medellín, CO", "CO-ANT", 1.5)]),
    country("ET", 0.2, 3, &["am-ET", "en-GB"], &[("Addis Ababa, ET", "ET-AA", 1.0)]),
    country("KR", 0.3, 9, &["ko-KR"], &[("Seoul, KR", "KR-11", 1.0)]),
    // Hidden behind a relay: nobody knows from where.
    country("", 0.8, 0, &["en-US", "de-DE"], &[("", "", 1.0)]),
];

/// Browser and system as uap-core names them, class, weight on the web, weight among scans.
pub(super) const DEVICES: &[(&str, &str, &str, f64, f64)] = &[
    ("Mobile Safari", "iOS", "mobile", 27.0, 52.0),
    ("Chrome Mobile", "Android", "mobile", 22.0, 34.0),
    ("Chrome", "Windows", "desktop", 14.0, 0.0),
    ("Chrome", "Mac OS X", "desktop", 7.0, 0.0),
    ("Safari", "Mac OS X", "desktop", 6.5, 0.0),
    ("Edge", "Windows", "desktop", 5.0, 0.0),
    ("Samsung Internet", "Android", "mobile", 4.0, 8.0),
    ("Firefox", "Windows", "desktop", 3.0, 0.0),
    ("Chrome Mobile iOS", "iOS", "mobile", 2.5, 3.0),
    ("Mobile Safari", "iOS", "tablet", 2.4, 1.4),
    ("Instagram", "iOS", "mobile", 2.0, 0.0),
    ("Firefox", "Linux", "desktop", 1.2, 0.0),
    ("Chrome Mobile WebView", "Android", "mobile", 1.2, 0.6),
    ("Firefox Mobile", "Android", "mobile", 0.8, 0.8),
    ("Chrome", "Android", "tablet", 0.8, 0.2),
    ("Chrome", "Chrome OS", "desktop", 0.3, 0.0),
    ("Chrome", "Linux", "tv", 0.1, 0.0),
    ("", "WatchOS", "wearable", 0.05, 0.0),
];

/// Name as uap-core has it, country, weight.
pub(super) const ROBOTS: &[(&str, &str, f64)] = &[
    ("Googlebot", "US", 24.0),
    ("bingbot", "US", 14.0),
    ("AhrefsBot", "SG", 9.0),
    ("SemrushBot", "US", 7.0),
    ("FacebookBot", "IE", 10.0),
    ("Slackbot-LinkExpanding", "US", 8.0),
    ("Twitterbot", "US", 5.0),
    ("GPTBot", "US", 7.0),
    ("ClaudeBot", "US", 5.0),
    ("YandexBot", "RU", 4.0),
    ("Applebot", "US", 4.0),
    ("HeadlessChrome", "DE", 2.0),
    ("Python Requests", "NL", 2.0),
];

/// Referring hosts, with weights. Empty: typed, or hidden.
pub(super) fn referrers(kind: Kind) -> &'static [(&'static str, f64)] {
    match kind {
        Kind::Poster => &[("", 100.0)],
        Kind::Newsletter => {
            &[("", 72.0), ("mail.google.com", 16.0), ("outlook.live.com", 7.0), ("web.de", 5.0)]
        }
        Kind::Social => &[
            ("instagram.com", 38.0),
            ("facebook.com", 17.0),
            ("linkedin.com", 9.0),
            ("t.co", 8.0),
            ("reddit.com", 7.0),
            ("threads.net", 5.0),
            ("bsky.app", 4.0),
            ("pinterest.com", 4.0),
            ("", 8.0),
        ],
        Kind::Video => &[("youtube.com", 62.0), ("tiktok.com", 22.0), ("", 16.0)],
        Kind::Ad => &[("google.com", 55.0), ("bing.com", 12.0), ("instagram.com", 20.0), ("", 13.0)],
        Kind::Message => &[("", 64.0), ("web.whatsapp.com", 18.0), ("telegram.org", 9.0), ("slack.com", 9.0)],
        Kind::Site => &[
            ("", 34.0),
            ("google.com", 20.0),
            ("google.de", 11.0),
            ("duckduckgo.com", 4.0),
            ("bing.com", 4.0),
            ("chatgpt.com", 4.0),
            ("perplexity.ai", 1.5),
            ("coffee-journal.example", 7.0),
            ("visit-hamburg.example", 5.0),
            ("news.ycombinator.com", 0.5),
            ("instagram.com", 6.0),
            ("claude.ai", 1.0),
            ("copenhagen-eats.example", 3.0),
        ],
    }
}

/// How busy each hour of a day is where people are.
pub(super) const HOURS: [f64; 24] = [
    1.2, 0.7, 0.4, 0.3, 0.4, 0.9, 2.4, 4.6, 6.1, 6.4, 6.2, 6.0, 6.6, 6.2, 5.4, 5.2, 5.3, 5.6, 6.0, 6.4, 6.6,
    5.8, 4.2, 2.4,
];

/// Monday to Sunday.
pub(super) const WEEKDAYS: [f64; 7] = [1.0, 1.06, 1.08, 1.05, 0.98, 0.74, 0.68];
