//! What surrounds a code: borders, banners, bubbles.
//!
//! A frame is drawn in units of its own: the panel, a square that holds symbol and quiet zone, is 100 × 100. Nothing of a frame
//! lies on the panel, so a frame never costs quiet zone. Outside of the frame the image is transparent.

use super::label::{Label, Room};
use super::outline::{circle, rectangle};
use super::text::Side;
use crate::Wrong;
use crate::scene::{Color, Path, Segment};
use crate::style::{FrameDesign, FramePosition, FrameType};

/// A side of the panel.
pub(super) const PANEL: f32 = 100.0;
/// How thick borders are.
const BORDER: f32 = 4.0;
/// From the panel to a border with round inner corners of [`INNER`]: they end where the panel's corner begins, r·(1 − 1/√2) from
/// theirs.
const AIR: f32 = 1.8;
const INNER: f32 = 6.0;
/// What a border encloses, and what it measures outside.
const INSIDE: f32 = PANEL + 2.0 * AIR;
const OUTER: f32 = INSIDE + 2.0 * BORDER;

/// A frame in units, to be scaled.
#[derive(Debug)]
pub(super) struct Frame {
    pub width: f32,
    pub height: f32,
    /// The upper left corner of the panel.
    pub panel: (f32, f32),
    /// What the background fills.
    pub ground: Path,
    pub fills: Vec<(Color, Path)>,
    pub label: Option<PlacedLabel>,
}

/// Font units around a centre.
#[derive(Debug)]
pub(super) struct PlacedLabel {
    pub color: Color,
    pub path: Path,
    pub center: (f32, f32),
    /// Units of one font unit.
    pub scale: f32,
}

/// Whether the text can be shown on such a frame.
pub(crate) fn check_text(kind: FrameType, text: &str) -> Result<(), Wrong> {
    let Some(room) = room(kind).filter(|_| !text.is_empty()) else { return Ok(()) };
    Label::fit(text, room).map(|_| ())
}

/// Where the text of a frame may stand, and how large it may be.
fn room(kind: FrameType) -> Option<Room> {
    let (width, height) = match kind {
        FrameType::None | FrameType::Unknown => return None,
        FrameType::Circle => return Some(Room::Ring { length: 190.0, height: 28.0 }),
        FrameType::Box | FrameType::RoundedBox => (94.0, 22.0),
        FrameType::Banner => (94.0, 26.0),
        FrameType::SpeechBubble => (94.0, 26.0),
        FrameType::Tab => (66.0, 20.0),
        FrameType::Ticket => (90.0, 28.0),
        FrameType::Phone => (74.0, 20.0),
        FrameType::Polaroid => (100.0, 30.0),
        FrameType::Viewfinder => (100.0, 26.0),
        FrameType::Ribbon => (94.0, 24.0),
    };
    Some(Room::Box { width, height })
}

/// How wide the ring of a circle is.
const RING: f32 = 22.0;

/// What the frames below are put together from.
struct Sketch {
    size: (f32, f32),
    panel: (f32, f32),
    ground: Path,
    ink: Path,
    /// What lies further back: darker, and what lies in its own shadow.
    shade: Path,
    fold: Path,
    /// Centre of the label, and whether it stands on the frame's colour.
    label_at: (f32, f32),
    is_on_ink: bool,
}

impl Sketch {
    fn new(width: f32, height: f32) -> Self {
        Self {
            size: (width, height),
            panel: (BORDER + AIR, BORDER + AIR),
            ground: Path::default(),
            ink: Path::default(),
            shade: Path::default(),
            fold: Path::default(),
            label_at: (width / 2.0, height),
            is_on_ink: true,
        }
    }
}

/// `None` for the kind that is no frame.
///
/// `reach` is how far a round frame keeps off the panel's centre, in units.
///
/// # Errors
/// As [`check_text`].
pub(super) fn frame(design: &FrameDesign, reach: f32) -> Result<Option<Frame>, Wrong> {
    let Some(room) = room(design.kind) else { return Ok(None) };
    let label = match design.text.as_str() {
        "" => None,
        text => Some(Label::fit(text, room)?),
    };
    let mut sketch = sketch(design.kind, label.as_ref(), reach);
    if design.position == FramePosition::Above {
        flip(&mut sketch);
    }
    let label = label.map(|label| {
        let on_frame = if sketch.is_on_ink { readable_on(design.color) } else { design.color };
        let path = match (room, design.position) {
            (Room::Ring { .. }, FramePosition::Above) => label.around(reach + RING / 2.0, Side::Above),
            (Room::Ring { .. }, _) => label.around(reach + RING / 2.0, Side::Below),
            (Room::Box { .. }, _) => label.centered(),
        };
        PlacedLabel {
            color: design.text_color.unwrap_or(on_frame),
            path,
            center: sketch.label_at,
            scale: label.scale(),
        }
    });
    let mut fills = Vec::new();
    for (path, share) in [(sketch.shade, 0.76), (sketch.fold, 0.5)] {
        if !path.0.is_empty() {
            fills.push((shaded(design.color, share), path));
        }
    }
    fills.push((design.color, sketch.ink));
    let (width, height) = sketch.size;
    Ok(Some(Frame { width, height, panel: sketch.panel, ground: sketch.ground, fills, label }))
}

fn sketch(kind: FrameType, label: Option<&Label>, reach: f32) -> Sketch {
    match kind {
        FrameType::Box => bordered(0.0, 0.0, label),
        FrameType::RoundedBox => bordered(14.0, INNER, label),
        FrameType::Banner => banner(),
        FrameType::SpeechBubble => speech_bubble(),
        FrameType::Tab => tab(label),
        FrameType::Ticket => ticket(),
        FrameType::Phone => phone(),
        FrameType::Polaroid => polaroid(),
        FrameType::Circle => ring(reach),
        FrameType::Viewfinder => viewfinder(),
        FrameType::Ribbon => ribbon(),
        FrameType::None | FrameType::Unknown => Sketch::new(PANEL, PANEL),
    }
}

/// A border; below the panel, where there is a text, room for it on the ground.
fn bordered(outer: f32, inner: f32, label: Option<&Label>) -> Sketch {
    let height = if label.is_some() { OUTER + 18.0 } else { OUTER };
    let mut sketch = Sketch::new(OUTER, height);
    rectangle((0.0, 0.0), (OUTER, height), outer, &mut sketch.ink);
    rectangle((BORDER, BORDER), (INSIDE, height - 2.0 * BORDER), inner, &mut sketch.ink);
    rectangle((1.0, 1.0), (OUTER - 2.0, height - 2.0), (outer - 1.0).max(0.0), &mut sketch.ground);
    sketch.label_at = (OUTER / 2.0, OUTER + 5.0);
    sketch.is_on_ink = false;
    sketch
}

fn banner() -> Sketch {
    let height = OUTER + 24.0;
    let mut sketch = Sketch::new(OUTER, height);
    rectangle((0.0, 0.0), (OUTER, height), 10.0, &mut sketch.ink);
    rectangle((BORDER, BORDER), (INSIDE, INSIDE), INNER, &mut sketch.ink);
    rectangle((1.0, 1.0), (OUTER - 2.0, OUTER - 2.0), 9.0, &mut sketch.ground);
    sketch.label_at = (OUTER / 2.0, BORDER + INSIDE + 14.0);
    sketch
}

fn speech_bubble() -> Sketch {
    let (gap, bubble) = (11.0, 28.0);
    let top = OUTER + gap;
    let mut sketch = Sketch::new(OUTER, top + bubble);
    rectangle((0.0, 0.0), (OUTER, OUTER), 14.0, &mut sketch.ink);
    rectangle((BORDER, BORDER), (INSIDE, INSIDE), INNER, &mut sketch.ink);
    rectangle((1.0, 1.0), (OUTER - 2.0, OUTER - 2.0), 13.0, &mut sketch.ground);
    // The bubble and its tip are one outline, so that nothing overlaps.
    let (left, right, bottom, r, tip) = (0.0, OUTER, top + bubble, 9.0, OUTER / 2.0);
    sketch.ink.0.extend([
        Segment::Move(left + r, top),
        Segment::Line(tip - 8.0, top),
        Segment::Line(tip - 1.2, top - 7.6),
        Segment::Quad { control: (tip, top - 9.0), to: (tip + 1.2, top - 7.6) },
        Segment::Line(tip + 8.0, top),
        Segment::Line(right - r, top),
        arc(r, (right, top + r)),
        Segment::Line(right, bottom - r),
        arc(r, (right - r, bottom)),
        Segment::Line(left + r, bottom),
        arc(r, (left, bottom - r)),
        Segment::Line(left, top + r),
        arc(r, (left + r, top)),
        Segment::Close,
    ]);
    sketch.label_at = (OUTER / 2.0, top + bubble / 2.0);
    sketch
}

/// The pill is as wide as its text asks, and keeps off the panel: the border hangs lower than the panel ends.
fn tab(label: Option<&Label>) -> Sketch {
    let (pill, overlap) = (20.0, 6.0);
    let body = OUTER + overlap;
    let mut sketch = Sketch::new(OUTER, body + pill - BORDER - overlap);
    rectangle((0.0, 0.0), (OUTER, body), 14.0, &mut sketch.ink);
    rectangle((1.0, 1.0), (OUTER - 2.0, body - 2.0), 13.0, &mut sketch.ground);
    // The inner edge of the border goes around the pill, again as one outline.
    let half = label.map_or(24.0, |label| (label.width() / 2.0 + 7.0).clamp(20.0, 40.0));
    let (center, top) = (OUTER / 2.0, body - BORDER - overlap);
    let (left, right, bottom, r) = (BORDER, OUTER - BORDER, body - BORDER, INNER);
    let shoulder = 10.0;
    sketch.ink.0.extend([
        Segment::Move(left + r, BORDER),
        Segment::Line(right - r, BORDER),
        arc(r, (right, BORDER + r)),
        Segment::Line(right, bottom - shoulder),
        arc(shoulder, (right - shoulder, bottom)),
        Segment::Line(center + half, bottom),
        Segment::Arc { radius: overlap, to: (center + half - overlap, top), clockwise: false },
        Segment::Line(center - half + overlap, top),
        Segment::Arc { radius: overlap, to: (center - half, bottom), clockwise: false },
        Segment::Line(left + shoulder, bottom),
        arc(shoulder, (left, bottom - shoulder)),
        Segment::Line(left, BORDER + r),
        arc(r, (left + r, BORDER)),
        Segment::Close,
    ]);
    // What hangs below the border.
    let (hang, low) = (body, body + pill - BORDER - overlap);
    let r = low - hang;
    sketch.ink.0.extend([
        Segment::Move(center - half, hang),
        Segment::Line(center + half, hang),
        arc(r, (center + half - r, low)),
        Segment::Line(center - half + r, low),
        arc(r, (center - half, hang)),
        Segment::Close,
    ]);
    sketch.label_at = (center, f32::midpoint(top, low));
    sketch
}

fn ticket() -> Sketch {
    let (tear, stub, notch, r) = (OUTER + 3.0, 28.0, 6.0, 10.0);
    let height = tear + stub;
    let mut sketch = Sketch::new(OUTER, height);
    sketch.ink.0.extend([
        Segment::Move(r, 0.0),
        Segment::Line(OUTER - r, 0.0),
        arc(r, (OUTER, r)),
        Segment::Line(OUTER, tear - notch),
        Segment::Arc { radius: notch, to: (OUTER - notch, tear), clockwise: false },
        Segment::Arc { radius: notch, to: (OUTER, tear + notch), clockwise: false },
        Segment::Line(OUTER, height - r),
        arc(r, (OUTER - r, height)),
        Segment::Line(r, height),
        arc(r, (0.0, height - r)),
        Segment::Line(0.0, tear + notch),
        Segment::Arc { radius: notch, to: (notch, tear), clockwise: false },
        Segment::Arc { radius: notch, to: (0.0, tear - notch), clockwise: false },
        Segment::Line(0.0, r),
        arc(r, (r, 0.0)),
        Segment::Close,
    ]);
    rectangle((BORDER, BORDER), (INSIDE, INSIDE), INNER, &mut sketch.ink);
    let holes = 19;
    for hole in 0..holes {
        let x = 10.5 + (OUTER - 21.0) * hole as f32 / (holes - 1) as f32;
        circle((x, tear), 1.2, &mut sketch.ink);
    }
    rectangle((1.0, 1.0), (OUTER - 2.0, OUTER - 2.0), 9.0, &mut sketch.ground);
    sketch.label_at = (OUTER / 2.0, tear + 1.0 + stub / 2.0);
    sketch
}

fn phone() -> Sketch {
    let (width, height, bezel) = (118.0, 188.0, 5.0);
    let mut sketch = Sketch::new(width, height);
    rectangle((0.0, 0.0), (width, height), 18.0, &mut sketch.ink);
    rectangle((bezel, bezel), (width - 2.0 * bezel, height - 2.0 * bezel), 13.0, &mut sketch.ink);
    // Speaker, button, home bar.
    rectangle((width / 2.0 - 14.0, 11.0), (28.0, 6.0), 3.0, &mut sketch.ink);
    rectangle((width / 2.0 - 42.0, 141.0), (84.0, 22.0), 11.0, &mut sketch.ink);
    rectangle((width / 2.0 - 17.0, 174.0), (34.0, 2.6), 1.3, &mut sketch.ink);
    rectangle((1.0, 1.0), (width - 2.0, height - 2.0), 17.0, &mut sketch.ground);
    sketch.panel = ((width - PANEL) / 2.0, 29.0);
    sketch.label_at = (width / 2.0, 152.0);
    sketch
}

fn polaroid() -> Sketch {
    let (width, height, line) = (118.0, 144.0, 1.6);
    let mut sketch = Sketch::new(width, height);
    rectangle((0.0, 0.0), (width, height), 4.0, &mut sketch.ink);
    rectangle((line, line), (width - 2.0 * line, height - 2.0 * line), 2.6, &mut sketch.ink);
    // The picture has an edge of its own.
    rectangle((8.0, 8.0), (102.0, 102.0), 0.0, &mut sketch.ink);
    rectangle((9.0, 9.0), (PANEL, PANEL), 0.0, &mut sketch.ink);
    rectangle((0.8, 0.8), (width - 1.6, height - 1.6), 3.3, &mut sketch.ground);
    sketch.panel = (9.0, 9.0);
    sketch.label_at = (width / 2.0, 126.5);
    sketch.is_on_ink = false;
    sketch
}

fn ring(inner: f32) -> Sketch {
    let outer = inner + RING;
    let center = (outer, outer);
    let mut sketch = Sketch::new(2.0 * outer, 2.0 * outer);
    circle(center, outer, &mut sketch.ink);
    circle(center, inner, &mut sketch.ink);
    circle(center, outer - 1.0, &mut sketch.ground);
    sketch.panel = (outer - PANEL / 2.0, outer - PANEL / 2.0);
    sketch.label_at = center;
    sketch
}

fn viewfinder() -> Sketch {
    let (width, reach, thick, r) = (112.0, 24.0, 5.0, 12.0);
    let mut sketch = Sketch::new(width, width + 22.0);
    // One bracket at the upper left, then turned.
    let inner = r - thick;
    let bracket = [
        Segment::Move(0.0, reach),
        Segment::Line(0.0, r),
        arc(r, (r, 0.0)),
        Segment::Line(reach, 0.0),
        Segment::Line(reach, thick),
        Segment::Line(r, thick),
        Segment::Arc { radius: inner, to: (thick, r), clockwise: false },
        Segment::Line(thick, reach),
        Segment::Close,
    ];
    for quarter in 0..4 {
        let turned = |(x, y): (f32, f32)| match quarter {
            0 => (x, y),
            1 => (width - y, x),
            2 => (width - x, width - y),
            _ => (y, width - x),
        };
        sketch.ink.0.extend(bracket.iter().map(|segment| segment.map(turned)));
    }
    rectangle((0.0, 0.0), (width, width + 22.0), r, &mut sketch.ground);
    sketch.panel = (6.0, 6.0);
    sketch.label_at = (width / 2.0, width + 9.0);
    sketch.is_on_ink = false;
    sketch
}

/// The band is wider than the box; its ends lie behind, and where they turn it is darker.
fn ribbon() -> Sketch {
    let (wing, band, drop) = (12.0, 24.0, 7.0);
    let (left, right) = (wing, wing + OUTER);
    let top = INSIDE + BORDER + 2.0;
    let (width, bottom) = (OUTER + 2.0 * wing, top + band);
    let mut sketch = Sketch::new(width, bottom + drop);
    // The box ends under the band.
    sketch.ink.0.extend([
        Segment::Move(left + 6.0, 0.0),
        Segment::Line(right - 6.0, 0.0),
        arc(6.0, (right, 6.0)),
        Segment::Line(right, top),
        Segment::Line(right + 4.0, top),
        Segment::Line(right + 4.0, bottom),
        Segment::Line(left - 4.0, bottom),
        Segment::Line(left - 4.0, top),
        Segment::Line(left, top),
        Segment::Line(left, 6.0),
        arc(6.0, (left + 6.0, 0.0)),
        Segment::Close,
    ]);
    rectangle((left + BORDER, BORDER), (INSIDE, INSIDE), 2.0, &mut sketch.ink);
    for (edge, out) in [(left - 4.0, -1.0), (right + 4.0, 1.0)] {
        let (inner, outer) = (edge - out * 10.0, edge + out * 8.0);
        // The end of the band, with its notch. It goes on a little way under the band, so that no seam is seen.
        sketch.shade.0.extend([
            Segment::Move(edge - out, top + drop),
            Segment::Line(outer, top + drop),
            Segment::Line(outer - out * 5.0, top + drop + band / 2.0),
            Segment::Line(outer, bottom + drop),
            Segment::Line(inner, bottom + drop),
            Segment::Line(inner, bottom - 1.0),
            Segment::Line(edge - out, bottom - 1.0),
            Segment::Close,
        ]);
        sketch.fold.0.extend([
            Segment::Move(edge, bottom - 1.0),
            Segment::Line(edge, bottom),
            Segment::Line(inner, bottom + drop),
            Segment::Line(inner, bottom - 1.0),
            Segment::Close,
        ]);
    }
    rectangle((left + 1.0, 1.0), (OUTER - 2.0, top), 5.0, &mut sketch.ground);
    sketch.panel = (left + BORDER + AIR, BORDER + AIR);
    sketch.label_at = (width / 2.0, top + band / 2.0);
    sketch
}

fn arc(radius: f32, to: (f32, f32)) -> Segment {
    Segment::Arc { radius, to, clockwise: true }
}

/// Upside down, but for the letters.
fn flip(sketch: &mut Sketch) {
    let height = sketch.size.1;
    for path in [&mut sketch.ground, &mut sketch.ink, &mut sketch.shade, &mut sketch.fold] {
        for segment in &mut path.0 {
            *segment = segment.map(|(x, y)| (x, height - y));
            if let Segment::Arc { clockwise, .. } = segment {
                *clockwise = !*clockwise;
            }
        }
    }
    sketch.panel.1 = height - sketch.panel.1 - PANEL;
    sketch.label_at.1 = height - sketch.label_at.1;
}

/// White or black, whichever has the higher contrast (WCAG 2, relative luminance).
fn readable_on(color: Color) -> Color {
    let luminance = color.luminance();
    let (white, black) = (1.05 / (luminance + 0.05), (luminance + 0.05) / 0.05);
    if white >= black { Color::WHITE } else { Color::BLACK }
}

/// The same colour with less light. Black has nothing darker than itself: its shade is lighter.
fn shaded(color: Color, share: f32) -> Color {
    let is_dark = color.luminance() < 0.02;
    let shade = |channel: u8| match is_dark {
        true => channel.saturating_add(((1.0 - share) * 140.0) as u8),
        false => (f32::from(channel) * share).round() as u8,
    };
    Color { r: shade(color.r), g: shade(color.g), b: shade(color.b), a: color.a }
}
