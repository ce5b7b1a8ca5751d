//! What a picture over an alignment pattern does to readers that lay their grid along these patterns.
//!
//! zbar is the one that is known. Where it does not find the pattern whole, it takes what is most like it within two modules of the
//! expected place, as long as no more than 6 of the 25 modules differ, and bends its grid after that; what is less like it is left
//! alone, and does no harm. So a picture is harmless unless a part of it looks like the pattern.

use super::grey::Grey;
use super::sight::Grid;

/// Modules of 25 that may differ from a pattern that is taken for one. zbar stops at 6; one more, because its places and its
/// threshold are not ours to a fraction.
const UNLIKE_MODULES_MAX: u32 = 7;
/// Where the likeness is this close, even a bend of a quarter of a module was seen to do harm.
const ALIKE_MODULES_MAX: u32 = 6;
/// How far around the expected place a reader looks.
const SEARCHED_MODULES: f32 = 2.0;
const STEPS_PER_MODULE: f32 = 4.0;
/// A grid that is bent by no more meets every module.
const HARMLESS_MODULES: f32 = 0.25;
/// Levels of brightness by which a pixel has to be darker than what is around it.
const DARKER_BY: u64 = 3;
/// Windows of the local threshold, as shares of the image: it is a power of two, so anything from an eighth to a quarter.
const WINDOWS: [f32; 2] = [1.0 / 8.0, 1.0 / 4.0];

/// Which of the covered patterns (their middles) would lead such a reader astray.
pub(super) fn misleading(image: &Grey, grid: Grid, modules: u32, covered: &[(i32, i32)]) -> u32 {
    if covered.is_empty() {
        return 0;
    }
    let around = Around::of(image);
    let side = (modules as f32 + 8.0) * grid.module;
    let is_misleading = |center: &&(i32, i32)| {
        WINDOWS.iter().any(|share| {
            let (unlike, away) = around.most_alike(grid, **center, (side * share) as i64);
            (unlike <= UNLIKE_MODULES_MAX && away > HARMLESS_MODULES)
                || (unlike <= ALIKE_MODULES_MAX && away >= HARMLESS_MODULES)
        })
    };
    covered.iter().filter(is_misleading).count() as u32
}

/// Sums of brightness from the upper left corner, so that the mean around a pixel is four look-ups.
struct Around<'a> {
    image: &'a Grey,
    sums: Vec<u64>,
}

impl<'a> Around<'a> {
    fn of(image: &'a Grey) -> Self {
        let mut sums = vec![0; (image.width + 1) * (image.height + 1)];
        for y in 0..image.height {
            let mut row = 0;
            for x in 0..image.width {
                row += u64::from(image.luma[y * image.width + x]);
                sums[(y + 1) * (image.width + 1) + x + 1] = sums[y * (image.width + 1) + x + 1] + row;
            }
        }
        Self { image, sums }
    }

    /// Whether a pixel is darker than the mean of a window around it.
    fn is_dark(&self, x: f32, y: f32, window: i64) -> bool {
        let (width, height) = (self.image.width as i64, self.image.height as i64);
        let (x, y) = ((x as i64).clamp(0, width - 1), (y as i64).clamp(0, height - 1));
        let (left, right) = ((x - window / 2).max(0), (x + window / 2).min(width));
        let (top, bottom) = ((y - window / 2).max(0), (y + window / 2).min(height));
        let sum = |x: i64, y: i64| self.sums[(y * (width + 1) + x) as usize];
        let total = sum(right, bottom) + sum(left, top) - sum(right, top) - sum(left, bottom);
        let count = ((right - left) * (bottom - top)) as u64;
        (u64::from(self.image.luma[(y * width + x) as usize]) + DARKER_BY) * count < total
    }

    /// How many of its 25 modules differ from an alignment pattern about this place.
    fn unlike(&self, (x, y): (f32, f32), module: f32, window: i64) -> u32 {
        let mut unlike = 0;
        for row in -2..=2_i32 {
            for column in -2..=2_i32 {
                let is_pattern_dark = row.abs().max(column.abs()) != 1;
                let at = (x + column as f32 * module, y + row as f32 * module);
                unlike += u32::from(self.is_dark(at.0, at.1, window) != is_pattern_dark);
            }
        }
        unlike
    }

    /// The place that is most like an alignment pattern, and how unlike.
    fn most_alike(&self, grid: Grid, center: (i32, i32), window: i64) -> (u32, f32) {
        let middle = |edge: f32, index: i32| edge + (index as f32 + 0.5) * grid.module;
        let (x, y) = (middle(grid.left, center.0), middle(grid.top, center.1));
        let reach = (SEARCHED_MODULES * STEPS_PER_MODULE) as i32;
        let mut best = (u32::MAX, f32::INFINITY);
        for down in -reach..=reach {
            for right in -reach..=reach {
                let (dx, dy) = (right as f32 / STEPS_PER_MODULE, down as f32 / STEPS_PER_MODULE);
                let unlike = self.unlike((x + dx * grid.module, y + dy * grid.module), grid.module, window);
                let away = dx.abs().max(dy.abs());
                if (unlike, away) < best {
                    best = (unlike, away);
                }
            }
        }
        best
    }
}
