//! EPS (Encapsulated PostScript 3.0, language level 3): shapes for print shops.
//!
//! PostScript knows no alpha: half-transparent colours are mixed with white, and a logo with what lies below it.

use crate::page;
use crate::pixels::mix;
use crate::raster;
use crate::scene::{Color, Content, Gradient, Layer, Paint, Scene};

/// Pixels of the longer side of what is drawn to find what lies below a logo.
const GROUND_SIDE_PX_MAX: f32 = 4096.0;
/// Hexadecimal digits of a line, far below the 255 characters of the convention.
const HEX_LINE_DIGITS: usize = 120;

/// The operators of PDF, so that paths are written once.
const PROLOGUE: &[u8] = b"%%BeginProlog\n\
/m/moveto load def/l/lineto load def/c/curveto load def/h/closepath load def\n\
%%EndProlog\n";

pub(crate) fn write(scene: &Scene) -> Vec<u8> {
    let points = page::points_per_px(scene);
    let (width, height) = (scene.width * points, scene.height * points);
    let mut out = b"%!PS-Adobe-3.0 EPSF-3.0\n".to_vec();
    out.extend(
        format!("%%BoundingBox: 0 0 {} {}\n%%HiResBoundingBox: 0 0 ", width.ceil(), height.ceil()).as_bytes(),
    );
    page::numbers(&mut out, &[width, height]);
    out.extend(b"\n%%LanguageLevel: 3\n%%Pages: 1\n%%Creator: Tessera\n");
    out.extend(format!("%%Title: {}\n%%EndComments\n", title(&scene.title)).as_bytes());
    out.extend(PROLOGUE);
    out.extend(b"%%Page: 1 1\ngsave\n");
    page::numbers(&mut out, &[points, 0.0, 0.0, -points, 0.0, height]);
    // One matrix for all: PDF's `cm` without its operator.
    out.extend(b"6 array astore concat\n");
    for (at, layer) in scene.layers.iter().enumerate() {
        out.extend(b"gsave ");
        let place = layer.place;
        page::numbers(&mut out, &[place.scale, 0.0, 0.0, place.scale, place.x, place.y]);
        out.extend(b"6 array astore concat\n");
        write_layer(&mut out, scene, at, layer);
        out.extend(b"grestore\n");
    }
    out.extend(b"grestore\n%%Trailer\n%%EOF\n");
    out
}

/// A comment line holds no more than 255 characters, and DSC wants ASCII.
fn title(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_ascii_graphic() || letter == ' ' { letter } else { '?' })
        .take(200)
        .collect()
}

fn write_layer(out: &mut Vec<u8>, scene: &Scene, at: usize, layer: &Layer) {
    match &layer.content {
        Content::Fill { path, paint, .. } => {
            let shading = match paint {
                Paint::Solid(_) => None,
                Paint::Gradient(gradient) => crate::pdf::color_shading(&on_white(gradient)),
            };
            match (shading, paint) {
                (Some(shading), _) => {
                    page::path(out, path);
                    out.extend(b"eoclip newpath ");
                    // Lines of a convention that knows no longer ones than 255 characters.
                    out.extend(shading.iter().flat_map(|byte| {
                        let is_end = *byte == b']';
                        [Some(*byte), is_end.then_some(b'\n')].into_iter().flatten()
                    }));
                    out.extend(b" shfill\n");
                }
                (None, Paint::Solid(color)) if color.a == 0 => {}
                (None, paint) => {
                    let color = match paint {
                        Paint::Solid(color) => *color,
                        Paint::Gradient(gradient) => raster::last_color(gradient),
                    };
                    page::color(out, flat(color));
                    out.extend(b"setrgbcolor\n");
                    page::path(out, path);
                    out.extend(b"eofill\n");
                }
            }
        }
        Content::Picture { width, height, .. } => {
            let Some((columns, rows, rgb)) = ground(scene, at, layer) else { return };
            page::numbers(out, &[*width, *height]);
            out.extend(b"scale /DeviceRGB setcolorspace\n");
            let image = format!(
                "<</ImageType 1/Width {columns}/Height {rows}/BitsPerComponent 8/Decode[0 1 0 1 0 1]\
                 /ImageMatrix[{columns} 0 0 {rows} 0 0]\n\
                 /DataSource currentfile/ASCIIHexDecode filter/FlateDecode filter>>image\n"
            );
            out.extend(image.as_bytes());
            hex(out, &page::deflated(&rgb));
        }
    }
}

/// The logo and all below it, as seen on white paper.
fn ground(scene: &Scene, at: usize, layer: &Layer) -> Option<(u32, u32, Vec<u8>)> {
    let Content::Picture { logo, width, height } = &layer.content else { return None };
    let (wanted, _) = page::picture_px(logo);
    let (wide, high) = (width * layer.place.scale, height * layer.place.scale);
    let factor = (wanted as f32 / wide).min(GROUND_SIDE_PX_MAX / scene.width.max(scene.height));
    let (columns, rows) = (((wide * factor).round() as u32).max(1), ((high * factor).round() as u32).max(1));
    let mut below = scene.clone();
    below.layers.truncate(at + 1);
    // Moved so that the logo lies in the corner of what is drawn.
    for each in &mut below.layers {
        each.place.x -= layer.place.x;
        each.place.y -= layer.place.y;
    }
    let pixels = raster::draw(&below, columns, rows, factor).ok()?;
    Some((columns, rows, pixels.rgb_on_white()))
}

fn flat(color: Color) -> Color {
    let on_white = |channel| mix(channel, 255, color.a);
    Color { r: on_white(color.r), g: on_white(color.g), b: on_white(color.b), a: 255 }
}

fn on_white(gradient: &Gradient) -> Gradient {
    let mut gradient = gradient.clone();
    gradient.stops.iter_mut().for_each(|stop| stop.color = flat(stop.color));
    gradient
}

fn hex(out: &mut Vec<u8>, data: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for line in data.chunks(HEX_LINE_DIGITS / 2) {
        for byte in line {
            out.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        out.push(b'\n');
    }
    out.extend(b">\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::everything;

    #[test]
    fn the_box_is_as_large_as_the_print_and_there_is_no_date() {
        let file = String::from_utf8(write(&everything())).expect("ASCII");
        assert!(file.starts_with(
            "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 80 80\n%%HiResBoundingBox: 0 0 79.2 79.2 \n"
        ));
        assert!(file.contains("%%Title: Everything, f?r alle\n"));
        assert!(!file.contains("CreationDate"));
        assert!(file.lines().all(|line| line.len() <= 255 && line.is_ascii()));
        assert_eq!(file.lines().filter(|line| *line == "grestore").count(), file.matches("gsave").count());
    }

    #[test]
    fn alpha_is_mixed_with_white() {
        let half = Color { r: 0, g: 40, b: 160, a: 128 };
        assert_eq!(flat(half), Color { r: 127, g: 147, b: 207, a: 255 });
        let file = String::from_utf8(write(&everything())).expect("ASCII");
        assert!(file.contains("0.498 0.5765 0.8118 setrgbcolor"), "{file}");
    }
}
