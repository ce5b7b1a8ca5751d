//! The ways in which a code is spoilt, and who still reads it.
//!
//! The weights add up to 100. What every reader that was asked reads brings all its points, what one of two reads 60 %: phones
//! are lenient, but not all of them. The strict reader is asked where the place of the modules stays known.

use super::decoders::{self, Seen, Strict};
use super::grey::Grey;
use super::sight::{Grid, Sight};
use super::{Check, MODULE_PX};
use crate::{Pixels, Symbol};

/// White paper.
pub(super) const PAPER: u8 = 255;
/// What a code is stuck on in the worst case: a dark wall, a bottle.
const WALL: u8 = 45;
/// A ground that a transparent code may be laid on.
const GREY_GROUND: u8 = 140;
const DARK_GROUND: u8 = 45;
/// Levels of brightness up to which a small sensor is off in poor light.
const NOISE: f32 = 30.0;
/// Points of a trial that only one reader passed.
const ONE_READER_PCT: u32 = 60;

/// What was done, how much it counts, and the words for it.
struct Trial {
    name: &'static str,
    weight: u8,
    /// Where the modules are afterwards; `None` where the strict reader is not asked.
    place: Option<fn(Grid) -> Grid>,
    spoil: fn(&Grey) -> Grey,
}

const TRIALS: &[Trial] = &[
    Trial { name: "as_drawn", weight: 20, place: Some(same), spoil: Grey::clone },
    Trial { name: "small", weight: 8, place: Some(shrunk), spoil: |image| image.shrunk(SMALL, PAPER) },
    Trial { name: "tiny", weight: 5, place: None, spoil: |image| image.shrunk(2.2 / MODULE_PX, PAPER) },
    Trial { name: "blur", weight: 10, place: Some(same), spoil: |image| image.blurred(0.4 * MODULE_PX) },
    Trial { name: "turned_7", weight: 8, place: None, spoil: |image| image.turned(7.0, PAPER) },
    Trial { name: "turned_45", weight: 5, place: None, spoil: |image| image.turned(45.0, PAPER) },
    Trial { name: "tilted", weight: 9, place: None, spoil: |image| image.tilted(0.8, PAPER) },
    Trial { name: "faded", weight: 9, place: Some(same), spoil: |image| image.washed(0.3) },
    Trial { name: "dirt", weight: 8, place: Some(same), spoil: |image| image.dirty(MODULE_PX, 0.015) },
    Trial { name: "noise", weight: 6, place: Some(same), spoil: |image| image.noisy(NOISE) },
    Trial { name: "uneven_light", weight: 7, place: None, spoil: |image| image.lit_from_a_corner(0.4) },
    Trial { name: "dark_surroundings", weight: 5, place: None, spoil: |image| image.padded(24, WALL) },
];

/// Three pixels a module.
const SMALL: f32 = 3.0 / MODULE_PX;

fn same(grid: Grid) -> Grid {
    grid
}

fn shrunk(grid: Grid) -> Grid {
    // A quarter of a pixel aside, see `Grey::shrunk`.
    let moved = |edge: f32| edge * SMALL - 0.25;
    Grid { left: moved(grid.left), top: moved(grid.top), module: grid.module * SMALL }
}

/// All trials and what they come to.
pub(super) struct Trials {
    pub checks: Vec<Check>,
    /// 0–100.
    pub points: u32,
    pub is_misread: bool,
    /// At the requested size in pixels, where that is smaller than what is tried.
    pub is_read_as_sized: bool,
    /// The same by the reader that is not told where the symbol is.
    pub is_found_as_sized: bool,
    /// Whether a reader of the simplest kind finds it.
    pub is_found_simply: bool,
    /// On a middle grey and on a dark ground; of no weight.
    pub transparent: Option<[bool; 2]>,
}

impl Trials {
    pub(super) fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }
}

impl Check {
    pub(super) fn is_read(&self) -> bool {
        self.is_read_strictly == Some(true) || self.is_read_leniently
    }

    pub(super) fn is_read_by_all(&self) -> bool {
        self.is_read_strictly != Some(false) && self.is_read_leniently
    }
}

/// A drawing of the code, and where in it the symbol is.
pub(super) struct Subject<'a> {
    pub pixels: &'a Pixels,
    pub grid: Grid,
    pub symbol: &'a Symbol,
    pub text: &'a str,
}

/// `as_sized` is the code at the requested size, if that is smaller than what is tried.
pub(super) fn run(subject: &Subject<'_>, as_sized: Option<(Pixels, Grid)>, sight: &Sight) -> Trials {
    let image = Grey::of(subject.pixels, PAPER);
    let mut strict = Strict::of(subject.symbol);
    let mut trials = Trials {
        checks: Vec::with_capacity(TRIALS.len()),
        points: 0,
        is_misread: false,
        is_read_as_sized: true,
        is_found_as_sized: true,
        is_found_simply: strict.finds(&image),
        transparent: None,
    };
    for trial in TRIALS {
        let image = (trial.spoil)(&image);
        let strictly = trial.place.map(|place| strict.read(&image, place(subject.grid)));
        let (check, is_misread) = subject.tried(trial.name, trial.weight, &image, strictly);
        trials.is_misread |= is_misread;
        trials.points += match (check.is_read_by_all(), check.is_read()) {
            (true, _) => u32::from(check.weight) * 100,
            (false, true) => u32::from(check.weight) * ONE_READER_PCT,
            (false, false) => 0,
        };
        let is_hopeless = trial.name == "as_drawn" && !check.is_read_leniently && !trials.is_found_simply;
        trials.checks.push(check);
        // What nobody finds as drawn, nobody reads when it is spoilt.
        if is_hopeless {
            break;
        }
    }
    trials.points /= 100;
    if let Some((pixels, grid)) = as_sized {
        let image = Grey::of(&pixels, PAPER);
        let strictly = strict.read(&image, grid);
        let (check, _) = subject.tried("as_sized", 0, &image, Some(strictly));
        trials.is_read_as_sized = check.is_read();
        trials.is_found_as_sized = check.is_read_leniently;
        trials.checks.push(check);
    }
    if sight.transparent_share > 0.5 {
        let grounds = [("on_grey", GREY_GROUND), ("on_dark", DARK_GROUND)];
        let checks = grounds.map(|(name, ground)| {
            // The ground goes on beyond the image; without noise, any difference is enough.
            let image = Grey::of(subject.pixels, ground).padded(16, ground).noisy(NOISE);
            subject.tried(name, 0, &image, None).0
        });
        trials.transparent = Some([checks[0].is_read(), checks[1].is_read()]);
        trials.checks.extend(checks);
    }
    trials
}

impl Subject<'_> {
    /// Who read it, and whether somebody read something else.
    fn tried(&self, name: &str, weight: u8, image: &Grey, strict: Option<Seen>) -> (Check, bool) {
        let lenient = decoders::lenient(image, self.text);
        let check = Check {
            name: name.to_owned(),
            is_read_strictly: strict.map(|seen| seen == Seen::Right),
            is_read_leniently: lenient == Seen::Right,
            weight,
        };
        (check, strict == Some(Seen::Wrong) || lenient == Seen::Wrong)
    }
}

/// The weights of all trials.
#[cfg(test)]
pub(super) fn weights() -> u32 {
    TRIALS.iter().map(|trial| u32::from(trial.weight)).sum()
}
