//! Will it scan? What a designer, a printer and whoever pays for the print want to know before, not after.
//!
//! The code is drawn, spoilt in a dozen fixed ways (small, blurred, turned, tilted, faded, dirty, …) and read by two unrelated
//! readers. Beside that it is measured: contrast, quiet zone, what a logo hides, size. The weights and limits are argued for in
//! `docs/adr/0015-images-and-verdict.md`.

mod alignment;
mod decoders;
mod grey;
mod mend;
mod reasons;
mod sight;
mod suggestions;
mod trials;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use mend::{Fix, mend};

use crate::scene::{Content, Place, Scene};
use crate::{Code, Level, Pixels, Style, raster};
use sight::{Grid, Sight};

/// Pixels of a module in the drawing that is tried: what a phone sees of a code at arm's length.
const MODULE_PX: f32 = 4.0;
/// Modules around the symbol that are looked at: the quiet zone, and what comes after it.
const AROUND_MODULES: f32 = 10.0;
/// From this score on a code is good, if nothing else speaks against it.
const GOOD_SCORE_MIN: u8 = 80;
/// Below it a code fails, even where one reader read it as drawn.
const FAILS_SCORE_BELOW: u8 = 35;
/// A code is readable from ten times its width: the rule of thumb of the trade.
const DISTANCE_PER_WIDTH: f32 = 10.0;

/// Whether a code can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrVerdictGrade)]
pub enum Grade {
    /// No reader known to us reads it, or hardly ever.
    Fails,
    /// Read by some phones, in some light.
    Risky,
    /// Read also when small, tilted, faded or dirty.
    Good,
}

/// Whether a code will scan, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = QrVerdict)]
pub struct Verdict {
    pub verdict: Grade,
    /// 0–100: the share of trials that were read, weighed, less what was measured to be wrong.
    #[schema(minimum = 0, maximum = 100)]
    pub score: u8,
    /// What speaks against it, the worst first. Empty for a code without fault.
    pub reasons: Vec<Reason>,
    /// What would help, in the order in which to try it.
    pub suggestions: Vec<Suggestion>,
    /// Every trial, in its order.
    pub checks: Vec<Check>,
    pub measured: Measured,
}

/// One thing that speaks against a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = QrVerdictReason)]
pub struct Reason {
    pub code: ReasonCode,
    /// What, how much, and what would be right.
    pub message: String,
}

/// Why a code may not scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrVerdictReasonCode)]
pub enum ReasonCode {
    /// Neither reader reads it as drawn.
    Unreadable,
    /// A reader reads something else.
    Misread,
    /// Only the lenient reader reads it as drawn.
    OneReaderOnly,
    Contrast,
    Inverted,
    /// Light modules let the ground through.
    Transparent,
    QuietZone,
    /// Something was drawn into the quiet zone.
    Crowded,
    /// A finder pattern is covered or misshapen.
    FinderPattern,
    /// An alignment pattern is covered or misshapen: readers lay their grid along them.
    AlignmentPattern,
    /// Too much of the data is hidden for the level.
    Covered,
    /// Too few pixels a module.
    TooFewPixels,
    /// Too small in print.
    TooSmall,
    /// More modules than most phones resolve.
    Dense,
    /// Read as drawn, but not when spoilt in one of the ways.
    Fragile,
}

/// Something that would help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = QrVerdictSuggestion)]
pub struct Suggestion {
    pub message: String,
    /// The same for a program: a part of a style, to be laid over the code's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Style>,
}

/// One trial: the code, spoilt in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = QrVerdictCheck)]
pub struct Check {
    /// What was done to it.
    #[schema(example = "blur")]
    pub name: String,
    /// Whether the strict reader (`rqrr`) read it; absent where it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_read_strictly: Option<bool>,
    /// Whether the lenient reader (`rxing`) read it.
    pub is_read_leniently: bool,
    /// Points of the score that it may bring.
    pub weight: u8,
}

/// What was measured on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = QrVerdictMeasured)]
pub struct Measured {
    /// Contrast (WCAG) between the lightest dark and the darkest light modules, 1–21.
    #[schema(example = 21)]
    pub contrast_ratio: f32,
    /// Modules without anything dark around the symbol; 4 are asked for.
    #[schema(example = 4)]
    pub quiet_zone_modules: f32,
    /// Share of the codewords that are hidden or look wrong.
    pub lost_pct: f32,
    /// Share of the codewords that the level gives back: 7, 15, 25 or 30.
    pub recoverable_pct: f32,
    /// Pixels of a module, at the requested size.
    pub module_px: f32,
    /// In print, where a size in print was given: the symbol without its quiet zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width_mm: Option<f32>,
    /// From how far it can be read: ten times its width.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_mm_max: Option<f32>,
}

/// All that was found out, before it is put into words.
struct Findings<'a> {
    sight: Sight,
    trials: trials::Trials,
    measured: Measured,
    style: &'a Style,
    level: Level,
    modules: u32,
}

/// The code and some of what lies around it, drawn at [`MODULE_PX`], and where in it the symbol is.
fn drawn(scene: &Scene, module_px: f32) -> Option<(Pixels, Grid)> {
    let symbol = scene.symbol;
    let factor = module_px / symbol.module;
    let around = AROUND_MODULES * symbol.module;
    let side = symbol.modules as f32 * symbol.module;
    let (left, top) = ((symbol.x - around).max(0.0), (symbol.y - around).max(0.0));
    let right = (symbol.x + side + around).min(scene.width);
    let bottom = (symbol.y + side + around).min(scene.height);
    let mut part = scene.clone();
    for layer in &mut part.layers {
        layer.place = Place { x: layer.place.x - left, y: layer.place.y - top, ..layer.place };
    }
    let whole = |length: f32| ((length * factor).round() as u32).max(1);
    let pixels = raster::draw(&part, whole(right - left), whole(bottom - top), factor).ok()?;
    let grid = Grid { left: (symbol.x - left) * factor, top: (symbol.y - top) * factor, module: module_px };
    Some((pixels, grid))
}

/// The image as it is delivered, pixel by pixel.
fn as_sized(scene: &Scene) -> Option<(Pixels, Grid)> {
    let (width, height) = raster::size_px(scene).ok()?;
    let pixels = raster::draw(scene, width, height, 1.0).ok()?;
    Some((pixels, Grid { left: scene.symbol.x, top: scene.symbol.y, module: scene.symbol.module }))
}

/// Whether a module lies under a picture, half of it or more.
fn is_covered(scene: &Scene, x: i32, y: i32) -> bool {
    let symbol = scene.symbol;
    let at = |edge: f32, index: i32| edge + (index as f32 + 0.5) * symbol.module;
    let (x, y) = (at(symbol.x, x), at(symbol.y, y));
    scene.layers.iter().any(|layer| match &layer.content {
        Content::Picture { width, height, .. } => {
            let (right, bottom) = layer.place.apply((*width, *height));
            (layer.place.x..right).contains(&x) && (layer.place.y..bottom).contains(&y)
        }
        Content::Fill { .. } => false,
    })
}

impl Code {
    /// Whether it will scan. Pure: the same code has the same verdict, to the point.
    pub fn verdict(&self) -> Verdict {
        let (scene, symbol) = (self.scene(), self.symbol());
        let Some((pixels, grid, sight)) = self.seen() else { return Verdict::of_nothing() };
        let measured = measured(scene, &sight, self.level());
        let as_sized = match scene.dpi.is_none() && measured.module_px < MODULE_PX {
            true => as_sized(scene),
            false => None,
        };
        let subject = trials::Subject { pixels: &pixels, grid, symbol, text: self.text() };
        let trials = trials::run(&subject, as_sized, &sight);
        reasons::judged(&Findings {
            sight,
            trials,
            measured,
            style: self.style(),
            level: self.level(),
            modules: symbol.modules(),
        })
    }
}

impl Code {
    /// The drawing that is tried, and what is measured on it.
    fn seen(&self) -> Option<(Pixels, Grid, Sight)> {
        let (scene, symbol) = (self.scene(), self.symbol());
        let (pixels, grid) = drawn(scene, MODULE_PX)?;
        let mut sight = sight::look(&pixels, grid, symbol, |x, y| is_covered(scene, x, y));
        let image = grey::Grey::of(&pixels, trials::PAPER);
        sight.misleading_alignments =
            alignment::misleading(&image, grid, symbol.modules(), &sight.lost_alignments);
        Some((pixels, grid, sight))
    }

    /// Whether what its picture hides can be spared: what a verdict finds out of that before anything is read.
    fn spares_its_picture(&self) -> bool {
        self.seen().is_some_and(|(_, _, sight)| {
            let measured = measured(self.scene(), &sight, self.level());
            !reasons::is_covered_too_much(&measured) && !reasons::is_led_astray(&sight, &measured)
        })
    }
}

impl Verdict {
    fn of_nothing() -> Self {
        Self {
            verdict: Grade::Fails,
            score: 0,
            reasons: vec![Reason {
                code: ReasonCode::Unreadable,
                message: "the image has no room for a code".to_owned(),
            }],
            suggestions: Vec::new(),
            checks: Vec::new(),
            measured: Measured {
                contrast_ratio: 1.0,
                quiet_zone_modules: 0.0,
                lost_pct: 100.0,
                recoverable_pct: 0.0,
                module_px: 0.0,
                width_mm: None,
                distance_mm_max: None,
            },
        }
    }

    pub fn is_good(&self) -> bool {
        self.verdict == Grade::Good
    }
}

fn measured(scene: &Scene, sight: &Sight, level: Level) -> Measured {
    let tenth = |value: f32| (value * 10.0).round() / 10.0;
    let width_mm = scene.dpi.map(|dpi| scene.symbol.modules as f32 * scene.symbol.module / dpi * 25.4);
    Measured {
        contrast_ratio: tenth(sight.contrast),
        quiet_zone_modules: tenth(sight.quiet_modules),
        lost_pct: tenth(sight.lost_codewords as f32 * 100.0 / sight.codewords.max(1) as f32),
        recoverable_pct: reasons::recoverable_pct(level),
        module_px: (scene.symbol.module * 100.0).round() / 100.0,
        width_mm: width_mm.map(tenth),
        distance_mm_max: width_mm.map(|width| (width * DISTANCE_PER_WIDTH).round()),
    }
}

#[cfg(test)]
mod tests;
