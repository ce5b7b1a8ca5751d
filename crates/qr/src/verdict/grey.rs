//! A code as a camera sees it: grey pixels, and what may happen to them on the way from paper to phone.
//!
//! All of it is arithmetic with fixed parameters; dirt and noise fall on the same spots every time.

use crate::pixels::Pixels;

/// Brightness, row after row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grey {
    pub width: usize,
    pub height: usize,
    pub luma: Vec<u8>,
}

impl Grey {
    /// As seen on a ground of this brightness (ITU-R BT.601 luma, as cameras' processing gives).
    pub(super) fn of(pixels: &Pixels, ground: u8) -> Self {
        let luma = pixels.rgba.as_chunks::<4>().0.iter().map(|[r, g, b, a]| {
            let own = (u32::from(*r) * 299 + u32::from(*g) * 587 + u32::from(*b) * 114 + 500) / 1000;
            crate::pixels::mix(own as u8, ground, *a)
        });
        Self { width: pixels.width as usize, height: pixels.height as usize, luma: luma.collect() }
    }

    fn map(&self, change: impl Fn(usize, usize, u8) -> f32) -> Self {
        let mut luma = Vec::with_capacity(self.luma.len());
        for (y, row) in self.luma.chunks_exact(self.width).enumerate() {
            luma.extend(row.iter().enumerate().map(|(x, luma)| nearest(change(x, y, *luma))));
        }
        Self { luma, ..*self }
    }

    pub(super) fn inverted(&self) -> Self {
        self.map(|_, _, luma| 255.0 - f32::from(luma))
    }

    /// Laid in the middle of a larger ground.
    pub(super) fn padded(&self, border: usize, ground: u8) -> Self {
        let (width, height) = (self.width + 2 * border, self.height + 2 * border);
        let mut luma = vec![ground; width * height];
        for (y, row) in self.luma.chunks_exact(self.width).enumerate() {
            luma[(y + border) * width + border..][..self.width].copy_from_slice(row);
        }
        Self { width, height, luma }
    }

    /// Colours faded towards a grey, as by an old print behind glass.
    pub(super) fn washed(&self, share_kept: f32) -> Self {
        self.map(|_, _, luma| 150.0 + (f32::from(luma) - 150.0) * share_kept)
    }

    /// Bright at the top left, `darkest` of it at the bottom right.
    pub(super) fn lit_from_a_corner(&self, darkest: f32) -> Self {
        let span = (self.width + self.height) as f32;
        self.map(|x, y, luma| f32::from(luma) * (1.0 - (1.0 - darkest) * (x + y) as f32 / span))
    }

    /// Grain of a small sensor in the dark: up to `most` brighter or darker, by a fixed sequence.
    pub(super) fn noisy(&self, most: f32) -> Self {
        self.map(|x, y, luma| f32::from(luma) + (scatter(x, y) * 2.0 - 1.0) * most)
    }

    /// Spots of both kinds, each about one module in size, on `share` of all modules.
    pub(super) fn dirty(&self, module_px: f32, share: f32) -> Self {
        self.map(|x, y, luma| {
            let (column, row) = ((x as f32 / module_px) as usize, (y as f32 / module_px) as usize);
            let chance = scatter(column + 1000, row + 7000);
            if chance >= share {
                return f32::from(luma);
            }
            // Round, not as wide as the cell, dark or light.
            let aside = |at: usize, cell: usize| (at as f32 + 0.5) / module_px - cell as f32 - 0.5;
            let (dx, dy) = (aside(x, column), aside(y, row));
            let is_inside = dx * dx + dy * dy < 0.2;
            match is_inside {
                true if chance < share / 2.0 => 40.0,
                true => 215.0,
                false => f32::from(luma),
            }
        })
    }

    /// A Gaussian of this standard deviation, first along rows, then along columns.
    pub(super) fn blurred(&self, sigma_px: f32) -> Self {
        let reach = (sigma_px * 2.5).ceil() as isize;
        let bell = |at: isize| (-((at * at) as f32) / (2.0 * sigma_px * sigma_px)).exp();
        let sum: f32 = (-reach..=reach).map(bell).sum();
        let weights: Vec<f32> = (-reach..=reach).map(|at| bell(at) / sum).collect();
        // Pixel after pixel of a line at once, one weight after the other: that is many at a time.
        let add = |line: &mut [f32], source: &[f32], weight: f32| {
            line.iter_mut().zip(source).for_each(|(to, from)| *to += from * weight);
        };
        let inside = |at: isize, length: usize| at.clamp(0, length as isize - 1) as usize;
        let mut rows = vec![0.0; self.luma.len()];
        for (row, source) in rows.chunks_exact_mut(self.width).zip(self.luma.chunks_exact(self.width)) {
            let beyond = |at: isize| f32::from(source[inside(at, self.width)]);
            let wide: Vec<f32> = (-reach..self.width as isize + reach).map(beyond).collect();
            weights.iter().enumerate().for_each(|(at, weight)| add(row, &wide[at..], *weight));
        }
        let mut luma = Vec::with_capacity(self.luma.len());
        for y in 0..self.height as isize {
            let mut line = vec![0.0; self.width];
            for (weight, offset) in weights.iter().zip(-reach..=reach) {
                add(&mut line, &rows[inside(y + offset, self.height) * self.width..], *weight);
            }
            luma.extend(line.into_iter().map(nearest));
        }
        Self { luma, ..*self }
    }

    /// A new picture whose pixels are looked up in this one, between pixels too; outside lies `ground`.
    pub(super) fn warped(
        &self,
        width: usize,
        height: usize,
        ground: u8,
        from: impl Fn(f32, f32) -> (f32, f32),
    ) -> Self {
        // Two pixels of ground on every side: farther out it looks the same.
        let sheet = self.padded(2, ground);
        let inside = |at: f32, length: usize| (at + 1.5).clamp(1.0, length as f32 + 2.0);
        let mut luma = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let (x, y) = from(x as f32 + 0.5, y as f32 + 0.5);
                let (x, y) = (inside(x, self.width), inside(y, self.height));
                let (left, top) = (x as usize, y as usize);
                let (dx, dy) = (x - left as f32, y - top as f32);
                let pixels = &sheet.luma[top * sheet.width + left..];
                let at = |index: usize| f32::from(pixels[index]);
                let above = at(0) * (1.0 - dx) + at(1) * dx;
                let below = at(sheet.width) * (1.0 - dx) + at(sheet.width + 1) * dx;
                luma.push(nearest(above * (1.0 - dy) + below * dy));
            }
        }
        Self { width, height, luma }
    }

    /// Smaller by `factor` (0.4–1), not on whole pixels.
    pub(super) fn shrunk(&self, factor: f32, ground: u8) -> Self {
        let side = |length: usize| ((length as f32 * factor).ceil() as usize).max(1);
        // A quarter of a pixel aside: a camera never meets the edges of modules.
        self.warped(side(self.width), side(self.height), ground, |x, y| {
            ((x + 0.25) / factor, (y + 0.25) / factor)
        })
    }

    /// Turned about its middle, on a sheet that has room for it.
    pub(super) fn turned(&self, degrees: f32, ground: u8) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (width, height) = (self.width as f32, self.height as f32);
        // A sine is off by a millionth, and that is no pixel.
        let new_width = (width * cos.abs() + height * sin.abs() - 1e-3).ceil();
        let new_height = (width * sin.abs() + height * cos.abs() - 1e-3).ceil();
        self.warped(new_width as usize, new_height as usize, ground, |x, y| {
            let (x, y) = (x - new_width / 2.0, y - new_height / 2.0);
            (x * cos + y * sin + width / 2.0, y * cos - x * sin + height / 2.0)
        })
    }

    /// Looked at from below: the upper edge is `far` times as long as the lower one.
    pub(super) fn tilted(&self, far: f32, ground: u8) -> Self {
        let (width, height) = (self.width as f32, self.height as f32);
        // Lower as well: what lies aslant is foreshortened.
        let new_height = height * (1.0 + far) / 2.0;
        self.warped(self.width, new_height.ceil() as usize, ground, |x, y| {
            // Depth runs from 1 at the lower edge to 1/far at the upper one, its inverse linearly along the picture.
            let nearness = far + (1.0 - far) * y / new_height;
            let x = (x - width / 2.0) / nearness + width / 2.0;
            let down = (1.0 / far - 1.0 / nearness) / (1.0 / far - 1.0);
            (x, down * height)
        })
    }
}

/// The nearest level. Not `round`: on most processors that is a call, and here it is asked of every pixel.
fn nearest(level: f32) -> u8 {
    // A number too large or too small for its type becomes the largest or the smallest.
    (level + 0.5) as u8
}

/// 0–1, the same for the same place, without a pattern: two rounds of multiplying and mixing (after xxHash).
fn scatter(x: usize, y: usize) -> f32 {
    let mut hash = (x as u32).wrapping_mul(0x85EB_CA77) ^ (y as u32).wrapping_mul(0xC2B2_AE3D);
    hash = (hash ^ hash >> 15).wrapping_mul(0x2C1B_3C6D);
    hash = (hash ^ hash >> 12).wrapping_mul(0x297A_2D39);
    (hash ^ hash >> 15) as f32 / u32::MAX as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps() -> Grey {
        Grey { width: 4, height: 2, luma: vec![0, 0, 255, 255, 0, 0, 255, 255] }
    }

    #[test]
    fn what_is_transparent_takes_the_colour_of_its_ground() {
        let pixels = Pixels { width: 2, height: 1, rgba: vec![0, 0, 0, 255, 0, 0, 0, 0] };
        assert_eq!(Grey::of(&pixels, 255).luma, [0, 255]);
        assert_eq!(Grey::of(&pixels, 60).luma, [0, 60]);
    }

    #[test]
    fn half_the_size_is_the_mean_of_what_was_there_and_no_turn_is_no_change() {
        let image = steps();
        assert_eq!(image.warped(2, 1, 255, |x, y| (x * 2.0, y * 2.0)).luma, [0, 255]);
        assert_eq!(image.turned(0.0, 255), image);
        assert_eq!(image.turned(90.0, 9).width, 2);
    }

    #[test]
    fn a_blur_keeps_what_is_even_and_spreads_an_edge() {
        let even = Grey { width: 9, height: 9, luma: vec![77; 81] };
        assert_eq!(even.blurred(1.5), even);
        let luma = steps().blurred(1.0).luma;
        assert!(luma[1] > 40 && luma[2] < 215 && luma[1] + luma[2] == 255, "{luma:?}");
    }

    #[test]
    fn noise_and_dirt_fall_on_the_same_spots_every_time_and_are_as_much_as_asked() {
        let even = Grey { width: 400, height: 400, luma: vec![128; 160_000] };
        assert_eq!(even.noisy(30.0), even.noisy(30.0));
        let mean = even.noisy(30.0).luma.iter().map(|luma| f64::from(*luma)).sum::<f64>() / 160_000.0;
        assert!((mean - 128.0).abs() < 0.5, "{mean}");
        let spots = even.dirty(4.0, 0.1).luma.iter().filter(|luma| **luma != 128).count();
        // A tenth of the cells, and of a cell of 4 × 4 the twelve pixels inside the circle.
        assert!((10_000..14_000).contains(&spots), "{spots}");
    }
}
