//! What a logo may be, and what is refused by name.

use super::*;

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/logos/", $name)).as_slice()
    };
}

const BADGE: &str = r##"<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20">
<!-- a comment --><metadata>who made it</metadata><defs><rect id="r" width="10" height="10"/></defs>
<style>.red{fill:#f00}</style><use xlink:href="#r" class="red"/><use href="#r" x="20" fill="#00f"/></svg>"##;

fn refusal(bytes: &[u8]) -> (&'static str, String) {
    let wrong = Logo::read(bytes).expect_err("refused");
    assert_eq!(wrong.field, "image");
    (wrong.code, wrong.message)
}

fn pixel(logo: &Logo, x: u32, y: u32) -> [u8; 4] {
    let color = logo.pixels(logo.width_px(), logo.height_px()).pixel(x, y);
    [color.r, color.g, color.b, color.a]
}

fn is_near(left: [u8; 4], right: [u8; 4]) -> bool {
    left.iter().zip(right).all(|(left, right)| left.abs_diff(right) <= 6)
}

#[test]
fn photographs_of_every_kind_show_their_colours() {
    for bytes in [file!("plain.jpg"), file!("progressive.jpg")] {
        let logo = Logo::read(bytes).expect("a JPEG");
        assert_eq!((logo.kind(), logo.width_px(), logo.height_px()), (LogoKind::Jpeg, 16, 8));
        assert!(is_near(pixel(&logo, 1, 1), [20, 60, 220, 255]), "{:?}", pixel(&logo, 1, 1));
        assert!(is_near(pixel(&logo, 14, 6), [200, 30, 40, 255]));
    }
    let grey = Logo::read(file!("grey.jpg")).expect("a grey JPEG");
    assert!(is_near(pixel(&grey, 14, 6), [82, 82, 82, 255]));
    let cmyk = Logo::read(file!("cmyk.jpg")).expect("a CMYK JPEG");
    assert!(is_near(pixel(&cmyk, 14, 6), [200, 30, 40, 255]), "{:?}", pixel(&cmyk, 14, 6));
}

#[test]
fn a_photograph_on_its_side_is_turned_and_its_metadata_is_gone() {
    let logo = Logo::read(file!("on-its-side.jpg")).expect("a JPEG");
    assert!(file!("on-its-side.jpg").windows(12).any(|part| part == b"SECRET-PLACE"));
    assert!(!logo.bytes().windows(6).any(|part| part == b"SECRET" || part == b"Exif\0\0"));
    assert_eq!((logo.width_px(), logo.height_px()), (8, 16));
    assert!(is_near(pixel(&logo, 4, 1), [20, 60, 220, 255]));
    assert!(is_near(pixel(&logo, 4, 14), [200, 30, 40, 255]));
}

#[test]
fn pngs_of_every_kind_show_their_colours() {
    let logo = Logo::read(file!("sixteen-bit.png")).expect("16 bits");
    assert_eq!(pixel(&logo, 0, 0), [156, 156, 156, 255]);
    let logo = Logo::read(file!("moving.png")).expect("an animation");
    assert_eq!(pixel(&logo, 3, 3), [255, 0, 0, 255], "its first frame");
    let logo = Logo::read(file!("interlaced.png")).expect("interlaced");
    assert_eq!([pixel(&logo, 0, 0), pixel(&logo, 2, 1)], [[0, 0, 50, 255], [160, 100, 50, 255]]);
    let logo = Logo::read(file!("palette.png")).expect("a palette");
    let alphas = [pixel(&logo, 1, 1)[3], pixel(&logo, 14, 6)[3]];
    assert!(alphas == [0, 255] || alphas == [255, 0], "{alphas:?}");
}

#[test]
fn what_was_read_reads_the_same_again() {
    for bytes in [file!("palette.png"), file!("interlaced.png"), BADGE.as_bytes()] {
        let once = Logo::read(bytes).expect("read");
        let twice = Logo::read(once.bytes()).expect("read again");
        assert_eq!(once.bytes(), twice.bytes());
        assert_eq!(once.pixels(30, 30), twice.pixels(30, 30));
    }
    // JPEG loses a little each time, but not its shape.
    let once = Logo::read(file!("plain.jpg")).expect("read");
    assert_eq!(Logo::read(once.bytes()).expect("read again").width_px(), 16);
}

#[test]
fn what_is_hidden_behind_a_picture_does_not_survive() {
    for (file, mark) in [(file!("moving.png"), "<script>x</script>"), (file!("plain.jpg"), "PK\x03\x04")] {
        let polyglot = [file, mark.as_bytes()].concat();
        let logo = Logo::read(&polyglot).expect("the picture in it");
        assert!(!logo.bytes().windows(mark.len()).any(|part| part == mark.as_bytes()));
        assert_eq!(logo.bytes(), Logo::read(file).expect("the picture").bytes());
    }
}

#[test]
fn pictures_that_are_empty_huge_or_cut_off_are_refused() {
    assert_eq!(refusal(b""), ("required", "the file is empty; give a PNG, JPEG or SVG".to_owned()));
    assert_eq!(refusal(&vec![b'<'; LOGO_BYTES_MAX + 1]).0, "length");
    assert_eq!(refusal(&vec![b'<'; 20_000_000]).0, "length");
    let (code, message) = refusal(file!("bomb.png"));
    assert_eq!(code, "range");
    assert!(message.contains("60000 × 60000") && message.contains("4096"), "{message}");
    assert_eq!(refusal(file!("empty.png")).0, "format", "a PNG of width 0 breaks the format itself");
    for bytes in [file!("palette.png"), file!("plain.jpg"), file!("progressive.jpg")] {
        for kept in [bytes.len() - 3, bytes.len() * 3 / 4, bytes.len() / 2, 12] {
            assert_eq!(refusal(&bytes[..kept]).0, "format", "{kept} of {} bytes", bytes.len());
        }
    }
    assert_eq!(refusal(b"GIF89a...").0, "format");
    assert_eq!(refusal(b"RIFF....WEBP").0, "format");
}

#[test]
fn a_file_that_inflates_to_more_than_it_promised_costs_no_memory() {
    // 50 MB of zeros behind a header of 8 × 8 pixels: what is too much is not looked at.
    let logo = Logo::read(file!("overfull.png"));
    assert!(logo.is_err() || logo.is_ok_and(|logo| logo.width_px() == 8));
}

#[test]
fn large_pictures_are_kept_smaller() {
    let pixels = Pixels { width: 2000, height: 1000, rgba: [10, 20, 30, 255].repeat(2_000_000) };
    let png = crate::png::write(&pixels, None).expect("a PNG");
    let logo = Logo::read(&png).expect("read");
    assert_eq!((logo.width_px(), logo.height_px(), logo.aspect()), (1024, 512, 2.0));
    assert_eq!(pixel(&logo, 1000, 500), [10, 20, 30, 255]);
    let thread = Pixels { width: 210, height: 10, rgba: vec![255; 8400] };
    assert_eq!(refusal(&crate::png::write(&thread, None).expect("a PNG")).0, "range");
}

#[test]
fn a_clean_svg_becomes_plain_shapes() {
    let logo = Logo::read(BADGE.as_bytes()).expect("an SVG");
    let text = std::str::from_utf8(logo.bytes()).expect("text");
    for word in ["<use", "<style", "class", "metadata", "comment", "DOCTYPE", "href=", "<!"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    assert_eq!((logo.width_px(), logo.height_px(), logo.aspect()), (40, 20, 2.0));
    assert_eq!(pixel(&logo, 5, 5), [255, 0, 0, 255]);
    assert_eq!(pixel(&logo, 25, 5), [0, 0, 255, 255]);
    assert_eq!(pixel(&logo, 35, 15), [0, 0, 0, 0]);
}

#[test]
fn what_a_logo_must_not_have_is_refused_by_name() {
    let cases = [
        ("<script>alert(1)</script>", "<script>"),
        ("<rect onload='x()' width='1' height='1'/>", "onload"),
        ("<rect ONCLICK='x()' width='1' height='1'/>", "ONCLICK"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<text>Hi</text>", "convert text to paths"),
        ("<image href='https://example.com/x.png'/>", "<image>"),
        ("<image href='data:image/png;base64,AAAA'/>", "<image>"),
        ("<use href='https://example.com/x.svg#a'/>", "reference to outside"),
        ("<use href='data:image/svg+xml,x#a'/>", "reference to outside"),
        ("<a href='javascript:x'><rect width='1' height='1'/></a>", "<a>"),
        ("<rect fill='url(http://example.com/#g)' width='1' height='1'/>", "reference to outside"),
        ("<style>@import 'x.css';</style>", "@import"),
        ("<style>rect{fill:URL( \"//example.com\")}</style>", "reference to outside"),
        ("<style>rect{fill:u\\72l(//example.com)} b{url}</style>", "escaped style"),
        ("<animate attributeName='x'/>", "<animate>"),
        ("<set attributeName='x'/>", "<set>"),
        ("<filter id='f'/>", "<filter>"),
        ("<pattern id='p'/>", "<pattern>"),
        ("<path stroke-dasharray='0.0001' d='M0 0h9999'/>", "dashed"),
        ("<g xml:base='https://example.com/'/>", "xml:base"),
    ];
    for (inside, named) in cases {
        let svg = format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{inside}</svg>");
        let (code, message) = refusal(svg.as_bytes());
        assert_eq!(code, "unsupported", "{inside}: {message}");
        assert!(message.contains(named), "{inside}: {message}");
    }
}

#[test]
fn bombs_of_entities_uses_and_depth_are_refused() {
    let entities = "<!DOCTYPE svg [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><svg xmlns='http://www.w3.org/2000/svg'>&b;</svg>";
    assert!(refusal(entities.as_bytes()).1.contains("<!ENTITY>"));
    let svg =
        |inside: &str| format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{inside}</svg>");
    let mut uses = "<g id='g0'><rect width='1' height='1'/></g>".to_owned();
    for level in 1..=30 {
        let one = format!("<use href='#g{}'/>", level - 1);
        uses.push_str(&format!("<g id='g{level}'>{}</g>", one.repeat(8)));
    }
    let (code, message) = refusal(svg(&uses).as_bytes());
    assert_eq!(code, "unsupported");
    assert!(message.contains("once every <use> is spelled out"), "{message}");
    let circle = svg("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>");
    assert!(refusal(circle.as_bytes()).1.contains("circle"));
    let deep = svg(&format!("{}<rect width='1' height='1'/>{}", "<g>".repeat(60), "</g>".repeat(60)));
    assert!(refusal(deep.as_bytes()).1.contains("nested"));
    let deeper = svg(&format!("{}{}", "<g>".repeat(30_000), "</g>".repeat(30_000)));
    assert!(matches!(refusal(deeper.as_bytes()).0, "format" | "unsupported"));
    let layers = svg(&"<rect opacity='.5' width='9' height='9'/>".repeat(200));
    assert!(refusal(layers.as_bytes()).1.contains("opacities"));
    let shapes = svg(&"<rect width='9' height='9'/>".repeat(6000));
    assert!(refusal(shapes.as_bytes()).1.contains("6001 elements"));
}

#[test]
fn a_data_uri_is_read_by_its_content() {
    let png = Logo::read(file!("palette.png")).expect("a PNG");
    assert_eq!(Logo::from_data_uri(&png.data_uri()).expect("read"), png);
    // The label lies; the content counts.
    let relabelled = png.data_uri().replace("image/png", "text/html");
    assert_eq!(Logo::from_data_uri(&relabelled).expect("read").media_type(), "image/png");
    let svg = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='4' height='4'%3E%3Crect width='4' height='4'/%3E%3C/svg%3E";
    assert_eq!(Logo::from_data_uri(svg).expect("read").kind(), LogoKind::Svg);
    for uri in ["", "https://example.com/x.png", "data:image/png;base64", "data:image/png;base64,@@@"] {
        assert_eq!(Logo::from_data_uri(uri).expect_err("refused").code, "format", "{uri}");
    }
}

/// Every file with bytes changed, cut out or doubled, by a fixed sequence: refused or read, never a panic.
#[test]
fn damaged_files_are_refused_or_read_and_never_end_the_process() {
    let files = [
        file!("plain.jpg"),
        file!("progressive.jpg"),
        file!("on-its-side.jpg"),
        file!("cmyk.jpg"),
        file!("palette.png"),
        file!("interlaced.png"),
        file!("moving.png"),
        BADGE.as_bytes(),
    ];
    let mut state = 7u32;
    let mut draw = |below: usize| {
        // Numerical Recipes' generator; its high bits are good enough.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let mut read = 0;
    for file in files {
        for _ in 0..400 {
            let mut bytes = file.to_vec();
            for _ in 0..=draw(4) {
                let at = draw(bytes.len());
                match draw(4) {
                    0 => bytes[at] = draw(256) as u8,
                    1 => bytes[at] ^= 1 << draw(8),
                    2 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, bytes[at]),
                }
            }
            read += usize::from(Logo::read(&bytes).is_ok());
        }
    }
    assert!((1..3200).contains(&read), "{read} of 3200 were read");
}

#[test]
fn what_is_repeated_weighs_as_often_as_it_is_drawn() {
    let path = "h1v1".repeat(2_000);
    let uses = "<use href=\"#p\"/>".repeat(300);
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><path id=\"p\" d=\"M0 0{path}\"/>{uses}</svg>"
    );
    // 301 times 8,000 letters, and a little.
    let (code, message) = refusal(svg.as_bytes());
    assert_eq!(code, "unsupported");
    assert!(message.contains("letters of attributes"), "{message}");
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><g id=\"a\"><rect width=\"9\" height=\"9\"/></g><g id=\"a\"/></svg>";
    assert!(refusal(svg.as_bytes()).1.contains("two elements of one id"));
}

#[test]
fn layers_are_counted_however_they_are_written() {
    let sheet = "<style>rect{opacity:.9}</style>";
    let rects = "<rect width=\"3\" height=\"3\"/>".repeat(101);
    let svg =
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">{sheet}{rects}</svg>");
    let (code, message) = refusal(svg.as_bytes());
    assert_eq!(code, "unsupported");
    assert!(message.contains("101 opacities"), "{message}");
}

#[test]
fn a_name_in_another_script_is_only_a_name() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\" 日=\"1\"><rect width=\"9\" height=\"9\"/></svg>";
    assert_eq!(Logo::read(svg.as_bytes()).unwrap().kind(), LogoKind::Svg);
}

/// A disc, half transparent as a group of its own or not at all: the first is drawn at 1,024 pixels and enlarged.
#[test]
fn a_large_drawing_with_layers_looks_like_one_without() {
    let svg = |opacity: &str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><g{opacity}><circle cx='4.5' cy='4.5' r='4' fill='#c00'/><circle cx='4.5' cy='4.5' r='2'/></g></svg>"
        )
    };
    let drawn = |opacity: &str| Logo::read(svg(opacity).as_bytes()).expect("a logo").pixels(1500, 1500);
    let (sharp, layered) = (drawn(""), drawn(" opacity='0.5'"));
    assert_eq!((layered.width, layered.height), (1500, 1500));
    for (x, y) in [(5, 5), (750, 750), (750, 250)] {
        let (sharp, layered) = (sharp.pixel(x, y), layered.pixel(x, y));
        // What is half transparent has lost a level of its red.
        assert!(layered.r.abs_diff(sharp.r) <= 1, "{x}, {y}: {layered:?}");
        assert_eq!(layered.a, sharp.a.div_ceil(2), "{x}, {y}");
    }
}
