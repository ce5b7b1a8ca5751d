//! A scene as pixels.
//!
//! Where every edge lies between pixels and every colour is plain, rows are filled by counting edges, many pixels at a time,
//! and no colour is ever mixed. All else goes through `tiny-skia`.

use tiny_skia::{
    FillRule, FilterQuality, GradientStop, LinearGradient, Paint as SkiaPaint, PathBuilder, Pixmap,
    PixmapPaint, Point, RadialGradient, Shader, SpreadMode, Transform,
};

use crate::ImageError;
use crate::outline::{Step, steps};
use crate::pixels::{Indexed, Pixels};
use crate::scene::{Color, Content, Gradient, GradientShape, Layer, Paint, Path, Place, Scene, Segment};

/// Pixels of an image that is made of pixels. What is larger is a matter for SVG, PDF or EPS.
pub const RASTER_PIXELS_MAX: u64 = 25_000_000;

/// How far from a whole pixel an edge may be and still count as lying between two.
const EDGE_TOLERANCE_PX: f32 = 1e-3;

/// Whole pixels of the scene at its own size.
pub(crate) fn size_px(scene: &Scene) -> Result<(u32, u32), ImageError> {
    let whole = |side: f32| (side.round() as u32).max(1);
    let (width, height) = (whole(scene.width), whole(scene.height));
    if u64::from(width) * u64::from(height) > RASTER_PIXELS_MAX {
        return Err(ImageError(format!(
            "{width} × {height} pixels are too many for this format: at most {RASTER_PIXELS_MAX} in all. SVG, PDF and EPS have no such limit"
        )));
    }
    Ok((width, height))
}

/// The scene at `factor` times its own size, on transparent ground.
pub(crate) fn draw(scene: &Scene, width: u32, height: u32, factor: f32) -> Result<Pixels, ImageError> {
    let mut pixmap =
        Pixmap::new(width, height).ok_or_else(|| ImageError("the image has no pixels".to_owned()))?;
    for layer in &scene.layers {
        draw_layer(&mut pixmap, layer, factor);
    }
    Ok(Pixels { width, height, rgba: pixmap.take_demultiplied() })
}

fn draw_layer(pixmap: &mut Pixmap, layer: &Layer, factor: f32) {
    let place = layer.place.scaled(factor);
    match &layer.content {
        Content::Fill { path, paint, is_crisp } => {
            let Some(outline) = outline(path) else { return };
            let is_between_pixels = *is_crisp && path.0.iter().all(|segment| is_whole(segment, place));
            let paint =
                SkiaPaint { shader: shader(paint), anti_alias: !is_between_pixels, ..SkiaPaint::default() };
            let transform = Transform::from_row(place.scale, 0.0, 0.0, place.scale, place.x, place.y);
            pixmap.fill_path(&outline, &paint, FillRule::EvenOdd, transform, None);
        }
        Content::Picture { logo, width, height } => {
            // On whole pixels: a logo that is half a pixel off is a blurred logo.
            let (left, top) = (place.x.round(), place.y.round());
            let right = (place.x + width * place.scale).round().max(left + 1.0);
            let bottom = (place.y + height * place.scale).round().max(top + 1.0);
            let picture = logo.pixels((right - left) as u32, (bottom - top) as u32);
            let Some(mut source) = Pixmap::new(picture.width, picture.height) else { return };
            for (at, pixel) in source.pixels_mut().iter_mut().zip(picture.rgba.as_chunks::<4>().0) {
                *at = tiny_skia::ColorU8::from_rgba(pixel[0], pixel[1], pixel[2], pixel[3]).premultiply();
            }
            let paint = PixmapPaint { quality: FilterQuality::Nearest, ..PixmapPaint::default() };
            pixmap.draw_pixmap(left as i32, top as i32, source.as_ref(), &paint, Transform::identity(), None);
        }
    }
}

fn outline(path: &Path) -> Option<tiny_skia::Path> {
    let mut builder = PathBuilder::with_capacity(path.0.len(), path.0.len() * 2);
    for step in steps(path) {
        match step {
            Step::Move((x, y)) => builder.move_to(x, y),
            Step::Line((x, y)) => builder.line_to(x, y),
            Step::Cubic([a, b], to) => builder.cubic_to(a.0, a.1, b.0, b.1, to.0, to.1),
            Step::Close => builder.close(),
        }
    }
    builder.finish()
}

fn shader(paint: &Paint) -> Shader<'static> {
    let skia = |color: Color| tiny_skia::Color::from_rgba8(color.r, color.g, color.b, color.a);
    let gradient = match paint {
        Paint::Solid(color) => return Shader::SolidColor(skia(*color)),
        Paint::Gradient(gradient) => gradient,
    };
    let stops = gradient.stops.iter().map(|stop| GradientStop::new(stop.offset, skia(stop.color))).collect();
    let point = |(x, y)| Point::from_xy(x, y);
    let (mode, none) = (SpreadMode::Pad, Transform::identity());
    let made = match gradient.shape {
        GradientShape::Linear { from, to } => LinearGradient::new(point(from), point(to), stops, mode, none),
        GradientShape::Radial { center, radius } => {
            RadialGradient::new(point(center), 0.0, point(center), radius, stops, mode, none)
        }
    };
    // A gradient without extent is its last colour, as in SVG.
    made.unwrap_or_else(|| Shader::SolidColor(skia(last_color(gradient))))
}

pub(crate) fn last_color(gradient: &Gradient) -> Color {
    gradient.stops.last().map_or(Color::BLACK, |stop| stop.color)
}

fn is_whole(segment: &Segment, place: Place) -> bool {
    let is_between = |at: (f32, f32)| {
        let (x, y) = place.apply(at);
        (x - x.round()).abs() < EDGE_TOLERANCE_PX && (y - y.round()).abs() < EDGE_TOLERANCE_PX
    };
    match *segment {
        Segment::Move(x, y) | Segment::Line(x, y) => is_between((x, y)),
        Segment::Close => true,
        Segment::Arc { .. } | Segment::Quad { .. } | Segment::Cubic { .. } => false,
    }
}

/// The scene at its own size with a palette, if it is nothing but plain rectangles between pixels.
pub(crate) fn crisp(scene: &Scene, width: u32, height: u32) -> Option<Indexed> {
    let mut image = Indexed {
        width,
        height,
        palette: vec![Color { r: 0, g: 0, b: 0, a: 0 }],
        indices: vec![0; width as usize * height as usize],
    };
    for layer in &scene.layers {
        let Content::Fill { path, paint: Paint::Solid(color), is_crisp: true } = &layer.content else {
            return None;
        };
        if color.a == 0 {
            continue;
        }
        let mask = Mask::of(path, layer.place, width as usize, height as usize)?;
        if color.a != 255 || image.palette.len() == crate::pixels::PALETTE_COLORS_MAX {
            return None;
        }
        let known = image.palette.iter().position(|have| have == color);
        let index = known.unwrap_or_else(|| {
            image.palette.push(*color);
            image.palette.len() - 1
        });
        mask.fill(&mut image.indices, index as u8);
    }
    Some(image.trimmed())
}

impl Indexed {
    /// Without the transparent first colour, where nothing shows it.
    fn trimmed(mut self) -> Self {
        if self.palette.len() > 1 && !self.indices.contains(&0) {
            self.palette.remove(0);
            self.indices.iter_mut().for_each(|index| *index -= 1);
        }
        self
    }
}

/// One bit a pixel, 64 pixels a word, the leftmost in the lowest bit.
struct Mask {
    width: usize,
    words_per_row: usize,
    words: Vec<u64>,
}

impl Mask {
    /// The even-odd fill of a path of horizontal and vertical edges between pixels; `None` if there is any other edge.
    fn of(path: &Path, place: Place, width: usize, height: usize) -> Option<Self> {
        let words_per_row = width / 64 + 1;
        let mut mask = Self { width, words_per_row, words: vec![0; words_per_row * height] };
        let (mut from, mut begin) = ((0, 0), (0, 0));
        for segment in &path.0 {
            if !is_whole(segment, place) {
                return None;
            }
            let whole = |at: (f32, f32)| {
                let (x, y) = place.apply(at);
                (x.round() as i64, y.round() as i64)
            };
            match *segment {
                Segment::Move(x, y) => {
                    mask.edge(from, begin)?;
                    begin = whole((x, y));
                    from = begin;
                }
                Segment::Line(x, y) => {
                    mask.edge(from, whole((x, y)))?;
                    from = whole((x, y));
                }
                _ => {
                    mask.edge(from, begin)?;
                    from = begin;
                }
            }
        }
        mask.edge(from, begin)?;
        mask.sum_rows();
        Some(mask)
    }

    /// Turns over the pixel right of a vertical edge, in each of its rows. `None` for a slanted edge.
    fn edge(&mut self, from: (i64, i64), to: (i64, i64)) -> Option<()> {
        if from.0 != to.0 {
            return (from.1 == to.1).then_some(());
        }
        let x = from.0.clamp(0, self.width as i64) as usize;
        let height = (self.words.len() / self.words_per_row) as i64;
        let (top, bottom) = (from.1.min(to.1).clamp(0, height), from.1.max(to.1).clamp(0, height));
        for y in top as usize..bottom as usize {
            self.words[y * self.words_per_row + x / 64] ^= 1 << (x % 64);
        }
        Some(())
    }

    /// From "turned over here" to "inside": each bit becomes the parity of all bits to its left and itself.
    fn sum_rows(&mut self) {
        for row in self.words.chunks_exact_mut(self.words_per_row) {
            let mut carried = 0u64;
            for word in row {
                for shift in [1, 2, 4, 8, 16, 32] {
                    *word ^= *word << shift;
                }
                *word ^= carried;
                // All ones if the row goes on inside.
                carried = 0u64.wrapping_sub(*word >> 63);
            }
        }
    }

    fn fill(&self, indices: &mut [u8], index: u8) {
        for (row, words) in
            indices.chunks_exact_mut(self.width).zip(self.words.chunks_exact(self.words_per_row))
        {
            for (part, word) in row.chunks_mut(64).zip(words) {
                // Run by run: a module is many pixels wide.
                let (mut rest, last) = (*word, part.len());
                while rest != 0 {
                    let begin = rest.trailing_zeros();
                    let end = begin + (rest >> begin).trailing_ones();
                    part[(begin as usize).min(last)..(end as usize).min(last)].fill(index);
                    rest &= u64::MAX.checked_shl(end).unwrap_or(0);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
