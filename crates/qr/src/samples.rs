//! A scene with everything in it, for the tests of writers.

use std::sync::Arc;

use crate::scene::{
    Color, Content, Gradient, GradientShape, Layer, Paint, Path, Place, Scene, Segment, Square, Stop,
};
use crate::{Code, Logo, Style};

pub(crate) const TEXT: &str = "https://example.com/everything";

fn rectangle(side: f32) -> Path {
    Path(vec![
        Segment::Move(0.0, 0.0),
        Segment::Line(side, 0.0),
        Segment::Line(side, side),
        Segment::Line(0.0, side),
        Segment::Close,
    ])
}

fn disc(radius: f32) -> Path {
    let quarter = |x: f32, y: f32| Segment::Arc { radius, to: (radius + x, radius + y), clockwise: true };
    Path(vec![
        Segment::Move(radius, 0.0),
        quarter(radius, 0.0),
        quarter(0.0, radius),
        quarter(-radius, 0.0),
        quarter(0.0, -radius),
        Segment::Close,
    ])
}

fn fill(x: f32, y: f32, scale: f32, path: Path, paint: Paint) -> Layer {
    Layer { place: Place { x, y, scale }, content: Content::Fill { path, paint, is_crisp: false } }
}

fn gradient(shape: GradientShape, colors: [(f32, Color); 2]) -> Paint {
    Paint::Gradient(Gradient { shape, stops: colors.map(|(offset, color)| Stop { offset, color }).to_vec() })
}

/// 330 × 330 px at 300 dpi: a white ground, the symbol in a gradient, a disc whose alpha fades, a half-transparent square and
/// a transparent logo.
pub(crate) fn everything() -> Scene {
    let style = Style { width: Some(330.0), ..Style::default() };
    let code = Code::build(TEXT, &style, None).expect("a code");
    let symbol: Square = code.scene().symbol;
    let dots = code.scene().layers.iter().rev().find_map(|layer| match &layer.content {
        Content::Fill { path, .. } => Some((layer.place, path.clone())),
        Content::Picture { .. } => None,
    });
    let (place, path) = dots.expect("dots");
    let blue = Color { r: 0, g: 40, b: 160, a: 255 };
    let red = Color { r: 150, g: 0, b: 30, a: 255 };
    let across =
        GradientShape::Linear { from: (0.0, 0.0), to: (symbol.modules as f32, symbol.modules as f32) };
    let around = GradientShape::Radial { center: (20.0, 20.0), radius: 20.0 };
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'><circle cx='10' cy='10' r='10' fill='#0a0'/></svg>";
    let logo = Arc::new(Logo::read(svg.as_bytes()).expect("a logo"));
    let layers = vec![
        fill(0.0, 0.0, 1.0, rectangle(330.0), Paint::Solid(Color::WHITE)),
        fill(place.x, place.y, place.scale, path, gradient(across, [(0.1, blue), (0.9, red)])),
        fill(285.0, 285.0, 1.0, disc(20.0), gradient(around, [(0.0, red), (1.0, Color { a: 0, ..red })])),
        fill(0.0, 0.0, 1.0, rectangle(20.0), Paint::Solid(Color { a: 128, ..blue })),
        Layer {
            place: Place { x: 150.0, y: 150.0, scale: 1.0 },
            content: Content::Picture { logo, width: 30.0, height: 30.0 },
        },
    ];
    Scene {
        width: 330.0,
        height: 330.0,
        dpi: Some(300.0),
        title: "Everything, für alle".to_owned(),
        layers,
        symbol,
    }
}
