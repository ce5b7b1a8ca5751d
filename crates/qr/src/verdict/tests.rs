//! The table of styles and their verdicts. That outside readers agree is proven by `make test-scan`.

use std::sync::Arc;

use super::*;
use crate::{Logo, Wrong};

const TEXT: &str = "https://tsr.example/abcdefg?qr=1";
const BADGE: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='20' height='20'%3E%3Crect width='20' height='20' fill='%23c00'/%3E%3C/svg%3E";

fn style(json: serde_json::Value) -> Style {
    serde_json::from_value(json).expect("a style")
}

fn verdict_of(text: &str, json: serde_json::Value) -> Verdict {
    Code::build(text, &style(json), None).expect("a code").verdict()
}

fn codes(verdict: &Verdict) -> Vec<ReasonCode> {
    verdict.reasons.iter().map(|reason| reason.code).collect()
}

#[test]
fn the_weights_of_all_trials_add_up_to_100() {
    assert_eq!(trials::weights(), 100);
}

#[test]
fn a_plain_code_is_good_without_a_word() {
    let verdict = verdict_of(TEXT, serde_json::json!({}));
    assert_eq!((verdict.verdict, verdict.score), (Grade::Good, 100), "{verdict:#?}");
    assert_eq!((verdict.reasons.len(), verdict.suggestions.len(), verdict.checks.len()), (0, 0, 12));
    assert_eq!(verdict.measured.contrast_ratio, 21.0);
    assert!(verdict.measured.quiet_zone_modules >= 4.0);
    assert_eq!((verdict.measured.lost_pct, verdict.measured.recoverable_pct), (0.0, 25.0));
}

#[test]
fn the_same_code_has_the_same_verdict_to_the_point() {
    let json = serde_json::json!({ "dotsOptions": { "type": "dots", "color": "#567" }, "image": BADGE });
    assert_eq!(verdict_of(TEXT, json.clone()), verdict_of(TEXT, json));
}

#[test]
fn every_fault_has_its_grade_and_its_reason() {
    use serde_json::json;
    let long = "x".repeat(300);
    let table = [
        (
            "white on white",
            TEXT,
            json!({ "dotsOptions": { "color": "#fff" } }),
            Grade::Fails,
            ReasonCode::Unreadable,
        ),
        (
            "almost white",
            TEXT,
            json!({ "dotsOptions": { "color": "#fafafa" } }),
            Grade::Fails,
            ReasonCode::Contrast,
        ),
        (
            "light grey",
            TEXT,
            json!({ "dotsOptions": { "color": "#c8c8c8" } }),
            Grade::Risky,
            ReasonCode::Contrast,
        ),
        (
            "white on black",
            TEXT,
            json!({ "dotsOptions": { "color": "#fff" }, "backgroundOptions": { "color": "#000" } }),
            Grade::Risky,
            ReasonCode::Inverted,
        ),
        ("no quiet zone", TEXT, json!({ "quietZone": 0 }), Grade::Risky, ReasonCode::QuietZone),
        (
            "a transparent ground",
            TEXT,
            json!({ "backgroundOptions": { "color": "transparent" } }),
            Grade::Risky,
            ReasonCode::Transparent,
        ),
        ("a pixel a module", &long, json!({ "width": 89 }), Grade::Risky, ReasonCode::TooFewPixels),
        ("a stamp of 6 mm", TEXT, json!({ "width": 6, "unit": "mm" }), Grade::Risky, ReasonCode::TooSmall),
        (
            "a print of 5 mm",
            &long,
            json!({ "width": 5, "unit": "mm", "dpi": 1200 }),
            Grade::Fails,
            ReasonCode::TooSmall,
        ),
    ];
    for (name, text, json, grade, reason) in table {
        let verdict = verdict_of(text, json);
        assert_eq!(verdict.verdict, grade, "{name}: {verdict:#?}");
        assert!(codes(&verdict).contains(&reason), "{name}: {:?}", verdict.reasons);
        assert!(!verdict.suggestions.is_empty(), "{name}");
    }
}

#[test]
fn what_is_suggested_makes_it_better() {
    use serde_json::json;
    let faults = [
        json!({ "dotsOptions": { "color": "#fff" } }),
        json!({ "dotsOptions": { "color": "#fff" }, "backgroundOptions": { "color": "#000" } }),
        json!({ "dotsOptions": { "color": "#c8c8c8" }, "cornersSquareOptions": { "color": "#ddd" } }),
        json!({ "quietZone": 1 }),
        json!({ "margin": 0 }),
        json!({ "backgroundOptions": { "color": "transparent" } }),
        json!({ "width": 64 }),
        json!({ "width": 6, "unit": "mm" }),
    ];
    for fault in faults {
        let before = style(fault.clone());
        let code = Code::build(TEXT, &before, None).expect("a code");
        let verdict = code.verdict();
        let mended = verdict.suggestions.iter().filter_map(|each| each.change.as_ref());
        let after = mended.fold(before, |style, change| style.merged(change));
        let after = Code::build(TEXT, &after, None).expect("still a code").verdict();
        assert_eq!(after.verdict, Grade::Good, "{fault}: {:?} → {:?}", verdict.suggestions, after.reasons);
    }
}

#[test]
fn a_picture_laid_over_the_code_is_weighed_against_what_the_level_gives_back() {
    let json = serde_json::json!({
        "image": BADGE, "imageOptions": { "imageSize": 1 }, "qrOptions": { "errorCorrectionLevel": "H" }
    });
    let verdict = verdict_of(TEXT, json);
    assert_eq!(verdict.measured.lost_pct, 34.0, "{:?}", verdict.measured);
    assert_eq!(codes(&verdict), [ReasonCode::Unreadable, ReasonCode::Covered]);
    assert_eq!(verdict.verdict, Grade::Fails);
    let smaller = verdict.suggestions.iter().find_map(|each| each.change.clone()?.image_options?.image_size);
    assert_eq!(smaller, Some(0.6));
}

/// At level M a symbol of version 7, with an alignment pattern in its middle.
const CAMPAIGN: &str = "https://tsr.example/campaigns/spring/poster-in-the-window?utm_source=poster&utm_medium=print&utm_campaign=spring&qr=1";
/// Two light fields on dark ground: 7 modules wide it looks like an alignment pattern a little way off, and zbar loses it.
const FIELDS: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='40' height='40'%3E%3Cpath d='M0 0h40v40H0z' fill='%23264653'/%3E%3Cpath d='M8 8h10v10H8zM22 22h10v10H22z' fill='%23e9c46a'/%3E%3C/svg%3E";

fn with_picture(image: &str, level: &str, width: u32) -> serde_json::Value {
    serde_json::json!({ "image": image, "width": width, "qrOptions": { "errorCorrectionLevel": level } })
}

#[test]
fn a_picture_over_an_alignment_pattern_is_risky_if_it_looks_like_one_a_little_way_off() {
    let risky = verdict_of(CAMPAIGN, with_picture(FIELDS, "M", 800));
    let found = risky.reasons.iter().find(|reason| reason.code == ReasonCode::AlignmentPattern);
    let message = found.map(|reason| reason.message.as_str()).unwrap_or_default();
    assert!(message.starts_with("1 of 6 alignment patterns are covered"), "{:?}", risky.reasons);
    assert_eq!(risky.verdict, Grade::Risky);
    let says = |words: &str| risky.suggestions.iter().any(|suggestion| suggestion.message.contains(words));
    assert!(says("a dynamic code") && says("leave the picture out"));
    for (what, text, style) in [
        ("wider: no part of it is as small as a pattern", CAMPAIGN, with_picture(FIELDS, "H", 800)),
        ("nothing on it that could look like one", CAMPAIGN, with_picture(BADGE, "M", 800)),
        ("none in the middle", "https://tsr.example/abcdefg?qr=1", with_picture(FIELDS, "H", 800)),
        ("without", CAMPAIGN, serde_json::json!({})),
    ] {
        let verdict = verdict_of(text, style);
        let is_named = codes(&verdict).contains(&ReasonCode::AlignmentPattern);
        assert_eq!((verdict.verdict, is_named), (Grade::Good, false), "{what}");
    }
}

#[test]
fn a_covered_alignment_pattern_asks_for_more_pixels_a_module_and_a_larger_image_has_them() {
    // Version 10: 57 modules and 8 of quiet zone, 4 px each.
    let small = verdict_of(CAMPAIGN, with_picture(FIELDS, "H", 300));
    assert_eq!((small.verdict, small.measured.module_px), (Grade::Risky, 4.0));
    let found = small.reasons.iter().find(|reason| reason.code == ReasonCode::AlignmentPattern);
    let message = found.map(|reason| reason.message.as_str()).unwrap_or_default();
    assert!(message.ends_with("a module is 4 pixels wide; without them readers need 5.5"), "{message}");
    let width = small.suggestions.iter().find_map(|each| each.change.as_ref()?.width).expect("a width");
    let large = verdict_of(CAMPAIGN, with_picture(FIELDS, "H", width as u32));
    assert_eq!((large.verdict, codes(&large)), (Grade::Good, vec![]), "{width}");
}

#[test]
fn a_picture_is_mended_by_its_size_before_the_level_is_lowered() {
    let mended = |width: u32, fixes: &[Fix]| {
        let before = style(with_picture(FIELDS, "M", width));
        let (after, verdict) = mend(CAMPAIGN, &before, None, fixes)?;
        let size = after.image_options.and_then(|options| options.image_size);
        Some((after.qr_options?.error_correction_level?, size, verdict.verdict))
    };
    let (level, size, grade) = mended(800, Fix::ALL).expect("mended");
    assert_eq!((level > Level::M || size.is_some(), grade), (true, Grade::Good));
    // 3 pixels a module, and a pattern in the middle from level M on: only less correction helps, version 6.
    assert_eq!(mended(200, Fix::ALL), Some((Level::L, None, Grade::Good)));
    assert_eq!(mended(200, &[Fix::RaiseLevel, Fix::ShrinkLogo]), None);
}

#[test]
fn mending_does_only_what_was_allowed() {
    let faulty = style(serde_json::json!({ "quietZone": 0 }));
    assert_eq!(mend(TEXT, &faulty, None, &[]), None);
    assert_eq!(mend(TEXT, &faulty, None, &[Fix::ShrinkLogo]), None, "there is no picture");
    let (mended, verdict) = mend(TEXT, &faulty, None, &[Fix::QuietZone]).expect("mended");
    assert_eq!((mended.quiet_zone, verdict.verdict), (Some(4.0), Grade::Good));
    assert_eq!(mended.qr_options, None);
    assert_eq!(mend(TEXT, &Style::default(), None, Fix::ALL), None, "good already");
    let white = style(serde_json::json!({ "dotsOptions": { "color": "#fff" } }));
    assert_eq!(mend(TEXT, &white, None, Fix::ALL), None, "nothing of this helps");
}

#[test]
fn mending_makes_a_picture_smaller_step_by_step() {
    let json = serde_json::json!({
        "image": "logo_01jq5x8e6nf0v9c0k7d2w3m4pz", "imageOptions": { "imageSize": 1 }, "qrOptions": { "errorCorrectionLevel": "H" }
    });
    let logo = Arc::new(Logo::from_data_uri(BADGE).expect("a logo"));
    let (mended, verdict) =
        mend(TEXT, &style(json), Some(logo), &[Fix::QuietZone, Fix::ShrinkLogo]).expect("mended");
    assert_eq!(verdict.verdict, Grade::Good, "{:?}", verdict.reasons);
    let size = mended.image_options.and_then(|options| options.image_size).expect("a size");
    assert!([0.9, 0.75, 0.6, 0.5, 0.4, 0.25].contains(&size), "{size}");
}

#[test]
fn every_shipped_style_is_good() -> Result<(), Vec<Wrong>> {
    for (name, style) in Style::presets() {
        let verdict = Code::build(TEXT, style, None)?.verdict();
        assert_eq!(verdict.verdict, Grade::Good, "{name}: {} {:?}", verdict.score, verdict.reasons);
    }
    Ok(())
}

#[test]
fn texts_in_every_mode_and_script_are_understood() {
    let texts = [
        "12345678901234567890",
        "HTTPS://TSR.EXAMPLE/A1",
        "Grüße aus Köln",
        "茗荷と点と線",
        "世界 🌍 ок",
        "WIFI:T:WPA;S:caf\\;é;P:x;;",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEND:VCARD\r\n",
    ];
    for text in texts {
        let verdict = verdict_of(text, serde_json::json!({}));
        assert_eq!(verdict.verdict, Grade::Good, "{text}: {:?} {:?}", verdict.reasons, verdict.checks);
    }
}
