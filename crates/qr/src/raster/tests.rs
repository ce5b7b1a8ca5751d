//! Both ways of making pixels make the same ones.

use super::*;
use crate::scene::{Square, Stop};
use crate::{Code, Style};

fn scene_of(width: f64, text: &str) -> Scene {
    let style = Style { width: Some(width), ..Style::default() };
    Code::build(text, &style, None).expect("a code").scene().clone()
}

fn fill(segments: Vec<Segment>, paint: Paint) -> Layer {
    let place = Place { x: 0.0, y: 0.0, scale: 1.0 };
    Layer { place, content: Content::Fill { path: Path(segments), paint, is_crisp: true } }
}

fn scene(layers: Vec<Layer>) -> Scene {
    let symbol = Square { x: 0.0, y: 0.0, module: 1.0, modules: 21 };
    Scene { width: 70.0, height: 3.0, dpi: None, title: String::new(), layers, symbol }
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Vec<Segment> {
    vec![
        Segment::Move(x, y),
        Segment::Line(x + width, y),
        Segment::Line(x + width, y + height),
        Segment::Line(x, y + height),
        Segment::Close,
    ]
}

#[test]
fn counting_edges_and_drawing_make_the_same_pixels() {
    // 29 modules and 8 of quiet zone, times 16.
    let scene = scene_of(592.0, "https://example.com/a/long/path");
    let (width, height) = size_px(&scene).expect("small enough");
    let crisp = crisp(&scene, width, height).expect("plain squares");
    let drawn = draw(&scene, width, height, 1.0).expect("drawn").indexed().expect("few colours");
    let colors = |image: &Indexed| -> Vec<Color> {
        image.indices.iter().map(|index| image.palette[usize::from(*index)]).collect()
    };
    assert!(colors(&crisp) == colors(&drawn));
}

#[test]
fn a_hole_in_a_plain_shape_stays_open_across_words_of_pixels() {
    let red = Color { r: 255, ..Color::BLACK };
    let path = [rectangle(1.0, 0.0, 68.0, 3.0), rectangle(60.0, 1.0, 8.0, 1.0)].concat();
    let image = crisp(&scene(vec![fill(path, Paint::Solid(red))]), 70, 3).expect("plain");
    assert_eq!(image.palette, [Color { r: 0, g: 0, b: 0, a: 0 }, red]);
    let row = |y: usize| {
        image.indices[y * 70..][..70].iter().map(|index| char::from(b'0' + index)).collect::<String>()
    };
    assert_eq!(row(0), format!("0{}0", "1".repeat(68)));
    assert_eq!(row(1), format!("0{}00000000{}0", "1".repeat(59), "1"));
    assert_eq!(row(2), row(0));
}

#[test]
fn what_is_between_pixels_slanted_or_shaded_is_left_to_the_other_way() {
    let black = Paint::Solid(Color::BLACK);
    let is_crisp = |layer| crisp(&scene(vec![layer]), 70, 3).is_some();
    assert!(is_crisp(fill(rectangle(0.0, 0.0, 2.0, 2.0), black.clone())));
    assert!(!is_crisp(fill(rectangle(0.5, 0.0, 2.0, 2.0), black.clone())));
    let slant =
        vec![Segment::Move(0.0, 0.0), Segment::Line(2.0, 2.0), Segment::Line(0.0, 2.0), Segment::Close];
    assert!(!is_crisp(fill(slant, black)));
    let half = Paint::Solid(Color { a: 128, ..Color::BLACK });
    assert!(!is_crisp(fill(rectangle(0.0, 0.0, 2.0, 2.0), half)));
}

#[test]
fn a_gradient_runs_from_its_first_colour_to_its_last() {
    let stops = vec![
        Stop { offset: 0.0, color: Color::BLACK },
        Stop { offset: 1.0, color: Color { r: 250, ..Color::BLACK } },
    ];
    let shape = GradientShape::Linear { from: (0.0, 0.0), to: (70.0, 0.0) };
    let layer =
        fill(rectangle(0.0, 0.0, 70.0, 3.0), Paint::Gradient(Gradient { shape, stops: stops.clone() }));
    let pixels = draw(&scene(vec![layer]), 70, 3, 1.0).expect("drawn");
    let reds: Vec<u8> = [0, 35, 69].iter().map(|x| pixels.pixel(*x, 1).r).collect();
    assert!(reds[0] <= 3 && reds[1].abs_diff(126) <= 3 && reds[2] >= 245, "{reds:?}");
    // Without extent: the last colour.
    let shape = GradientShape::Linear { from: (1.0, 1.0), to: (1.0, 1.0) };
    let layer = fill(rectangle(0.0, 0.0, 70.0, 3.0), Paint::Gradient(Gradient { shape, stops }));
    assert_eq!(draw(&scene(vec![layer]), 70, 3, 1.0).expect("drawn").pixel(5, 1).r, 250);
}

#[test]
fn an_image_of_more_than_25_million_pixels_is_refused_with_a_way_out() {
    let mut scene = scene_of(592.0, "x");
    (scene.width, scene.height) = (5000.0, 5001.0);
    let error = size_px(&scene).expect_err("too large");
    assert!(error.0.contains("5000 × 5001") && error.0.contains("SVG"), "{error}");
}
