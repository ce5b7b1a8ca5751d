//! Small scenes, byte by byte.

use super::*;
use crate::scene::{GradientShape, Square, Stop};

fn scene(layers: Vec<Layer>) -> Scene {
    let symbol = Square { x: 0.0, y: 0.0, module: 1.0, modules: 21 };
    Scene { width: 64.0, height: 64.0, dpi: None, title: "a < b & \u{1}c".to_owned(), layers, symbol }
}

fn fill(path: Vec<Segment>, paint: Paint, place: Place) -> Layer {
    Layer { place, content: Content::Fill { path: Path(path), paint, is_crisp: true } }
}

const HERE: Place = Place { x: 0.0, y: 0.0, scale: 1.0 };

fn written(path: Vec<Segment>) -> String {
    let mut out = Out(Vec::new());
    Pen::new(&mut out).path(&Path(path));
    String::from_utf8(out.0).expect("text")
}

#[test]
fn a_scene_is_written_byte_by_byte_as_this() {
    let square = vec![
        Segment::Move(1.0, 2.0),
        Segment::Line(3.0, 2.0),
        Segment::Line(3.0, 4.5),
        Segment::Line(1.0, 4.5),
        Segment::Close,
    ];
    let place = Place { x: 4.0, y: 4.0, scale: 3.0 };
    let half = Color { a: 51, ..Color::BLACK };
    let svg = write(&scene(vec![
        fill(square.clone(), Paint::Solid(Color { r: 0x1a, g: 0x36, b: 0x5d, a: 255 }), place),
        fill(square, Paint::Solid(half), Place { x: 4.5, ..HERE }),
    ]));
    let wanted = concat!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64" role="img">"#,
        "<title>a &lt; b &amp;  c</title>",
        r##"<path fill="#1a365d" shape-rendering="crispEdges" transform="translate(4 4)scale(3)" d="m1 2h2v2.5h-2z"/>"##,
        r##"<path fill="#000" fill-opacity=".2" transform="translate(4.5 0)" d="m1 2h2v2.5h-2z"/>"##,
        "</svg>\n"
    );
    assert_eq!(svg, wanted);
}

#[test]
fn a_size_in_the_world_is_written_in_millimetres() {
    let svg = write(&Scene { width: 472.0, height: 945.0, dpi: Some(299.72), ..scene(Vec::new()) });
    assert!(svg.contains(r#"width="40mm" height="80.085mm" viewBox="0 0 472 945""#), "{svg}");
}

#[test]
fn two_quarters_of_a_circle_are_written_as_a_half() {
    let arc = |x, y| Segment::Arc { radius: 0.5, to: (x, y), clockwise: true };
    let circle = vec![
        Segment::Move(0.0, 0.5),
        arc(0.5, 0.0),
        arc(1.0, 0.5),
        arc(0.5, 1.0),
        arc(0.0, 0.5),
        Segment::Close,
    ];
    assert_eq!(written(circle), "m0 .5a.5.5 0 0 1 1 0 .5.5 0 0 1-1 0z");
    let corner = vec![Segment::Move(0.0, 0.5), arc(0.5, 0.0), Segment::Line(2.0, 0.0), arc(2.5, 0.5)];
    assert_eq!(written(corner), "m0 .5a.5.5 0 0 1 .5-.5h1.5a.5.5 0 0 1 .5.5");
}

#[test]
fn numbers_have_three_decimals_at_most_and_errors_do_not_add_up() {
    let third = 1.0_f32 / 3.0;
    let steps = (1..=9).map(|step| Segment::Line(third * step as f32, third * step as f32)).collect();
    assert_eq!(written(steps), "l.333.333.334.334.333.333.333.333.334.334.333.333.333.333.334.334.333.333");
    let curves = vec![
        Segment::Move(10.0, 10.0),
        Segment::Quad { control: (11.0, 9.0), to: (12.0, 10.0) },
        Segment::Cubic { controls: [(12.0, 11.0), (11.0, 12.25)], to: (10.0, 12.0) },
        Segment::Close,
        Segment::Move(1234.5, -0.001),
    ];
    assert_eq!(written(curves), "m10 10q1-1 2 0c0 1-1 2.25-2 2zm1224.5-10.001");
}

#[test]
fn equal_gradients_have_equal_names_and_others_do_not() {
    let gradient = |end: u8| Gradient {
        shape: GradientShape::Linear { from: (0.0, 0.0), to: (21.0, 0.0) },
        stops: vec![
            Stop { offset: 0.0, color: Color::BLACK },
            Stop { offset: 1.0, color: Color { r: end, g: 0, b: 0, a: 128 } },
        ],
    };
    let name = |gradient: &Gradient| {
        let mut out = Out(Vec::new());
        out.id(gradient);
        String::from_utf8(out.0).expect("text")
    };
    assert_eq!(name(&gradient(9)), name(&gradient(9)));
    assert_ne!(name(&gradient(9)), name(&gradient(10)));
    let svg = write(&scene(vec![fill(vec![Segment::Close], Paint::Gradient(gradient(9)), HERE)]));
    let id = name(&gradient(9));
    let definition = format!(
        "<defs><linearGradient id=\"{id}\" gradientUnits=\"userSpaceOnUse\" x1=\"0\" y1=\"0\" x2=\"21\" y2=\"0\">\
         <stop offset=\"0\" stop-color=\"#000\"/><stop offset=\"1\" stop-color=\"#090000\" stop-opacity=\".502\"/>\
         </linearGradient></defs><path fill=\"url(#{id})\""
    );
    assert!(svg.contains(&definition), "{svg}");
}
