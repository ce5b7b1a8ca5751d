//! What is refused, and what is said about it.

use serde_json::{Value, json};
use tessera_qr::Payload;

use crate::payload_texts::payload;

/// `field code: message` of everything that is wrong.
fn wrong(value: Value) -> Vec<String> {
    let Err(wrong) = Payload::from_json(value.clone()) else { panic!("{value} is accepted") };
    wrong.into_iter().map(|wrong| format!("{} {}: {}", wrong.field, wrong.code, wrong.message)).collect()
}

#[track_caller]
fn refused(value: Value, field_and_code: &[&str]) {
    let said = wrong(value);
    let heads: Vec<&str> = said.iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(heads, field_and_code, "{said:#?}");
}

#[test]
fn no_payload_runs_or_reads_something_where_it_is_opened() {
    for url in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,hi",
        "file:///etc/passwd",
        "vbscript:x",
        "blob:https://example.com/1",
        "intent://x#Intent;end",
        "foo:bar",
    ] {
        refused(json!({"type": "url", "url": url}), &["url format"]);
        refused(
            json!({"type": "app", "ios_url": url, "android_url": "https://example.com"}),
            &["ios_url format"],
        );
    }
}

#[test]
fn an_address_is_whole_and_without_a_password() {
    refused(json!({"type": "url"}), &["url required"]);
    refused(json!({"type": "url", "url": "example.com"}), &["url format"]);
    refused(json!({"type": "url", "url": "https://u:p@example.com"}), &["url format"]);
    refused(json!({"type": "url", "url": "https://example.com/\n"}), &["url format"]);
    let long = format!("https://example.com/{}", "a".repeat(2_953 - 20));
    assert_eq!(payload(json!({"type": "url", "url": long})).text().unwrap().len(), 2_953);
    assert_eq!(
        wrong(json!({"type": "url", "url": format!("{long}a")})),
        ["url format: at most 2953 bytes; this has 2954"]
    );
}

#[test]
fn a_type_is_one_of_those_that_are_known() {
    assert_eq!(wrong(json!([])), [" type: expected an object with a type and its fields"]);
    refused(json!({}), &["type required"]);
    refused(json!({"type": 5}), &["type choice"]);
    assert_eq!(
        wrong(json!({"type": "urls"})),
        [
            "type choice: expected one of url, text, email, phone, sms, whatsapp, wifi, vcard, mecard, event, geo, epc, \
          crypto, app"
        ]
    );
}

#[test]
fn everything_wrong_is_said_at_once_with_its_path() {
    assert_eq!(
        wrong(json!({"type": "vcard", "first_name": 5, "colour": "red",
            "phones": [{"number": "+49 30 1"}, {"number": "call me", "sort": 1}, {"number": 7}],
            "emails": ["ada"], "birthday": "10.12.1815"})),
        [
            "colour unknown: there is no such field; known are version, prefix, first_name, middle_name, last_name, \
             suffix, nickname, organization, department, title, phones, emails, websites, addresses, birthday, note, \
             photo",
            "first_name type: expected a string, not integer",
            "phones[1].sort unknown: there is no such field; known are number, kind",
            "phones[2].number type: expected a string, not integer",
            "last_name required: a name or an organization is required",
            "phones[1].number format: expected 2 to 15 digits, best with country code, like +49 30 1234567",
            "emails[0] format: expected an address like ada@example.com",
            "birthday format: expected a date like 1990-12-31",
        ]
    );
}

#[test]
fn an_email_address_is_one() {
    refused(json!({"type": "email"}), &["to required"]);
    for bad in [
        "ada",
        "@example.com",
        "a@b",
        "a b@example.com",
        "a@exa mple.com",
        "a,b@example.com",
        "a@-b.com",
        ".a@b.de",
    ] {
        refused(json!({"type": "email", "to": [bad]}), &["to[0] format"]);
    }
    refused(json!({"type": "email", "to": vec!["a@b.de"; 21]}), &["to length"]);
    refused(json!({"type": "email", "to": "a@b.de", "subject": "a\nb"}), &["subject format"]);
    refused(json!({"type": "email", "to": "a@b.de", "body": "a".repeat(2_001)}), &["body length"]);
    refused(json!({"type": "email", "to": 5}), &["to type"]);
}

#[test]
fn a_number_is_one_and_changes_no_settings() {
    for bad in ["", "1", "+49 (0)30 123", "*#06#", "12345678901234567", "++49", "49+30", "1234x"] {
        let code = if bad.is_empty() { "number required" } else { "number format" };
        refused(json!({"type": "phone", "number": bad}), &[code]);
        refused(json!({"type": "sms", "number": bad}), &[code]);
    }
    refused(json!({"type": "whatsapp", "number": "0151 23456789"}), &["number format"]);
    refused(json!({"type": "sms", "number": "112", "message": "\u{0}"}), &["message format"]);
}

#[test]
fn a_network_has_a_name_and_a_password_that_fits() {
    refused(json!({"type": "wifi"}), &["ssid required", "password required"]);
    refused(json!({"type": "wifi", "ssid": "ä".repeat(17), "security": "none"}), &["ssid length"]);
    refused(json!({"type": "wifi", "ssid": "a\nb", "security": "none"}), &["ssid format"]);
    refused(json!({"type": "wifi", "ssid": "a", "password": "1234567"}), &["password length"]);
    refused(json!({"type": "wifi", "ssid": "a", "password": "x".repeat(64)}), &["password length"]);
    refused(json!({"type": "wifi", "ssid": "a", "password": "größer als"}), &["password format"]);
    refused(json!({"type": "wifi", "ssid": "a", "password": "abc", "security": "wep"}), &["password length"]);
    refused(
        json!({"type": "wifi", "ssid": "a", "password": "abc", "security": "none"}),
        &["password unsupported"],
    );
    refused(json!({"type": "wifi", "ssid": "a", "security": "wpa9"}), &["security choice"]);
}

#[test]
fn accounts_are_for_networks_that_have_them_and_their_parts_fit_together() {
    let refused_with = |more: Value, wanted: &[&str]| {
        let mut wifi = json!({"type": "wifi", "ssid": "a", "security": "wpa2_enterprise"});
        wifi.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
        refused(wifi, wanted);
    };
    refused_with(json!({}), &["eap_method required"]);
    // A certificate does not fit into a code.
    refused_with(json!({"eap_method": "tls"}), &["eap_method choice"]);
    refused_with(json!({"eap_method": "peap", "phase2_method": "pap"}), &["phase2_method unsupported"]);
    refused_with(
        json!({"eap_method": "pwd", "phase2_method": "gtc", "anonymous_identity": "anonymous"}),
        &["phase2_method unsupported", "anonymous_identity unsupported"],
    );
    refused_with(json!({"eap_method": "ttls", "password": "secret"}), &["identity required"]);
    refused_with(json!({"eap_method": "ttls", "identity": "a\nb"}), &["identity format"]);
    refused_with(
        json!({"eap_method": "ttls", "identity": "a".repeat(254), "password": "b".repeat(257)}),
        &["password length", "identity length"],
    );
    refused(
        json!({"type": "wifi", "ssid": "a", "password": "12345678", "eap_method": "peap", "phase2_method": "gtc",
            "identity": "ada", "anonymous_identity": "anonymous"}),
        &[
            "eap_method unsupported",
            "identity unsupported",
            "phase2_method unsupported",
            "anonymous_identity unsupported",
        ],
    );
}

#[test]
fn a_contact_has_limits() {
    refused(json!({"type": "vcard"}), &["last_name required"]);
    refused(json!({"type": "vcard", "last_name": "A", "version": 5}), &["version type"]);
    refused(json!({"type": "vcard", "last_name": "A\nTEL:1"}), &["last_name format"]);
    refused(json!({"type": "vcard", "last_name": "a".repeat(101)}), &["last_name length"]);
    refused(json!({"type": "vcard", "last_name": "A", "addresses": [{}]}), &["addresses[0] required"]);
    refused(json!({"type": "vcard", "last_name": "A", "photo": "http://example.com"}), &["photo format"]);
    refused(
        json!({"type": "vcard", "last_name": "A", "websites": ["javascript:1"]}),
        &["websites[0] format"],
    );
    refused(
        json!({"type": "mecard", "phones": ["", "x"]}),
        &["last_name required", "phones[0] required", "phones[1] format"],
    );
}

#[test]
fn an_event_begins_before_it_ends() {
    let event = |starts: &str, ends: &str| json!({"type": "event", "title": "A", "starts_at": starts, "ends_at": ends});
    refused(json!({"type": "event"}), &["title required", "starts_at required"]);
    refused(event("2026-05-01", "2026-05-01T18:00:00Z"), &["starts_at format"]);
    refused(event("2026-05-01T18:00:00Z", "2026-05-01T18:00:00Z"), &["ends_at range"]);
    refused(event("2026-05-01T18:00:00Z", "2026-05-01T19:00:00"), &["ends_at format"]);
    refused(
        json!({"type": "event", "title": "A", "starts_at": "2026-13-01", "all_day": true}),
        &["starts_at format"],
    );
    refused(
        json!({"type": "event", "title": "A", "starts_at": "2026-01-01", "all_day": true, "timezone": "Mars"}),
        &["timezone choice"],
    );
}

#[test]
fn an_hour_that_is_skipped_or_comes_twice_is_not_guessed() {
    for time in ["2026-03-29T02:30:00", "2026-10-25T02:30:00"] {
        let said =
            wrong(json!({"type": "event", "title": "A", "starts_at": time, "timezone": "Europe/Berlin"}));
        assert_eq!(
            said,
            [
                "starts_at format: clocks are changed then: that hour happens twice or not at all; give an offset"
            ]
        );
    }
}

#[test]
fn a_place_is_on_the_globe() {
    refused(json!({"type": "geo"}), &["latitude required", "longitude required"]);
    refused(
        json!({"type": "geo", "latitude": 90.1, "longitude": -180.1}),
        &["latitude range", "longitude range"],
    );
}

#[test]
fn a_payment_with_a_wrong_digit_is_refused() {
    let epc = |field: &str, value: &str| {
        let mut epc = json!({"type": "epc", "name": "Ada", "iban": "DE71110220330123456789"});
        epc[field] = value.into();
        epc
    };
    assert_eq!(
        wrong(epc("iban", "DE71110220330123456788")),
        ["iban format: the check digits of this IBAN do not fit: a digit is wrong or missing"]
    );
    refused(epc("iban", "DE7111022033012345678é"), &["iban format"]);
    refused(epc("bic", "ABC"), &["bic format"]);
    for amount in ["0", "0.00", "1.005", "-1", "1,50", "1e3", "1000000000", ".5", "1."] {
        refused(epc("amount", amount), &["amount format"]);
    }
    refused(epc("reference", "RF19539007547034"), &["reference format"]);
    refused(epc("purpose", "gdds"), &["purpose format"]);
    refused(epc("currency", "USD"), &["currency choice"]);
    refused(epc("name", &"a".repeat(71)), &["name length"]);
    refused(epc("text", "a\nb"), &["text format"]);
    refused(
        json!({"type": "epc", "name": "Ada", "iban": "DE71110220330123456789", "reference": "1", "text": "2"}),
        &["text unsupported"],
    );
    refused(
        json!({"type": "epc", "name": "ä".repeat(70), "iban": "DE71110220330123456789", "text": "ä".repeat(140)}),
        &["text length"],
    );
}

#[test]
fn an_address_with_a_wrong_character_is_refused() {
    for (currency, address) in [
        ("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"),
        ("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
        ("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3T4"),
        ("bitcoin", "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4"),
        ("bitcoin", "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L"),
        ("bitcoin", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"),
        ("litecoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("ethereum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"),
        ("ethereum", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ("solana", "mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2k"),
        ("solana", "0x00"),
    ] {
        refused(json!({"type": "crypto", "currency": currency, "address": address}), &["address format"]);
    }
    refused(json!({"type": "crypto"}), &["currency required"]);
    refused(
        json!({"type": "crypto", "currency": "ethereum", "address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "amount": "0.0000000000000000001", "label": "Ada"}),
        &["amount format", "label unsupported"],
    );
}

#[test]
fn an_app_is_in_a_store_and_not_in_a_symbol() {
    refused(json!({"type": "app", "fallback_url": "https://example.com"}), &["ios_url required"]);
    refused(
        json!({"type": "app", "ios_url": "https://play.google.com/store/apps/details?id=a"}),
        &["ios_url format"],
    );
    let app = payload(json!({"type": "app", "ios_url": "https://apps.apple.com/app/id1"}));
    let wrong = app.text().unwrap_err();
    assert_eq!((wrong.len(), wrong[0].code), (1, "unsupported"));
}
