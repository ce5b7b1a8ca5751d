//! PNG and JPEG, read into pixels.
//!
//! The header is judged before room is made for the pixels, and inflating stops at the size the header promised: a small
//! file cannot become a large one.

use std::io::Cursor;

use png::{Limits, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{check_size, wrong};
use crate::Wrong;
use crate::pixels::Pixels;

/// Bytes the PNG reader may take beside the picture itself.
const PNG_WORKING_BYTES_MAX: usize = 80 * 1024 * 1024;
/// A progressive JPEG has about ten; each costs a pass over the whole picture.
const JPEG_SCANS_MAX: usize = 40;

pub(super) fn read_png(bytes: &[u8]) -> Result<Pixels, Wrong> {
    let broken = |error: png::DecodingError| wrong("format", format!("the PNG is damaged: {error}"));
    let mut decoder =
        png::Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: PNG_WORKING_BYTES_MAX });
    // Neither colour profiles nor texts are of use, and both are compressed.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(broken)?;
    let (width, height) = (header.width, header.height);
    check_size(width, height)?;
    let mut reader = decoder.read_info().map_err(broken)?;
    let size = reader.output_buffer_size().ok_or_else(|| wrong("range", "the picture is too large"))?;
    let mut data = vec![0; size];
    let frame = reader.next_frame(&mut data).map_err(broken)?;
    // To the end of the file: one that was cut off is not half a logo.
    reader.finish().map_err(broken)?;
    let channels = frame.color_type.samples();
    let rgba = data[..frame.buffer_size()]
        .chunks_exact(channels)
        .flat_map(|pixel| match *pixel {
            [grey] => [grey, grey, grey, 255],
            [grey, alpha] => [grey, grey, grey, alpha],
            [r, g, b] => [r, g, b, 255],
            [r, g, b, a] => [r, g, b, a],
            _ => [0; 4],
        })
        .collect();
    Ok(Pixels { width: frame.width, height: frame.height, rgba })
}

pub(super) fn read_jpeg(bytes: &[u8]) -> Result<Pixels, Wrong> {
    let broken =
        |error: zune_jpeg::errors::DecodeErrors| wrong("format", format!("the JPEG is damaged: {error}"));
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_use_unsafe(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(JPEG_SCANS_MAX)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().map_err(broken)?;
    let (width, height) = decoder.dimensions().ok_or_else(|| wrong("format", "the JPEG has no size"))?;
    let (width, height) = (width as u32, height as u32);
    check_size(width, height)?;
    // The decoder fills up with grey what is missing at the end.
    if !bytes.windows(2).any(|pair| pair == [0xff, 0xd9]) {
        return Err(wrong("format", "the JPEG is damaged: its end is missing"));
    }
    let rgb = decoder.decode().map_err(broken)?;
    if rgb.len() != width as usize * height as usize * 3 {
        return Err(wrong("unsupported", "the JPEG has colours that are not supported; save it as RGB"));
    }
    let rgba = rgb.as_chunks::<3>().0.iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect();
    let turn = decoder.exif().map_or(1, |exif| orientation(exif));
    Ok(turned(Pixels { width, height, rgba }, turn))
}

/// EXIF 2.32, tag 0x0112 of the first directory: 1–8. Anything odd means 1, as it is.
fn orientation(exif: &[u8]) -> u16 {
    fn read(exif: &[u8]) -> Option<u16> {
        let is_little = match exif.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        let u16_at = |at: usize| {
            let pair = exif.get(at..at.checked_add(2)?)?.try_into().ok()?;
            Some(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
        };
        let four = exif.get(4..8)?.try_into().ok()?;
        let directory = if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize;
        let entries = usize::from(u16_at(directory)?);
        (0..entries)
            .map(|entry| directory.checked_add(2 + entry * 12))
            .find(|at| at.and_then(u16_at) == Some(0x0112))
            .flatten()
            .and_then(|at| u16_at(at + 8))
    }
    read(exif).filter(|turn| (1..=8).contains(turn)).unwrap_or(1)
}

/// 2–4 are mirrored or upside down; 5–8 lie on their side.
fn turned(pixels: Pixels, turn: u16) -> Pixels {
    if turn == 1 {
        return pixels;
    }
    let (old_width, old_height) = (pixels.width, pixels.height);
    let (width, height) = if turn >= 5 { (old_height, old_width) } else { (old_width, old_height) };
    let (right, bottom) = (old_width - 1, old_height - 1);
    let mut rgba = Vec::with_capacity(pixels.rgba.len());
    for y in 0..height {
        for x in 0..width {
            let (from_x, from_y) = match turn {
                2 => (right - x, y),
                3 => (right - x, bottom - y),
                4 => (x, bottom - y),
                5 => (y, x),
                6 => (y, bottom - x),
                7 => (right - y, bottom - x),
                _ => (right - y, x),
            };
            let color = pixels.pixel(from_x, from_y);
            rgba.extend([color.r, color.g, color.b, color.a]);
        }
    }
    Pixels { width, height, rgba }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two pixels wide, three high; each pixel's red says where it was.
    fn sample() -> Pixels {
        Pixels { width: 2, height: 3, rgba: (1..=6).flat_map(|at| [at, 0, 0, 255]).collect() }
    }

    #[test]
    fn a_photograph_is_turned_the_way_its_camera_was_held() {
        let reds = |turn| {
            let pixels = turned(sample(), turn);
            (pixels.width, pixels.rgba.chunks(4).map(|pixel| pixel[0]).collect::<Vec<_>>())
        };
        assert_eq!(reds(1), (2, vec![1, 2, 3, 4, 5, 6]));
        assert_eq!(reds(2), (2, vec![2, 1, 4, 3, 6, 5]));
        assert_eq!(reds(3), (2, vec![6, 5, 4, 3, 2, 1]));
        assert_eq!(reds(4), (2, vec![5, 6, 3, 4, 1, 2]));
        assert_eq!(reds(5), (3, vec![1, 3, 5, 2, 4, 6]));
        assert_eq!(reds(6), (3, vec![5, 3, 1, 6, 4, 2]));
        assert_eq!(reds(7), (3, vec![6, 4, 2, 5, 3, 1]));
        assert_eq!(reds(8), (3, vec![2, 4, 6, 1, 3, 5]));
    }

    #[test]
    fn an_odd_exif_turns_nothing() {
        let exif = |turn: u8| {
            let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0".to_vec();
            exif[19] = turn;
            exif
        };
        assert_eq!(orientation(&exif(6)), 6);
        assert_eq!(orientation(&exif(9)), 1);
        assert_eq!(orientation(&exif(6)[..19]), 1);
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff"), 1);
        assert_eq!(orientation(b""), 1);
    }
}
