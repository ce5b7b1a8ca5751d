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
