//! Mends a code that would not scan, in the ways its owner allowed and in no other.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Verdict;
use super::reasons::QUIET_MODULES_ASKED;
use super::suggestions::{IMAGE_SIZE_DEFAULT, at_level, with_image_size, with_quiet_zone};
use crate::{Code, Level, Logo, Style};

/// A way of mending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = QrFix)]
pub enum Fix {
    /// A higher error correction level: more modules, and more of them may be lost.
    RaiseLevel,
    /// A smaller picture in the middle: three quarters, a half, a quarter of its size.
    ShrinkLogo,
    /// Four modules of quiet zone.
    QuietZone,
}

impl Fix {
    pub const ALL: &'static [Self] = &[Self::RaiseLevel, Self::ShrinkLogo, Self::QuietZone];

    /// What may be laid over the style, the smallest change first.
    fn changes(self, code: &Code, verdict: &Verdict) -> Vec<Style> {
        let style = code.style();
        match self {
            Self::RaiseLevel => [Level::M, Level::Q, Level::H]
                .into_iter()
                .filter(|level| *level > code.level())
                .map(at_level)
                .collect(),
            Self::ShrinkLogo if style.image.is_some() => {
                let options = style.image_options.as_ref();
                let size = options.and_then(|options| options.image_size).unwrap_or(IMAGE_SIZE_DEFAULT);
                [0.75, 0.5, 0.25].map(|share| with_image_size(size * share)).to_vec()
            }
            Self::QuietZone if verdict.measured.quiet_zone_modules < QUIET_MODULES_ASKED => {
                vec![with_quiet_zone()]
            }
            Self::ShrinkLogo | Self::QuietZone => Vec::new(),
        }
    }
}

/// The style with the smallest change that makes its code good; if none does, the best that was found. The fixes are tried one
/// upon the other, in the order of [`Fix::ALL`] and not of `fixes`. `None` if the code is good already, if it cannot be drawn, or
/// if nothing makes it better.
pub fn mend(text: &str, style: &Style, logo: Option<Arc<Logo>>, fixes: &[Fix]) -> Option<(Style, Verdict)> {
    let mut code = Code::build(text, style, logo.clone()).ok()?;
    let mut best = code.verdict();
    let mut is_changed = false;
    for fix in Fix::ALL.iter().filter(|fix| fixes.contains(fix)) {
        for change in fix.changes(&code, &best) {
            if best.is_good() {
                break;
            }
            // A text may be too long for a higher level.
            let Ok(next) = Code::build(text, &code.style().merged(&change), logo.clone()) else { continue };
            let verdict = next.verdict();
            if (verdict.verdict, verdict.score) > (best.verdict, best.score) {
                (code, best, is_changed) = (next, verdict, true);
            }
        }
    }
    is_changed.then(|| (code.style().clone(), best))
}
