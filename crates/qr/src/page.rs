//! What PDF and EPS have in common: sizes in points, numbers, paths, and gradients as a chain of straight pieces.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::outline::{Step, steps};
use crate::scene::{Color, Gradient, Path, Scene};

/// Points of an inch.
const POINTS_PER_INCH: f32 = 72.0;
/// What a pixel is where nobody said how large a print is to be, as in CSS.
const PIXELS_PER_INCH: f32 = 96.0;
/// Pixels of the longer side of a logo made of shapes, where only pixels can be embedded.
const SHAPES_SIDE_PX: f32 = 1024.0;

/// Points of one pixel of the scene.
pub(crate) fn points_per_px(scene: &Scene) -> f32 {
    POINTS_PER_INCH / scene.dpi.unwrap_or(PIXELS_PER_INCH)
}

/// A number with at most four decimals, and a space after it. PDF and PostScript know no exponents.
pub(crate) fn number(out: &mut Vec<u8>, value: f32) {
    let scaled = (f64::from(value) * 10_000.0).round() as i64;
    let (whole, part) = (scaled.abs() / 10_000, scaled.abs() % 10_000);
    if scaled < 0 {
        out.push(b'-');
    }
    // Writing into memory cannot fail.
    let _ = write!(out, "{whole}");
    if part != 0 {
        let digits = format!("{part:04}");
        let _ = write!(out, ".{}", digits.trim_end_matches('0'));
    }
    out.push(b' ');
}

pub(crate) fn numbers(out: &mut Vec<u8>, values: &[f32]) {
    values.iter().for_each(|value| number(out, *value));
}

/// Red, green and blue, 0–1.
pub(crate) fn color(out: &mut Vec<u8>, color: Color) {
    numbers(out, &[color.r, color.g, color.b].map(|channel| f32::from(channel) / 255.0));
}

/// By the operators of PDF: m, l, c, h.
pub(crate) fn path(out: &mut Vec<u8>, path: &Path) {
    for step in steps(path) {
        let operator = match step {
            Step::Move((x, y)) => {
                numbers(out, &[x, y]);
                "m\n"
            }
            Step::Line((x, y)) => {
                numbers(out, &[x, y]);
                "l\n"
            }
            Step::Cubic([a, b], to) => {
                numbers(out, &[a.0, a.1, b.0, b.1, to.0, to.1]);
                "c\n"
            }
            Step::Close => "h\n",
        };
        out.extend(operator.as_bytes());
    }
}

/// Where a gradient changes from one colour to another, pieces without extent left out.
pub(crate) struct Piece {
    pub to: f32,
    pub colors: [Color; 2],
}

/// The pieces from 0 to 1.
pub(crate) fn pieces(gradient: &Gradient) -> Vec<Piece> {
    let (Some(first), Some(last)) = (gradient.stops.first(), gradient.stops.last()) else {
        return Vec::new();
    };
    let mut pieces = Vec::new();
    let mut from = (0.0, first.color);
    let end = (1.0, last.color);
    for (offset, color) in gradient.stops.iter().map(|stop| (stop.offset, stop.color)).chain([end]) {
        if offset > from.0 {
            pieces.push(Piece { to: offset, colors: [from.1, color] });
        }
        from = (offset, color);
    }
    pieces
}

/// Pixels a picture of that many is embedded with.
pub(crate) fn picture_px(logo: &crate::Logo) -> (u32, u32) {
    let (width, height) = (logo.width_px() as f32, logo.height_px() as f32);
    if logo.kind() != crate::LogoKind::Svg {
        return (logo.width_px(), logo.height_px());
    }
    let factor = SHAPES_SIDE_PX / width.max(height);
    (((width * factor).round() as u32).max(1), ((height * factor).round() as u32).max(1))
}

pub(crate) fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    // Into memory: neither can fail.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{GradientShape, Stop};

    #[test]
    fn numbers_have_four_decimals_and_no_exponent() {
        let mut out = Vec::new();
        numbers(&mut out, &[0.0, -0.5, 16.0, 1.0 / 3.0, 1e-9, 12_345.678, -1e-7]);
        assert_eq!(String::from_utf8(out).expect("ASCII"), "0 -0.5 16 0.3333 0 12345.6777 0 ");
    }

    #[test]
    fn a_gradient_is_padded_to_its_ends_and_a_hard_edge_takes_no_room() {
        let stop = |offset, r| Stop { offset, color: Color { r, ..Color::BLACK } };
        let shape = GradientShape::Linear { from: (0.0, 0.0), to: (1.0, 0.0) };
        let stops = vec![stop(0.25, 1), stop(0.5, 2), stop(0.5, 3), stop(0.75, 4)];
        let pieces = pieces(&Gradient { shape, stops });
        let seen: Vec<_> = pieces.iter().map(|piece| (piece.to, piece.colors.map(|color| color.r))).collect();
        assert_eq!(seen, [(0.25, [1, 1]), (0.5, [1, 2]), (0.75, [3, 4]), (1.0, [4, 4])]);
    }
}
