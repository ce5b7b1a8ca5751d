//! Words as outlines, from a font inside the program, so that they look the same everywhere.
//!
//! The font is a part of Inter (see `fonts/README.md`). Outlines are in whole font units, y downwards, from the left end
//! of the baseline or from the centre of a circle; the layer they lie on has the scale.

use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

use crate::scene::{Path, Segment};

const FONT: &[u8] = include_bytes!("../../fonts/Inter-SemiBold-subset.otf");
/// Font units of an em, and of a capital letter's height.
pub(crate) const EM: f32 = 2816.0;
pub(crate) const CAP: f32 = 2048.0;
/// Capitals stand too close to each other, set as if they were small letters.
const CAPITALS_SPACING: f32 = 0.035 * EM;

/// A line of text, set: each glyph and where it begins.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    glyphs: Vec<(GlyphId, f32, f32)>,
    /// Font units.
    pub(crate) width: f32,
}

/// Sets a line.
///
/// # Errors
/// The characters that the font lacks.
pub(crate) fn set(text: &str) -> Result<Line, Vec<char>> {
    // The font is part of the program: reading it cannot fail, or a test would have.
    let Ok(face) = Face::parse(FONT, 0) else { return Err(text.chars().collect()) };
    let mut missing = Vec::new();
    let spacing = if text.chars().any(char::is_lowercase) { 0.0 } else { CAPITALS_SPACING };
    let (mut glyphs, mut pen) = (Vec::with_capacity(text.len()), 0.0);
    let mut last = None;
    for character in text.chars() {
        let Some(glyph) = face.glyph_index(character) else {
            if !missing.contains(&character) {
                missing.push(character);
            }
            continue;
        };
        if let Some(last) = last {
            pen += f32::from(kerning(&face, last, glyph)) + spacing;
        }
        let advance = f32::from(face.glyph_hor_advance(glyph).unwrap_or(0));
        glyphs.push((glyph, pen, advance));
        pen += advance;
        last = Some(glyph);
    }
    if missing.is_empty() { Ok(Line { glyphs, width: pen }) } else { Err(missing) }
}

/// By how much two neighbours move together (GPOS, pair adjustment).
fn kerning(face: &Face<'_>, left: GlyphId, right: GlyphId) -> i16 {
    let Some(table) = face.tables().gpos else { return 0 };
    for lookup in table.lookups {
        for subtable in lookup.subtables.into_iter::<PositioningSubtable<'_>>() {
            let PositioningSubtable::Pair(pair) = subtable else { continue };
            let Some(index) = pair.coverage().get(left) else { continue };
            let found = match pair {
                PairAdjustment::Format1 { sets, .. } => sets.get(index).and_then(|set| set.get(right)),
                PairAdjustment::Format2 { classes, matrix, .. } => {
                    matrix.get((classes.0.get(left), classes.1.get(right)))
                }
            };
            // The first subtable that knows the pair decides.
            if let Some((value, _)) = found {
                return value.x_advance;
            }
        }
    }
    0
}

impl Line {
    /// From (0, 0), to the right.
    pub(crate) fn straight(&self, path: &mut Path) {
        self.draw(path, |glyph, x, y| (glyph.0 + x, -y));
    }

    /// Around (0, 0), centred below it or above it, the baseline at `radius` font units.
    pub(crate) fn around(&self, radius: f32, side: Side, path: &mut Path) {
        self.draw(path, |(start, advance), x, y| {
            let middle = start + advance / 2.0;
            let angle = (middle - self.width / 2.0) / radius;
            let (sin, cos) = angle.sin_cos();
            let along = x - advance / 2.0;
            match side {
                Side::Above => {
                    let out = radius + y;
                    (out * sin + along * cos, -out * cos + along * sin)
                }
                Side::Below => {
                    let out = radius - y;
                    (out * sin + along * cos, out * cos - along * sin)
                }
            }
        });
    }

    fn draw(&self, path: &mut Path, place: impl Fn((f32, f32), f32, f32) -> (f32, f32)) {
        let Ok(face) = Face::parse(FONT, 0) else { return };
        for (glyph, start, advance) in &self.glyphs {
            let place = |x: f32, y: f32| {
                let (x, y) = place((*start, *advance), x, y);
                (x.round(), y.round())
            };
            // A space has no outline, and that is no failure.
            let _ = face.outline_glyph(*glyph, &mut Pen { path, place });
        }
    }
}

/// On which side of a circle text stands; it reads from left to right on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Above,
    Below,
}

struct Pen<'a, F> {
    path: &'a mut Path,
    place: F,
}

impl<F: Fn(f32, f32) -> (f32, f32)> OutlineBuilder for Pen<'_, F> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = (self.place)(x, y);
        self.path.0.push(Segment::Move(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = (self.place)(x, y);
        self.path.0.push(Segment::Line(x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (control, to) = ((self.place)(x1, y1), (self.place)(x, y));
        self.path.0.push(Segment::Quad { control, to });
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let controls = [(self.place)(x1, y1), (self.place)(x2, y2)];
        self.path.0.push(Segment::Cubic { controls, to: (self.place)(x, y) });
    }

    fn close(&mut self) {
        self.path.0.push(Segment::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_is_what_the_constants_say() {
        let face = Face::parse(FONT, 0).expect("the font");
        assert_eq!(f32::from(face.units_per_em()), EM);
        assert_eq!(face.capital_height().map(f32::from), Some(CAP));
    }

    #[test]
    fn letters_move_together_where_the_font_says_so() {
        let [av, a, v] = ["Av", "A", "v"].map(|text| set(text).expect("known").width);
        assert!(av < a + v, "{av} {a} {v}");
        let [hh, h] = ["HH", "H"].map(|text| set(text).expect("known").width);
        assert_eq!(hh, 2.0 * h + CAPITALS_SPACING);
    }

    #[test]
    fn what_the_font_lacks_is_named_once() {
        assert_eq!(set("扫a码扫").unwrap_err(), vec!['扫', '码']);
        for text in ["Ångström ÇŞŁß", "Σκάναρε με", "Сканируй ЇҐ", "€£¥₹ “→” №5 …"]
        {
            assert!(set(text).is_ok(), "{text}");
        }
    }
}
