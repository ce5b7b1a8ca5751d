//! What a code costs, from its text to its image: `cargo bench -p tessera-qr --bench codes`.

use divan::{Bencher, black_box};
use tessera_qr::{Code, Format, Level, Payload, Style, Symbol, SymbolOptions};

fn main() {
    divan::main();
}

/// 34 bytes: a short link with the mark of a scan.
const URL: &str = "https://example.com/r/9Qm4xZ2?qr=1";

fn rounded() -> Style {
    serde_json::from_str(
        r#"{"dotsOptions": {"type": "rounded"}, "cornersSquareOptions": {"type": "extra-rounded"}}"#,
    )
    .expect("a style")
}

fn image(bencher: Bencher, style: &Style, format: Format) {
    bencher
        .bench(|| Code::build(black_box(URL), style, None).expect("a code").image(format).expect("an image"));
}

fn symbol(bencher: Bencher, text: &str, level: Level) {
    let options = SymbolOptions { level, ..SymbolOptions::default() };
    bencher.bench(|| Symbol::encode(black_box(text), &options).expect("a symbol"));
}

#[divan::bench]
fn symbol_of_34_bytes(bencher: Bencher) {
    symbol(bencher, URL, Level::Q);
}

#[divan::bench]
fn symbol_of_300_bytes(bencher: Bencher) {
    symbol(bencher, &"BEGIN:VCARD\r\nN:Ada;Lovelace\r\n".repeat(10), Level::Q);
}

#[divan::bench]
fn symbol_of_version_40(bencher: Bencher) {
    symbol(bencher, &"abcdefghij-/?=&.".repeat(80)[..1_273], Level::H);
}

/// Target: 60 µs.
#[divan::bench]
fn svg(bencher: Bencher) {
    image(bencher, &Style::default(), Format::Svg);
}

/// Target: 120 µs.
#[divan::bench]
fn svg_rounded(bencher: Bencher) {
    image(bencher, &rounded(), Format::Svg);
}

/// Target: 1 ms.
#[divan::bench]
fn png_600(bencher: Bencher) {
    image(bencher, &Style::default().resized(600.0), Format::Png);
}

#[divan::bench]
fn png_600_rounded(bencher: Bencher) {
    image(bencher, &rounded().resized(600.0), Format::Png);
}

#[divan::bench]
fn text_of_a_contact(bencher: Bencher) {
    let contact = r#"{"type": "vcard", "first_name": "Ada", "last_name": "Lovelace", "phones": [{"number": "+44 20 1"}]}"#;
    let contact: Payload = serde_json::from_str(contact).expect("a payload");
    bencher.bench(|| black_box(&contact).text().expect("a text"));
}

/// Target: 60 ms.
#[divan::bench(sample_count = 20)]
fn verdict(bencher: Bencher) {
    let code = Code::build(URL, &rounded(), None).expect("a code");
    bencher.bench(|| black_box(&code).verdict());
}

/// Version 9: a picture over the middle alignment pattern is looked at from every side.
#[divan::bench(sample_count = 20)]
fn verdict_with_a_picture(bencher: Bencher) {
    let style: Style = serde_json::from_str(
        r#"{"image": "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E%3Cpath d='M0 0h9v9z'/%3E%3C/svg%3E"}"#,
    )
    .expect("a style");
    let code = Code::build(&URL.repeat(3), &style, None).expect("a code");
    bencher.bench(|| black_box(&code).verdict());
}
