//! PDF 1.4 (ISO 32000-1): one page of the size of the code, everything as shapes.
//!
//! Gradients are shadings, alpha is kept, a logo is an image with its own mask. There is no date and no random id in the
//! file, so the same code is the same file.

use std::io::Write;

use crate::logo::{Logo, LogoKind};
use crate::page;
use crate::raster::last_color;
use crate::scene::{Color, Content, Gradient, GradientShape, Paint, Scene};

/// Of the group that masks a gradient; larger than any code, in modules or pixels.
const GROUP_EXTENT: i32 = 30_000;

pub(crate) fn write(scene: &Scene) -> Vec<u8> {
    let mut file = File::default();
    // Catalog, pages, page, content and info come first, under fixed numbers.
    file.objects.resize(5, Vec::new());
    let mut resources = Resources::default();
    let content = content(scene, &mut file, &mut resources);
    let points = page::points_per_px(scene);
    file.objects[0] = b"<</Type/Catalog/Pages 2 0 R>>".to_vec();
    file.objects[1] = b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec();
    let mut page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 ".to_vec();
    page::numbers(&mut page, &[scene.width * points, scene.height * points]);
    page.extend(b"]/Contents 4 0 R/Group<</S/Transparency/CS/DeviceRGB>>/Resources<<");
    for (kind, entries) in
        [("ExtGState", &resources.states), ("Shading", &resources.shadings), ("XObject", &resources.pictures)]
    {
        if !entries.is_empty() {
            page.extend(format!("/{kind}<<{entries}>>").as_bytes());
        }
    }
    page.extend(b">>>>");
    file.objects[2] = page;
    file.objects[3] = stream("/Filter/FlateDecode", &page::deflated(&content));
    file.objects[4] = info(&scene.title);
    file.finish()
}

/// The title as UTF-16, in hexadecimal: nothing to escape.
fn info(title: &str) -> Vec<u8> {
    let mut out = b"<</Title<FEFF".to_vec();
    for unit in title.encode_utf16() {
        // Into memory: cannot fail.
        let _ = write!(out, "{unit:04X}");
    }
    out.extend(b">/Producer(Tessera)>>");
    out
}

fn content(scene: &Scene, file: &mut File, resources: &mut Resources) -> Vec<u8> {
    let points = page::points_per_px(scene);
    let mut out = Vec::new();
    // From pixels downwards to points upwards.
    page::numbers(&mut out, &[points, 0.0, 0.0, -points, 0.0, scene.height * points]);
    out.extend(b"cm\n");
    for layer in &scene.layers {
        out.extend(b"q ");
        let place = layer.place;
        page::numbers(&mut out, &[place.scale, 0.0, 0.0, place.scale, place.x, place.y]);
        out.extend(b"cm\n");
        match &layer.content {
            Content::Fill { path, paint: Paint::Solid(color), .. } => {
                fill(&mut out, *color, file, resources);
                page::path(&mut out, path);
                out.extend(b"f*\n");
            }
            Content::Fill { path, paint: Paint::Gradient(gradient), .. } => {
                let pieces = page::pieces(gradient);
                if pieces.is_empty() || !has_extent(gradient) {
                    fill(&mut out, last_color(gradient), file, resources);
                    page::path(&mut out, path);
                    out.extend(b"f*\n");
                } else {
                    mask(&mut out, gradient, file, resources);
                    page::path(&mut out, path);
                    let shading = file.add(shading(gradient, Channels::Color));
                    out.extend(format!("W* n /{} sh\n", resources.shading(shading)).as_bytes());
                }
            }
            Content::Picture { logo, width, height } => {
                let name = resources.picture(picture(logo, file));
                page::numbers(&mut out, &[*width, 0.0, 0.0, -height, 0.0, *height]);
                out.extend(format!("cm /{name} Do\n").as_bytes());
            }
        }
        out.extend(b"Q\n");
    }
    out
}

fn fill(out: &mut Vec<u8>, color: Color, file: &mut File, resources: &mut Resources) {
    page::color(out, color);
    out.extend(b"rg\n");
    alpha(out, color.a, file, resources);
}

fn alpha(out: &mut Vec<u8>, alpha: u8, file: &mut File, resources: &mut Resources) {
    if alpha == 255 {
        return;
    }
    let mut state = b"<</ca ".to_vec();
    page::number(&mut state, f32::from(alpha) / 255.0);
    state.extend(b">>");
    let name = resources.state(file.add(state));
    out.extend(format!("/{name} gs\n").as_bytes());
}

/// Alpha that changes along a gradient: the same gradient in grey, as a soft mask.
fn mask(out: &mut Vec<u8>, gradient: &Gradient, file: &mut File, resources: &mut Resources) {
    let first = gradient.stops.first().map_or(255, |stop| stop.color.a);
    if gradient.stops.iter().all(|stop| stop.color.a == first) {
        return alpha(out, first, file, resources);
    }
    let shading = file.add(shading(gradient, Channels::Alpha));
    let dictionary = format!(
        "/Type/XObject/Subtype/Form/BBox[-{GROUP_EXTENT} -{GROUP_EXTENT} {GROUP_EXTENT} {GROUP_EXTENT}]\
         /Group<</S/Transparency/CS/DeviceGray>>/Resources<</Shading<</S {shading} 0 R>>>>"
    );
    let group = file.add(stream(&dictionary, b"/S sh"));
    let state = format!("<</SMask<</S/Luminosity/G {group} 0 R>>>>");
    let name = resources.state(file.add(state.into_bytes()));
    out.extend(format!("/{name} gs\n").as_bytes());
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Channels {
    Color,
    Alpha,
}

fn has_extent(gradient: &Gradient) -> bool {
    match gradient.shape {
        GradientShape::Linear { from, to } => from != to,
        GradientShape::Radial { radius, .. } => radius > 0.0,
    }
}

/// Types 2 (axial) and 3 (radial), on beyond both ends.
fn shading(gradient: &Gradient, channels: Channels) -> Vec<u8> {
    let mut out = Vec::new();
    let space = if channels == Channels::Color { "DeviceRGB" } else { "DeviceGray" };
    match gradient.shape {
        GradientShape::Linear { from, to } => {
            out.extend(format!("<</ShadingType 2/ColorSpace/{space}/Coords[").as_bytes());
            page::numbers(&mut out, &[from.0, from.1, to.0, to.1]);
        }
        GradientShape::Radial { center, radius } => {
            out.extend(format!("<</ShadingType 3/ColorSpace/{space}/Coords[").as_bytes());
            page::numbers(&mut out, &[center.0, center.1, 0.0, center.0, center.1, radius]);
        }
    }
    out.extend(b"]/Extend[true true]/Function");
    function(&mut out, gradient, channels);
    out.extend(b">>");
    out
}

/// Straight pieces (type 2), stitched together (type 3). PostScript writes it the same way.
fn function(out: &mut Vec<u8>, gradient: &Gradient, channels: Channels) {
    let pieces = page::pieces(gradient);
    out.extend(b"<</FunctionType 3/Domain[0 1]/Functions[");
    for piece in &pieces {
        out.extend(b"<</FunctionType 2/Domain[0 1]/N 1");
        for (name, color) in ["/C0[", "/C1["].iter().zip(piece.colors) {
            out.extend(name.as_bytes());
            match channels {
                Channels::Color => page::color(out, color),
                Channels::Alpha => page::number(out, f32::from(color.a) / 255.0),
            }
            out.push(b']');
        }
        out.extend(b">>");
    }
    out.extend(b"]/Bounds[");
    pieces[..pieces.len() - 1].iter().for_each(|piece| page::number(out, piece.to));
    out.extend(b"]/Encode[");
    pieces.iter().for_each(|_| out.extend(b"0 1 "));
    out.extend(b"]>>");
}

pub(crate) fn color_shading(gradient: &Gradient) -> Option<Vec<u8>> {
    (has_extent(gradient) && !gradient.stops.is_empty()).then(|| shading(gradient, Channels::Color))
}

fn picture(logo: &Logo, file: &mut File) -> usize {
    let (width, height) = page::picture_px(logo);
    let head = |space: &str, filter: &str, more: &str| {
        format!(
            "/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/{space}/BitsPerComponent 8/Filter/{filter}{more}"
        )
    };
    // A photograph goes in as it is; PDF reads JPEG.
    if logo.kind() == LogoKind::Jpeg {
        return file.add(stream(&head("DeviceRGB", "DCTDecode", ""), logo.bytes()));
    }
    let pixels = logo.pixels(width, height);
    let (mut colors, mut alphas) = (Vec::new(), Vec::new());
    for [r, g, b, a] in pixels.rgba.as_chunks::<4>().0 {
        colors.extend([r, g, b]);
        alphas.push(*a);
    }
    let mut more = String::new();
    if !pixels.is_opaque() {
        let mask = file.add(stream(&head("DeviceGray", "FlateDecode", ""), &page::deflated(&alphas)));
        more = format!("/SMask {mask} 0 R");
    }
    file.add(stream(&head("DeviceRGB", "FlateDecode", &more), &page::deflated(&colors)))
}

fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("<<{dictionary}/Length {}>>stream\n", data.len()).into_bytes();
    out.extend(data);
    out.extend(b"\nendstream");
    out
}

/// What the page may call by name.
#[derive(Default)]
struct Resources {
    states: String,
    shadings: String,
    pictures: String,
}

impl Resources {
    fn state(&mut self, object: usize) -> String {
        self.states.push_str(&format!("/G{object} {object} 0 R"));
        format!("G{object}")
    }

    fn shading(&mut self, object: usize) -> String {
        self.shadings.push_str(&format!("/S{object} {object} 0 R"));
        format!("S{object}")
    }

    fn picture(&mut self, object: usize) -> String {
        self.pictures.push_str(&format!("/P{object} {object} 0 R"));
        format!("P{object}")
    }
}

#[derive(Default)]
struct File {
    objects: Vec<Vec<u8>>,
}

impl File {
    /// The number of the object, counted from 1.
    fn add(&mut self, object: Vec<u8>) -> usize {
        self.objects.push(object);
        self.objects.len()
    }

    fn finish(self) -> Vec<u8> {
        // The second line says that this is no text.
        let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut offsets = Vec::new();
        for (index, object) in self.objects.iter().enumerate() {
            offsets.push(out.len());
            out.extend(format!("{} 0 obj\n", index + 1).as_bytes());
            out.extend(object);
            out.extend(b"\nendobj\n");
        }
        let table = out.len();
        let count = offsets.len() + 1;
        out.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").as_bytes());
        for offset in offsets {
            out.extend(format!("{offset:010} 00000 n \n").as_bytes());
        }
        let trailer =
            format!("trailer\n<</Size {count}/Root 1 0 R/Info 5 0 R>>\nstartxref\n{table}\n%%EOF\n");
        out.extend(trailer.as_bytes());
        out
    }
}

#[cfg(test)]
mod tests;
