//! Styles as they travel: what is read, what is refused, how one lies over another, and what is drawn of it.

use serde_json::{Value, json};
use tessera_qr::scene::{Content, Paint};
use tessera_qr::style::{DotType, FrameType};
use tessera_qr::{Code, Format, ImageReference, Style};

const TEXT: &str = "https://go.tessera.example/k7Qm2x";

fn style(value: Value) -> Style {
    serde_json::from_value(value).expect("a style")
}

fn wrongs(value: Value) -> Vec<(String, &'static str)> {
    let wrongs = style(value).check().expect_err("wrong");
    wrongs.into_iter().map(|wrong| (wrong.field.into_owned(), wrong.code)).collect()
}

fn one(value: Value) -> (String, &'static str, String) {
    let mut wrongs = style(value).check().expect_err("wrong");
    assert_eq!(wrongs.len(), 1, "{wrongs:?}");
    let wrong = wrongs.remove(0);
    (wrong.field.into_owned(), wrong.code, wrong.message)
}

fn svg(value: Value) -> String {
    let code = Code::build(TEXT, &style(value), None).expect("a code");
    String::from_utf8(code.image(Format::Svg).expect("an image")).expect("text")
}

/// As the package's own editor writes it, helpers and all.
#[test]
fn a_design_of_qr_code_styling_is_read_as_it_is() {
    let design = json!({
        "type": "canvas", "shape": "square", "width": 300, "height": 300, "data": "https://example.com", "margin": 8,
        "image": "", "nodeCanvas": {"a": 1}, "jsdom": null,
        "qrOptions": {"typeNumber": 0, "mode": "Byte", "errorCorrectionLevel": "Q"},
        "imageOptions": {"saveAsBlob": true, "hideBackgroundDots": true, "imageSize": 0.4, "margin": 0, "crossOrigin": "anonymous"},
        "dotsOptions": {"type": "extra-rounded", "color": "#6a1a4c", "roundSize": true},
        "backgroundOptions": {"round": 0, "color": "#ffffff"},
        "dotsOptionsHelper": {"colorType": {"single": true, "gradient": false}},
        "cornersSquareOptions": {"type": "extra-rounded", "color": "#000000"},
        "corners": {"topLeft": {"dot": {"type": ""}}},
        "cornersSquareOptionsHelper": {}, "cornersDotOptionsHelper": {}, "backgroundOptionsHelper": {},
        "cornersDotOptions": {"type": "dot", "gradient": {"type": "linear", "rotation": 0, "colorStops": [
            {"offset": 0, "color": "black"}, {"offset": 1, "color": "navy"}]}},
    });
    let read = style(design);
    assert_eq!(read.check(), Ok(()));
    let kept = json!({
        "width": 300, "height": 300, "margin": 8, "shape": "square", "image": "",
        "qrOptions": {"typeNumber": 0, "mode": "Byte", "errorCorrectionLevel": "Q"},
        "imageOptions": {"hideBackgroundDots": true, "imageSize": 0.4, "margin": 0},
        "dotsOptions": {"type": "extra-rounded", "color": "#6a1a4c", "roundSize": true},
        "backgroundOptions": {"round": 0, "color": "#ffffff"},
        "cornersSquareOptions": {"type": "extra-rounded", "color": "#000000"},
        "corners": {"topLeft": {"dot": {}}},
        "cornersDotOptions": {"type": "dot", "gradient": {"type": "linear", "rotation": 0, "colorStops": [
            {"offset": 0, "color": "black"}, {"offset": 1, "color": "navy"}]}},
    });
    assert_eq!(serde_json::to_value(&read).expect("JSON"), kept);
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_path() {
    let all = wrongs(json!({
        "width": 31, "height": 512.5, "margin": -1, "quietZone": 41, "shape": "star", "unit": "px",
        "title": "a\u{7}", "image": "https://example.com/logo.png",
        "qrOptions": {"typeNumber": 41, "mask": 8, "mode": "Bits"},
        "dotsOptions": {"type": "stars", "gradient": {"type": "conic", "rotation": 101, "colorStops": [
            {"offset": 0.5, "color": "blak"}, {"offset": 0.2, "color": "#123"}, {"offset": 1.5, "color": "#123"}]}},
        "cornersSquareOptions": {"type": "x", "color": "rgb(1)"},
        "cornersDotOptions": {"color": "transparent"},
        "corners": {"bottomLeft": {"dot": {"gradient": {"colorStops": []}}}},
        "backgroundOptions": {"color": "", "round": 2},
        "imageOptions": {"imageSize": 1.1, "margin": 501},
        "frame": {"type": "cloud", "position": "left", "color": "?", "textColor": "!", "text": "x".repeat(61)},
    }));
    let wanted = [
        ("width", "range"),
        ("height", "format"),
        ("margin", "range"),
        ("quietZone", "range"),
        ("margin", "conflict"),
        ("shape", "choice"),
        ("image", "unsupported"),
        ("title", "format"),
        ("qrOptions.typeNumber", "range"),
        ("qrOptions.mask", "range"),
        ("qrOptions.mode", "choice"),
        ("dotsOptions.type", "choice"),
        ("dotsOptions.gradient.type", "choice"),
        ("dotsOptions.gradient.rotation", "range"),
        ("dotsOptions.gradient.colorStops[0].color", "format"),
        ("dotsOptions.gradient.colorStops[1].offset", "range"),
        ("dotsOptions.gradient.colorStops[2].offset", "range"),
        ("backgroundOptions.color", "format"),
        ("backgroundOptions.round", "range"),
        ("imageOptions.imageSize", "range"),
        ("imageOptions.margin", "range"),
        ("frame.type", "choice"),
        ("frame.position", "choice"),
        ("frame.color", "format"),
        ("frame.textColor", "format"),
        ("frame.text", "length"),
        ("cornersSquareOptions.type", "choice"),
        ("cornersSquareOptions.color", "format"),
        ("cornersDotOptions.color", "range"),
        ("corners.bottomLeft.dot.gradient.colorStops", "length"),
    ];
    let all: Vec<_> = all.iter().map(|(field, code)| (field.as_str(), *code)).collect();
    assert_eq!(all, wanted);
}

#[test]
fn a_message_says_what_would_be_right() {
    let message = |value| one(value).2;
    assert_eq!(message(json!({"width": 20000})), "must be from 32 to 10000 pixels");
    assert_eq!(message(json!({"unit": "mm", "width": 4})), "must be from 5 to 1000 mm");
    assert_eq!(
        message(json!({"unit": "mm", "width": 900, "dpi": 600})),
        "is 21260 pixels at 600 dpi; images have 32 to 10,000 on a side"
    );
    assert_eq!(
        message(json!({"dpi": 300})),
        "a size in pixels has no resolution; say unit: \"mm\" or \"in\""
    );
    assert_eq!(message(json!({"width": 100, "margin": 40})), "must be from 0 to 39 pixels at this size");
    assert_eq!(
        message(json!({"dotsOptions": {"type": "round"}})),
        "must be one of square, dots, rounded, extra-rounded, classy, classy-rounded"
    );
    assert_eq!(
        message(json!({"dotsOptions": {"gradient": {"colorStops": [{"offset": 0, "color": "red"}]}}})),
        "a gradient has 2 to 16 stops; these are 1"
    );
    assert_eq!(
        message(json!({"image": "//example.com/a.png"})),
        "addresses are not fetched: upload the picture as a logo and name its id, or give a data URI"
    );
    assert_eq!(
        message(json!({"image": "logo.png"})),
        "must be the id of a logo (logo_…) or a data URI of a PNG, JPEG or SVG"
    );
    assert_eq!(
        message(json!({"dotsOptions": {"color": "transparent"}})),
        "modules that are transparent cannot be seen"
    );
    assert_eq!(
        message(json!({"shape": "circle", "frame": {"type": "banner"}})),
        "a code of shape circle has no frame; leave one of them out"
    );
    let lacks = message(json!({"frame": {"type": "banner", "text": "扫码"}}));
    assert!(lacks.starts_with("the font has no 扫 (U+626B), 码 (U+7801); it has Latin"), "{lacks}");
}

#[test]
fn an_unknown_field_is_refused_by_its_name() {
    for (value, name) in [
        (json!({"dotOptions": {}}), "dotOptions"),
        (json!({"dotsOptions": {"colour": "red"}}), "colour"),
        (json!({"frame": {"kind": "banner"}}), "kind"),
        (json!({"corners": {"bottomRight": {}}}), "bottomRight"),
    ] {
        let error = serde_json::from_value::<Style>(value).expect_err("unknown").to_string();
        assert!(error.contains(&format!("unknown field `{name}`")), "{error}");
    }
}

#[test]
fn a_picture_is_an_id_or_data_and_never_an_address() {
    let id = "logo_01jq5x8e6nf0v9c0k7d2w3m4pz";
    assert_eq!(style(json!({"image": id})).image_reference(), Some(ImageReference::Logo(id)));
    assert_eq!(
        style(json!({"image": "data:image/png;base64,AA"})).image_reference(),
        Some(ImageReference::Data("data:image/png;base64,AA"))
    );
    assert_eq!(style(json!({"image": "http://example.com"})).image_reference(), None);
    let wrong = Code::build(TEXT, &style(json!({"image": id})), None).expect_err("no logo given");
    assert_eq!((wrong[0].field.as_ref(), wrong[0].code), ("image", "not_found"));
}

#[test]
fn a_style_over_another_changes_what_it_names_and_nothing_else() {
    let template = style(json!({
        "width": 600, "height": 700, "margin": 20,
        "dotsOptions": {"type": "rounded", "gradient": {"colorStops": [
            {"offset": 0, "color": "red"}, {"offset": 1, "color": "navy"}]}},
        "corners": {"topLeft": {"square": {"color": "red"}, "dot": {"color": "green"}}},
        "frame": {"type": "banner", "text": "SCAN ME"},
    }));
    let own = style(json!({
        "quietZone": 5, "dotsOptions": {"color": "#112233"}, "frame": {"text": "Menu"},
        "corners": {"topLeft": {"dot": {"type": "dot"}}, "topRight": {"dot": {"type": "square"}}},
    }));
    let wanted = json!({
        "width": 600, "height": 700, "quietZone": 5,
        "dotsOptions": {"type": "rounded", "color": "#112233"},
        "corners": {
            "topLeft": {"square": {"color": "red"}, "dot": {"type": "dot", "color": "green"}},
            "topRight": {"dot": {"type": "square"}},
        },
        "frame": {"type": "banner", "text": "Menu"},
    });
    assert_eq!(serde_json::to_value(template.merged(&own)).expect("JSON"), wanted);
    assert_eq!(template.merged(&Style::default()), template);
    assert_eq!(Style::default().merged(&template), template);
    let print = template.merged(&style(json!({"unit": "mm", "width": 30})));
    assert_eq!((print.width, print.height), (Some(30.0), None));
}

#[test]
fn a_design_at_another_size_keeps_its_proportions() {
    let small = style(json!({"width": 300, "height": 330, "margin": 12, "imageOptions": {"margin": 3}}));
    let wanted = json!({"width": 600, "height": 660, "margin": 24, "imageOptions": {"margin": 6}});
    assert_eq!(serde_json::to_value(small.resized(600.0)).expect("JSON"), wanted);
    let print = style(json!({"unit": "in", "width": 2, "dpi": 300})).resized(300.0);
    assert_eq!(serde_json::to_value(print).expect("JSON"), json!({"width": 300}));
}

#[test]
fn a_plain_code_is_a_background_and_one_crisp_path_of_whole_numbers() {
    let svg = svg(json!({}));
    assert_eq!(svg.matches("<path").count(), 2);
    assert_eq!(svg.matches("crispEdges").count(), 2);
    let (_, path) = svg.rsplit_once(" d=\"").expect("a path");
    assert!(!path.contains('.'), "whole modules only");
    // 33 modules and a quiet zone of 4 on each side, of 12 whole pixels each, in the middle of 512.
    assert!(svg.contains("transform=\"translate(58 58)scale(12)\""), "{svg}");
    assert!(svg.len() < 4200, "{}", svg.len());
}

#[test]
fn there_is_one_path_for_each_colour() {
    let paths = |value| svg(value).matches("<path").count();
    let red = json!({"color": "red"});
    for kind in DotType::ALL {
        assert_eq!(paths(json!({"dotsOptions": {"type": kind.as_str()}})), 2, "{kind:?}");
    }
    assert_eq!(
        paths(json!({"dotsOptions": {"type": "rounded"}, "cornersSquareOptions": {"type": "dot"}})),
        2
    );
    assert_eq!(paths(json!({"cornersSquareOptions": red, "cornersDotOptions": red})), 3);
    assert_eq!(paths(json!({"cornersSquareOptions": {"color": "#000"}})), 2);
    assert_eq!(paths(json!({"cornersSquareOptions": red, "cornersDotOptions": {"color": "blue"}})), 4);
    assert_eq!(
        paths(json!({"corners": {"topLeft": {"square": red}, "topRight": {"square": {"color": "blue"}}}})),
        4
    );
    assert_eq!(paths(json!({"backgroundOptions": {"color": "transparent"}})), 1);
}

#[test]
fn a_gradient_spans_the_symbol_and_a_corners_own_spans_the_corner() {
    let stops = json!([{"offset": 0.25, "color": "#000"}, {"offset": 1, "color": "#00f"}]);
    let svg = svg(json!({
        "dotsOptions": {"gradient": {"colorStops": stops}},
        "cornersSquareOptions": {"gradient": {"type": "radial", "colorStops": stops}},
    }));
    // The version has 33 modules.
    assert!(svg.contains(r#"x1="0" y1="16.5" x2="33" y2="16.5""#), "{svg}");
    for center in
        [r#"cx="3.5" cy="3.5" r="3.5""#, r#"cx="29.5" cy="3.5" r="3.5""#, r#"cx="3.5" cy="29.5" r="3.5""#]
    {
        assert!(svg.contains(center), "{svg}");
    }
    // The first colour goes on to the beginning.
    assert!(
        svg.contains(r##"<stop offset="0" stop-color="#000"/><stop offset=".25" stop-color="#000"/>"##),
        "{svg}"
    );
}

#[test]
fn a_picture_covers_what_the_level_can_lose_and_no_function_pattern() {
    let tile = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 4'%3E%3Crect width='4' height='4'/%3E%3C/svg%3E";
    let covered = |level: &str, size: f64| {
        let style = json!({"image": tile, "qrOptions": {"errorCorrectionLevel": level}, "imageOptions": {"imageSize": size}});
        let code = Code::build(TEXT, &self::style(style), None).expect("a code");
        (code.symbol().modules(), code.covered_modules())
    };
    // 0.4 of 25 % of 33² is 108: 9 × 9 modules. 0.4 of 7 % of 29² is 23: 3 × 3.
    assert_eq!(covered("Q", 0.4), (33, 81));
    assert_eq!(covered("L", 0.4), (29, 9));
    // All of 30 % of 33² would be 17 × 17; finder and format patterns leave 15 × 15.
    assert_eq!(covered("H", 1.0), (33, 225));
    let none = json!({"image": tile, "imageOptions": {"imageSize": 0}});
    let wrong = Code::build(TEXT, &style(none), None).expect_err("no room");
    assert_eq!((wrong[0].field.as_ref(), wrong[0].code), ("imageOptions.imageSize", "range"));
}

#[test]
fn nothing_of_a_frame_lies_in_the_quiet_zone() {
    for kind in FrameType::ALL {
        for position in ["above", "below"] {
            let style = style(
                json!({"width": 1000, "frame": {"type": kind.as_str(), "position": position, "text": "Scan"}}),
            );
            let code = Code::build(TEXT, &style, None).expect("a code");
            assert!(code.quiet_modules() >= 3.999, "{kind:?}: {}", code.quiet_modules());
            let scene = code.scene();
            let symbol = scene.symbol;
            let side = symbol.module * symbol.modules as f32;
            assert!(symbol.x >= 0.0 && symbol.x + side <= scene.width, "{kind:?}");
            assert!(symbol.y >= 0.0 && symbol.y + side <= scene.height, "{kind:?}");
        }
    }
}

/// zbar and zxing-cpp lost codes of 3.46 and 2.76 pixels a module, and of 10.86 where a picture lay over the middle.
#[test]
fn modules_lie_between_pixels_in_every_frame_at_every_size() {
    for kind in FrameType::ALL {
        for width in [200, 400, 512, 800] {
            for text in [TEXT, "HTTPS://TSR.EXAMPLE/R/7KX2", &TEXT.repeat(2)] {
                let style = style(json!({"width": width, "frame": {"type": kind.as_str(), "text": "Scan"}}));
                let code = Code::build(text, &style, None).expect("a code");
                let symbol = code.scene().symbol;
                let is_whole = [symbol.x, symbol.y, symbol.module].iter().all(|at| at.fract() == 0.0);
                assert!(is_whole, "{kind:?} {width}: {symbol:?}");
            }
        }
    }
}

#[test]
fn without_a_height_the_image_is_as_high_as_its_frame() {
    let size = |value: Value| {
        let code = Code::build(TEXT, &style(value), None).expect("a code");
        (code.scene().width, code.scene().height)
    };
    assert_eq!(size(json!({"width": 300})), (300.0, 300.0));
    // A banner is 111.6 units wide and 24 higher than that: 540 × 135.6 / 111.6 = 656.1.
    assert_eq!(size(json!({"width": 540, "frame": {"type": "banner"}})), (540.0, 656.0));
    assert_eq!(size(json!({"width": 540, "height": 540, "frame": {"type": "banner"}})), (540.0, 540.0));
    assert_eq!(size(json!({"unit": "mm", "width": 40, "dpi": 254})), (400.0, 400.0));
}

#[test]
fn a_frames_text_reads_on_what_it_stands_on() {
    let colors = |value: Value| {
        let code = Code::build(TEXT, &style(value), None).expect("a code");
        let fills = code.scene().layers.iter().filter_map(|layer| match &layer.content {
            Content::Fill { paint: Paint::Solid(color), .. } => Some([color.r, color.g, color.b]),
            _ => None,
        });
        fills.collect::<Vec<_>>()
    };
    let (white, black) = ([255; 3], [0; 3]);
    // Ground, frame, text, modules.
    let yellow = [0xfd, 0xe0, 0x47];
    assert_eq!(colors(json!({"frame": {"type": "banner"}})), [white, black, white, black]);
    assert_eq!(
        colors(json!({"frame": {"type": "banner", "color": "#fde047"}})),
        [white, yellow, black, black]
    );
    assert_eq!(
        colors(json!({"frame": {"type": "viewfinder", "color": "#fde047"}})),
        [white, yellow, yellow, black]
    );
    assert_eq!(colors(json!({"frame": {"type": "banner", "text": ""}})), [white, black, black]);
}

#[test]
fn an_image_too_small_for_its_text_says_how_large_it_must_be() {
    let wrong = Code::build(&"x".repeat(900), &style(json!({"width": 64})), None).expect_err("too small");
    assert_eq!((wrong[0].field.as_ref(), wrong[0].code), ("width", "range"));
    let message = &wrong[0].message;
    assert!(message.contains("at least 141 are needed"), "{message}");
}

#[test]
fn presets_are_in_order_and_their_names_are_unique() {
    let presets = Style::presets();
    assert!(presets.len() >= 10);
    for (index, (name, style)) in presets.iter().enumerate() {
        assert_eq!(style.check(), Ok(()), "{name}");
        assert!(presets[..index].iter().all(|(other, _)| other != name), "{name}");
        let code = Code::build(TEXT, style, None).expect("a code");
        let again = Code::build(TEXT, style, None).expect("a code");
        assert_eq!(code.image(Format::Svg).expect("svg"), again.image(Format::Svg).expect("svg"));
    }
}
