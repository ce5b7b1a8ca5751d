//! Which modules are dark: against an independent encoder, and read back by a decoder.

use std::fmt::Write;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use tessera_qr::{Level, Mode, Symbol, SymbolOptions, text_bytes_max};

#[derive(Deserialize)]
struct Vector {
    text: String,
    mode: String,
    version: u8,
    level: Level,
    mask: u8,
    #[serde(default)]
    rows: Vec<String>,
    #[serde(default)]
    sha256: String,
}

fn packed(symbol: &Symbol) -> Vec<String> {
    let side = symbol.modules() as i32;
    let digit = |x: i32, y: i32| (x..x + 4).fold(0, |digit, x| digit * 2 + u8::from(symbol.is_dark(x, y)));
    let row = |y: i32| {
        (0..side).step_by(4).fold(String::new(), |mut row, x| {
            write!(row, "{:x}", digit(x, y)).unwrap();
            row
        })
    };
    (0..side).map(row).collect()
}

#[test]
fn symbols_equal_those_of_an_independent_encoder() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("../vectors/segno.json")).unwrap();
    assert_eq!(vectors.len(), 224);
    for vector in vectors {
        let mode =
            Mode::ALL.into_iter().find(|mode| mode.as_str().eq_ignore_ascii_case(&vector.mode)).unwrap();
        let options = SymbolOptions {
            level: vector.level,
            version: Some(vector.version),
            mask: Some(vector.mask),
            mode: Some(mode),
        };
        let symbol = Symbol::encode(&vector.text, &options).unwrap();
        let about = format!("{:?} {} {:?} {}", vector.text, vector.version, vector.level, vector.mask);
        let rows = packed(&symbol);
        if vector.sha256.is_empty() {
            assert_eq!(rows, vector.rows, "{about}");
        } else {
            let digest = Sha256::digest(rows.join("\n"));
            assert_eq!(
                digest.iter().map(|b| format!("{b:02x}")).collect::<String>(),
                vector.sha256,
                "{about}"
            );
        }
    }
}

/// What a decoder reads from a symbol with its quiet zone.
pub(crate) fn read(symbol: &Symbol) -> String {
    read_pixels(symbol.modules() as usize + 8, |x, y| !symbol.is_dark(x as i32 - 4, y as i32 - 4))
}

/// What a decoder reads from a square of light and dark modules, four pixels each.
pub(crate) fn read_pixels(side: usize, is_light: impl Fn(usize, usize) -> bool) -> String {
    let pixels = side * 4;
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(pixels, pixels, |x, y| {
        if is_light(x / 4, y / 4) { 255 } else { 0 }
    });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    let mut bytes = Vec::new();
    grids[0].decode_to(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn mixed_modes_are_shorter_and_read_back() {
    let url = "HTTPS://EXAMPLE.COM/R/0123456789012345678901234567890123456789?campaign=spring";
    let options = SymbolOptions::default();
    let mixed = Symbol::encode(url, &options).unwrap();
    let plain = Symbol::encode(url, &SymbolOptions { mode: Some(Mode::Byte), ..options }).unwrap();
    assert_eq!((mixed.version(), plain.version()), (5, 7));
    assert_eq!(read(&mixed), url);
    assert_eq!(read(&plain), url);
}

#[test]
fn digits_letters_and_bytes_side_by_side_read_back_in_every_size() {
    for repeats in [1, 2, 3, 5, 8, 13, 21] {
        let text = "abc0123456789ABCDEFGHIJ-Grüße/€".repeat(repeats);
        let symbol = Symbol::encode(&text, &SymbolOptions { level: Level::M, ..Default::default() }).unwrap();
        assert_eq!(read(&symbol), text);
    }
}

#[test]
fn kanji_are_written_in_thirteen_bits_on_request() {
    let text = "日本語東京都漢字日本";
    let of = |mode: Option<Mode>| {
        Symbol::encode(text, &SymbolOptions { level: Level::L, mode, ..Default::default() }).unwrap()
    };
    // 4 + 8 + 10 × 13 bits fit into the 152 of version 1; 4 + 8 + 30 × 8 into the 272 of version 2.
    assert_eq!((of(Some(Mode::Kanji)).version(), of(None).version()), (1, 2));
    assert_eq!(read(&of(None)), text);
}

#[test]
fn the_smallest_version_is_taken_and_a_wished_one_kept() {
    let text = "a".repeat(17);
    let of = |version: Option<u8>| {
        Symbol::encode(&text, &SymbolOptions { level: Level::L, version, ..Default::default() })
    };
    assert_eq!(of(None).unwrap().version(), 1);
    assert_eq!(of(Some(9)).unwrap().modules(), 53);
    let longer = "a".repeat(18);
    let options = SymbolOptions { level: Level::L, version: Some(1), ..Default::default() };
    let wrong = Symbol::encode(&longer, &options).unwrap_err();
    assert_eq!((&*wrong.field, wrong.code), ("qrOptions.typeNumber", "range"));
    assert_eq!(
        wrong.message,
        "version 1 is too small: at level L it holds 17 bytes, and this text has 18; the smallest that holds it is 2"
    );
}

#[test]
fn a_text_that_is_too_long_says_how_long_it_may_be() {
    for (level, most) in [(Level::L, 2_953), (Level::M, 2_331), (Level::Q, 1_663), (Level::H, 1_273)] {
        assert_eq!(text_bytes_max(40, level), most);
        let options = SymbolOptions { level, ..Default::default() };
        let symbol = Symbol::encode(&"a".repeat(most), &options).unwrap();
        assert_eq!(symbol.version(), 40);
        let wrong = Symbol::encode(&"a".repeat(most + 1), &options).unwrap_err();
        assert_eq!((&*wrong.field, wrong.code), ("data", "length"));
        let message = format!(
            "too long: at level {} a QR code holds at most {most} bytes, and this text has {}",
            level.as_str(),
            most + 1
        );
        assert!(wrong.message.starts_with(&message), "{}", wrong.message);
    }
    let wrong = Symbol::encode(&"a".repeat(2_000), &SymbolOptions { level: Level::H, ..Default::default() })
        .unwrap_err();
    assert!(wrong.message.ends_with("; it would fit at level M"), "{}", wrong.message);
    let digits = "7".repeat(7_089);
    let options = SymbolOptions { level: Level::L, ..Default::default() };
    assert_eq!(Symbol::encode(&digits, &options).unwrap().version(), 40);
    assert!(Symbol::encode(&"7".repeat(7_090), &options).is_err());
}

#[test]
fn wishes_outside_their_range_are_refused() {
    let of = |text: &str, options: SymbolOptions| {
        let wrong = Symbol::encode(text, &options).unwrap_err();
        (wrong.field.into_owned(), wrong.code)
    };
    let none = SymbolOptions::default();
    assert_eq!(of("", none), ("data".into(), "required"));
    assert_eq!(
        of("a", SymbolOptions { version: Some(41), ..none }),
        ("qrOptions.typeNumber".into(), "range")
    );
    assert_eq!(of("a", SymbolOptions { version: Some(0), ..none }), ("qrOptions.typeNumber".into(), "range"));
    assert_eq!(of("a", SymbolOptions { mask: Some(8), ..none }), ("qrOptions.mask".into(), "range"));
    for (text, mode) in
        [("1a", Mode::Numeric), ("a", Mode::Alphanumeric), ("a", Mode::Kanji), ("¥", Mode::Kanji)]
    {
        let wish = SymbolOptions { mode: Some(mode), ..none };
        assert_eq!(of(text, wish), ("qrOptions.mode".into(), "unsupported"));
    }
}

#[test]
fn the_level_is_raised_as_far_as_the_version_allows() {
    let options = SymbolOptions { level: Level::L, ..Default::default() };
    // 14 bytes: version 1 holds 17, 14, 11 and 7 of them.
    let symbol = Symbol::encode_at_raised_level("abcdefghijklmn", &options).unwrap();
    assert_eq!((symbol.version(), symbol.level()), (1, Level::M));
    let symbol = Symbol::encode_at_raised_level("abc", &options).unwrap();
    assert_eq!((symbol.version(), symbol.level()), (1, Level::H));
    assert_eq!(read(&symbol), "abc");
}

#[test]
fn parts_of_a_symbol_are_told_apart() {
    let options = SymbolOptions { version: Some(7), mask: Some(0), ..Default::default() };
    let symbol = Symbol::encode("https://tessera.example", &options).unwrap();
    let count = |what: &dyn Fn(i32, i32) -> bool| {
        (0..45).flat_map(|y| (0..45).map(move |x| (x, y))).filter(|(x, y)| what(*x, *y)).count()
    };
    assert_eq!(count(&|x, y| symbol.is_finder(x, y)), 3 * 49);
    // 45² modules without the 196 codewords; none is left over in version 7.
    assert_eq!(count(&|x, y| symbol.is_function(x, y)), 45 * 45 - 196 * 8);
    assert_eq!((symbol.codewords(), symbol.data_codewords()), (196, 88));
    // Six blocks with 18 codewords of correction each, half of which can be put right.
    assert_eq!(symbol.correctable_pct(), 54.0 * 100.0 / 196.0);
    assert!(!symbol.is_dark(-1, 0) && !symbol.is_dark(45, 0) && symbol.is_dark(44, 0));
}
