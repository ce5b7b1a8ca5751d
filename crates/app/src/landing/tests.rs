//! What each page says, what it never does, and how large it gets.

use serde_json::{Value, json};

use super::*;

fn landing(payload: Value) -> Landing {
    let payload: Payload = serde_json::from_value(payload).unwrap();
    Landing::of(&payload).unwrap()
}

fn html(payload: Value) -> String {
    String::from_utf8(landing(payload).page.html("1")).unwrap()
}

/// What a person reads: without the style and the tags, in one line.
fn words(payload: Value) -> String {
    let html = html(payload);
    let mut text = String::new();
    let mut is_tag = false;
    for letter in html.split("</style>").nth(1).unwrap().chars() {
        match letter {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                text.push(' ');
            }
            letter if !is_tag => text.push(letter),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn mira() -> Value {
    json!({"type": "vcard", "prefix": "Dr.", "first_name": "Mira", "last_name": "Lindqvist", "title": "Head of Restoration",
        "organization": "Mosaic Works",
        "phones": [{"number": "+46 8 123 456 78", "kind": "work"}, {"number": "+46 70 123 45 67", "kind": "mobile"}],
        "emails": ["mira+tiles@mosaic.example"], "websites": ["https://www.mosaic.example/team/mira"],
        "addresses": [{"street": "Skeppsbron 24", "postal_code": "111 30", "city": "Stockholm", "country": "Sweden"}],
        "birthday": "1984-03-09", "note": "Ask for the catalogue."})
}

#[test]
fn a_contact_can_be_called_written_to_and_kept() {
    assert_eq!(
        words(mira()),
        "Dr. Mira Lindqvist ML Dr. Mira Lindqvist Head of Restoration · Mosaic Works Call Message Mail Website Add to contacts \
         Work +46 8 123 456 78 Mobile +46 70 123 45 67 E-mail mira+tiles@mosaic.example Website mosaic.example/team/mira \
         Address Skeppsbron 24 111 30 Stockholm Sweden Birthday 9 March 1984 Note Ask for the catalogue."
    );
    let html = html(mira());
    for address in [
        "href=\"tel:+46812345678\"",
        "href=\"sms:+46701234567\"",
        "href=\"mailto:mira+tiles@mosaic.example\"",
        "href=\"https://www.mosaic.example/team/mira\"",
        "href=\"?file=1\"",
    ] {
        assert!(html.contains(address), "{address} in {html}");
    }
    let file = landing(mira()).file.unwrap();
    assert_eq!((file.name.as_str(), file.media_type), ("dr-mira-lindqvist.vcf", "text/vcard; charset=utf-8"));
}

#[test]
fn a_firm_without_anything_else_is_still_a_contact() {
    let firm = json!({"type": "vcard", "organization": "Étoile"});
    assert_eq!(words(firm), "Étoile É Étoile Add to contacts");
}

#[test]
fn a_network_shows_how_to_join_it() {
    let locked =
        json!({"type": "wifi", "ssid": "Mosaic Guest", "password": " nine tiles ", "security": "wpa2_wpa3"});
    let text = words(locked.clone()).replace('\u{2011}', "-");
    assert_eq!(
        text,
        "Wi-Fi: Mosaic Guest Mosaic Guest Wi-Fi network Name Mosaic Guest Password Show password nine tiles Press and hold it \
         to copy. Security WPA2/WPA3 iPhone and iPad Open Settings, then Wi-Fi, and choose Mosaic Guest Paste the password, \
         and tap Join Android Open Settings, then Internet or Wi-Fi, and choose Mosaic Guest Paste the password, and tap \
         Connect"
    );
    let html = html(locked);
    assert!(
        html.contains("<details><summary>Show password</summary><span class=\"copy\"> nine tiles </span>")
    );
    let open = words(json!({"type": "wifi", "ssid": "Free", "security": "none"}));
    assert!(open.contains("None. Anybody can join.") && !open.contains("Paste"), "{open}");
    let hidden = words(
        json!({"type": "wifi", "ssid": "Back", "password": "correct horse", "security": "wpa3", "hidden": true}),
    );
    assert!(
        hidden.contains("choose Other… Type the name, choose WPA3 , paste the password, and tap Join"),
        "{hidden}"
    );
    assert!(
        hidden
            .contains("choose Add network Type the name, choose WPA3 , paste the password, and tap Connect")
    );
}

#[test]
fn a_network_with_accounts_shows_what_a_phone_asks_for() {
    let network = json!({"type": "wifi", "ssid": "eduroam", "security": "wpa2_enterprise", "eap_method": "ttls",
        "phase2_method": "pap", "anonymous_identity": "anonymous@example.edu"});
    let own = words(network.clone()).replace('\u{2011}', "-");
    let facts = "User name Your own Password Your own Security WPA2-Enterprise EAP method TTLS Phase 2 PAP Anonymous identity \
                 anonymous@example.edu iPhone";
    assert!(own.contains(facts), "{own}");
    assert!(own.contains("choose eduroam Enter user name and password, and tap Join"), "{own}");
    let mut shared = network;
    shared["identity"] = "guest".into();
    shared["password"] = "nine tiles".into();
    let shared = words(shared);
    assert!(shared.contains("User name guest Password Show password nine tiles"), "{shared}");
}

#[test]
fn an_event_is_told_in_the_words_of_its_own_place() {
    let when = |more: Value| {
        let mut event = json!({"type": "event", "title": "Opening"});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let words = words(event);
        words.split_once("When ").unwrap().1.to_owned()
    };
    let table = [
        // UTC in the zone's own words, in summer and in winter.
        (
            json!({"starts_at": "2026-05-01T16:00:00Z", "timezone": "Europe/Stockholm"}),
            "Friday, 1 May 2026 18:00 Stockholm time (UTC+2)",
        ),
        (
            json!({"starts_at": "2026-11-01T18:00:00", "timezone": "America/New_York", "ends_at": "2026-11-01T20:30:00"}),
            "Sunday, 1 November 2026 18:00 to 20:30 New York time (UTC−5)",
        ),
        (json!({"starts_at": "2026-05-01T18:00:00+05:30"}), "Friday, 1 May 2026 18:00 UTC+5:30"),
        (json!({"starts_at": "2026-05-01T18:00:00Z"}), "Friday, 1 May 2026 18:00 UTC"),
        // Wherever the reader is.
        (json!({"starts_at": "2026-05-01T18:00:00"}), "Friday, 1 May 2026 18:00"),
        (
            json!({"starts_at": "2026-05-01T22:00:00", "ends_at": "2026-05-02T04:00:00"}),
            "Friday, 1 May 2026, 22:00 to Saturday, 2 May 2026, 04:00",
        ),
        (json!({"starts_at": "2026-07-06", "all_day": true}), "Monday, 6 July 2026"),
        (json!({"starts_at": "2026-07-06", "ends_at": "2026-07-06", "all_day": true}), "Monday, 6 July 2026"),
        (
            json!({"starts_at": "2026-07-06", "ends_at": "2026-07-10", "all_day": true}),
            "Monday, 6 July 2026 to Friday, 10 July 2026",
        ),
    ];
    for (event, words) in table {
        assert_eq!(when(event), words);
    }
}

#[test]
fn an_event_can_be_kept_and_found() {
    let event = json!({"type": "event", "title": "Opening night", "starts_at": "2026-05-01T18:00:00", "location": "Ravenna",
        "description": "Bring a friend.", "organizer": "hello@mosaic.example", "url": "https://mosaic.example/"});
    assert_eq!(
        words(event.clone()),
        "Opening night May 1 Opening night Ravenna Add to calendar When Friday, 1 May 2026 18:00 Where Ravenna About Bring a \
         friend. Website mosaic.example Organizer hello@mosaic.example"
    );
    assert_eq!(landing(event).file.unwrap().name, "opening-night.ics");
}

#[test]
fn an_app_names_a_store_only_where_it_is_that_store() {
    let stores = json!({"type": "app", "ios_url": "https://apps.apple.com/app/id1",
        "android_url": "https://play.google.com/store/apps/details?id=x"});
    assert_eq!(
        words(stores),
        "Get the app Get the app Choose your phone. iPhone: App Store Android: Google Play"
    );
    let own = json!({"type": "app", "android_url": "https://mosaic.example/app.apk"});
    assert_eq!(words(own.clone()), "Get the app Get the app Choose your phone. For Android");
    assert!(landing(own).file.is_none());
}

/// In every field a text that would be a tag, an attribute, or an address that runs something.
#[test]
fn whatever_is_written_into_a_payload_stays_text() {
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'";
    let script = "javascript:alert(1)//https://a.example";
    let payloads = [
        json!({"type": "vcard", "first_name": evil, "last_name": evil, "prefix": evil, "suffix": evil, "nickname": evil,
            "organization": evil, "department": evil, "title": evil, "phones": [{"number": evil}, {"number": script}],
            "emails": [evil, script], "websites": [evil, script, "data:text/html,<script>"], "birthday": evil, "note": evil,
            "addresses": [{"street": evil, "city": evil, "region": evil, "postal_code": evil, "country": evil}],
            "photo": script}),
        json!({"type": "wifi", "ssid": evil, "password": evil, "hidden": true}),
        json!({"type": "wifi", "ssid": evil, "password": evil}),
        json!({"type": "event", "title": evil, "starts_at": evil, "ends_at": evil, "timezone": evil, "location": evil,
            "description": evil, "organizer": evil, "url": script}),
        json!({"type": "app", "ios_url": script, "android_url": evil, "fallback_url": "data:text/html,x"}),
    ];
    for payload in payloads {
        let page = landing(payload.clone());
        let html = String::from_utf8(page.page.html("1")).unwrap();
        let body = html.split("</style>").nth(1).unwrap();
        assert!(!body.contains("<script") && !body.contains("<img"), "{body}");
        for attribute in body.split("href=\"").skip(1) {
            let address = attribute.split('"').next().unwrap();
            let is_safe = ["tel:", "sms:", "mailto:", "http://", "https://", "?file="];
            assert!(is_safe.iter().any(|start| address.starts_with(start)), "{address}");
            assert!(!address.contains(['<', '>', ' ']), "{address}");
        }
        // No attribute that would run or load something, even where a quote was closed.
        let tags = body.split('<').skip(1).map(|tag| tag.split('>').next().unwrap());
        assert!(
            tags.clone().all(|tag| !tag.contains(" on") && !tag.contains("style=") && !tag.contains("src=")),
            "{body}"
        );
        let stores = page.stores;
        assert!(
            stores.is_none_or(|stores| stores.ios_url.is_none() && stores.fallback_url.is_none()),
            "{payload}"
        );
    }
}

#[test]
fn a_page_is_small_loads_nothing_and_runs_nothing() {
    let phones: Vec<Value> =
        (0..10).map(|n| json!({"number": format!("+46 8 123 456 7{n}"), "kind": "work"})).collect();
    let mut full = mira();
    full["phones"] = json!(phones);
    full["emails"] = json!((0..10).map(|n| format!("desk{n}@mosaic.example")).collect::<Vec<_>>());
    let sizes = [mira(), full, json!({"type": "wifi", "ssid": "Mosaic Guest", "password": "nine tiles"})]
        .map(|payload| {
            let html = html(payload);
            assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\">"));
            assert_eq!(html.matches("<h1").count(), 1);
            for foreign in ["<script", "<link", "<img", "@import", "url(", "<iframe", "<form"] {
                assert!(!html.contains(foreign), "{foreign}");
            }
            html.len()
        });
    assert!(sizes.iter().all(|bytes| *bytes <= 8_000), "{sizes:?}");
}

#[test]
fn what_is_the_same_on_every_page_is_kept_once_and_the_style_is_allowed_by_its_hash() {
    use base64::Engine;
    use sha2::Digest;
    let html = html(mira());
    let style = html.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style));
    assert!(policy().contains(&format!("style-src 'sha256-{hash}'")), "{}", policy());
    assert!(!policy().contains("unsafe"));
    let own = landing(mira()).page.bytes();
    assert!(own < 3_000, "{own}");
}
