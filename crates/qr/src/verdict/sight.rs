//! What can be measured on a code without decoding it: how dark its dark modules are, how light its light ones, what of it is
//! hidden, and how much air it has around it.

use crate::Symbol;
use crate::pixels::Pixels;
use crate::scene::Color;

/// Of a symbol drawn at a whole number of pixels a module.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sight {
    /// Contrast (WCAG 2.2, relative luminance) between the lightest of the dark modules and the darkest of the light ones,
    /// each without the worst twentieth and without what a picture covers. 1–21.
    pub contrast: f32,
    pub is_inverted: bool,
    /// Codewords with at least one module that looks wrong.
    pub lost_codewords: u32,
    pub codewords: u32,
    /// Of the three finder patterns, modules that look wrong.
    pub lost_finder_modules: u32,
    /// Middles of the alignment patterns that look so wrong that a reader may take something else for them.
    pub lost_alignments: Vec<(i32, i32)>,
    pub alignments: u32,
    /// Of the lost ones, those in whose place there is something that looks like one a little way off.
    pub misleading_alignments: u32,
    /// Modules around the symbol in which nothing dark lies; the image's edge ends the count.
    pub quiet_modules: f32,
    /// Whether something was drawn within the first four modules, and not only the edge of the image.
    pub is_crowded: bool,
    /// Share of the light modules through which the ground shows.
    pub transparent_share: f32,
}

/// Where the symbol lies in an image of whole pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub left: f32,
    pub top: f32,
    pub module: f32,
}

impl Grid {
    pub(super) fn center(&self, x: i32, y: i32) -> (i64, i64) {
        let at = |edge: f32, index: i32| (edge + (index as f32 + 0.5) * self.module).floor() as i64;
        (at(self.left, x), at(self.top, y))
    }
}

/// Of the 25 modules of an alignment pattern, those that may look wrong. Readers take what is nearest to the pattern, within some
/// modules of where they expect it (zbar: up to 6 wrong, two modules away), and bend their grid after it.
const ALIGNMENT_MODULES_LOST_MAX: usize = 3;

/// `pixels` are not yet laid on any ground; white is assumed for luminance.
pub(super) fn look(
    pixels: &Pixels,
    grid: Grid,
    symbol: &Symbol,
    is_covered: impl Fn(i32, i32) -> bool,
) -> Sight {
    let modules = symbol.modules() as i32;
    let color_at = |x: i32, y: i32| -> Option<Color> {
        let (x, y) = grid.center(x, y);
        let is_inside =
            (0..i64::from(pixels.width)).contains(&x) && (0..i64::from(pixels.height)).contains(&y);
        is_inside.then(|| pixels.pixel(x as u32, y as u32))
    };
    let luminance_at = |x, y| color_at(x, y).map_or(1.0, luminance);
    let all = || (0..modules).flat_map(|y| (0..modules).map(move |x| (x, y)));
    let (mut dark, mut light) = (Vec::new(), Vec::new());
    let mut transparent = 0;
    // The corners of finder patterns may be round, and are no measure of ink.
    let in_finder = |x: i32, y: i32| x.min(modules - 1 - x) < 8 && y.min(modules - 1 - y) < 8 && x.min(y) < 8;
    for (x, y) in all().filter(|(x, y)| !is_covered(*x, *y) && !in_finder(*x, *y)) {
        match symbol.is_dark(x, y) {
            true => dark.push(luminance_at(x, y)),
            false => {
                light.push(luminance_at(x, y));
                transparent += u32::from(color_at(x, y).is_some_and(|color| color.a < 128));
            }
        }
    }
    dark.sort_by(f32::total_cmp);
    light.sort_by(f32::total_cmp);
    let at = |sorted: &[f32], share: f32| -> f32 {
        sorted.get(((sorted.len().max(1) - 1) as f32 * share).round() as usize).copied().unwrap_or(1.0)
    };
    let is_inverted = at(&dark, 0.5) > at(&light, 0.5);
    let contrast = match is_inverted {
        false => (at(&light, 0.05) + 0.05) / (at(&dark, 0.95) + 0.05),
        true => (at(&dark, 0.05) + 0.05) / (at(&light, 0.95) + 0.05),
    };
    let middle = (at(&dark, 0.5) + at(&light, 0.5)) / 2.0;
    let is_seen_dark = |x: i32, y: i32| (luminance_at(x, y) < middle) != is_inverted;
    let is_lost = |x: i32, y: i32| is_seen_dark(x, y) != symbol.is_dark(x, y);
    let (lost_codewords, codewords) = codewords_lost(modules, &is_lost);
    let (lost_alignments, alignments) = alignments_lost(modules, &is_lost);
    // Readers look along lines through the middle of a finder pattern; its corners may be round.
    let finder = |x: i32, y: i32| {
        let last = modules - 4;
        [(3, 3), (last, 3), (3, last)].iter().any(|(column, row)| {
            let (dx, dy) = ((x - column).abs(), (y - row).abs());
            dx.max(dy) <= 3 && dx.min(dy) <= 1
        })
    };
    let is_dark_at = |x: f32, y: f32| {
        let (x, y) = ((grid.left + x * grid.module).floor(), (grid.top + y * grid.module).floor());
        let is_inside = x >= 0.0 && y >= 0.0 && x < pixels.width as f32 && y < pixels.height as f32;
        is_inside && (luminance(pixels.pixel(x as u32, y as u32)) < middle) != is_inverted
    };
    let crowded = (1..=16)
        .map(|quarters| quarters as f32 / 4.0)
        .find(|away| ring_of(modules as f32, *away).any(|(x, y)| is_dark_at(x, y)));
    let edges = [
        grid.left,
        grid.top,
        pixels.width as f32 - grid.left - modules as f32 * grid.module,
        pixels.height as f32 - grid.top - modules as f32 * grid.module,
    ];
    let edge = edges.into_iter().fold(f32::INFINITY, f32::min) / grid.module;
    Sight {
        contrast: contrast.max(1.0),
        is_inverted,
        lost_codewords,
        codewords,
        lost_alignments,
        alignments,
        misleading_alignments: 0,
        lost_finder_modules: all().filter(|(x, y)| finder(*x, *y) && is_lost(*x, *y)).count() as u32,
        quiet_modules: crowded.map_or(f32::INFINITY, |away| away - 0.25).min(edge).max(0.0),
        is_crowded: crowded.is_some(),
        transparent_share: transparent as f32 / light.len().max(1) as f32,
    }
}

/// WCAG 2.2: linear light of sRGB, weighed as the eye does. Over white where it is transparent.
fn luminance(color: Color) -> f32 {
    let linear = |channel: u8| {
        let value = f32::from(crate::pixels::mix(channel, 255, color.a)) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)
}

/// Places around a symbol, `away` modules from it and half a module apart, in modules from its corner.
fn ring_of(modules: f32, away: f32) -> impl Iterator<Item = (f32, f32)> {
    let (low, high) = (-away, modules + away - 0.01);
    let steps = ((high - low) * 2.0).ceil() as u32;
    (0..=steps).flat_map(move |step| {
        let at = (low + step as f32 / 2.0).min(high);
        [(at, low), (at, high), (low, at), (high, at)]
    })
}

/// Codewords lie in columns two modules wide, from the right, upwards and downwards in turn, around what is not data
/// (ISO/IEC 18004, 7.7.3). Answers those with a lost module, and all.
fn codewords_lost(modules: i32, is_lost: &impl Fn(i32, i32) -> bool) -> (u32, u32) {
    let (mut lost, mut bits, mut is_hit) = (0, 0u32, false);
    let mut right = modules - 1;
    let mut is_upward = true;
    while right > 0 {
        // The vertical timing pattern is no part of any column.
        if right == 6 {
            right -= 1;
        }
        for step in 0..modules {
            let y = if is_upward { modules - 1 - step } else { step };
            for x in [right, right - 1] {
                if is_function(modules, x, y) {
                    continue;
                }
                is_hit |= is_lost(x, y);
                bits += 1;
                if bits.is_multiple_of(8) {
                    lost += u32::from(is_hit);
                    is_hit = false;
                }
            }
        }
        is_upward = !is_upward;
        right -= 2;
    }
    // Up to seven modules are left over; they mean nothing.
    (lost, bits / 8)
}

/// Finder, timing and alignment patterns, format and version: what is the same in every symbol of a size.
fn is_function(modules: i32, x: i32, y: i32) -> bool {
    let version = (modules - 17) / 4;
    let far = modules - 8;
    let in_corner = (y < 9 && (x < 9 || x >= far)) || (x < 9 && y >= far);
    let in_version = version >= 7 && (x >= modules - 11 && y < 6 || y >= modules - 11 && x < 6);
    if in_corner || in_version || x == 6 || y == 6 {
        return true;
    }
    let centers = alignment_centers(version, modules);
    let near = |at: i32| centers.iter().find(|center| (at - **center).abs() <= 2).copied();
    let (Some(column), Some(row)) = (near(x), near(y)) else { return false };
    is_alignment(modules, column, row)
}

/// Where finder patterns are there is none.
fn is_alignment(modules: i32, column: i32, row: i32) -> bool {
    let last = modules - 7;
    !matches!((column, row), (6, 6)) && (column, row) != (6, last) && (column, row) != (last, 6)
}

/// Middles of the alignment patterns of which more than [`ALIGNMENT_MODULES_LOST_MAX`] modules are lost, and how many there are.
fn alignments_lost(modules: i32, is_lost: &impl Fn(i32, i32) -> bool) -> (Vec<(i32, i32)>, u32) {
    let centers = alignment_centers((modules - 17) / 4, modules);
    let pairs = centers.iter().flat_map(|column| centers.iter().map(move |row| (*column, *row)));
    let (mut lost, mut all) = (Vec::new(), 0);
    for (column, row) in pairs.filter(|(column, row)| is_alignment(modules, *column, *row)) {
        let wrong = (0..25).filter(|at| is_lost(column - 2 + at % 5, row - 2 + at / 5)).count();
        if wrong > ALIGNMENT_MODULES_LOST_MAX {
            lost.push((column, row));
        }
        all += 1;
    }
    (lost, all)
}

/// ISO/IEC 18004, annex E: evenly spaced from the far edge, the first at 6.
fn alignment_centers(version: i32, modules: i32) -> Vec<i32> {
    if version == 1 {
        return Vec::new();
    }
    let count = version / 7 + 2;
    let step = if version == 32 { 26 } else { (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2 };
    let mut centers: Vec<i32> = (0..count - 1).map(|at| modules - 7 - at * step).collect();
    centers.push(6);
    centers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codewords of versions 1, 2, 7, 14, 32 and 40 (ISO/IEC 18004, table 1).
    #[test]
    fn every_size_has_as_many_codewords_as_the_standard_says() {
        for (version, codewords) in [(1, 26), (2, 44), (7, 196), (14, 581), (32, 2465), (40, 3706)] {
            let modules = 17 + 4 * version;
            assert_eq!(codewords_lost(modules, &|_, _| false), (0, codewords), "version {version}");
            assert_eq!(codewords_lost(modules, &|_, _| true), (codewords, codewords), "version {version}");
        }
    }

    #[test]
    fn a_lost_module_is_one_lost_codeword() {
        assert_eq!(codewords_lost(21, &|x, y| (x, y) == (20, 20)).0, 1);
        assert_eq!(codewords_lost(21, &|x, y| (x, y) == (0, 0)).0, 0, "a finder pattern is no data");
    }

    /// Alignment patterns of versions 1, 2, 7, 14 and 40 (ISO/IEC 18004, annex E).
    #[test]
    fn every_size_has_as_many_alignment_patterns_as_the_standard_says() {
        let lost = |modules: i32, is_lost: &dyn Fn(i32, i32) -> bool| {
            let (lost, all) = alignments_lost(modules, &is_lost);
            (lost.len(), all)
        };
        for (version, patterns) in [(1, 0), (2, 1), (7, 6), (14, 13), (40, 46)] {
            let modules = 17 + 4 * version;
            assert_eq!(lost(modules, &|_, _| false), (0, patterns), "version {version}");
            assert_eq!(lost(modules, &|_, _| true), (patterns as usize, patterns), "version {version}");
        }
    }

    #[test]
    fn an_alignment_pattern_is_lost_with_its_fourth_module() {
        let upper_left = |count: i32| move |x: i32, y: i32| y == 16 && (16..16 + count).contains(&x);
        assert_eq!(alignments_lost(25, &upper_left(3)), (vec![], 1));
        assert_eq!(alignments_lost(25, &upper_left(4)), (vec![(18, 18)], 1));
    }

    /// Black on white 21; #767676 on white 4.54, the well-known lightest grey that passes 4.5.
    #[test]
    fn luminance_is_that_of_the_accessibility_guidelines() {
        let grey = Color { r: 0x76, g: 0x76, b: 0x76, a: 255 };
        let contrast = |color| (luminance(Color::WHITE) + 0.05) / (luminance(color) + 0.05);
        assert!((contrast(Color::BLACK) - 21.0).abs() < 0.01);
        assert!((contrast(grey) - 4.54).abs() < 0.01, "{}", contrast(grey));
    }
}
