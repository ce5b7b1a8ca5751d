//! A scene as a file, whatever its format.

use crate::scene::Scene;
use crate::{Format, ImageError, eps, jpeg, pdf, png, raster, svg};

/// The longest side WebP has room for.
const WEBP_SIDE_PX_MAX: u32 = 16_383;

/// # Errors
/// An image of pixels that would have too many of them.
pub(crate) fn write(scene: &Scene, format: Format) -> Result<Vec<u8>, ImageError> {
    match format {
        Format::Svg => Ok(svg::write(scene).into_bytes()),
        Format::Pdf => Ok(pdf::write(scene)),
        Format::Eps => Ok(eps::write(scene)),
        Format::Png => {
            let (width, height) = raster::size_px(scene)?;
            match raster::crisp(scene, width, height) {
                Some(indexed) => png::write_indexed(&indexed, scene.dpi),
                None => png::write(&raster::draw(scene, width, height, 1.0)?, scene.dpi),
            }
        }
        Format::Jpeg => {
            let (width, height) = raster::size_px(scene)?;
            let pixels = raster::draw(scene, width, height, 1.0)?;
            Ok(jpeg::write(width, height, &pixels.rgb_on_white(), scene.dpi))
        }
        Format::Webp => webp(scene),
    }
}

/// Lossless: VP8L in a RIFF container, without metadata (RFC 9649).
fn webp(scene: &Scene) -> Result<Vec<u8>, ImageError> {
    let (width, height) = raster::size_px(scene)?;
    if width.max(height) > WEBP_SIDE_PX_MAX {
        return Err(ImageError(format!("WebP has at most {WEBP_SIDE_PX_MAX} pixels on a side")));
    }
    let pixels = raster::draw(scene, width, height, 1.0)?;
    let (data, color) = match pixels.is_opaque() {
        true => (pixels.rgb_on_white(), image_webp::ColorType::Rgb8),
        false => (pixels.rgba, image_webp::ColorType::Rgba8),
    };
    let mut out = Vec::new();
    image_webp::WebPEncoder::new(&mut out)
        .encode(&data, width, height, color)
        .map_err(|error| ImageError(error.to_string()))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::everything;

    #[test]
    fn every_format_begins_as_its_kind_and_gives_the_same_bytes_twice() {
        let scene = everything();
        let begins: [(Format, &[u8]); 5] = [
            (Format::Png, b"\x89PNG\r\n\x1a\n"),
            (Format::Jpeg, b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\x01\x01\x2c\x01\x2c"),
            (Format::Pdf, b"%PDF-1.4\n"),
            (Format::Eps, b"%!PS-Adobe-3.0 EPSF-3.0\n"),
            (Format::Webp, b"RIFF"),
        ];
        for (format, begin) in begins {
            let image = write(&scene, format).expect("written");
            assert!(image.starts_with(begin), "{format:?}");
            assert_eq!(image, write(&scene, format).expect("written"));
        }
    }

    #[test]
    fn a_plain_code_is_a_png_of_one_bit_a_pixel_with_its_resolution() {
        let style = crate::Style { width: Some(592.0), ..crate::Style::default() };
        let code = crate::Code::build("https://example.com/a/long/path", &style, None).expect("a code");
        let mut scene = code.scene().clone();
        scene.dpi = Some(300.0);
        let png = write(&scene, Format::Png).expect("written");
        let (width, depth, color) = (&png[16..20], png[24], png[25]);
        assert_eq!((width, depth, color), ([0, 0, 2, 0x50].as_slice(), 1, 3));
        // 300 dpi are 11,811 pixels a metre.
        let at = png.windows(4).position(|part| part == b"pHYs").expect("a resolution");
        assert_eq!(png[at + 4..at + 13], [0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1]);
        assert!(png.len() < 1500, "{} bytes", png.len());
    }

    #[test]
    fn what_is_written_without_loss_reads_the_same_and_a_jpeg_nearly() {
        let scene = everything();
        let drawn = raster::draw(&scene, 330, 330, 1.0).expect("drawn");
        let png = write(&scene, Format::Png).expect("written");
        assert_eq!(crate::Logo::read(&png).expect("a PNG").pixels(330, 330), drawn);
        let webp = write(&scene, Format::Webp).expect("written");
        let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(webp)).expect("a WebP");
        let mut rgb = vec![0; 330 * 330 * 3];
        decoder.read_image(&mut rgb).expect("read");
        assert!(rgb == drawn.rgb_on_white());
        let jpeg = write(&scene, Format::Jpeg).expect("written");
        let read = crate::Logo::read(&jpeg).expect("a JPEG").pixels(330, 330);
        let pairs = read.rgba.chunks(4).zip(drawn.rgba.chunks(4));
        let squares: f64 =
            pairs.flat_map(|(a, b)| (0..3).map(|at| f64::from(a[at].abs_diff(b[at])).powi(2))).sum();
        let psnr_db = 10.0 * (255.0f64.powi(2) / (squares / (330.0 * 330.0 * 3.0))).log10();
        assert!(psnr_db > 36.0, "{psnr_db} dB");
    }
}
