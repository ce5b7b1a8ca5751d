//! Who the demonstration is about: a coffee roaster with two cafés, a shop on the web, and people who measure.
//!
//! Domains end in `.example`, which nobody can own (RFC 2606), so no link of the demonstration leads to a stranger.

use tessera_keys::Role;

pub(super) const WORKSPACE: &str = "Harbour Lane Coffee";
pub(super) const OWNER: (&str, &str) = ("Maren Lindqvist", "maren@harbourlane.example");

/// Name, address, role, the day they joined.
pub(super) const PEOPLE: &[(&str, &str, Role, i64)] = &[
    ("Tomás Oliveira", "tomas@harbourlane.example", Role::Admin, 2),
    ("Priya Raman", "priya@harbourlane.example", Role::Editor, 9),
    ("Jonas Weber", "jonas@harbourlane.example", Role::Editor, 41),
    ("Claire Dubois", "claire@harbourlane.example", Role::Editor, 133),
    ("Aiko Tanabe", "aiko@harbourlane.example", Role::Viewer, 210),
];

/// Invited, and not there yet: address, role, the day.
pub(super) const GUEST: (&str, Role, i64) = ("noor@harbourlane.example", Role::Editor, 363);

/// Where people meet a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Site,
    Poster,
    Newsletter,
    Social,
    Video,
    Ad,
    Message,
}

/// How much it is clicked from day to day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shape {
    /// More from month to month.
    Steady,
    /// Begins with a jolt, lasts so many days, and fades.
    Campaign(i64),
    /// A mail every so many weeks, on a Tuesday.
    Mailing(i64),
    /// Quiet, but every now and then somebody with a large audience shares it.
    Viral,
}

pub(super) struct LinkStory {
    pub(super) alias: &'static str,
    pub(super) title: &'static str,
    pub(super) path: &'static str,
    pub(super) tags: &'static [&'static str],
    /// Source, medium, campaign.
    pub(super) utm: Option<[&'static str; 3]>,
    pub(super) kind: Kind,
    pub(super) shape: Shape,
    pub(super) weight: f64,
    /// Days after the beginning of the year.
    pub(super) begins_day: i64,
}

#[allow(clippy::too_many_arguments, reason = "a row of the table below, read across")]
const fn link(
    begins_day: i64,
    weight: f64,
    kind: Kind,
    shape: Shape,
    alias: &'static str,
    title: &'static str,
    path: &'static str,
    tags: &'static [&'static str],
    utm: Option<[&'static str; 3]>,
) -> LinkStory {
    LinkStory { alias, title, path, tags, utm, kind, shape, weight, begins_day }
}

use Kind::{Ad, Message, Newsletter, Poster, Site, Social, Video};
use Shape::{Campaign, Mailing, Steady, Viral};

#[rustfmt::skip]
pub(super) const LINKS: &[LinkStory] = &[
    link(0, 14.0, Poster, Steady, "menu", "Menu on the tables, Hamburg", "/cafe/hamburg/menu", &["cafe", "hamburg", "qr"], None),
    link(1, 9.0, Poster, Steady, "menu-cph", "Menu on the tables, Copenhagen", "/cafe/copenhagen/menu", &["cafe", "copenhagen", "qr"], None),
    link(1, 12.0, Site, Steady, "shop", "The shop", "/shop", &["shop"], None),
    link(2, 6.0, Social, Steady, "bio", "Link in our Instagram profile", "/links", &["social"], Some(["instagram", "social", "profile"])),
    link(3, 5.0, Site, Viral, "brew", "Brewing guide: pour-over in four minutes", "/guides/pour-over", &["content", "guide"], None),
    link(5, 4.0, Site, Steady, "subscribe", "Coffee subscription", "/subscription", &["shop", "subscription"], None),
    link(6, 3.0, Poster, Steady, "wifi", "Wi-Fi in the café", "/cafe/wifi", &["cafe", "qr"], None),
    link(8, 8.0, Newsletter, Mailing(2), "letter", "Fortnightly letter", "/journal/latest", &["newsletter"], Some(["newsletter", "email", "letter"])),
    link(9, 2.6, Poster, Steady, "bag", "On every bag: where the beans are from", "/origin", &["packaging", "qr"], None),
    link(12, 2.0, Site, Steady, "jobs", "Work with us", "/jobs", &["hiring"], None),
    link(14, 1.8, Message, Steady, "order", "Order ahead", "/cafe/order", &["cafe", "order"], None),
    link(20, 5.0, Ad, Campaign(28), "winter", "Winter blend, search ads", "/shop/winter-blend", &["campaign", "winter", "ads"], Some(["google", "cpc", "winter-blend"])),
    link(21, 3.4, Social, Campaign(24), "winter-ig", "Winter blend, stories", "/shop/winter-blend", &["campaign", "winter"], Some(["instagram", "social", "winter-blend"])),
    link(22, 2.8, Newsletter, Campaign(12), "winter-mail", "Winter blend, mailing", "/shop/winter-blend", &["campaign", "winter", "newsletter"], Some(["newsletter", "email", "winter-blend"])),
    link(28, 2.2, Video, Viral, "latte-art", "Latte art with Jonas", "/videos/latte-art", &["content", "video"], None),
    link(33, 1.4, Site, Steady, "wholesale", "Wholesale price list", "/wholesale", &["b2b"], None),
    link(40, 2.4, Social, Campaign(10), "giveaway", "Grinder giveaway", "/giveaway", &["campaign", "giveaway"], Some(["instagram", "social", "giveaway"])),
    link(47, 1.1, Poster, Steady, "loyalty", "Stamp card", "/loyalty", &["cafe", "loyalty", "qr"], None),
    link(55, 1.6, Site, Steady, "gift", "Gift cards", "/shop/gift-cards", &["shop", "gift"], None),
    link(63, 2.0, Poster, Campaign(30), "festival", "Stand at the coffee festival", "/events/festival", &["event", "qr"], Some(["festival", "poster", "coffee-festival"])),
    link(70, 1.3, Message, Steady, "invite-a-friend", "Friends drink for free", "/refer", &["referral"], Some(["friend", "referral", "invite-a-friend"])),
    link(76, 1.0, Site, Steady, "press", "Press kit", "/press", &["press"], None),
    link(83, 3.6, Ad, Campaign(35), "spring", "Spring menu, display", "/cafe/spring", &["campaign", "spring", "ads"], Some(["google", "display", "spring-menu"])),
    link(84, 2.4, Social, Campaign(30), "spring-ig", "Spring menu, stories", "/cafe/spring", &["campaign", "spring"], Some(["instagram", "paid_social", "spring-menu"])),
    link(85, 2.0, Newsletter, Campaign(10), "spring-mail", "Spring menu, mailing", "/cafe/spring", &["campaign", "spring", "newsletter"], Some(["newsletter", "email", "spring-menu"])),
    link(92, 0.9, Site, Steady, "class", "Barista classes", "/classes", &["classes"], None),
    link(99, 1.7, Video, Viral, "origin-film", "Film: a harvest in Huila", "/videos/huila", &["content", "video"], None),
    link(110, 0.8, Site, Steady, "allergens", "Allergens", "/cafe/allergens", &["cafe"], None),
    link(118, 1.2, Poster, Steady, "tram", "Tram stop posters", "/shop/first-order", &["ooh", "qr"], Some(["tram", "poster", "first-order"])),
    link(126, 0.7, Site, Steady, "carbon", "How we ship", "/about/shipping", &["content"], None),
    link(140, 2.6, Social, Campaign(21), "cold-brew", "Cold brew is back", "/shop/cold-brew", &["campaign", "summer"], Some(["instagram", "social", "cold-brew"])),
    link(141, 2.2, Ad, Campaign(21), "cold-brew-ads", "Cold brew, search ads", "/shop/cold-brew", &["campaign", "summer", "ads"], Some(["bing", "cpc", "cold-brew"])),
    link(150, 0.9, Message, Steady, "status", "Is my parcel on its way", "/orders/status", &["shop", "support"], None),
    link(163, 1.5, Poster, Campaign(90), "terrace", "Terrace tables", "/cafe/hamburg/terrace", &["cafe", "hamburg", "qr"], None),
    link(175, 1.0, Site, Steady, "grinders", "Which grinder", "/guides/grinders", &["content", "guide"], None),
    link(188, 0.6, Site, Steady, "b-corp", "Our report", "/about/report", &["about"], None),
    link(201, 1.8, Social, Viral, "espresso-myths", "Seven myths about espresso", "/journal/espresso-myths", &["content"], None),
    link(214, 1.2, Newsletter, Mailing(4), "trade-letter", "Letter for cafés", "/wholesale/news", &["newsletter", "b2b"], Some(["trade-letter", "email", "wholesale"])),
    link(232, 2.4, Ad, Campaign(30), "autumn", "Autumn subscription offer", "/subscription/autumn", &["campaign", "autumn", "ads"], Some(["google", "cpc", "autumn-offer"])),
    link(233, 1.8, Newsletter, Campaign(12), "autumn-mail", "Autumn subscription offer, mailing", "/subscription/autumn", &["campaign", "autumn", "newsletter"], Some(["newsletter", "email", "autumn-offer"])),
    link(250, 1.0, Site, Steady, "get-app", "Get the app", "/app", &["app"], None),
    link(262, 0.8, Poster, Steady, "train", "Station kiosk", "/cafe/station", &["cafe", "qr"], None),
    link(281, 1.4, Social, Campaign(14), "collab", "Cup by a potter", "/shop/cup", &["campaign", "collab"], Some(["instagram", "influencer", "cup"])),
    link(300, 0.7, Site, Steady, "decaf", "Decaf, explained", "/journal/decaf", &["content"], None),
    link(312, 2.0, Ad, Campaign(40), "advent", "Advent calendar", "/shop/advent", &["campaign", "advent", "ads"], Some(["google", "cpc", "advent"])),
    link(313, 1.6, Newsletter, Campaign(20), "advent-mail", "Advent calendar, mailing", "/shop/advent", &["campaign", "advent", "newsletter"], Some(["newsletter", "email", "advent"])),
    link(330, 1.0, Message, Steady, "gift-guide", "Gift guide", "/journal/gift-guide", &["content", "gift"], None),
    link(345, 0.5, Site, Steady, "second-hamburg", "A third café?", "/journal/third-cafe", &["about"], None),
];

/// Who is taken elsewhere, as fields of `POST /v1/links`.
pub(super) const RULES: &[(&str, &str)] = &[
    (
        "shop",
        r#"{"targets": [
            {"languages": ["de"], "destination_url": "https://www.harbourlane.example/de/shop"},
            {"languages": ["da"], "destination_url": "https://www.harbourlane.example/da/shop"}]}"#,
    ),
    (
        "get-app",
        r#"{"ios_url": "https://apps.harbourlane.example/ios", "android_url": "https://apps.harbourlane.example/android"}"#,
    ),
    (
        "advent",
        r#"{"utm_content": "24-doors", "variants": [{"percent": 50, "utm_content": "a-cup-a-day",
            "destination_url": "https://www.harbourlane.example/shop/a-cup-a-day"}]}"#,
    ),
];

/// Of whose visitors each half met one of these.
pub(super) const SPLIT: (&str, [&str; 2]) = ("advent", ["24-doors", "a-cup-a-day"]);

/// A program that uses the API.
pub(super) struct KeyStory {
    pub(super) name: &'static str,
    pub(super) scopes: &'static [&'static str],
    pub(super) made_day: i64,
    /// Its part of all requests.
    pub(super) weight: f64,
    pub(super) habit: Habit,
    pub(super) address: &'static str,
    pub(super) country: &'static str,
    pub(super) user_agent: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    /// As people use the shop.
    Daily,
    /// Some minutes after two in the morning.
    Nightly,
    /// Every so often, day and night.
    Always,
}

/// Addresses are those kept for documentation (RFC 5737).
pub(super) const KEYS: &[KeyStory] = &[
    KeyStory {
        name: "Webshop",
        scopes: &["read_write"],
        made_day: 1,
        weight: 46.0,
        habit: Habit::Daily,
        address: "203.0.113.24",
        country: "DE",
        user_agent: "axios/1.7.9",
    },
    KeyStory {
        name: "Menu screens",
        scopes: &["read"],
        made_day: 4,
        weight: 24.0,
        habit: Habit::Always,
        address: "203.0.113.71",
        country: "DK",
        user_agent: "okhttp/4.12.0",
    },
    KeyStory {
        name: "Nightly export",
        scopes: &["read"],
        made_day: 16,
        weight: 9.0,
        habit: Habit::Nightly,
        address: "198.51.100.9",
        country: "DE",
        user_agent: "python-requests/2.32.3",
    },
    KeyStory {
        name: "Newsletter tool",
        scopes: &["read_write"],
        made_day: 38,
        weight: 14.0,
        habit: Habit::Daily,
        address: "192.0.2.180",
        country: "IE",
        user_agent: "Mailer/3.4 (+https://mailer.example)",
    },
    KeyStory {
        name: "Jonas, trying things",
        scopes: &["all"],
        made_day: 60,
        weight: 2.0,
        habit: Habit::Daily,
        address: "198.51.100.140",
        country: "DE",
        user_agent: "curl/8.11.1",
    },
];
