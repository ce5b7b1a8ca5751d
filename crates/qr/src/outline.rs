//! Paths for writers that know no circles: arcs and quadratic curves as cubic ones.
//!
//! A quarter of a circle as one cubic curve is off by at most 0.03 % of its radius.

use crate::scene::{Path, Place, Segment};

/// A part of an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    Move((f32, f32)),
    Line((f32, f32)),
    Cubic([(f32, f32); 2], (f32, f32)),
    Close,
}

pub(crate) fn steps(path: &Path) -> impl Iterator<Item = Step> + '_ {
    let (mut from, mut begin) = ((0.0, 0.0), (0.0, 0.0));
    path.0.iter().map(move |segment| {
        let start = from;
        let step = match *segment {
            Segment::Move(x, y) => {
                begin = (x, y);
                Step::Move((x, y))
            }
            Segment::Line(x, y) => Step::Line((x, y)),
            Segment::Arc { radius, to, clockwise } => arc(start, to, radius, clockwise),
            Segment::Quad { control, to } => {
                let toward = |end: (f32, f32)| {
                    (end.0 + (control.0 - end.0) * 2.0 / 3.0, end.1 + (control.1 - end.1) * 2.0 / 3.0)
                };
                Step::Cubic([toward(start), toward(to)], to)
            }
            Segment::Cubic { controls, to } => Step::Cubic(controls, to),
            Segment::Close => Step::Close,
        };
        from = match step {
            Step::Move(to) | Step::Line(to) | Step::Cubic(_, to) => to,
            Step::Close => begin,
        };
        step
    })
}

/// The controls lie on the tangents, 4/3 · tan(θ/4) radii from the ends.
fn arc(from: (f32, f32), to: (f32, f32), radius: f32, clockwise: bool) -> Step {
    let half = ((to.0 - from.0) / 2.0, (to.1 - from.1) / 2.0);
    let half_chord = half.0.hypot(half.1);
    if half_chord == 0.0 {
        return Step::Line(to);
    }
    let radius = radius.max(half_chord);
    let height = (radius * radius - half_chord * half_chord).max(0.0).sqrt();
    let side = if clockwise { 1.0 } else { -1.0 };
    // Going clockwise, the centre is on the right: y grows downwards.
    let center = (
        from.0 + half.0 - side * height * half.1 / half_chord,
        from.1 + half.1 + side * height * half.0 / half_chord,
    );
    let reach = side * 4.0 / 3.0 * half_chord / (radius + height);
    let tangent = |at: (f32, f32)| (-(at.1 - center.1) * reach, (at.0 - center.0) * reach);
    let (leave, arrive) = (tangent(from), tangent(to));
    Step::Cubic([(from.0 + leave.0, from.1 + leave.1), (to.0 - arrive.0, to.1 - arrive.1)], to)
}

impl Place {
    pub(crate) fn apply(self, (x, y): (f32, f32)) -> (f32, f32) {
        (x * self.scale + self.x, y * self.scale + self.y)
    }

    /// The same place in an image that is larger by these factors.
    pub(crate) fn scaled(self, by: f32) -> Self {
        Self { x: self.x * by, y: self.y * by, scale: self.scale * by }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(left: (f32, f32), right: (f32, f32)) -> bool {
        (left.0 - right.0).abs() < 1e-4 && (left.1 - right.1).abs() < 1e-4
    }

    /// The quarter of a unit circle has its controls 0.5523 from its ends.
    #[test]
    fn a_quarter_of_a_circle_bulges_to_the_side_it_is_drawn_on() {
        let Step::Cubic([first, second], to) = arc((0.0, 0.0), (1.0, 1.0), 1.0, true) else {
            panic!("no curve")
        };
        assert!(
            is_near(first, (0.552_285, 0.0)) && is_near(second, (1.0, 0.447_715)),
            "{first:?} {second:?}"
        );
        assert_eq!(to, (1.0, 1.0));
        let Step::Cubic([first, second], _) = arc((0.0, 0.0), (1.0, 1.0), 1.0, false) else {
            panic!("no curve")
        };
        assert!(
            is_near(first, (0.0, 0.552_285)) && is_near(second, (0.447_715, 1.0)),
            "{first:?} {second:?}"
        );
    }

    #[test]
    fn a_closed_outline_begins_anew_where_it_began() {
        let path = Path(vec![
            Segment::Move(1.0, 1.0),
            Segment::Line(2.0, 1.0),
            Segment::Close,
            Segment::Quad { control: (1.0, 4.0), to: (4.0, 4.0) },
        ]);
        let steps: Vec<Step> = steps(&path).collect();
        assert_eq!(steps[3], Step::Cubic([(1.0, 3.0), (2.0, 4.0)], (4.0, 4.0)));
    }
}
