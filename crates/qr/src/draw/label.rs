//! The words of a frame, made to fit.
//!
//! Text is set in one line, or in two broken at a space, whichever comes out larger. It shrinks to a floor; what is longer is
//! refused, with the length that would fit. Units are those of frames: a hundredth of the panel's side.

use super::text::{self, CAP, Line, Side};
use crate::Wrong;
use crate::scene::Path;

/// Height of a capital below which a printed label cannot be read.
const CAP_MIN: f32 = 2.6;
/// Of the room's height: a capital in one line; in each of two; and from baseline to baseline, in capitals.
const CAP_OF_ROOM: f32 = 0.4;
const CAP_OF_ROOM_IN_TWO: f32 = 0.25;
const PITCH: f32 = 1.75;

/// Where a label may stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Room {
    Box {
        width: f32,
        height: f32,
    },
    /// Along a circle: the longest arc, and the height of the band.
    Ring {
        length: f32,
        height: f32,
    },
}

/// Lines and how large they are.
#[derive(Debug, Clone)]
pub(super) struct Label {
    lines: Vec<Line>,
    cap: f32,
}

impl Label {
    /// # Errors
    /// The font lacks a character, or the text is too long for this room.
    pub(super) fn fit(text: &str, room: Room) -> Result<Self, Wrong> {
        let whole = text::set(text).map_err(|missing| lacks(&missing))?;
        let (width, height) = match room {
            Room::Box { width, height } => (width, height),
            Room::Ring { length, height } => (length, height),
        };
        let whole_width = whole.width;
        let one = Self { cap: cap(&[&whole], width, height * CAP_OF_ROOM), lines: vec![whole] };
        let two = matches!(room, Room::Box { .. }).then(|| in_two(text, width, height)).flatten();
        let best = two.filter(|two| two.cap > one.cap).unwrap_or(one);
        if best.cap >= CAP_MIN {
            return Ok(best);
        }
        let chars = text.chars().count();
        let per_char = whole_width / chars.max(1) as f32 * CAP_MIN / CAP;
        let lines = if matches!(room, Room::Box { .. }) { 1.8 } else { 1.0 };
        let fitting = ((width * lines / per_char) as usize).min(chars.saturating_sub(1));
        let message = format!(
            "has {chars} characters, which this frame cannot show; about {fitting} fit, in two lines if there is a space"
        );
        Err(Wrong::new("frame.text", "length", message))
    }

    /// Units, without any room around it.
    pub(super) fn width(&self) -> f32 {
        self.lines.iter().map(|line| line.width).fold(0.0, f32::max) * self.scale()
    }

    /// Units of one font unit.
    pub(super) fn scale(&self) -> f32 {
        self.cap / CAP
    }

    /// Around (0, 0), in font units.
    pub(super) fn centered(&self) -> Path {
        let mut path = Path::default();
        let pitch = CAP * PITCH;
        let height = CAP + pitch * (self.lines.len() - 1) as f32;
        for (index, line) in self.lines.iter().enumerate() {
            let baseline = CAP + pitch * index as f32 - height / 2.0;
            let mut own = Path::default();
            line.straight(&mut own);
            own.shift((-line.width / 2.0).round(), baseline.round());
            path.0.extend(own.0);
        }
        path
    }

    /// Around the circle about (0, 0) whose radius in units is in the middle of the letters; in font units.
    pub(super) fn around(&self, radius: f32, side: Side) -> Path {
        let mut path = Path::default();
        let half = CAP / 2.0;
        let radius = radius / self.scale();
        let baseline = if side == Side::Above { radius - half } else { radius + half };
        for line in &self.lines {
            line.around(baseline, side, &mut path);
        }
        path
    }
}

fn cap(lines: &[&Line], width: f32, most: f32) -> f32 {
    let widest = lines.iter().map(|line| line.width).fold(1.0, f32::max);
    most.min(width / widest * CAP)
}

/// Broken at the space that leaves the longer line as short as can be.
fn in_two(text: &str, width: f32, height: f32) -> Option<Label> {
    let breaks = text.match_indices(' ').filter_map(|(at, _)| {
        let lines = [text[..at].trim(), text[at..].trim()].map(|line| text::set(line).ok());
        let [Some(first), Some(second)] = lines else { return None };
        Some([first, second])
    });
    let widest = |lines: &[Line; 2]| lines[0].width.max(lines[1].width);
    let [first, second] = breaks.min_by(|left, right| widest(left).total_cmp(&widest(right)))?;
    Some(Label {
        cap: cap(&[&first, &second], width, height * CAP_OF_ROOM_IN_TWO),
        lines: vec![first, second],
    })
}

fn lacks(missing: &[char]) -> Wrong {
    let names: Vec<String> = missing
        .iter()
        .map(|character| match character.is_control() || character.is_whitespace() {
            true => format!("U+{:04X}", *character as u32),
            false => format!("{character} (U+{:04X})", *character as u32),
        })
        .collect();
    let message = format!(
        "the font has no {}; it has Latin, Greek and Cyrillic letters, digits, punctuation, currencies and arrows",
        names.join(", ")
    );
    Wrong::new("frame.text", "unsupported", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room::Box { width: 96.0, height: 26.0 };

    #[test]
    fn a_short_text_is_as_high_as_the_room_allows() {
        let label = Label::fit("SCAN ME", ROOM).expect("fits");
        assert_eq!((label.lines.len(), label.cap), (1, 26.0 * CAP_OF_ROOM));
    }

    #[test]
    fn a_long_text_is_broken_where_both_lines_are_short() {
        let label = Label::fit("Scan to see our menu and today's specials", ROOM).expect("fits");
        assert_eq!(label.lines.len(), 2);
        assert!(label.cap > 4.0 && label.width() <= 96.001, "{} {}", label.cap, label.width());
    }

    #[test]
    fn sixty_characters_fit_if_there_are_spaces_and_are_refused_with_a_length_if_not() {
        assert!(Label::fit("Scan this code with your camera to join our guest network 5G", ROOM).is_ok());
        let wrong = Label::fit(&"W".repeat(60), ROOM).unwrap_err();
        assert_eq!((wrong.field.as_ref(), wrong.code), ("frame.text", "length"));
        assert!(
            wrong.message.starts_with("has 60 characters, which this frame cannot show; about "),
            "{}",
            wrong.message
        );
    }

    #[test]
    fn a_missing_character_is_named() {
        let wrong = Label::fit("扫\u{7}", ROOM).unwrap_err();
        assert!(
            wrong.message.starts_with("the font has no 扫 (U+626B), U+0007; it has Latin"),
            "{}",
            wrong.message
        );
    }
}
