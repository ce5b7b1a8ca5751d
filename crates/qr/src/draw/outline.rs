//! From modules to outlines: what touches becomes one shape, walked around once.
//!
//! Two modules touch if they share a side; where only corners meet, shapes stay apart. A shape's outward corners belong to one
//! module each, and rounding them is all that the kinds of dots do. So no two paths of a layer overlap and none share an edge:
//! no seams, and a symbol of one colour is one path.

use crate::scene::{Path, Segment};
use crate::style::DotType;

/// Modules that are to be drawn, with a light border of one module, so that looking at neighbours needs no bounds.
#[derive(Debug, Clone)]
pub(crate) struct Mask {
    side: usize,
    cells: Vec<bool>,
}

impl Mask {
    pub(crate) fn new(modules: usize) -> Self {
        let side = modules + 2;
        Self { side, cells: vec![false; side * side] }
    }

    pub(crate) fn modules(&self) -> usize {
        self.side - 2
    }

    pub(crate) fn set(&mut self, x: usize, y: usize, is_drawn: bool) {
        let at = (y + 1) * self.side + x + 1;
        self.cells[at] = is_drawn;
    }

    pub(crate) fn is_set(&self, x: usize, y: usize) -> bool {
        self.cells[(y + 1) * self.side + x + 1]
    }

    /// How many modules are drawn.
    pub(crate) fn count(&self) -> usize {
        self.cells.iter().filter(|cell| **cell).count()
    }
}

/// Right, down, left, up: a turn to the right is one more.
const STEPS: [(isize, isize); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
/// The outward corner that ends a walk in each direction: top right, bottom right, bottom left, top left.
const TOP_LEFT: usize = 3;
const BOTTOM_RIGHT: usize = 1;

#[derive(Debug, Clone, Copy)]
struct Turn {
    x: isize,
    y: isize,
    /// Direction before the turn, and after it.
    before: usize,
    after: usize,
    radius: f32,
}

/// Adds the outlines of a mask, with `origin` at the corner of its first module.
pub(crate) fn trace(mask: &Mask, dots: DotType, origin: (f32, f32), path: &mut Path) {
    if dots == DotType::Dots {
        return circles(mask, origin, path);
    }
    path.0.reserve(mask.count() * 3);
    let side = mask.side;
    // Every outline, also that of a hole, has an edge with its module below; walked edges of this kind are noted.
    let mut is_walked = vec![false; mask.cells.len()];
    let mut turns = Vec::with_capacity(64);
    for at in side..mask.cells.len() - side {
        if mask.cells[at] && !mask.cells[at - side] && !is_walked[at] {
            turns.clear();
            walk(mask, dots, at, &mut is_walked, &mut turns);
            emit(&turns, origin, path);
        }
    }
}

/// Around one outline, modules on the right hand, from the left end of the upper edge of the cell `at`. That end is a corner:
/// an edge further left would have been met before.
fn walk(mask: &Mask, dots: DotType, at: usize, is_walked: &mut [bool], turns: &mut Vec<Turn>) {
    let side = mask.side as isize;
    let cell = |at: isize| mask.cells[at as usize];
    // The cells to the right and to the left of the next edge, as seen from the vertex, whose own cell lies below and to the right.
    let right = [0, -1, -1 - side, -side];
    let left = [-side, 0, -1, -1 - side];
    // The module whose corner has just been walked around, when walking in each direction.
    let behind = [-1, -1 - side, -side, 0];
    let step = [1, side, -1, -side];
    let (start, mut vertex, mut direction) = (at as isize, at as isize, 0);
    loop {
        if direction == 0 {
            is_walked[vertex as usize] = true;
        }
        vertex += step[direction];
        let after = if !cell(vertex + right[direction]) {
            (direction + 1) % 4
        } else if cell(vertex + left[direction]) {
            (direction + 3) % 4
        } else {
            continue;
        };
        let is_outward = after == (direction + 1) % 4;
        let radius = match is_outward {
            true => radius(mask, dots, (vertex + behind[direction]) as usize, direction),
            false => 0.0,
        };
        turns.push(Turn { x: vertex % side - 1, y: vertex / side - 1, before: direction, after, radius });
        direction = after;
        if vertex == start && direction == 0 {
            return;
        }
    }
}

/// How round an outward corner of the module is, in modules. `corner` counts from the top right, clockwise.
fn radius(mask: &Mask, dots: DotType, at: usize, corner: usize) -> f32 {
    let side = mask.side;
    let (up, right, down, left) =
        (mask.cells[at - side], mask.cells[at + 1], mask.cells[at + side], mask.cells[at - 1]);
    let neighbors = usize::from(up) + usize::from(right) + usize::from(down) + usize::from(left);
    let is_diagonal = corner == TOP_LEFT || corner == BOTTOM_RIGHT;
    match dots {
        DotType::Square | DotType::Dots | DotType::Unknown => 0.0,
        DotType::Rounded => 0.5,
        // The bend of a line swings over the whole module; the end of one is a half circle.
        DotType::ExtraRounded => {
            if neighbors == 2 {
                1.0
            } else {
                0.5
            }
        }
        DotType::Classy => {
            if is_diagonal {
                0.5
            } else {
                0.0
            }
        }
        DotType::ClassyRounded => match (is_diagonal, neighbors) {
            (false, _) => 0.0,
            (true, 0) => 0.5,
            (true, _) => 1.0,
        },
    }
}

fn emit(turns: &[Turn], (left, top): (f32, f32), path: &mut Path) {
    let Some(last) = turns.last() else { return };
    let point = |turn: &Turn, direction: usize, along: f32| {
        let (x, y) = STEPS[direction];
        (left + turn.x as f32 + along * x as f32, top + turn.y as f32 + along * y as f32)
    };
    let start = point(last, last.after, last.radius);
    path.0.push(Segment::Move(start.0, start.1));
    let mut pen = start;
    for (index, turn) in turns.iter().enumerate() {
        let is_last = index + 1 == turns.len();
        let entry = point(turn, turn.before, -turn.radius);
        // Closing draws the last straight line.
        if entry != pen && !(is_last && turn.radius == 0.0) {
            path.0.push(Segment::Line(entry.0, entry.1));
        }
        pen = entry;
        if turn.radius > 0.0 {
            pen = point(turn, turn.after, turn.radius);
            path.0.push(Segment::Arc { radius: turn.radius, to: pen, clockwise: true });
        }
    }
    path.0.push(Segment::Close);
}

fn circles(mask: &Mask, (left, top): (f32, f32), path: &mut Path) {
    path.0.reserve(mask.count() * 6);
    for y in 0..mask.modules() {
        for x in 0..mask.modules() {
            if mask.is_set(x, y) {
                circle((left + x as f32 + 0.5, top + y as f32 + 0.5), 0.5, path);
            }
        }
    }
}

/// A circle, clockwise from its left.
pub(crate) fn circle((x, y): (f32, f32), radius: f32, path: &mut Path) {
    path.0.push(Segment::Move(x - radius, y));
    for to in [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)] {
        path.0.push(Segment::Arc { radius, to, clockwise: true });
    }
    path.0.push(Segment::Close);
}

/// A rectangle with round corners, clockwise. `radius` is at most half of the shorter side.
pub(crate) fn rectangle((x, y): (f32, f32), (width, height): (f32, f32), radius: f32, path: &mut Path) {
    let r = radius.min(width / 2.0).min(height / 2.0);
    let (right, bottom) = (x + width, y + height);
    path.0.push(Segment::Move(x + r, y));
    let sides = [
        ((right - r, y), (right, y + r)),
        ((right, bottom - r), (right - r, bottom)),
        ((x + r, bottom), (x, bottom - r)),
        ((x, y + r), (x + r, y)),
    ];
    for (index, (line, arc)) in sides.into_iter().enumerate() {
        let is_last = index == 3;
        if !(is_last && r == 0.0) {
            path.0.push(Segment::Line(line.0, line.1));
        }
        if r > 0.0 {
            path.0.push(Segment::Arc { radius: r, to: arc, clockwise: true });
        }
    }
    path.0.push(Segment::Close);
}

#[cfg(test)]
mod tests;
