//! Findings in words: what is wrong, how much, and what would be right.

use super::sight::Sight;
use super::suggestions::suggestions;
use super::{
    Check, FAILS_SCORE_BELOW, Findings, GOOD_SCORE_MIN, Grade, Measured, Reason, ReasonCode, Verdict,
};
use crate::Level;

/// ISO/IEC 18004 asks for 4; the strict half of phones stops at less than 2.
pub(super) const QUIET_MODULES_ASKED: f32 = 4.0;
pub(super) const QUIET_MODULES_RISKY_BELOW: f32 = 2.0;
/// Of what the level gives back; the rest is for dirt and scratches, not for the designer.
const COVERED_SHARE_RISKY: f32 = 0.85;
const COVERED_SHARE_GOOD: f32 = 0.6;
const CONTRAST_RISKY_BELOW: f32 = 3.0;
const CONTRAST_GOOD: f32 = 4.5;
/// Millimetres a module: what a phone resolves at its nearest focus, about 10 cm.
pub(super) const MODULE_MM_RISKY_BELOW: f32 = 0.35;
const MODULE_MM_FAILS_BELOW: f32 = 0.15;
/// Modules of a side (version 25) from which on cheap phones give up.
const DENSE_MODULES: u32 = 117;
/// Pixels a module below which an image cannot be enlarged by others without harm.
pub(super) const MODULE_PX_GOOD: f32 = 3.0;
const MODULE_PX_RISKY_BELOW: f32 = 2.0;
/// The same where an alignment pattern is covered: zbar misses some of those with fewer, however little the picture hides (ADR 15).
pub(super) const UNALIGNED_MODULE_PX_MIN: f32 = 5.5;

/// How bad a reason is, and how many points it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Fatal,
    Grave(u32),
    Light(u32),
}

/// Share of the codewords that a level gives back (ISO/IEC 18004, table 8).
pub(super) fn recoverable_pct(level: Level) -> f32 {
    match level {
        Level::L => 7.0,
        Level::M => 15.0,
        Level::Q => 25.0,
        Level::H => 30.0,
    }
}

pub(super) fn judged(findings: &Findings<'_>) -> Verdict {
    let mut found = Vec::new();
    readers(findings, &mut found);
    looks(findings, &mut found);
    alignment(findings, &mut found);
    sizes(findings, &mut found);
    fragility(findings, &mut found);
    found.sort_by_key(|(weight, code, _)| (rank(*weight), *code));
    let cost: u32 = found.iter().map(|(weight, ..)| points(*weight)).sum();
    let score = findings.trials.points.saturating_sub(cost) as u8;
    let is_fatal = found.iter().any(|(weight, ..)| *weight == Weight::Fatal);
    let is_grave = found.iter().any(|(weight, ..)| matches!(weight, Weight::Grave(_)));
    let verdict = match score {
        score if is_fatal || score < FAILS_SCORE_BELOW => Grade::Fails,
        score if is_grave || score < GOOD_SCORE_MIN => Grade::Risky,
        _ => Grade::Good,
    };
    let codes: Vec<ReasonCode> = found.iter().map(|(_, code, _)| *code).collect();
    Verdict {
        verdict,
        score: if is_fatal { score.min(FAILS_SCORE_BELOW - 1) } else { score },
        reasons: found.into_iter().map(|(_, code, message)| Reason { code, message }).collect(),
        suggestions: suggestions(findings, &codes),
        checks: findings.trials.checks.clone(),
        measured: findings.measured.clone(),
    }
}

fn rank(weight: Weight) -> u8 {
    match weight {
        Weight::Fatal => 0,
        Weight::Grave(_) => 1,
        Weight::Light(_) => 2,
    }
}

fn points(weight: Weight) -> u32 {
    match weight {
        Weight::Fatal => 0,
        Weight::Grave(points) | Weight::Light(points) => points,
    }
}

type Found = Vec<(Weight, ReasonCode, String)>;

fn readers(findings: &Findings<'_>, found: &mut Found) {
    let Some(check) = findings.trials.check("as_drawn") else { return };
    if findings.trials.is_misread {
        let message =
            "a reader reads something else than was written: what is drawn over the code changes it"
                .to_owned();
        found.push((Weight::Grave(20), ReasonCode::Misread, message));
    }
    let is_found = check.is_read_leniently || findings.trials.is_found_simply;
    if !is_found {
        // The strict reader was told where the modules are; that does not help a phone.
        let message = "no reader finds and reads the code, even undisturbed".to_owned();
        found.push((Weight::Fatal, ReasonCode::Unreadable, message));
    } else if !check.is_read_by_all() && !findings.sight.is_inverted {
        let message =
            "only one of two readers reads the code, even undisturbed: some phones will not".to_owned();
        found.push((Weight::Grave(10), ReasonCode::OneReaderOnly, message));
    }
    if !findings.trials.is_read_as_sized {
        let message = format!(
            "at {} pixels a module no reader reads it; a module needs {MODULE_PX_RISKY_BELOW}, better {MODULE_PX_GOOD}",
            findings.measured.module_px
        );
        found.push((Weight::Fatal, ReasonCode::TooFewPixels, message));
    }
}

fn looks(findings: &Findings<'_>, found: &mut Found) {
    let (sight, measured) = (&findings.sight, &findings.measured);
    let contrast = measured.contrast_ratio;
    if contrast < CONTRAST_GOOD {
        let message = format!(
            "the contrast between dark and light modules is {contrast} : 1 where it is weakest; {CONTRAST_GOOD} : 1 is safe, below {CONTRAST_RISKY_BELOW} : 1 poor light is enough to lose it"
        );
        let weight = if contrast < CONTRAST_RISKY_BELOW { Weight::Grave(15) } else { Weight::Light(5) };
        found.push((weight, ReasonCode::Contrast, message));
    }
    if sight.is_inverted {
        let message =
            "the modules are lighter than their ground; many readers look for dark on light only".to_owned();
        found.push((Weight::Grave(10), ReasonCode::Inverted, message));
    }
    if let Some([on_grey, on_dark]) = findings.trials.transparent {
        let where_read = match (on_grey, on_dark) {
            (true, true) => "on white, grey and dark ground",
            (true, false) => "on white and middle grey ground, not on dark",
            (false, true) => "on white and dark ground, not on middle grey",
            (false, false) => "on light ground only",
        };
        let message = format!("the background is transparent: the code is readable {where_read}");
        let weight = if on_grey && on_dark { Weight::Light(0) } else { Weight::Grave(5) };
        found.push((weight, ReasonCode::Transparent, message));
    }
    let quiet = measured.quiet_zone_modules;
    // Half a module less is what rounding to whole pixels takes.
    if quiet < QUIET_MODULES_ASKED - 0.5 {
        let (code, what) = match sight.is_crowded {
            true => (ReasonCode::Crowded, "something is drawn"),
            false => (ReasonCode::QuietZone, "the image ends"),
        };
        let message = format!(
            "{what} {quiet} modules from the symbol; the standard asks for {QUIET_MODULES_ASKED} modules of quiet zone on every side"
        );
        let weight = if quiet < QUIET_MODULES_RISKY_BELOW { Weight::Grave(10) } else { Weight::Light(3) };
        found.push((weight, code, message));
    }
    if sight.lost_finder_modules > 0 {
        let message = format!(
            "{} modules of the three corner squares look wrong; readers find a code by them",
            sight.lost_finder_modules
        );
        let weight = if sight.lost_finder_modules > 6 { Weight::Grave(10) } else { Weight::Light(3) };
        found.push((weight, ReasonCode::FinderPattern, message));
    }
    if sight.lost_finder_modules == 0
        && !findings.trials.is_found_simply
        && findings.trials.check("as_drawn").is_some_and(Check::is_read_by_all)
        && !sight.is_inverted
        && contrast >= CONTRAST_RISKY_BELOW
    {
        let message =
            "the simplest readers do not find its corner squares; square ones are found by all".to_owned();
        found.push((Weight::Light(3), ReasonCode::FinderPattern, message));
    }
    let (lost, most) = (measured.lost_pct, measured.recoverable_pct);
    if lost > most * COVERED_SHARE_GOOD {
        let message = format!(
            "{lost} % of the data is hidden or looks wrong; this level gives back about {most} %, and a part of that should be left for dirt"
        );
        let weight = if is_covered_too_much(measured) { Weight::Grave(10) } else { Weight::Light(5) };
        found.push((weight, ReasonCode::Covered, message));
    }
}

/// Whether a picture leaves next to nothing of what the level gives back.
pub(super) fn is_covered_too_much(measured: &Measured) -> bool {
    measured.lost_pct > measured.recoverable_pct * COVERED_SHARE_RISKY
}

/// Whether a picture over an alignment pattern makes readers lay their grid wrong: by what looks like one beside it, or because
/// nothing is left to lay it along and modules are small.
pub(super) fn is_led_astray(sight: &Sight, measured: &Measured) -> bool {
    let is_small = measured.width_mm.is_none() && measured.module_px < UNALIGNED_MODULE_PX_MIN;
    sight.misleading_alignments > 0 || (!sight.lost_alignments.is_empty() && is_small)
}

fn alignment(findings: &Findings<'_>, found: &mut Found) {
    let (sight, measured) = (&findings.sight, &findings.measured);
    // Where nothing can be told apart, no pattern is the reason.
    if !is_led_astray(sight, measured) || measured.contrast_ratio < CONTRAST_RISKY_BELOW {
        return;
    }
    let (lost, all) = (sight.lost_alignments.len(), sight.alignments);
    let message = match sight.misleading_alignments {
        0 => format!(
            "{lost} of {all} alignment patterns are covered, and a module is {} pixels wide; without them readers need {UNALIGNED_MODULE_PX_MIN}",
            measured.module_px
        ),
        misleading => format!(
            "{lost} of {all} alignment patterns are covered or look wrong, and what lies over {misleading} of them looks like one a little way off: readers that lay their grid along them lose it. A picture of another size may not; a symbol of at most 41 × 41 modules has none in its middle"
        ),
    };
    found.push((Weight::Grave(5), ReasonCode::AlignmentPattern, message));
}

fn sizes(findings: &Findings<'_>, found: &mut Found) {
    let measured = &findings.measured;
    if let Some(width) = measured.width_mm {
        let module = width / findings.modules as f32;
        if module < MODULE_MM_RISKY_BELOW {
            let enough = (MODULE_MM_RISKY_BELOW * findings.modules as f32).ceil();
            let message = format!(
                "in print the symbol is {width} mm wide, {module:.2} mm a module; phones need {MODULE_MM_RISKY_BELOW} mm, {enough} mm in all. A code is read from up to ten times its width"
            );
            let weight = if module < MODULE_MM_FAILS_BELOW { Weight::Fatal } else { Weight::Grave(10) };
            found.push((weight, ReasonCode::TooSmall, message));
        }
    } else if findings.trials.is_read_as_sized
        && (measured.module_px < MODULE_PX_GOOD || !findings.trials.is_found_as_sized)
    {
        let message = format!(
            "a module is {} pixels wide; below {MODULE_PX_GOOD} every enlargement blurs it. Vector formats do not mind",
            measured.module_px
        );
        let is_lost = measured.module_px < MODULE_PX_RISKY_BELOW || !findings.trials.is_found_as_sized;
        let weight = if is_lost { Weight::Grave(10) } else { Weight::Light(5) };
        found.push((weight, ReasonCode::TooFewPixels, message));
    }
    if findings.modules >= DENSE_MODULES {
        let message = format!(
            "{0} × {0} modules are many; from {DENSE_MODULES} on older phones give up. A shorter text, or a short link, makes a coarser code",
            findings.modules
        );
        found.push((Weight::Light(8), ReasonCode::Dense, message));
    }
}

/// Trials that were not passed by anybody, in one reason.
fn fragility(findings: &Findings<'_>, found: &mut Found) {
    let words = |name: &str| match name {
        "small" => "at 3 pixels a module",
        "tiny" => "at 2 pixels a module",
        "blur" => "out of focus",
        "turned_7" | "turned_45" => "turned",
        "tilted" => "seen aslant",
        "faded" => "faded",
        "dirt" => "dirty",
        "noise" => "in the dark",
        "uneven_light" => "half in shadow",
        "dark_surroundings" => "on a dark wall",
        _ => "",
    };
    let mut failed: Vec<&str> = Vec::new();
    for check in findings.trials.checks.iter().filter(|check| check.weight > 0 && !check.is_read()) {
        let word = words(&check.name);
        if !word.is_empty() && !failed.contains(&word) {
            failed.push(word);
        }
    }
    if !failed.is_empty() {
        let message = format!("neither reader reads it {}", failed.join(", "));
        found.push((Weight::Light(0), ReasonCode::Fragile, message));
    }
}
