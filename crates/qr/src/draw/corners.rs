//! Finder patterns: a ring of 7 × 7 modules around a core of 3 × 3, in three corners.

use super::outline::{Mask, rectangle, trace};
use super::{Paths, paint};
use crate::scene::{Paint, Path, Segment};
use crate::style::{Design, DotType, Ink, Part, PartShape};

/// Whether nothing sets the finder patterns apart, so that they can be drawn as modules like the others.
pub(super) fn is_one_with_dots(design: &Design) -> bool {
    let is_like_dots = |part: &Part| {
        let is_square = part.shape == PartShape::Square && design.dots == DotType::Square;
        let has_same_ink =
            part.ink.as_ref().is_none_or(|ink| matches!(ink, Ink::Solid(_)) && *ink == design.ink);
        (is_square || part.shape == PartShape::Modules(design.dots)) && has_same_ink
    };
    design.dots != DotType::Dots
        && design.corners.iter().all(|corner| is_like_dots(&corner.square) && is_like_dots(&corner.dot))
}

/// Adds them to the paths, each to that of its paint. `dots` is the paint of whatever has none of its own.
pub(super) fn add(design: &Design, side: f32, dots: &Paint, paths: &mut Paths) {
    let places = [(0.0, 0.0), (side - 7.0, 0.0), (0.0, side - 7.0)];
    for (corner, (x, y)) in design.corners.iter().zip(places) {
        let ring = own_paint(&corner.square, dots, (x, y), 7.0);
        add_ring(corner.square.shape, (x, y), paths.of(ring, is_upright(corner.square.shape)));
        let core_at = (x + 2.0, y + 2.0);
        let core = own_paint(&corner.dot, dots, core_at, 3.0);
        add_core(corner.dot.shape, core_at, paths.of(core, is_upright(corner.dot.shape)));
    }
}

fn own_paint(part: &Part, dots: &Paint, at: (f32, f32), side: f32) -> Paint {
    part.ink.as_ref().map_or_else(|| dots.clone(), |ink| paint(ink, at, (side, side)))
}

fn is_upright(shape: PartShape) -> bool {
    matches!(shape, PartShape::Square | PartShape::Modules(DotType::Square))
}

fn add_ring(shape: PartShape, (x, y): (f32, f32), path: &mut Path) {
    match shape {
        PartShape::Square => {
            rectangle((x, y), (7.0, 7.0), 0.0, path);
            rectangle((x + 1.0, y + 1.0), (5.0, 5.0), 0.0, path);
        }
        PartShape::Dot => {
            rectangle((x, y), (7.0, 7.0), DOT_RING, path);
            rectangle((x + 1.0, y + 1.0), (5.0, 5.0), DOT_RING - 1.0, path);
        }
        PartShape::ExtraRounded => {
            rectangle((x, y), (7.0, 7.0), ROUND_RING, path);
            rectangle((x + 1.0, y + 1.0), (5.0, 5.0), ROUND_RING - 1.0, path);
        }
        PartShape::Modules(DotType::Dots) => {
            beads((x, y), 7, path);
            between_beads((x, y), path);
        }
        PartShape::Modules(dots) => {
            let is_ring = |at: usize| at == 0 || at == 6;
            trace(&mask(7, |x, y| is_ring(x) || is_ring(y)), dots, (x, y), path);
        }
    }
}

fn add_core(shape: PartShape, (x, y): (f32, f32), path: &mut Path) {
    match shape {
        PartShape::Square => rectangle((x, y), (3.0, 3.0), 0.0, path),
        PartShape::Dot => rectangle((x, y), (3.0, 3.0), DOT_CORE, path),
        PartShape::ExtraRounded => rectangle((x, y), (3.0, 3.0), 1.0, path),
        PartShape::Modules(DotType::Dots) => beads((x, y), 3, path),
        PartShape::Modules(dots) => trace(&mask(3, |_, _| true), dots, (x, y), path),
    }
}

/// Outer radius of an extra-rounded ring. With 2.5 zbar missed up to 4 of 110 codes at 4 pixels a module, with 2.25 none of 640.
const ROUND_RING: f32 = 2.25;
/// Outer radius of a round ring, in modules: a little less than a circle's 3.5. In a true circle around a true circle too few lines
/// have the proportions of a finder pattern: zbar missed 20 of 112 such codes, and none of this radius (ADR 15).
const DOT_RING: f32 = 3.15;
/// The same for a round core, instead of 1.5. With a true circle zbar missed 19 of 110 codes at 4 pixels a module, and none so.
const DOT_CORE: f32 = 1.2;
/// How far the edge lies inwards where two beads meet, in modules.
const WAIST: f32 = 0.25;
/// Of the arc over a bead that is a module long and `WAIST` high, and of the one around a corner.
const BEAD: f32 = 0.625;
const CORNER_BEAD: f32 = 0.559_017;

/// A square of beads, joined. Loose dots look better on paper than to a scanner: it looks for a finder pattern along lines, and
/// between dots there is none (zbar finds no symbol whose finder patterns are loose dots).
fn beads((x, y): (f32, f32), side: u8, path: &mut Path) {
    let side = f32::from(side);
    let middle = side / 2.0;
    let turned = |quarter: usize, (from_left, from_top): (f32, f32)| {
        let (dx, dy) = (from_left - middle, from_top - middle);
        let (dx, dy) = [(dx, dy), (-dy, dx), (-dx, -dy), (dy, -dx)][quarter];
        (x + middle + dx, y + middle + dy)
    };
    let (left, top) = turned(0, (1.0, WAIST));
    path.0.push(Segment::Move(left, top));
    for quarter in 0..4 {
        for bead in 2..side as usize {
            let to = turned(quarter, (bead as f32, WAIST));
            path.0.push(Segment::Arc { radius: BEAD, to, clockwise: true });
        }
        // Around the corner, in three parts, about the middle of its module.
        for angle in [278.855_f32, 351.145, 63.435] {
            let (sin, cos) = angle.to_radians().sin_cos();
            let to = turned(quarter, (side - 0.5 + CORNER_BEAD * cos, 0.5 + CORNER_BEAD * sin));
            path.0.push(Segment::Arc { radius: CORNER_BEAD, to, clockwise: true });
        }
    }
    path.0.push(Segment::Close);
}

/// The hole in a ring of 7 × 7 beads.
fn between_beads((x, y): (f32, f32), path: &mut Path) {
    let turned = |quarter: usize, (from_left, from_top): (f32, f32)| {
        let (dx, dy) = (from_left - 3.5, from_top - 3.5);
        let (dx, dy) = [(dx, dy), (-dy, dx), (-dx, -dy), (dy, -dx)][quarter];
        (x + 3.5 + dx, y + 3.5 + dy)
    };
    let inner = 1.0 - WAIST;
    let (left, top) = turned(0, (1.0, inner));
    path.0.push(Segment::Move(left, top));
    for quarter in 0..4 {
        for bead in 2..=6_u8 {
            let to = turned(quarter, (f32::from(bead), inner));
            path.0.push(Segment::Arc { radius: BEAD, to, clockwise: false });
        }
        let (right, down) = turned(quarter, (7.0 - inner, 1.0));
        path.0.push(Segment::Line(right, down));
    }
    path.0.push(Segment::Close);
}

fn mask(side: usize, is_drawn: impl Fn(usize, usize) -> bool) -> Mask {
    let mut mask = Mask::new(side);
    for y in 0..side {
        for x in 0..side {
            mask.set(x, y, is_drawn(x, y));
        }
    }
    mask
}
