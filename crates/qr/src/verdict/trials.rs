//! The ways in which a code is spoilt, and who still reads it.
//!
//! The weights add up to 100. What every reader that was asked reads brings all its points, what one of two reads 60 %: phones
//! are lenient, but not all of them. The strict reader is asked in half of the trials. In the others it fails on perfect codes as
//! well, so that its answer would say nothing; and it takes nine tenths of the time.

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
    readers: Readers,
    spoil: fn(&Grey) -> Grey,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Readers {
    Both,
    Lenient,
}

const TRIALS: &[Trial] = &[
    Trial { name: "as_drawn", weight: 20, readers: Readers::Both, spoil: Grey::clone },
    Trial {
        name: "small",
        weight: 8,
        readers: Readers::Both,
        spoil: |image| image.shrunk(3.0 / MODULE_PX, PAPER),
    },
    Trial {
        name: "tiny",
        weight: 5,
        readers: Readers::Lenient,
        spoil: |image| image.shrunk(2.2 / MODULE_PX, PAPER),
    },
    Trial {
        name: "blur",
        weight: 10,
        readers: Readers::Lenient,
        spoil: |image| image.blurred(0.4 * MODULE_PX),
    },
    Trial { name: "turned_7", weight: 8, readers: Readers::Lenient, spoil: |image| image.turned(7.0, PAPER) },
    Trial {
        name: "turned_45",
        weight: 5,
        readers: Readers::Lenient,
        spoil: |image| image.turned(45.0, PAPER),
    },
    Trial { name: "tilted", weight: 9, readers: Readers::Both, spoil: |image| image.tilted(0.8, PAPER) },
    Trial { name: "faded", weight: 9, readers: Readers::Both, spoil: |image| image.washed(0.3) },
    Trial {
        name: "dirt",
        weight: 8,
        readers: Readers::Lenient,
        spoil: |image| image.dirty(MODULE_PX, 0.015),
    },
    Trial { name: "noise", weight: 6, readers: Readers::Lenient, spoil: |image| image.noisy(30.0) },
    Trial {
        name: "uneven_light",
        weight: 7,
        readers: Readers::Both,
        spoil: |image| image.lit_from_a_corner(0.4),
    },
    Trial {
        name: "dark_surroundings",
        weight: 5,
        readers: Readers::Both,
        spoil: |image| image.padded(24, WALL),
    },
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
        self.is_read_strictly == Some(true) || self.is_read_leniently
    }

    pub(super) fn is_read_by_all(&self) -> bool {
        self.is_read_strictly != Some(false) && self.is_read_leniently
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
        let (check, is_misread) =
            tried(trial.name, trial.weight, trial.readers, &(trial.spoil)(&image), text);
        trials.is_misread |= is_misread;
        trials.points += match (check.is_read_by_all(), check.is_read()) {
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
        let (check, _) = tried("as_sized", 0, Readers::Both, &Grey::of(&pixels, PAPER), text);
        trials.is_read_as_sized = check.is_read();
        trials.checks.push(check);
    }
    if sight.transparent_share > 0.5 {
        let grounds = [("on_grey", GREY_GROUND), ("on_dark", DARK_GROUND)];
        let checks = grounds.map(|(name, ground)| {
            // The ground goes on beyond the image.
            tried(name, 0, Readers::Lenient, &Grey::of(pixels, ground).padded(16, ground), text).0
        });
        trials.transparent = Some([checks[0].is_read(), checks[1].is_read()]);
        trials.checks.extend(checks);
    }
    trials
}

/// Whether it was read by whom, and whether somebody read something else.
fn tried(name: &str, weight: u8, readers: Readers, image: &Grey, text: &str) -> (Check, bool) {
    let strict = (readers == Readers::Both).then(|| decoders::strict(image, text));
    let lenient = decoders::lenient(image, text);
    let check = Check {
        name: name.to_owned(),
        is_read_strictly: strict.map(|seen| seen == Seen::Right),
        is_read_leniently: lenient == Seen::Right,
        weight,
    };
    (check, strict == Some(Seen::Wrong) || lenient == Seen::Wrong)
}

/// The weights of all trials.
#[cfg(test)]
pub(super) fn weights() -> u32 {
    TRIALS.iter().map(|trial| u32::from(trial.weight)).sum()
}
