//! From symbol and design to a scene.
//!
//! Everything made of modules is one layer per colour, in modules, so that its numbers stay small and whole; a frame, its text
//! and a picture are layers with scales of their own. Order: background, frame, modules, picture.

mod corners;
mod frames;
mod label;
mod outline;
mod picture;
mod ring;
mod text;

use std::sync::Arc;

pub(crate) use frames::check_text;
use frames::{Frame, PANEL};
use outline::{Mask, rectangle, trace};
pub(crate) use picture::Covered;

use crate::scene::{Color, Content, Gradient, GradientShape, Layer, Paint, Path, Place, Scene, Square, Stop};
use crate::style::{Design, DotType, GradientType, Ink, QUIET_ZONE_MODULES, Quiet, Shape};
use crate::{Logo, Symbol, Wrong};

/// Characters of a title that was not given.
const TITLE_CHARS_MAX: usize = 120;
/// From here on a module is a whole number of pixels, and what is left over goes to the quiet zone; below, that would cost more
/// than a third.
const WHOLE_FROM_PX: f32 = 2.0;

/// A scene, and what a judge of it wants to know beside it.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub scene: Scene,
    /// Modules around the symbol on which nothing is drawn but the background.
    pub quiet_modules: f32,
    pub covered: Option<Covered>,
}

/// # Errors
/// If the text does not leave a pixel for a module, or no room for the picture.
pub(crate) fn draw(
    design: &Design,
    symbol: &Symbol,
    text: &str,
    logo: Option<Arc<Logo>>,
) -> Result<Drawn, Vec<Wrong>> {
    let frame = design
        .frame
        .as_ref()
        .map(|frame| frames::frame(frame, reach(design, symbol)))
        .transpose()
        .map_err(|wrong| vec![wrong])?
        .flatten();
    let covered = match &logo {
        Some(logo) => Some(picture::place(design, symbol, logo.aspect()).map_err(|wrong| vec![wrong])?),
        None => None,
    };
    let plan = Plan::of(design, symbol, frame.as_ref()).map_err(|wrong| vec![wrong])?;
    let mut layers = Vec::with_capacity(8);
    background(design, &plan, frame.as_ref(), &mut layers);
    if let Some(frame) = frame {
        around(frame, &plan, &mut layers);
    }
    modules(design, symbol, &plan, covered, &mut layers);
    if let (Some(logo), Some(covered)) = (logo, covered) {
        layers.push(picture_layer(design, &plan, covered, logo)?);
    }
    let scene = Scene {
        width: plan.width,
        height: plan.height,
        dpi: design.size.dpi,
        title: design.title.clone().unwrap_or_else(|| title_of(text)),
        layers,
        symbol: plan.symbol,
    };
    Ok(Drawn { scene, quiet_modules: plan.quiet_modules, covered })
}

/// From the panel's centre to a circle that keeps the quiet zone around the symbol's corners, in units of a frame.
fn reach(design: &Design, symbol: &Symbol) -> f32 {
    let half = PANEL / 2.0 * std::f32::consts::SQRT_2;
    match design.quiet {
        Quiet::Modules(quiet) => {
            let modules = symbol.modules() as f32;
            let corner = modules / 2.0 * std::f32::consts::SQRT_2;
            // Where the quiet zone is next to nothing, still not into the panel.
            ((corner + quiet.max(1.0)) / (modules + 2.0 * quiet) * PANEL).min(half + 1.0)
        }
        Quiet::Px(_) => half + 1.0,
    }
}

/// What is where, in pixels.
struct Plan {
    width: f32,
    height: f32,
    /// The frame: its corner and the pixels of its unit.
    frame: (f32, f32, f32),
    symbol: Square,
    quiet_modules: f32,
    ring: Option<ring::Ring>,
}

impl Plan {
    fn of(design: &Design, symbol: &Symbol, frame: Option<&Frame>) -> Result<Self, Wrong> {
        let width = design.size.width;
        let square = Frame::none();
        let frame = frame.unwrap_or(&square);
        let height = design.size.height.unwrap_or((width * frame.height / frame.width).round());
        let unit = (width / frame.width).min(height / frame.height);
        let (left, top) = ((width - unit * frame.width) / 2.0, (height - unit * frame.height) / 2.0);
        let panel = (left + unit * frame.panel.0, top + unit * frame.panel.1, unit * PANEL);

        let modules = symbol.modules();
        // A ring keeps its distance in modules, and a margin in pixels is around it.
        let ring = (design.shape == Shape::Circle).then(|| ring::ring(symbol, ring_quiet(design)));
        let (across, margin) = match (&ring, design.quiet) {
            (Some(ring), Quiet::Modules(_)) => (ring.across as f32 + 2.0, 0.0),
            (Some(ring), Quiet::Px(margin)) => (ring.across as f32, margin),
            (None, Quiet::Modules(quiet)) => (modules as f32 + 2.0 * quiet, 0.0),
            (None, Quiet::Px(margin)) => (modules as f32, margin),
        };
        let room = panel.2 - 2.0 * margin;
        let exact = room / across;
        if exact < 1.0 {
            let least = (across / room.max(1.0) * width.min(height)).ceil();
            let message = format!(
                "leaves {exact:.2} pixels for a module: this text makes {modules} × {modules} of them; at least {least} are needed"
            );
            return Err(Wrong::new("width", "range", message));
        }
        let is_whole = design.is_whole && exact >= WHOLE_FROM_PX;
        let module = if is_whole { exact.floor() } else { exact };
        let free = (panel.2 - module * modules as f32) / 2.0;
        let round = |at: f32| if is_whole { at.round() } else { at };
        let symbol = Square { x: round(panel.0 + free), y: round(panel.1 + free), module, modules };
        let quiet_modules = if ring.is_some() { ring_quiet(design) as f32 } else { free / module };
        Ok(Self { width, height, frame: (left, top, unit), symbol, quiet_modules, ring })
    }

    fn of_modules(&self) -> Place {
        Place { x: self.symbol.x, y: self.symbol.y, scale: self.symbol.module }
    }

    fn of_frame(&self) -> Place {
        let (x, y, scale) = self.frame;
        Place { x, y, scale }
    }
}

impl Frame {
    /// Nothing around the panel.
    fn none() -> Self {
        Self {
            width: PANEL,
            height: PANEL,
            panel: (0.0, 0.0),
            ground: Path::default(),
            fills: Vec::new(),
            label: None,
        }
    }
}

/// Modules between a symbol and the ring around it.
fn ring_quiet(design: &Design) -> u32 {
    match design.quiet {
        Quiet::Modules(quiet) => quiet.round() as u32,
        Quiet::Px(_) => QUIET_ZONE_MODULES as u32,
    }
}

/// Fills the whole image, or what a frame encloses.
fn background(design: &Design, plan: &Plan, frame: Option<&Frame>, layers: &mut Vec<Layer>) {
    if is_transparent(&design.background) {
        return;
    }
    let (path, place, (x, y), (width, height), is_crisp) = match frame {
        Some(frame) => {
            (frame.ground.clone(), plan.of_frame(), (0.0, 0.0), (frame.width, frame.height), false)
        }
        None => {
            let mut path = Path::default();
            let radius = design.background_round * plan.width.min(plan.height) / 2.0;
            rectangle((0.0, 0.0), (plan.width, plan.height), radius, &mut path);
            let place = Place { x: 0.0, y: 0.0, scale: 1.0 };
            (path, place, (0.0, 0.0), (plan.width, plan.height), radius == 0.0)
        }
    };
    let paint = paint(&design.background, (x, y), (width, height));
    layers.push(Layer { place, content: Content::Fill { path, paint, is_crisp } });
}

fn is_transparent(ink: &Ink) -> bool {
    matches!(ink, Ink::Solid(Color { a: 0, .. }))
}

fn around(frame: Frame, plan: &Plan, layers: &mut Vec<Layer>) {
    for (color, path) in frame.fills {
        if color.a > 0 {
            let content = Content::Fill { path, paint: Paint::Solid(color), is_crisp: false };
            layers.push(Layer { place: plan.of_frame(), content });
        }
    }
    let Some(label) = frame.label.filter(|label| label.color.a > 0) else { return };
    let (left, top, unit) = plan.frame;
    let place =
        Place { x: left + unit * label.center.0, y: top + unit * label.center.1, scale: unit * label.scale };
    let content = Content::Fill { path: label.path, paint: Paint::Solid(label.color), is_crisp: false };
    layers.push(Layer { place, content });
}

/// What is painted alike is one path.
#[derive(Debug, Default)]
struct Paths(Vec<(Paint, Path, bool)>);

impl Paths {
    /// The path of this paint. `is_crisp` is whether what is to be added has upright edges on whole modules only.
    fn of(&mut self, paint: Paint, is_crisp: bool) -> &mut Path {
        let index = self.0.iter().position(|(known, ..)| *known == paint).unwrap_or_else(|| {
            self.0.push((paint, Path::default(), true));
            self.0.len() - 1
        });
        let (_, path, is_all_crisp) = &mut self.0[index];
        *is_all_crisp &= is_crisp;
        path
    }
}

fn modules(design: &Design, symbol: &Symbol, plan: &Plan, covered: Option<Covered>, layers: &mut Vec<Layer>) {
    let side = symbol.modules() as usize;
    let is_one = corners::is_one_with_dots(design);
    let mut mask = Mask::new(side);
    for y in 0..side {
        for x in 0..side {
            let is_finder = (x < 7 && (y < 7 || y >= side - 7)) || (x >= side - 7 && y < 7);
            if symbol.is_dark(x as i32, y as i32) && (is_one || !is_finder) {
                mask.set(x, y, true);
            }
        }
    }
    if let Some(covered) = covered.filter(|_| design.hides_dots) {
        for y in covered.y..covered.y + covered.height {
            for x in covered.x..covered.x + covered.width {
                mask.set(x as usize, y as usize, false);
            }
        }
    }
    let mut paths = Paths::default();
    let whole = paint(&design.ink, (0.0, 0.0), (side as f32, side as f32));
    let path = paths.of(whole.clone(), design.dots == DotType::Square);
    trace(&mask, design.dots, (0.0, 0.0), path);
    if let Some(ring) = &plan.ring {
        let first = (side as f32 - ring.across as f32) / 2.0;
        trace(&ring.mask, design.dots, (first, first), path);
    }
    if !is_one {
        corners::add(design, side as f32, &whole, &mut paths);
    }
    for (paint, path, is_crisp) in paths.0 {
        layers.push(Layer { place: plan.of_modules(), content: Content::Fill { path, paint, is_crisp } });
    }
}

fn picture_layer(
    design: &Design,
    plan: &Plan,
    covered: Covered,
    logo: Arc<Logo>,
) -> Result<Layer, Vec<Wrong>> {
    let module = plan.symbol.module;
    let (width, height) = (covered.width as f32 * module, covered.height as f32 * module);
    let margin = design.image_margin_px;
    let room = (width - 2.0 * margin, height - 2.0 * margin);
    if room.0 < 1.0 || room.1 < 1.0 {
        let message = format!("leaves nothing of the picture, which has {width:.0} × {height:.0} pixels");
        return Err(vec![Wrong::new("imageOptions.margin", "range", message)]);
    }
    let aspect = logo.aspect();
    let wide = room.0.min(room.1 * aspect);
    let high = wide / aspect;
    let x = plan.symbol.x + covered.x as f32 * module + (width - wide) / 2.0;
    let y = plan.symbol.y + covered.y as f32 * module + (height - high) / 2.0;
    let content = Content::Picture { logo, width: wide, height: high };
    Ok(Layer { place: Place { x, y, scale: 1.0 }, content })
}

/// A gradient spans the box: a linear one from edge to edge through its centre, a radial one to the nearer edges.
fn paint(ink: &Ink, (x, y): (f32, f32), (width, height): (f32, f32)) -> Paint {
    let (kind, rotation, stops) = match ink {
        Ink::Solid(color) => return Paint::Solid(*color),
        Ink::Gradient { kind, rotation, stops } => (*kind, *rotation, stops),
    };
    let center = (x + width / 2.0, y + height / 2.0);
    let shape = match kind {
        GradientType::Radial => GradientShape::Radial { center, radius: width.max(height) / 2.0 },
        GradientType::Linear | GradientType::Unknown => {
            let (sin, cos) = rotation.sin_cos();
            // Until the line through the centre meets the box.
            let reach = (width / 2.0 / cos.abs().max(1e-6)).min(height / 2.0 / sin.abs().max(1e-6));
            let (across, down) = (cos * reach, sin * reach);
            GradientShape::Linear {
                from: (center.0 - across, center.1 - down),
                to: (center.0 + across, center.1 + down),
            }
        }
    };
    Paint::Gradient(Gradient { shape, stops: to_the_ends(stops) })
}

/// Stops from 0 to 1: the first and the last colour go on to the ends.
fn to_the_ends(stops: &[Stop]) -> Vec<Stop> {
    let mut all = Vec::with_capacity(stops.len() + 2);
    all.extend(stops.first().filter(|stop| stop.offset > 0.0).map(|stop| Stop { offset: 0.0, ..*stop }));
    all.extend_from_slice(stops);
    all.extend(stops.last().filter(|stop| stop.offset < 1.0).map(|stop| Stop { offset: 1.0, ..*stop }));
    all
}

/// What a scanner reads, as one line of a length that somebody listens to.
fn title_of(text: &str) -> String {
    let mut title: String = text
        .chars()
        .take(TITLE_CHARS_MAX)
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    if text.chars().nth(TITLE_CHARS_MAX).is_some() {
        title.push('…');
    }
    title
}
