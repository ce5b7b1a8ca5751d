//! Outlines by their area, their number and their corners.

use super::*;

fn mask(rows: &[&str]) -> Mask {
    let mut mask = Mask::new(rows.len());
    for (y, row) in rows.iter().enumerate() {
        for (x, cell) in row.bytes().enumerate() {
            mask.set(x, y, cell == b'#');
        }
    }
    mask
}

fn traced(rows: &[&str], dots: DotType) -> Path {
    let mut path = Path::default();
    trace(&mask(rows), dots, (0.0, 0.0), &mut path);
    path
}

/// By the shoelace formula; arcs add their segment of a circle. Clockwise on the screen counts positive, so holes count negative.
fn area(path: &Path) -> f32 {
    let (mut sum, mut pen, mut start) = (0.0, (0.0, 0.0), (0.0, 0.0));
    for segment in &path.0 {
        let to = match *segment {
            Segment::Move(x, y) => {
                (pen, start) = ((x, y), (x, y));
                continue;
            }
            Segment::Line(x, y) => (x, y),
            Segment::Arc { radius, to, .. } => {
                // A quarter circle's segment.
                sum += 2.0 * radius * radius * (std::f32::consts::FRAC_PI_4 - 0.5);
                to
            }
            _ => start,
        };
        sum += pen.0 * to.1 - to.0 * pen.1;
        pen = to;
    }
    sum / 2.0
}

fn symbol(text: &str) -> crate::Symbol {
    crate::Symbol::encode(text, &crate::SymbolOptions::default()).expect("fits")
}

fn outlines(path: &Path) -> usize {
    path.0.iter().filter(|segment| matches!(segment, Segment::Close)).count()
}

#[test]
fn a_ring_is_two_outlines_and_a_diagonal_two_shapes() {
    let ring = traced(&["###", "# #", "###"], DotType::Square);
    assert_eq!((outlines(&ring), area(&ring)), (2, 8.0));
    let diagonal = traced(&["# ", " #"], DotType::Square);
    assert_eq!((outlines(&diagonal), area(&diagonal)), (2, 2.0));
    let other = traced(&[" #", "# "], DotType::Square);
    assert_eq!((outlines(&other), area(&other)), (2, 2.0));
    // A hole that touches the outside at a corner.
    let open = traced(&["## ", "# #", "###"], DotType::Square);
    assert_eq!((outlines(&open), area(&open)), (1, 7.0));
}

#[test]
fn a_square_module_is_four_lines_from_its_corner() {
    let path = traced(&["#"], DotType::Square);
    let wanted = vec![
        Segment::Move(0.0, 0.0),
        Segment::Line(1.0, 0.0),
        Segment::Line(1.0, 1.0),
        Segment::Line(0.0, 1.0),
        Segment::Close,
    ];
    assert_eq!(path.0, wanted);
}

#[test]
fn the_outlines_of_every_version_enclose_exactly_the_dark_modules() {
    for length in [5, 60, 300, 900, 1600] {
        let symbol = symbol(&"x".repeat(length));
        let side = symbol.modules() as usize;
        let mut mask = Mask::new(side);
        for y in 0..side {
            for x in 0..side {
                mask.set(x, y, symbol.is_dark(x as i32, y as i32));
            }
        }
        let mut path = Path::default();
        trace(&mask, DotType::Square, (0.0, 0.0), &mut path);
        assert_eq!(area(&path), mask.count() as f32, "{side}");
    }
}

/// What each rounding takes away from a module's corner: r² (1 − π/4).
fn cut(radius: f32) -> f32 {
    radius * radius * (1.0 - std::f32::consts::FRAC_PI_4)
}

#[test]
fn each_kind_rounds_the_corners_that_are_its_own() {
    let close =
        |path: Path, wanted: f32| assert!((area(&path) - wanted).abs() < 1e-4, "{} {wanted}", area(&path));
    // Alone: a circle; two opposite corners.
    for kind in [DotType::Rounded, DotType::ExtraRounded, DotType::Dots] {
        close(traced(&["#"], kind), 1.0 - 4.0 * cut(0.5));
    }
    for kind in [DotType::Classy, DotType::ClassyRounded] {
        close(traced(&["#"], kind), 1.0 - 2.0 * cut(0.5));
    }
    // A line of three: round ends.
    let line = ["###", "   ", "   "];
    close(traced(&line, DotType::Rounded), 3.0 - 4.0 * cut(0.5));
    close(traced(&line, DotType::ExtraRounded), 3.0 - 4.0 * cut(0.5));
    close(traced(&line, DotType::Classy), 3.0 - 2.0 * cut(0.5));
    close(traced(&line, DotType::ClassyRounded), 3.0 - 2.0 * cut(1.0));
    // A bend: two ends, and the outside of the bend.
    let bend = ["##", "# "];
    close(traced(&bend, DotType::Rounded), 3.0 - 5.0 * cut(0.5));
    close(traced(&bend, DotType::ExtraRounded), 3.0 - 4.0 * cut(0.5) - cut(1.0));
    close(traced(&bend, DotType::Classy), 3.0 - 3.0 * cut(0.5));
    // The bend itself is wide; the ends have their lower right corner rounded.
    close(traced(&bend, DotType::ClassyRounded), 3.0 - 3.0 * cut(1.0));
    // A block has four corners, however it is rounded.
    let block = ["###", "###", "###"];
    close(traced(&block, DotType::Rounded), 9.0 - 4.0 * cut(0.5));
    close(traced(&block, DotType::ExtraRounded), 9.0 - 4.0 * cut(1.0));
}

#[test]
fn every_outline_ends_where_it_began_and_arcs_are_quarters() {
    let symbol = symbol("https://tessera.example/gallery");
    let side = symbol.modules() as usize;
    let mut mask = Mask::new(side);
    for y in 0..side {
        for x in 0..side {
            mask.set(x, y, symbol.is_dark(x as i32, y as i32));
        }
    }
    for kind in DotType::ALL {
        let mut path = Path::default();
        trace(&mask, *kind, (0.0, 0.0), &mut path);
        let mut pen = (0.0, 0.0);
        for segment in &path.0 {
            match *segment {
                Segment::Move(x, y) => pen = (x, y),
                Segment::Line(x, y) => {
                    assert!((x == pen.0) != (y == pen.1), "{kind:?}: lines are upright");
                    pen = (x, y);
                }
                Segment::Arc { radius, to, .. } => {
                    let distance = (to.0 - pen.0).hypot(to.1 - pen.1);
                    assert!((distance - radius * std::f32::consts::SQRT_2).abs() < 1e-4, "{kind:?}");
                    pen = to;
                }
                _ => {}
            }
            assert!((0.0..=side as f32).contains(&pen.0) && (0.0..=side as f32).contains(&pen.1), "{kind:?}");
        }
    }
}
