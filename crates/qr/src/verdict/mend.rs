//! Mends a code that would not scan, in the ways its owner allowed and in no other.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Verdict;
use super::reasons::{QUIET_MODULES_ASKED, QUIET_MODULES_RISKY_BELOW};
use super::suggestions::{IMAGE_SIZE_DEFAULT, at_level, with_image_size, with_quiet_zone};
use crate::{Code, Level, Logo, Style};

/// A way of mending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrFix)]
pub enum Fix {
    /// A higher error correction level: more modules, and more of them may be lost.
    RaiseLevel,
    /// A smaller picture in the middle: from nine tenths to a quarter of its size.
    ShrinkLogo,
    /// Four modules of quiet zone.
    QuietZone,
    /// A lower error correction level: fewer and larger modules, and up to 41 a side no alignment pattern below a picture.
    LowerLevel,
}

/// Of the picture's size, the larger first: what a picture covers decides, and that goes in steps.
const PICTURE_SHARES: [f64; 6] = [0.9, 0.75, 0.6, 0.5, 0.4, 0.25];
/// Verdicts that one mending may cost, each up to 35 ms.
const VERDICTS_MAX: u32 = 12;

impl Fix {
    pub const ALL: &'static [Self] = &[Self::RaiseLevel, Self::ShrinkLogo, Self::QuietZone, Self::LowerLevel];
}

/// The style with the smallest change that makes its code good; if none does, the best that was found. The picture stays as large as
/// a level that is allowed lets it be; a lower level comes last. `None` if the code is good already, if it cannot be drawn, or if
/// nothing makes it better.
pub fn mend(text: &str, style: &Style, logo: Option<Arc<Logo>>, fixes: &[Fix]) -> Option<(Style, Verdict)> {
    let mut search = Search::of(text, style, logo)?;
    let widens = fixes.contains(&Fix::QuietZone);
    // Next to no quiet zone is a reason of its own: nothing else helps then.
    if widens && search.verdict.measured.quiet_zone_modules < QUIET_MODULES_RISKY_BELOW {
        search.attempt(&style.merged(&with_quiet_zone()));
    }
    let base = search.code.style().clone();
    for change in changes(&search.code, fixes) {
        search.attempt(&base.merged(&change));
    }
    if widens && search.verdict.measured.quiet_zone_modules < QUIET_MODULES_ASKED {
        let wider = search.code.style().merged(&with_quiet_zone());
        search.attempt(&wider);
    }
    search.is_changed.then(|| (search.code.style().clone(), search.verdict))
}

/// What may be laid over the style: the levels from the asked one upwards, at each size of the picture; then those below.
fn changes(code: &Code, fixes: &[Fix]) -> Vec<Style> {
    let style = code.style();
    let options = style.image_options.as_ref();
    let asked = options.and_then(|options| options.image_size).unwrap_or(IMAGE_SIZE_DEFAULT);
    let mut sizes = vec![None];
    if style.image.is_some() && fixes.contains(&Fix::ShrinkLogo) {
        sizes.extend(PICTURE_SHARES.map(|share| Some(asked * share)));
    }
    let is_allowed = |level: &Level| match level.cmp(&code.level()) {
        std::cmp::Ordering::Greater => fixes.contains(&Fix::RaiseLevel),
        std::cmp::Ordering::Equal => true,
        std::cmp::Ordering::Less => fixes.contains(&Fix::LowerLevel),
    };
    let (lower, higher): (Vec<Level>, Vec<Level>) =
        Level::ALL.iter().copied().filter(is_allowed).partition(|level| *level < code.level());
    let each = |levels: Vec<Level>| {
        let changes =
            sizes.iter().flat_map(move |size| levels.clone().into_iter().map(move |level| (*size, level)));
        changes.map(|(size, level)| {
            let picture = size.map(with_image_size).unwrap_or_default();
            at_level(level).merged(&picture)
        })
    };
    each(higher).chain(each(lower.into_iter().rev().collect())).collect()
}

/// The best that was found so far.
struct Search<'a> {
    text: &'a str,
    logo: Option<Arc<Logo>>,
    asked: Level,
    code: Code,
    verdict: Verdict,
    is_changed: bool,
    verdicts_left: u32,
    /// Level, modules a side and modules covered of what was tried: sizes between two steps make the same code.
    tried: Vec<(Level, u32, u32)>,
}

impl<'a> Search<'a> {
    fn of(text: &'a str, style: &Style, logo: Option<Arc<Logo>>) -> Option<Self> {
        let code = Code::build(text, style, logo.clone()).ok()?;
        let verdict = code.verdict();
        let tried = vec![looks(&code)];
        let asked = code.level();
        Some(Self { text, logo, asked, code, verdict, is_changed: false, verdicts_left: VERDICTS_MAX, tried })
    }

    /// Judges the style, and keeps it if its code is better than the best so far.
    fn attempt(&mut self, style: &Style) {
        if self.verdict.is_good() || self.verdicts_left == 0 {
            return;
        }
        // A text may be too long for a higher level.
        let Ok(code) = Code::build(self.text, style, self.logo.clone()) else { return };
        let is_known = self.tried.contains(&looks(&code)) && style.quiet_zone == self.code.style().quiet_zone;
        // Looking is cheap, reading is not.
        if is_known || (code.covered_modules() > 0 && !code.spares_its_picture()) {
            return;
        }
        self.tried.push(looks(&code));
        self.verdicts_left -= 1;
        let verdict = code.verdict();
        let is_better = (verdict.verdict, verdict.score) > (self.verdict.verdict, self.verdict.score);
        // Less correction for a better score that is still not good would be a bad bargain.
        if is_better && (verdict.is_good() || code.level() >= self.asked) {
            (self.code, self.verdict, self.is_changed) = (code, verdict, true);
        }
    }
}

fn looks(code: &Code) -> (Level, u32, u32) {
    (code.level(), code.symbol().modules(), code.covered_modules())
}
