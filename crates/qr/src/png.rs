//! PNG (ISO/IEC 15948): a palette of as few bits as the colours need, else RGB or RGBA.
//!
//! Rows of a code repeat, so every row is written as its difference to the one above: mostly zeros. No text, no time stamp.

use png::{BitDepth, ColorType, Compression, Encoder, Filter, PixelDimensions, Unit};

use crate::ImageError;
use crate::pixels::{Indexed, Pixels};

/// `dpi` is written as `pHYs`, for printers.
pub(crate) fn write(pixels: &Pixels, dpi: Option<f32>) -> Result<Vec<u8>, ImageError> {
    if let Some(indexed) = pixels.indexed() {
        return write_indexed(&indexed, dpi);
    }
    let encoded = match pixels.is_opaque() {
        true => encode(pixels.width, pixels.height, dpi, &pixels.rgb_on_white(), |encoder| {
            encoder.set_color(ColorType::Rgb);
            encoder.set_filter(Filter::Adaptive);
        }),
        false => encode(pixels.width, pixels.height, dpi, &pixels.rgba, |encoder| {
            encoder.set_color(ColorType::Rgba);
            encoder.set_filter(Filter::Adaptive);
        }),
    };
    encoded.map_err(|error| ImageError(error.to_string()))
}

pub(crate) fn write_indexed(indexed: &Indexed, dpi: Option<f32>) -> Result<Vec<u8>, ImageError> {
    let colors: Vec<u8> = indexed.palette.iter().flat_map(|color| [color.r, color.g, color.b]).collect();
    let mut alphas: Vec<u8> = indexed.palette.iter().map(|color| color.a).collect();
    // What is missing at the end is opaque.
    alphas.truncate(alphas.iter().rposition(|alpha| *alpha != 255).map_or(0, |last| last + 1));
    let (depth, bits) = match indexed.palette.len() {
        0..=2 => (BitDepth::One, 1),
        3..=4 => (BitDepth::Two, 2),
        5..=16 => (BitDepth::Four, 4),
        _ => (BitDepth::Eight, 8),
    };
    let packed = pack(indexed, bits);
    let encoded = encode(indexed.width, indexed.height, dpi, &packed, |encoder| {
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(depth);
        encoder.set_palette(colors);
        if !alphas.is_empty() {
            encoder.set_trns(alphas);
        }
        encoder.set_filter(Filter::Up);
    });
    encoded.map_err(|error| ImageError(error.to_string()))
}

fn encode<'a>(
    width: u32,
    height: u32,
    dpi: Option<f32>,
    data: &[u8],
    describe: impl FnOnce(&mut Encoder<'a, &mut Vec<u8>>),
) -> Result<Vec<u8>, png::EncodingError> {
    let mut out = Vec::with_capacity(data.len() / 8 + 256);
    let mut encoder = Encoder::new(&mut out, width, height);
    encoder.set_compression(Compression::Balanced);
    encoder.set_pixel_dims(dpi.map(|dpi| {
        let per_meter = (dpi / 0.0254).round() as u32;
        PixelDimensions { xppu: per_meter, yppu: per_meter, unit: Unit::Meter }
    }));
    describe(&mut encoder);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(data)?;
    writer.finish()?;
    Ok(out)
}

/// Several pixels into a byte, the leftmost into the highest bits; every row begins with a byte of its own.
fn pack(indexed: &Indexed, bits: usize) -> Vec<u8> {
    if bits == 8 {
        return indexed.indices.clone();
    }
    let per_byte = 8 / bits;
    let width = indexed.width as usize;
    let bytes_per_row = width.div_ceil(per_byte);
    let mut packed = Vec::with_capacity(bytes_per_row * indexed.height as usize);
    let mut above: &[u8] = &[];
    for row in indexed.indices.chunks_exact(width) {
        // A module is many pixels high: most rows are the row above.
        if row == above {
            packed.extend_from_within(packed.len() - bytes_per_row..);
            continue;
        }
        above = row;
        for part in row.chunks(per_byte) {
            let byte = part.iter().fold(0u8, |byte, index| byte << bits | index);
            packed.push(byte << (bits * (per_byte - part.len())));
        }
    }
    packed
}
