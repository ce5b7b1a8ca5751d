//! A scene as SVG.

use std::fmt::Write;

use crate::scene::{Content, Paint, Scene, Segment};

pub(crate) fn write(scene: &Scene) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">",
        scene.width, scene.height
    );
    for layer in &scene.layers {
        let Content::Fill { path, paint: Paint::Solid(color), .. } = &layer.content else { continue };
        let place = layer.place;
        // Writing into a string cannot fail.
        let _ = write!(
            out,
            "<path transform=\"translate({} {})scale({})\" fill=\"#{:02x}{:02x}{:02x}\" d=\"",
            place.x, place.y, place.scale, color.r, color.g, color.b
        );
        for segment in &path.0 {
            let _ = match segment {
                Segment::Move(x, y) => write!(out, "M{x} {y}"),
                Segment::Line(x, y) => write!(out, "L{x} {y}"),
                _ => write!(out, "z"),
            };
        }
        out.push_str("\"/>");
    }
    out.push_str("</svg>\n");
    out
}
