//! Whatever comes in from outside, fed with noise and with damaged truth: payloads, texts, styles, logos.
//!
//! Nothing may panic, and what is accepted must be read by a decoder as it was written. Runs in the ordinary test run;
//! `make fuzz-qr` digs deeper.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use tessera_qr::{Code, Format, Level, Logo, Mode, Payload, PayloadKind, Style, Symbol, SymbolOptions};

/// Words with a meaning in one of the formats, between any others.
fn text() -> impl Strategy<Value = String> {
    let known = [
        "点茗日本語",
        "",
        "+49 30 1234567",
        "ada@example.com",
        "https://example.com/a;b?c=d&e=f",
        "javascript:alert(1)",
        "CAFE",
        "12345678",
        r#"a\b;c,d"e:f"#,
        "Grüße, 点茗 ☕",
        "2026-05-01",
        "2026-05-01T18:00:00+02:00",
        "Europe/Berlin",
        "DE71110220330123456789",
        "RF18539007547034",
        "0.015",
        "wpa3",
        "none",
        "bitcoin",
        "EUR",
        "END:VCARD\r\n",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "7 a B\t\n",
    ];
    prop_oneof![
        4 => select(known.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[ -~]{0,120}",
        1 => "[0-9A-Z $%*+./:-]{0,90}[a-zäß]{0,9}[0-9]{0,60}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => text().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => (0..6_u8).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => proptest::collection::vec(text(), 0..3).prop_map(Value::from),
        1 => (text(), text()).prop_map(|(number, kind)| json!([{ "number": number, "kind": kind }])),
        1 => (text(), text()).prop_map(|(street, city)| json!([{ "street": street, "city": city }])),
    ]
}

/// An object of the fields of any kind.
fn payload() -> impl Strategy<Value = Value> {
    let fields: &[&str] = &[
        "url",
        "text",
        "to",
        "cc",
        "bcc",
        "subject",
        "body",
        "number",
        "message",
        "ssid",
        "password",
        "security",
        "hidden",
        "version",
        "prefix",
        "first_name",
        "last_name",
        "organization",
        "department",
        "title",
        "phones",
        "emails",
        "websites",
        "addresses",
        "birthday",
        "note",
        "photo",
        "starts_at",
        "ends_at",
        "all_day",
        "timezone",
        "location",
        "description",
        "organizer",
        "latitude",
        "longitude",
        "query",
        "name",
        "iban",
        "bic",
        "amount",
        "currency",
        "purpose",
        "reference",
        "information",
        "address",
        "label",
        "ios_url",
        "android_url",
        "website",
    ];
    let kind = select(PayloadKind::ALL.as_slice());
    let pairs = proptest::collection::vec((select(fields), value()), 0..40);
    (kind, pairs).prop_map(|(kind, pairs)| {
        let mut object: Map<String, Value> =
            pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        object.insert("type".to_owned(), kind.as_str().into());
        Value::Object(object)
    })
}

/// As [`payload`], without those fields that were refused: so that most are accepted in the end.
fn mended(mut value: Value) -> Option<Payload> {
    for _ in 0..60 {
        let wrongs = match Payload::from_json(value.clone()) {
            Ok(payload) => return Some(payload),
            Err(wrongs) => wrongs,
        };
        assert!(!wrongs.is_empty());
        let object = value.as_object_mut().expect("an object");
        let before = object.len();
        for wrong in &wrongs {
            assert!(!wrong.message.is_empty() && !wrong.code.is_empty(), "{wrong:?}");
            object.remove(wrong.field.split(['.', '[']).next().unwrap_or_default());
        }
        if object.len() == before {
            return None;
        }
    }
    None
}

/// By a decoder that is told where the modules are: the search of `rqrr` overflows on large symbols, and finding is not asked here.
fn read(symbol: &Symbol) -> Vec<u8> {
    let side = symbol.modules() as usize;
    let grid = rqrr::SimpleGrid::from_func(side, |x, y| symbol.is_dark(x as i32, y as i32));
    let mut bytes = Vec::new();
    rqrr::Grid::new(grid).decode_to(&mut bytes).expect("decoded");
    bytes
}

/// What is read from a symbol of that mode: the decoder hands kanji on as Shift JIS.
fn written(text: &str, mode: Option<Mode>) -> Vec<u8> {
    match mode {
        Some(Mode::Kanji) => encoding_rs::SHIFT_JIS.encode(text).0.into_owned(),
        _ => text.as_bytes().to_vec(),
    }
}

fn level() -> impl Strategy<Value = Level> {
    select(Level::ALL.as_slice())
}

proptest! {
    #[test]
    fn an_accepted_payload_is_read_as_it_was_written(value in payload(), level in level()) {
        let Some(payload) = mended(value) else { return Ok(()) };
        let again = serde_json::to_value(&payload).expect("JSON");
        prop_assert_eq!(&Payload::from_json(again).expect("accepted again"), &payload);
        if !payload.kind().can_be_static() {
            return Ok(());
        }
        let text = payload.text().expect("a text");
        prop_assert!(!text.is_empty());
        let has_lines = matches!(payload.kind(), PayloadKind::Vcard | PayloadKind::Event);
        if has_lines {
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "{}", text);
            let ends = text.split("\r\n").filter(|line| line.starts_with("END:")).count();
            prop_assert_eq!(ends, 1, "{}", text);
        }
        if let Ok(symbol) = Symbol::encode(&text, &SymbolOptions { level, ..SymbolOptions::default() }) {
            prop_assert_eq!(read(&symbol), text.as_bytes());
        }
    }

    #[test]
    fn a_network_reads_back_to_its_parts(ssid in "[ -~]{1,32}", password in "[ -~]{8,63}") {
        let payload = json!({"type": "wifi", "ssid": ssid, "password": password});
        let text = Payload::from_json(payload).expect("accepted").text().expect("a text");
        let inner = text.strip_prefix("WIFI:").expect("a network").strip_suffix(";").expect("an end");
        let mut parts = vec![String::new()];
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            let last = parts.len() - 1;
            match c {
                '\\' => parts[last].extend(chars.next()),
                ';' => parts.push(String::new()),
                c => parts[last].push(c),
            }
        }
        let is_hex = ssid.bytes().all(|b| b.is_ascii_hexdigit());
        let shown = if is_hex { format!("S:\"{ssid}\"") } else { format!("S:{ssid}") };
        prop_assert_eq!(parts, ["T:WPA".to_owned(), shown, format!("P:{password}"), String::new()]);
    }

    #[test]
    fn a_text_is_read_as_it_was_written(
        text in text(),
        level in level(),
        version in proptest::option::of(0..=42_u8),
        mask in proptest::option::of(0..=8_u8),
        mode in proptest::option::of(select(Mode::ALL.as_slice())),
    ) {
        let options = SymbolOptions { level, version, mask, mode };
        if let Ok(symbol) = Symbol::encode(&text, &options) {
            prop_assert!(version.is_none_or(|version| version == symbol.version()));
            prop_assert!(mask.is_none_or(|mask| mask == symbol.mask()));
            prop_assert_eq!(read(&symbol), written(&text, mode));
        }
    }

    #[test]
    fn a_mixture_is_never_longer_than_one_mode(text in "[0-9]{0,30}[A-Z:/]{0,30}[a-zé]{0,30}[0-9A-F]{0,30}[a-z]?") {
        prop_assume!(!text.is_empty());
        let mixed = Symbol::encode(&text, &SymbolOptions::default()).expect("fits");
        let plain = Symbol::encode(&text, &SymbolOptions { mode: Some(Mode::Byte), ..SymbolOptions::default() });
        prop_assert!(mixed.version() <= plain.expect("fits").version());
    }

    #[test]
    fn no_style_breaks_a_drawing(pairs in proptest::collection::vec((select(STYLE_FIELDS), style_value()), 0..8)) {
        let mut object = json!({});
        for (path, value) in pairs {
            let (outer, inner) = path.split_once('.').unwrap_or((path, ""));
            if inner.is_empty() {
                object[outer] = value;
            } else {
                if !object[outer].is_object() {
                    object[outer] = json!({});
                }
                object[outer][inner] = value;
            }
        }
        let Ok(style) = serde_json::from_value::<Style>(object) else { return Ok(()) };
        match Code::build("https://tessera.example/r/9Qm4", &style, None) {
            Ok(code) => {
                let svg = code.image(Format::Svg).expect("written");
                prop_assert!(svg.starts_with(b"<svg"));
                prop_assert!(!svg.windows(3).any(|part| part == b"NaN" || part == b"inf"));
            }
            Err(wrongs) => prop_assert!(wrongs.iter().all(|wrong| !wrong.message.is_empty())),
        }
    }

    #[test]
    fn no_picture_breaks_the_reader(
        begin in select(BEGINNINGS),
        rest in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let _ = Logo::read(&[begin, &rest].concat());
    }

    #[test]
    fn no_damage_to_a_picture_breaks_the_reader(
        picture in select(PICTURES),
        wounds in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        end in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = picture.to_vec();
        for (place, byte) in wounds {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if is_cut {
            bytes.truncate(end.index(bytes.len()));
        }
        if let Ok(logo) = Logo::read(&bytes) {
            prop_assert!(logo.width_px() > 0 && logo.height_px() > 0);
            let style = Style { image: Some(logo.data_uri()), ..Style::default() };
            if let Ok(code) = Code::build("https://tessera.example", &style, None) {
                prop_assert!(code.image(Format::Svg).is_ok());
            }
        }
    }
}

const STYLE_FIELDS: &[&str] = &[
    "width",
    "height",
    "margin",
    "shape",
    "type",
    "unit",
    "dpi",
    "image",
    "quietZone",
    "frame",
    "title",
    "qrOptions.typeNumber",
    "qrOptions.mode",
    "qrOptions.errorCorrectionLevel",
    "qrOptions.mask",
    "dotsOptions.type",
    "dotsOptions.color",
    "dotsOptions.gradient",
    "cornersSquareOptions.type",
    "cornersSquareOptions.color",
    "cornersDotOptions.type",
    "cornersDotOptions.gradient",
    "backgroundOptions.color",
    "backgroundOptions.round",
    "backgroundOptions.gradient",
    "imageOptions.imageSize",
    "imageOptions.margin",
    "frame.type",
    "frame.text",
    "frame.color",
    "frame.position",
];

fn style_value() -> impl Strategy<Value = Value> {
    let words = [
        "square",
        "dots",
        "rounded",
        "extra-rounded",
        "classy",
        "classy-rounded",
        "dot",
        "circle",
        "#fff",
        "#12345678",
        "red",
        "transparent",
        "rgb(1,2,3)",
        "L",
        "M",
        "Q",
        "H",
        "Byte",
        "Numeric",
        "mm",
        "in",
        "px",
        "svg",
        "SCAN ME",
        "data:image/svg+xml,<svg/>",
        "Grüße ☕",
        "banner",
        "label",
        "ticket",
        "below",
        "above",
        "",
    ];
    prop_oneof![
        6 => select(words.to_vec()).prop_map(Value::from),
        4 => (-1.0..2_000.0).prop_map(Value::from),
        2 => (0..50_u8).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        2 => (-0.5..1.5, any::<bool>(), any::<f64>()).prop_map(|(offset, is_linear, rotation)| json!({
            "type": if is_linear { "linear" } else { "radial" }, "rotation": rotation,
            "colorStops": [{ "offset": 0, "color": "#000" }, { "offset": offset, "color": "blue" }],
        })),
    ]
}

const PICTURES: &[&[u8]] = &[
    include_bytes!("logos/plain.jpg"),
    include_bytes!("logos/progressive.jpg"),
    include_bytes!("logos/palette.png"),
    include_bytes!("logos/interlaced.png"),
    include_bytes!("logos/sixteen-bit.png"),
    b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"><path d=\"M0 0h10v10z\" fill=\"#123\"/></svg>",
];

const BEGINNINGS: &[&[u8]] =
    &[b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"<svg xmlns=", b"<svg/>", b"", b"RIFF"];
