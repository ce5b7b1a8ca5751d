//! What the roaster prints: the codes of the story, the looks they share, and the logo in them.

/// A cup, as the house draws it.
pub(super) const LOGO: (&str, &str) = (
    "Harbour Lane",
    r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64"><circle cx="32" cy="32" r="32" fill="#3f2411"/><path fill="#fef3c7" d="M16 26h26v2h4a7 7 0 0 1 0 14h-5a13 13 0 0 1-25-4zM42 32v6h4a3 3 0 0 0 0-6zM22 14h3v8h-3zM29 12h3v10h-3zM36 14h3v8h-3zM14 50h32v4H14z"/></svg>"##,
);
/// Stands in a style for the id of the logo.
pub(super) const LOGO_PLACE: &str = "@logo";

/// What a look is laid over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Base {
    Preset(&'static str),
    /// One of [`TEMPLATES`], by its place.
    Template(usize),
}

/// How a code looks: a base, and what differs from it as the option object.
pub(super) struct Look {
    pub(super) base: Base,
    pub(super) own: &'static str,
}

const fn preset(name: &'static str, own: &'static str) -> Look {
    Look { base: Base::Preset(name), own }
}

const fn template(place: usize, own: &'static str) -> Look {
    Look { base: Base::Template(place), own }
}

/// Name and look. Each lies over a preset.
pub(super) const TEMPLATES: &[(&str, Look)] = &[
    (
        "House",
        preset(
            "leaf",
            r##"{"image": "@logo", "imageOptions": {"imageSize": 0.3}, "qrOptions": {"errorCorrectionLevel": "H"}, "dotsOptions": {"color": "#3f2411"}}"##,
        ),
    ),
    (
        "Table card",
        preset(
            "banner",
            r##"{"frame": {"text": "SEE THE MENU", "color": "#3f2411"}, "dotsOptions": {"color": "#3f2411"}}"##,
        ),
    ),
    ("Poster", preset("sunset", r##"{"width": 1200}"##)),
];

/// A link of the story that is printed: its code owns it.
pub(super) struct PrintedLink {
    pub(super) alias: &'static str,
    /// JSON of the page it shows. Empty: it leads on, as the story of the link says.
    pub(super) page: &'static str,
    pub(super) look: Look,
    /// Taken out of use on this day, long after the last click.
    pub(super) archived_day: Option<i64>,
}

const fn printed(alias: &'static str, look: Look) -> PrintedLink {
    PrintedLink { alias, page: "", look, archived_day: None }
}

pub(super) const PRINTED_LINKS: &[PrintedLink] = &[
    printed("menu", template(1, "{}")),
    printed("menu-cph", template(1, r##"{"frame": {"text": "SE MENUEN"}}"##)),
    PrintedLink {
        page: r#"{"type": "wifi", "ssid": "Harbour Lane Guests", "security": "wpa2", "password": "pour-over-please"}"#,
        ..printed("wifi", preset("bubble", r#"{"frame": {"text": "FREE WI-FI"}}"#))
    },
    printed("bag", template(0, "{}")),
    printed("loyalty", preset("ring", r#"{"frame": {"text": "STAMP CARD"}}"#)),
    PrintedLink {
        archived_day: Some(352),
        ..printed("festival", template(2, r#"{"frame": {"type": "ticket", "text": "STAND 14"}}"#))
    },
    printed("tram", preset("viewfinder", "{}")),
    PrintedLink { archived_day: Some(352), ..printed("terrace", preset("aurora", "{}")) },
    PrintedLink {
        page: r#"{"type": "app", "ios_url": "https://apps.harbourlane.example/ios", "android_url": "https://apps.harbourlane.example/android", "fallback_url": "https://www.harbourlane.example/app"}"#,
        ..printed("get-app", preset("phone", "{}"))
    },
    printed("train", preset("ribbon", "{}")),
];

/// A code without a link: what it says is in its symbol.
pub(super) struct StaticCode {
    pub(super) name: &'static str,
    /// JSON
    pub(super) payload: &'static str,
    pub(super) tags: &'static [&'static str],
    pub(super) look: Look,
    pub(super) made_day: i64,
    pub(super) archived_day: Option<i64>,
}

pub(super) const STATIC_CODES: &[StaticCode] = &[
    StaticCode {
        name: "Wi-Fi behind the counter",
        payload: r#"{"type": "wifi", "ssid": "Harbour Lane Staff", "security": "wpa2", "password": "grind-it-finer-7"}"#,
        tags: &["cafe", "staff"],
        look: preset("classic", "{}"),
        made_day: 7,
        archived_day: Some(203),
    },
    StaticCode {
        name: "Maren's card",
        payload: r#"{"type": "vcard", "first_name": "Maren", "last_name": "Lindqvist", "organization": "Harbour Lane Coffee", "title": "Roaster", "emails": ["maren@harbourlane.example"], "websites": ["https://www.harbourlane.example"]}"#,
        tags: &["people"],
        look: preset("soft", "{}"),
        made_day: 11,
        archived_day: None,
    },
    StaticCode {
        name: "School in Huila, donations",
        // The example of ISO 13616's registry: no account of anybody.
        payload: r#"{"type": "epc", "name": "Harbour Lane Coffee", "iban": "DE89370400440532013000", "amount": "5.00", "text": "School in Huila"}"#,
        tags: &["donations"],
        look: preset("card", r#"{"frame": {"text": "GIVE 5 EURO"}}"#),
        made_day: 101,
        archived_day: None,
    },
    StaticCode {
        name: "The roastery, on a map",
        payload: r#"{"type": "geo", "latitude": 53.5436, "longitude": 9.9886}"#,
        tags: &["about"],
        look: preset("tricolor", "{}"),
        made_day: 190,
        archived_day: None,
    },
];

/// Views of analytics, with the day they were saved.
pub(super) const VIEWS: &[(&str, &str, i64)] = &[
    ("Scans in the cafés", "range=90d&tag=cafe&trigger=qr", 188),
    ("Letters and posts, all year", "range=12m&channel=email,social", 240),
];

#[cfg(test)]
mod tests {
    use tessera_qr::{Payload, Style};

    use super::super::story::LINKS;
    use super::*;

    #[test]
    fn every_look_and_payload_of_the_story_reads() {
        let looks = TEMPLATES.iter().map(|(_, look)| look);
        let looks = looks.chain(PRINTED_LINKS.iter().map(|printed| &printed.look));
        for look in looks.chain(STATIC_CODES.iter().map(|code| &code.look)) {
            let own = serde_json::from_str::<Style>(look.own);
            assert!(own.is_ok(), "{}: {own:?}", look.own);
            match look.base {
                Base::Preset(name) => {
                    assert!(Style::presets().iter().any(|(known, _)| *known == name), "{name}");
                }
                Base::Template(place) => assert!(place < TEMPLATES.len(), "{place}"),
            }
        }
        let pages = PRINTED_LINKS.iter().map(|printed| printed.page).filter(|page| !page.is_empty());
        for payload in pages.chain(STATIC_CODES.iter().map(|code| code.payload)) {
            let read = serde_json::from_str(payload).map(Payload::from_json);
            assert!(matches!(read, Ok(Ok(_))), "{payload}: {read:?}");
        }
    }

    #[test]
    fn every_printed_link_is_one_of_the_story_and_rests_before_its_code_is_archived() {
        for printed in PRINTED_LINKS {
            let link = LINKS.iter().find(|link| link.alias == printed.alias);
            assert!(link.is_some_and(|link| printed.archived_day.is_none_or(|day| day > link.begins_day)));
        }
    }
}
