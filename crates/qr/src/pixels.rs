//! Pictures as pixels: what decoders give, what encoders take.
//!
//! Everything is done in a fixed order with plain arithmetic, so that the same picture gives the same bytes on every machine.

use crate::scene::Color;

/// sRGB, eight bits a channel, not premultiplied, row after row from the top left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

/// A picture of at most 256 colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Indexed {
    pub width: u32,
    pub height: u32,
    pub palette: Vec<Color>,
    /// One byte a pixel.
    pub indices: Vec<u8>,
}

/// A palette holds no more.
pub(crate) const PALETTE_COLORS_MAX: usize = 256;

impl Pixels {
    pub fn pixel(&self, x: u32, y: u32) -> Color {
        let at = (y as usize * self.width as usize + x as usize) * 4;
        Color { r: self.rgba[at], g: self.rgba[at + 1], b: self.rgba[at + 2], a: self.rgba[at + 3] }
    }

    pub(crate) fn is_opaque(&self) -> bool {
        self.rgba.as_chunks::<4>().0.iter().all(|pixel| pixel[3] == 255)
    }

    /// As seen on white paper: three bytes a pixel.
    pub(crate) fn rgb_on_white(&self) -> Vec<u8> {
        let mut rgb = Vec::with_capacity(self.rgba.len() / 4 * 3);
        for pixel in self.rgba.as_chunks::<4>().0 {
            let over = |channel: u8| mix(channel, 255, pixel[3]);
            rgb.extend([over(pixel[0]), over(pixel[1]), over(pixel[2])]);
        }
        rgb
    }

    /// The same picture with a palette, if 256 colours do.
    pub(crate) fn indexed(&self) -> Option<Indexed> {
        let mut table = ColorTable::default();
        let mut indices = Vec::with_capacity(self.rgba.len() / 4);
        let mut last: Option<([u8; 4], u8)> = None;
        for pixel in self.rgba.as_chunks::<4>().0 {
            let index = match last {
                Some((color, index)) if color == *pixel => index,
                _ => table.index(*pixel)?,
            };
            last = Some((*pixel, index));
            indices.push(index);
        }
        Some(Indexed { width: self.width, height: self.height, palette: table.palette, indices })
    }

    /// Scaled by a triangle filter: smooth when it grows, averaged when it shrinks. Colours are weighed by their alpha, so
    /// that what is transparent leaves no fringe.
    pub(crate) fn resized(&self, width: u32, height: u32) -> Self {
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let mut premultiplied = Vec::with_capacity(self.rgba.len());
        for pixel in self.rgba.as_chunks::<4>().0 {
            let alpha = f32::from(pixel[3]) / 255.0;
            premultiplied.push([
                f32::from(pixel[0]) * alpha,
                f32::from(pixel[1]) * alpha,
                f32::from(pixel[2]) * alpha,
                f32::from(pixel[3]),
            ]);
        }
        let across = Taps::new(self.width, width);
        let (old, new) = (self.width as usize, width as usize);
        let mut rows = Vec::with_capacity(new * self.height as usize);
        for y in 0..self.height as usize {
            rows.extend((0..new).map(|x| across.sum(x, |from| premultiplied[y * old + from])));
        }
        let down = Taps::new(self.height, height);
        let mut rgba = Vec::with_capacity(new * height as usize * 4);
        for y in 0..height as usize {
            for x in 0..new {
                let [r, g, b, a] = down.sum(y, |from| rows[from * new + x]);
                let straight = |channel: f32| if a > 0.0 { (channel * 255.0 / a).round() as u8 } else { 0 };
                rgba.extend([straight(r), straight(g), straight(b), a.round() as u8]);
            }
        }
        Self { width, height, rgba }
    }
}

/// `top` over `bottom`, both opaque channels, `alpha` of the top one.
pub(crate) fn mix(top: u8, bottom: u8, alpha: u8) -> u8 {
    let (top, bottom, alpha) = (u32::from(top), u32::from(bottom), u32::from(alpha));
    ((top * alpha + bottom * (255 - alpha) + 127) / 255) as u8
}

/// Colours in the order of their appearance, found again by hashing.
struct ColorTable {
    palette: Vec<Color>,
    /// Open addressing over four times as many places as colours: `index + 1`, 0 if free.
    places: Vec<u16>,
}

impl Default for ColorTable {
    fn default() -> Self {
        Self { palette: Vec::new(), places: vec![0; 4 * PALETTE_COLORS_MAX] }
    }
}

impl ColorTable {
    fn index(&mut self, [r, g, b, a]: [u8; 4]) -> Option<u8> {
        let color = Color { r, g, b, a };
        // Fibonacci hashing: the high bits of a product with 2^32 / φ.
        let hash = u32::from_le_bytes([r, g, b, a]).wrapping_mul(0x9E37_79B9) >> 22;
        for step in 0..self.places.len() {
            let place = (hash as usize + step) % self.places.len();
            match self.places[place] {
                0 if self.palette.len() == PALETTE_COLORS_MAX => return None,
                0 => {
                    self.palette.push(color);
                    self.places[place] = self.palette.len() as u16;
                    return Some((self.palette.len() - 1) as u8);
                }
                index if self.palette[usize::from(index) - 1] == color => return Some((index - 1) as u8),
                _ => {}
            }
        }
        None
    }
}

/// Which old pixels make a new one, and how much of each, along one axis.
struct Taps {
    first: Vec<usize>,
    weights: Vec<Vec<f32>>,
}

impl Taps {
    fn new(old: u32, new: u32) -> Self {
        let ratio = old as f32 / new as f32;
        let reach = ratio.max(1.0);
        let (mut first, mut weights) = (Vec::new(), Vec::new());
        for at in 0..new {
            let center = (at as f32 + 0.5) * ratio;
            let low = ((center - reach).floor().max(0.0) as u32).min(old - 1);
            let high = ((center + reach).ceil() as u32).clamp(low + 1, old);
            let mut row: Vec<f32> =
                (low..high).map(|from| (1.0 - (from as f32 + 0.5 - center).abs() / reach).max(0.0)).collect();
            let sum: f32 = row.iter().sum();
            row.iter_mut().for_each(|weight| *weight /= sum);
            first.push(low as usize);
            weights.push(row);
        }
        Self { first, weights }
    }

    fn sum(&self, at: usize, pixel: impl Fn(usize) -> [f32; 4]) -> [f32; 4] {
        let mut sum = [0.0; 4];
        for (step, weight) in self.weights[at].iter().enumerate() {
            let pixel = pixel(self.first[at] + step);
            for (total, channel) in sum.iter_mut().zip(pixel) {
                *total += channel * weight;
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_shrinks_is_averaged_without_the_colour_of_what_is_transparent() {
        let pixels = Pixels { width: 2, height: 1, rgba: vec![200, 100, 0, 255, 0, 255, 0, 0] };
        assert_eq!(pixels.resized(1, 1).rgba, [200, 100, 0, 128]);
        assert_eq!(pixels.resized(2, 1), pixels);
    }

    #[test]
    fn the_257th_colour_makes_a_palette_impossible() {
        let rgba = |count: u32| (0..count).flat_map(|at| [at as u8, (at >> 8) as u8, 7, 255]).collect();
        let full = Pixels { width: 256, height: 1, rgba: rgba(256) };
        let indexed = full.indexed().expect("256 colours fit");
        assert_eq!(indexed.palette.len(), 256);
        assert_eq!(indexed.indices, (0..=255).collect::<Vec<u8>>());
        assert_eq!(Pixels { width: 257, height: 1, rgba: rgba(257) }.indexed(), None);
    }
}
