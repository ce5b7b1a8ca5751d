//! QR images: a text in, an image out. Black on white, error correction M, nothing else for now.
//!
//! SVG draws each run of dark modules as one rectangle of a path; PNG has one bit per pixel and every module the
//! same whole number of pixels, because scanners count them.

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder, QRCode};
use sha2::{Digest, Sha256};

pub(crate) const SIZE_PX_MIN: u32 = 128;
pub(crate) const SIZE_PX_DEFAULT: u32 = 512;
pub(crate) const SIZE_PX_MAX: u32 = 4_096;
/// What ISO/IEC 18004 asks for.
pub(crate) const MARGIN_MODULES_DEFAULT: u32 = 4;
/// With this, the largest code of a short URL still has a pixel per module in the smallest image.
pub(crate) const MARGIN_MODULES_MAX: u32 = 16;

/// Why there is no image.
#[derive(Debug, thiserror::Error)]
pub(crate) enum QrError {
    #[error("the text does not fit into a QR code")]
    TooLong,
    #[error("an image of {size_px} pixels is too small for {modules} modules")]
    TooSmall { size_px: u32, modules: u32 },
    #[error("PNG: {0}")]
    Png(#[from] png::EncodingError),
}

/// A square image of `size_px` with `margin` modules of quiet zone.
pub(crate) fn svg(text: &str, size_px: u32, margin: u32) -> Result<String, QrError> {
    let symbol = Symbol::of(text)?;
    let side = symbol.modules + 2 * margin;
    let mut path = String::new();
    for y in 0..symbol.modules {
        let mut x = 0;
        while x < symbol.modules {
            let run = (x..symbol.modules).take_while(|x| symbol.is_dark(*x, y)).count() as u32;
            if run > 0 {
                // Writing into a string cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + margin, y + margin);
            }
            x += run.max(1);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size_px}\" height=\"{size_px}\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/>\
         <path d=\"{path}\"/></svg>\n"
    ))
}

/// A square image of `size_px`. What is left over after whole pixels per module widens the quiet zone.
pub(crate) fn png(text: &str, size_px: u32, margin: u32) -> Result<Vec<u8>, QrError> {
    let symbol = Symbol::of(text)?;
    let modules = symbol.modules + 2 * margin;
    let module_px = size_px / modules;
    if module_px == 0 {
        return Err(QrError::TooSmall { size_px, modules });
    }
    let edge_px = (size_px - symbol.modules * module_px) / 2;
    let row_bytes = size_px.div_ceil(8) as usize;
    let mut pixels = Vec::with_capacity(row_bytes * size_px as usize);
    for y_px in 0..size_px {
        let mut row = vec![0xff_u8; row_bytes];
        if let Some(y) = module_at(y_px, edge_px, module_px, symbol.modules) {
            for x_px in 0..size_px {
                if module_at(x_px, edge_px, module_px, symbol.modules).is_some_and(|x| symbol.is_dark(x, y)) {
                    row[(x_px / 8) as usize] &= !(0x80 >> (x_px % 8));
                }
            }
        }
        pixels.extend_from_slice(&row);
    }
    let mut image = Vec::new();
    let mut encoder = png::Encoder::new(&mut image, size_px, size_px);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(image)
}

/// A strong validator of an image, quoted.
pub(crate) fn etag(image: &[u8]) -> String {
    let digest = Sha256::digest(image);
    let mut tag = String::from("\"");
    for byte in &digest[..12] {
        // Writing into a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

fn module_at(px: u32, edge_px: u32, module_px: u32, modules: u32) -> Option<u32> {
    let module = px.checked_sub(edge_px)? / module_px;
    (module < modules).then_some(module)
}

struct Symbol {
    code: Box<QRCode>,
    modules: u32,
}

impl Symbol {
    fn of(text: &str) -> Result<Self, QrError> {
        let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| QrError::TooLong)?;
        Ok(Self { modules: u32::try_from(code.size).unwrap_or_default(), code: Box::new(code) })
    }

    fn is_dark(&self, x: u32, y: u32) -> bool {
        self.code[y as usize][x as usize].value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://go.example.com/demo";

    /// The modules of an image, quiet zone included.
    fn read_png(image: &[u8], modules: usize) -> Vec<Vec<bool>> {
        let mut reader = png::Decoder::new(std::io::Cursor::new(image)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((frame.bit_depth, frame.color_type), (png::BitDepth::One, png::ColorType::Grayscale));
        let module_px = frame.width as usize / modules;
        let dark = |x: usize, y: usize| pixels[y * frame.line_size + x / 8] & (0x80 >> (x % 8)) == 0;
        let middle = |at: usize| at * module_px + module_px / 2;
        (0..modules).map(|y| (0..modules).map(|x| dark(middle(x), middle(y))).collect()).collect()
    }

    #[test]
    fn a_png_shows_the_symbol_inside_its_quiet_zone() {
        // 27 bytes at level M are version 3: 29 modules, with the quiet zone 37, here of 10 pixels each.
        let shown = read_png(&png(URL, 370, 4).unwrap(), 37);
        let symbol = Symbol::of(URL).unwrap();
        assert_eq!(symbol.modules, 29);
        for (y, row) in shown.iter().enumerate() {
            for (x, is_dark) in row.iter().enumerate() {
                let inside = (4..33).contains(&x) && (4..33).contains(&y);
                assert_eq!(*is_dark, inside && symbol.is_dark(x as u32 - 4, y as u32 - 4), "{x} {y}");
            }
        }
        // The corner of a finder pattern: seven dark, then one light.
        assert_eq!(shown[4][4..12], [true, true, true, true, true, true, true, false]);
    }

    #[test]
    fn an_svg_draws_as_many_modules_as_there_are() {
        let svg = svg(URL, 512, 4).unwrap();
        assert!(svg.contains("width=\"512\" height=\"512\" viewBox=\"0 0 37 37\""), "{svg}");
        let path = svg.split("<path d=\"").nth(1).unwrap();
        let drawn: u32 = path
            .split('h')
            .skip(1)
            .step_by(2)
            .map(|run| run.split('v').next().unwrap().parse::<u32>().unwrap())
            .sum();
        let symbol = Symbol::of(URL).unwrap();
        let dark = (0..29)
            .flat_map(|y| (0..29).map(move |x| (x, y)))
            .filter(|(x, y)| symbol.is_dark(*x, *y))
            .count();
        assert_eq!(drawn, dark as u32);
    }

    #[test]
    fn the_smallest_image_holds_the_longest_short_url() {
        let longest = format!("https://{}/{}", "d".repeat(253), "a".repeat(190));
        let image = png(&longest, SIZE_PX_MIN, MARGIN_MODULES_MAX);
        assert!(image.is_ok(), "{image:?}");
    }

    #[test]
    fn the_etag_follows_the_bytes() {
        assert_eq!(etag(b"a"), etag(b"a"));
        assert_ne!(etag(b"a"), etag(b"b"));
        assert_eq!(etag(b"a").len(), 26);
    }
}
