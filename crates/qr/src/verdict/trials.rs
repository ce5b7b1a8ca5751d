//! The ways in which a code is spoilt, and who still reads it.
//!
//! The weights add up to 100. What both readers read brings all its points, what one of them reads 60 %: phones are lenient,
//! but not all of them.

use super::decoders::{self, Seen};
use super::grey::Grey;
use super::sight::Sight;
use super::{Check, MODULE_PX};
use crate::Pixels;

/// White paper.
const PAPER: u8 = 255;
/// What a code is stuck on in the worst case: a dark wall, a bottle.
const WALL: u8 = 45;
/// A ground that a transparent code may be laid on.
const GREY_GROUND: u8 = 140;
const DARK_GROUND: u8 = 45;
/// Points of a trial that only one reader passed.
const ONE_READER_PCT: u32 = 60;

/// What was done, how much it counts, and the words for it.
struct Trial {
    name: &'static str,
    weight: u8,
    spoil: fn(&Grey) -> Grey,
}

const TRIALS: &[Trial] = &[
    Trial { name: "as_drawn", weight: 20, spoil: Grey::clone },
    Trial { name: "small", weight: 8, spoil: |image| image.shrunk(3.0 / MODULE_PX, PAPER) },
    Trial { name: "tiny", weight: 5, spoil: |image| image.shrunk(2.2 / MODULE_PX, PAPER) },
    Trial { name: "blur", weight: 10, spoil: |image| image.blurred(0.4 * MODULE_PX) },
    Trial { name: "turned_7", weight: 8, spoil: |image| image.turned(7.0, PAPER) },
    Trial { name: "turned_45", weight: 5, spoil: |image| image.turned(45.0, PAPER) },
    Trial { name: "tilted", weight: 9, spoil: |image| image.tilted(0.8, PAPER) },
    Trial { name: "faded", weight: 9, spoil: |image| image.washed(0.3) },
    Trial { name: "dirt", weight: 8, spoil: |image| image.dirty(MODULE_PX, 0.015) },
    Trial { name: "noise", weight: 6, spoil: |image| image.noisy(30.0) },
    Trial { name: "uneven_light", weight: 7, spoil: |image| image.lit_from_a_corner(0.4) },
    Trial { name: "dark_surroundings", weight: 5, spoil: |image| image.padded(24, WALL) },
];

/// All trials and what they come to.
pub(super) struct Trials {
    pub checks: Vec<Check>,
    /// 0–100.
    pub points: u32,
    pub is_misread: bool,
    /// At the requested size in pixels, where that is smaller than what is tried.
    pub is_read_as_sized: bool,
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
        self.is_read_strictly || self.is_read_leniently
    }

    pub(super) fn is_read_by_both(&self) -> bool {
        self.is_read_strictly && self.is_read_leniently
    }
}

/// `as_sized` is the code at the requested size, if that is smaller than what is tried.
pub(super) fn run(pixels: &Pixels, as_sized: Option<Pixels>, sight: &Sight, text: &str) -> Trials {
    let image = Grey::of(pixels, PAPER);
    let mut trials = Trials {
        checks: Vec::with_capacity(TRIALS.len()),
        points: 0,
        is_misread: false,
        is_read_as_sized: true,
        transparent: None,
    };
    for trial in TRIALS {
        let (check, seen) = tried(trial.name, trial.weight, &(trial.spoil)(&image), text);
        trials.is_misread |= seen.contains(&Seen::Wrong);
        trials.points += match (check.is_read_by_both(), check.is_read()) {
            (true, _) => u32::from(check.weight) * 100,
            (false, true) => u32::from(check.weight) * ONE_READER_PCT,
            (false, false) => 0,
        };
        let is_hopeless = trial.name == "as_drawn" && !check.is_read();
        trials.checks.push(check);
        // What nobody reads as drawn, nobody reads when it is spoilt.
        if is_hopeless {
            break;
        }
    }
    trials.points /= 100;
    if let Some(pixels) = as_sized {
        let (check, _) = tried("as_sized", 0, &Grey::of(&pixels, PAPER), text);
        trials.is_read_as_sized = check.is_read();
        trials.checks.push(check);
    }
    if sight.transparent_share > 0.5 {
        let grounds = [("on_grey", GREY_GROUND), ("on_dark", DARK_GROUND)];
        let checks = grounds.map(|(name, ground)| {
            // The ground goes on beyond the image.
            tried(name, 0, &Grey::of(pixels, ground).padded(16, ground), text).0
        });
        trials.transparent = Some([checks[0].is_read(), checks[1].is_read()]);
        trials.checks.extend(checks);
    }
    trials
}

fn tried(name: &str, weight: u8, image: &Grey, text: &str) -> (Check, [Seen; 2]) {
    let seen = [decoders::strict(image, text), decoders::lenient(image, text)];
    let check = Check {
        name: name.to_owned(),
        is_read_strictly: seen[0] == Seen::Right,
        is_read_leniently: seen[1] == Seen::Right,
        weight,
    };
    (check, seen)
}

/// The weights of all trials.
#[cfg(test)]
pub(super) fn weights() -> u32 {
    TRIALS.iter().map(|trial| u32::from(trial.weight)).sum()
}
