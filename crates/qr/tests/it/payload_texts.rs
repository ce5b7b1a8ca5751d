//! The exact text of every kind of payload.

use serde_json::{Value, json};
use tessera_qr::{Payload, PayloadKind};

pub(crate) fn payload(value: Value) -> Payload {
    match Payload::from_json(value.clone()) {
        Ok(payload) => payload,
        Err(wrong) => panic!("{value}: {wrong:?}"),
    }
}

#[track_caller]
fn says(value: Value, text: &str) {
    assert_eq!(payload(value).text().unwrap(), text);
}

#[test]
fn an_address_that_is_ascii_stays_as_it_was_given() {
    says(json!({"type": "url", "url": "https://example.com"}), "https://example.com");
    says(json!({"type": "url", "url": " https://Example.com/A?b=c#d "}), "https://Example.com/A?b=c#d");
    says(json!({"type": "url", "url": "market://details?id=org.example"}), "market://details?id=org.example");
    says(json!({"type": "url", "url": "tel:+4930123"}), "tel:+4930123");
}

#[test]
fn an_address_beyond_ascii_is_written_as_the_url_standard_does() {
    says(
        json!({"type": "url", "url": "https://bücher.example/ü b"}),
        "https://xn--bcher-kva.example/%C3%BC%20b",
    );
    says(json!({"type": "url", "url": "https:\\\\example.com\\a"}), "https://example.com/a");
}

#[test]
fn a_text_is_left_alone() {
    says(json!({"type": "text", "text": " Grüße\n\tan alle; \\ "}), " Grüße\n\tan alle; \\ ");
}

#[test]
fn an_email_has_encoded_fields_and_crlf_in_its_body() {
    says(json!({"type": "email", "to": "ada@example.com"}), "mailto:ada@example.com");
    says(
        json!({"type": "email", "to": ["a+b@example.com", "c&d@example.com"], "cc": ["e@example.com"],
            "bcc": "f@example.com", "subject": "50 % off? Yes & no", "body": "One\nTwo\r\nÜ"}),
        "mailto:a%2Bb@example.com,c%26d@example.com?cc=e@example.com&bcc=f@example.com\
         &subject=50%20%25%20off%3F%20Yes%20%26%20no&body=One%0D%0ATwo%0D%0A%C3%9C",
    );
}

#[test]
fn numbers_lose_what_only_people_need() {
    says(json!({"type": "phone", "number": "+49 (30) 123-45.67"}), "tel:+49301234567");
    says(json!({"type": "phone", "number": "112"}), "tel:112");
    says(json!({"type": "sms", "number": "+49 30 1"}), "SMSTO:+49301");
    says(json!({"type": "sms", "number": "+49 30 1", "message": "a:b\r\nc"}), "SMSTO:+49301:a:b\nc");
    says(
        json!({"type": "whatsapp", "number": "+49 151 23456789", "message": "Hi & bye"}),
        "https://wa.me/4915123456789?text=Hi%20%26%20bye",
    );
}

#[test]
fn a_network_escapes_what_has_a_meaning() {
    says(
        json!({"type": "wifi", "ssid": r#"Cafe;"A",B:C\"#, "password": r#"p;a,s:s"w\"#}),
        r#"WIFI:T:WPA;S:Cafe\;\"A\"\,B\:C\\;P:p\;a\,s\:s\"w\\;;"#,
    );
}

#[test]
fn a_network_says_how_it_is_locked_and_whether_it_hides() {
    let wifi = |security: &str, password: Option<&str>| json!({"type": "wifi", "ssid": "Net", "password": password, "security": security, "hidden": true});
    says(wifi("wpa2", Some("12345678")), "WIFI:T:WPA;S:Net;P:12345678;H:true;;");
    says(wifi("wpa2_wpa3", Some("12345678")), "WIFI:T:WPA;S:Net;P:12345678;H:true;;");
    says(wifi("wpa3", Some("1")), "WIFI:T:SAE;S:Net;P:1;H:true;;");
    says(wifi("wep", Some("abcde")), "WIFI:T:WEP;S:Net;P:abcde;H:true;;");
    says(wifi("none", None), "WIFI:T:nopass;S:Net;H:true;;");
}

#[test]
fn a_network_with_accounts_says_how_they_are_proven_and_may_leave_them_to_each() {
    let wifi = |more: Value| {
        let mut wifi = json!({"type": "wifi", "ssid": "eduroam", "security": "wpa2_enterprise"});
        wifi.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
        wifi
    };
    says(
        wifi(
            json!({"eap_method": "ttls", "phase2_method": "pap", "anonymous_identity": "anonymous@example.edu",
            "identity": "ada;l@example.edu", "password": "x", "hidden": true}),
        ),
        r"WIFI:T:WPA2-EAP;S:eduroam;E:TTLS;PH2:PAP;A:anonymous@example.edu;I:ada\;l@example.edu;P:x;H:true;;",
    );
    says(
        wifi(json!({"eap_method": "peap", "phase2_method": "mschapv2"})),
        "WIFI:T:WPA2-EAP;S:eduroam;E:PEAP;PH2:MSCHAPV2;;",
    );
    says(
        wifi(json!({"eap_method": "pwd", "identity": "ada", "password": "1"})),
        "WIFI:T:WPA2-EAP;S:eduroam;E:PWD;I:ada;P:1;;",
    );
}

#[test]
fn a_password_of_spaces_is_one() {
    says(json!({"type": "wifi", "ssid": "Net", "password": " ".repeat(8)}), "WIFI:T:WPA;S:Net;P:        ;;");
}

#[test]
fn a_network_named_by_hexadecimal_digits_is_quoted() {
    says(json!({"type": "wifi", "ssid": "CAFE", "security": "none"}), r#"WIFI:T:nopass;S:"CAFE";;"#);
    says(json!({"type": "wifi", "ssid": "CAFEX", "security": "none"}), "WIFI:T:nopass;S:CAFEX;;");
}

fn ada(version: u8) -> Value {
    json!({"type": "vcard", "version": version, "prefix": "Dr.", "first_name": "Ada", "last_name": "Love;lace",
        "organization": "Engines, Ltd", "department": "Notes", "title": "Analyst",
        "phones": [{"number": "+44 20 7946 0000", "kind": "work"}, {"number": "+44 7700 900000"}],
        "emails": ["ada@example.com"], "websites": ["https://example.com/a,b"],
        "addresses": [{"street": "12 St James's Sq", "city": "London", "postal_code": "SW1Y 4JH", "country": "UK"}],
        "birthday": "1815-12-10", "note": "Line\nTwo \\ end", "photo": "https://example.com/ada.jpg"})
}

#[test]
fn a_contact_is_written_as_vcard_3() {
    says(
        ada(3),
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Love\\;lace;Ada;;Dr.;\r\nFN:Dr. Ada Love\\;lace\r\n\
         ORG:Engines\\, Ltd;Notes\r\nTITLE:Analyst\r\nTEL;TYPE=WORK:+442079460000\r\n\
         TEL;TYPE=CELL:+447700900000\r\nEMAIL:ada@example.com\r\nURL:https://example.com/a,b\r\n\
         ADR:;;12 St James's Sq;London;;SW1Y 4JH;UK\r\nBDAY:1815-12-10\r\nNOTE:Line\\nTwo \\\\ end\r\n\
         PHOTO;VALUE=uri:https://example.com/ada.jpg\r\nEND:VCARD",
    );
}

#[test]
fn a_contact_is_written_as_vcard_4() {
    says(
        ada(4),
        "BEGIN:VCARD\r\nVERSION:4.0\r\nN:Love\\;lace;Ada;;Dr.;\r\nFN:Dr. Ada Love\\;lace\r\n\
         ORG:Engines\\, Ltd;Notes\r\nTITLE:Analyst\r\nTEL;VALUE=uri;TYPE=work:tel:+442079460000\r\n\
         TEL;VALUE=uri;TYPE=cell:tel:+447700900000\r\nEMAIL:ada@example.com\r\nURL:https://example.com/a,b\r\n\
         ADR:;;12 St James's Sq;London;;SW1Y 4JH;UK\r\nBDAY:18151210\r\nNOTE:Line\\nTwo \\\\ end\r\n\
         PHOTO:https://example.com/ada.jpg\r\nEND:VCARD",
    );
}

#[test]
fn an_organization_alone_is_a_contact() {
    says(
        json!({"type": "vcard", "organization": "Engines"}),
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nFN:Engines\r\nORG:Engines\r\nEND:VCARD",
    );
}

#[test]
fn a_long_line_is_folded_at_75_octets_between_characters() {
    let note = "ä".repeat(80);
    let text = payload(json!({"type": "vcard", "last_name": "A", "note": note})).text().unwrap();
    let lines: Vec<&str> = text.split("\r\n").skip_while(|line| !line.starts_with("NOTE")).collect();
    assert_eq!(lines.iter().map(|line| line.len()).collect::<Vec<_>>(), [75, 75, 17, 9]);
    assert_eq!(lines[..3].concat().replace(' ', ""), format!("NOTE:{note}"));
}

#[test]
fn a_contact_is_a_file_too() {
    let file = payload(ada(3)).file().unwrap();
    assert_eq!(file.name, "dr-ada-love-lace.vcf");
    assert_eq!(file.media_type, "text/vcard; charset=utf-8");
    assert_eq!(file.content, payload(ada(3)).text().unwrap() + "\r\n");
    let file = payload(json!({"type": "vcard", "last_name": "李"})).file().unwrap();
    assert_eq!((file.name.as_str(), file.plain_name()), ("李.vcf", "contact.vcf"));
    for (organization, name) in [
        ("Bäckerei Müller", "bäckerei-müller.vcf"),
        ("../..\\etc/passwd", "etc-passwd.vcf"),
        ("“–”", "contact.vcf"),
    ] {
        let file = payload(json!({"type": "vcard", "organization": organization})).file().unwrap();
        assert_eq!(file.name, name);
    }
}

#[test]
fn a_mecard_is_short() {
    says(
        json!({"type": "mecard", "first_name": "Ada", "last_name": "Love:lace", "phones": ["+44 20 1"],
            "emails": ["ada@example.com"], "website": "https://example.com", "birthday": "1815-12-10", "note": "a;b"}),
        "MECARD:N:Love\\:lace,Ada;TEL:+44201;EMAIL:ada@example.com;URL:https\\://example.com;BDAY:18151210;NOTE:a\\;b;;",
    );
}

#[test]
fn an_event_with_an_offset_or_a_zone_is_in_utc() {
    says(
        json!({"type": "event", "title": "Fair, 2nd", "starts_at": "2026-05-01T18:00:00+02:00",
            "ends_at": "2026-05-01T20:30:00+02:00", "location": "Hall; 1", "description": "a\nb",
            "organizer": "ada@example.com", "url": "https://example.com/fair"}),
        "BEGIN:VEVENT\r\nSUMMARY:Fair\\, 2nd\r\nDTSTART:20260501T160000Z\r\nDTEND:20260501T183000Z\r\n\
         LOCATION:Hall\\; 1\r\nDESCRIPTION:a\\nb\r\nORGANIZER:mailto:ada@example.com\r\n\
         URL:https://example.com/fair\r\nEND:VEVENT",
    );
    says(
        json!({"type": "event", "title": "Fair", "starts_at": "2026-12-01T18:00", "timezone": "Europe/Berlin"}),
        "BEGIN:VEVENT\r\nSUMMARY:Fair\r\nDTSTART:20261201T170000Z\r\nEND:VEVENT",
    );
}

#[test]
fn an_event_without_a_zone_is_wherever_the_phone_is() {
    says(
        json!({"type": "event", "title": "Fair", "starts_at": "2026-12-01T18:00:00"}),
        "BEGIN:VEVENT\r\nSUMMARY:Fair\r\nDTSTART:20261201T180000\r\nEND:VEVENT",
    );
}

#[test]
fn a_whole_day_ends_before_the_next() {
    says(
        json!({"type": "event", "title": "Fair", "all_day": true, "starts_at": "2026-12-30", "ends_at": "2026-12-31"}),
        "BEGIN:VEVENT\r\nSUMMARY:Fair\r\nDTSTART;VALUE=DATE:20261230\r\nDTEND;VALUE=DATE:20270101\r\nEND:VEVENT",
    );
}

#[test]
fn an_event_is_a_whole_calendar_as_a_file() {
    let event = json!({"type": "event", "title": "Fair!", "starts_at": "2026-12-01T18:00:00Z"});
    let file = payload(event).file().unwrap();
    assert_eq!(file.name, "fair.ics");
    assert_eq!(file.media_type, "text/calendar; charset=utf-8");
    assert_eq!(
        file.content,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tessera//QR code//EN\r\nBEGIN:VEVENT\r\n\
         UID:c9b0a0da711524636e42e7c1e7379b59\r\nDTSTAMP:20261201T180000Z\r\nSUMMARY:Fair!\r\n\
         DTSTART:20261201T180000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
}

#[test]
fn a_place_has_at_most_seven_decimal_places() {
    says(json!({"type": "geo", "latitude": 52.52000001, "longitude": -13.405}), "geo:52.52,-13.405");
    says(
        json!({"type": "geo", "latitude": -0.00000001, "longitude": 180, "query": "Brandenburger Tor"}),
        "geo:0,180?q=Brandenburger%20Tor",
    );
}

#[test]
fn a_payment_has_the_lines_of_the_guideline() {
    says(
        json!({"type": "epc", "bic": "BPOTBEB1", "name": "Red Cross of Belgium", "iban": "BE72 0000 0000 1616",
            "amount": "1.00", "purpose": "CHAR", "text": "Urgency fund", "information": "Sample EPC QR code"}),
        "BCD\n002\n1\nSCT\nBPOTBEB1\nRed Cross of Belgium\nBE72000000001616\nEUR1\nCHAR\n\nUrgency fund\nSample EPC QR code",
    );
    says(
        json!({"type": "epc", "name": "Ada", "iban": "de71110220330123456789", "amount": "12.50",
            "reference": "RF18539007547034"}),
        "BCD\n002\n1\nSCT\n\nAda\nDE71110220330123456789\nEUR12.5\n\nRF18539007547034",
    );
    says(
        json!({"type": "epc", "name": "Ada", "iban": "DE71110220330123456789"}),
        "BCD\n002\n1\nSCT\n\nAda\nDE71110220330123456789",
    );
}

#[test]
fn coins_are_paid_to_a_checked_address() {
    let crypto =
        |currency: &str, address: &str| json!({"type": "crypto", "currency": currency, "address": address});
    for (currency, address, text) in [
        ("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        (
            "bitcoin",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "bitcoin:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        ),
        (
            "bitcoin",
            "BC1P0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQZK5JJ0",
            "bitcoin:BC1P0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQZK5JJ0",
        ),
        ("dogecoin", "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L", "dogecoin:DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L"),
        (
            "ethereum",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        ),
        (
            "ethereum",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
            "ethereum:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        ),
        (
            "solana",
            "mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN",
            "solana:mvines9iiHiQTysrwkJjGf2gb9Ex9jXJX8ns3qwf2kN",
        ),
    ] {
        says(crypto(currency, address), text);
    }
}

#[test]
fn coins_have_amounts_in_the_unit_of_their_scheme() {
    says(
        json!({"type": "crypto", "currency": "bitcoin", "address": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            "amount": "0.0150", "label": "Ada & Co", "message": "Thanks"}),
        "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=0.015&label=Ada%20%26%20Co&message=Thanks",
    );
    says(
        json!({"type": "crypto", "currency": "ethereum", "address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "amount": "2.014"}),
        "ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed?value=2014000000000000000",
    );
}

#[test]
fn a_kind_has_one_name_everywhere() {
    for kind in PayloadKind::ALL {
        assert_eq!(PayloadKind::parse(kind.as_str()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    assert_eq!(payload(json!({"type": "wifi", "ssid": "a", "security": "none"})).kind(), PayloadKind::Wifi);
    let dynamic: Vec<&str> =
        PayloadKind::ALL.into_iter().filter(|kind| kind.can_be_dynamic()).map(PayloadKind::as_str).collect();
    assert_eq!(dynamic, ["url", "wifi", "vcard", "event", "app"]);
}

#[test]
fn what_was_read_is_written_as_it_was() {
    for value in [
        ada(4),
        json!({"type": "app", "ios_url": "https://apps.apple.com/app/id1", "fallback_url": "https://example.com"}),
        json!({"type": "geo", "latitude": 1.5, "longitude": 2.0}),
    ] {
        let first = serde_json::to_value(payload(value)).unwrap();
        assert_eq!(serde_json::to_value(payload(first.clone())).unwrap(), first);
        assert_eq!(serde_json::from_value::<Payload>(first.clone()).unwrap(), payload(first));
    }
}

#[test]
fn a_row_of_a_table_is_a_payload() {
    let text = |cells: &[(&str, &str)]| Payload::from_cells(cells.iter().copied()).unwrap().text().unwrap();
    assert_eq!(
        text(&[("type", "wifi"), ("ssid", "true"), ("password", "12345678"), ("hidden", "Yes")]),
        "WIFI:T:WPA;S:true;P:12345678;H:true;;"
    );
    assert_eq!(
        text(&[("type", "geo"), ("latitude", "52.5"), ("longitude", "13"), ("query", " ")]),
        "geo:52.5,13"
    );
    assert_eq!(
        text(&[
            ("type", "vcard"),
            ("last_name", "A"),
            ("phones", "+49 1, +49 2"),
            ("city", "Köln"),
            ("version", "4")
        ]),
        "BEGIN:VCARD\r\nVERSION:4.0\r\nN:A;;;;\r\nFN:A\r\nTEL;VALUE=uri;TYPE=cell:tel:+491\r\n\
         TEL;VALUE=uri;TYPE=cell:tel:+492\r\nADR:;;;Köln;;;\r\nEND:VCARD"
    );
    let wrong =
        Payload::from_cells([("type", "geo"), ("latitude", "north"), ("longitude", "13")]).unwrap_err();
    assert_eq!((&*wrong[0].field, &*wrong[0].message), ("latitude", "expected a number, not string"));
}
