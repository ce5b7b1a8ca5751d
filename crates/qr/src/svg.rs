//! A scene as SVG: small, and readable by whoever cannot see it.
//!
//! Coordinates are relative and in thousandths at most, summed up in whole thousandths so that no error grows along a path.
//! Numbers are written by hand: a code is drawn in less time than formatting would take.

use crate::scene::{Color, Content, Gradient, GradientShape, Layer, Paint, Path, Place, Scene, Segment};

const MM_PER_INCH: f32 = 25.4;

pub(crate) fn write(scene: &Scene) -> String {
    let segments: usize = scene.layers.iter().map(|layer| segments(&layer.content)).sum();
    let mut out = Out(Vec::with_capacity(512 + scene.title.len() + segments * 10));
    out.open(scene);
    out.definitions(&scene.layers);
    for layer in &scene.layers {
        match &layer.content {
            Content::Fill { path, paint, is_crisp } => {
                let is_crisp = *is_crisp && is_on_pixels(layer.place);
                out.fill(path, paint, layer.place, is_crisp);
            }
            Content::Picture { logo, width, height } => {
                out.text("<image");
                for (name, value) in [
                    (" x=\"", layer.place.x),
                    ("\" y=\"", layer.place.y),
                    ("\" width=\"", width * layer.place.scale),
                    ("\" height=\"", height * layer.place.scale),
                ] {
                    out.text(name);
                    out.number(value);
                }
                out.text("\" href=\"");
                out.text(&logo.data_uri());
                out.text("\"/>");
            }
        }
    }
    out.text("</svg>\n");
    // Only text was written; what came from outside was text before.
    String::from_utf8(out.0).unwrap_or_default()
}

fn segments(content: &Content) -> usize {
    match content {
        Content::Fill { path, .. } => path.0.len(),
        Content::Picture { logo, .. } => logo.bytes().len() / 7,
    }
}

fn is_on_pixels(place: Place) -> bool {
    [place.x, place.y, place.scale].iter().all(|value| value.fract() == 0.0)
}

/// Thousandths.
fn milli(value: f32) -> i64 {
    (f64::from(value) * 1000.0).round() as i64
}

struct Out(Vec<u8>);

impl Out {
    fn text(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    fn open(&mut self, scene: &Scene) {
        self.text("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"");
        let (times, unit) = scene.dpi.map_or((1.0, ""), |dpi| (MM_PER_INCH / dpi, "mm"));
        self.number(scene.width * times);
        self.text(unit);
        self.text("\" height=\"");
        self.number(scene.height * times);
        self.text(unit);
        self.text("\" viewBox=\"0 0 ");
        self.number(scene.width);
        self.text(" ");
        self.number(scene.height);
        self.text("\" role=\"img\"><title>");
        self.escaped(&scene.title);
        self.text("</title>");
    }

    /// As the content of an element. What XML cannot hold becomes a space.
    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.text("&amp;"),
                '<' => self.text("&lt;"),
                '>' => self.text("&gt;"),
                '\u{FFFE}' | '\u{FFFF}' => self.text(" "),
                _ if character.is_control() => self.text(" "),
                _ => self.text(character.encode_utf8(&mut [0; 4])),
            }
        }
    }

    fn definitions(&mut self, layers: &[Layer]) {
        let mut is_open = false;
        for layer in layers {
            let Content::Fill { paint: Paint::Gradient(gradient), .. } = &layer.content else { continue };
            if !is_open {
                self.text("<defs>");
                is_open = true;
            }
            self.gradient(gradient);
        }
        if is_open {
            self.text("</defs>");
        }
    }

    fn gradient(&mut self, gradient: &Gradient) {
        let (tag, names, values): (_, &[&str], [f32; 4]) = match gradient.shape {
            GradientShape::Linear { from, to } => {
                ("linearGradient", &["x1", "y1", "x2", "y2"], [from.0, from.1, to.0, to.1])
            }
            GradientShape::Radial { center, radius } => {
                ("radialGradient", &["cx", "cy", "r"], [center.0, center.1, radius, 0.0])
            }
        };
        self.text("<");
        self.text(tag);
        self.text(" id=\"");
        self.id(gradient);
        self.text("\" gradientUnits=\"userSpaceOnUse\"");
        for (name, value) in names.iter().zip(values) {
            self.text(" ");
            self.text(name);
            self.text("=\"");
            self.number(value);
            self.text("\"");
        }
        self.text(">");
        for stop in &gradient.stops {
            self.text("<stop offset=\"");
            self.number(stop.offset);
            self.text("\" stop-color=\"");
            self.color(stop.color);
            if stop.color.a < 255 {
                self.text("\" stop-opacity=\"");
                self.number(f32::from(stop.color.a) / 255.0);
            }
            self.text("\"/>");
        }
        self.text("</");
        self.text(tag);
        self.text(">");
    }

    /// Made of the content, so that two images on one page share a name only for the same gradient.
    fn id(&mut self, gradient: &Gradient) {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut mix = |value: i64| {
            for byte in value.to_le_bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        match gradient.shape {
            GradientShape::Linear { from, to } => {
                [0, milli(from.0), milli(from.1), milli(to.0), milli(to.1)].into_iter().for_each(&mut mix);
            }
            GradientShape::Radial { center, radius } => {
                [1, milli(center.0), milli(center.1), milli(radius)].into_iter().for_each(&mut mix);
            }
        }
        for stop in &gradient.stops {
            let Color { r, g, b, a } = stop.color;
            mix(milli(stop.offset));
            mix(i64::from(u32::from_be_bytes([r, g, b, a])));
        }
        self.text("g");
        for shift in (0..8).rev() {
            let digit = (hash >> 32 ^ hash) >> (shift * 4) & 15;
            self.0.push(b"0123456789abcdef"[digit as usize]);
        }
    }

    /// `#rgb` where that says the same as `#rrggbb`; transparency is written beside it.
    fn color(&mut self, Color { r, g, b, .. }: Color) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        self.0.push(b'#');
        let is_short = [r, g, b].iter().all(|channel| channel >> 4 == channel & 15);
        for channel in [r, g, b] {
            if !is_short {
                self.0.push(DIGITS[usize::from(channel >> 4)]);
            }
            self.0.push(DIGITS[usize::from(channel & 15)]);
        }
    }

    fn fill(&mut self, path: &Path, paint: &Paint, place: Place, is_crisp: bool) {
        self.text("<path fill=\"");
        match paint {
            Paint::Solid(color) => {
                self.color(*color);
                if color.a < 255 {
                    self.text("\" fill-opacity=\"");
                    self.number(f32::from(color.a) / 255.0);
                }
            }
            Paint::Gradient(gradient) => {
                self.text("url(#");
                self.id(gradient);
                self.text(")");
            }
        }
        self.text("\"");
        // One outline has no holes.
        if path.0.iter().filter(|segment| matches!(segment, Segment::Move(..))).nth(1).is_some() {
            self.text(" fill-rule=\"evenodd\"");
        }
        if is_crisp {
            self.text(" shape-rendering=\"crispEdges\"");
        }
        self.transform(place);
        self.text(" d=\"");
        Pen::new(self).path(path);
        self.text("\"/>");
    }

    fn transform(&mut self, Place { x, y, scale }: Place) {
        if (x, y, scale) == (0.0, 0.0, 1.0) {
            return;
        }
        self.text(" transform=\"translate(");
        self.number(x);
        self.text(" ");
        self.number(y);
        self.text(")");
        if scale != 1.0 {
            self.text("scale(");
            // A font unit is a small part of a pixel.
            self.precise(scale);
            self.text(")");
        }
        self.text("\"");
    }

    /// With at most three decimals.
    fn number(&mut self, value: f32) {
        self.milli(milli(value));
    }

    /// With at most six decimals.
    fn precise(&mut self, value: f32) {
        let micro = (f64::from(value) * 1e6).round() as i64;
        self.integer(micro / 1_000_000);
        self.decimals((micro.unsigned_abs() % 1_000_000) as u32, 100_000);
    }

    fn milli(&mut self, value: i64) {
        if value < 0 {
            self.0.push(b'-');
        }
        let value = value.unsigned_abs();
        let (whole, part) = (value / 1000, (value % 1000) as u32);
        if whole > 0 || part == 0 {
            self.integer(whole as i64);
        }
        self.decimals(part, 100);
    }

    fn integer(&mut self, value: i64) {
        if value < 10 {
            self.0.push(b'0' + value as u8);
            return;
        }
        let (mut digits, mut rest, mut at) = ([0_u8; 20], value, 20);
        while rest > 0 {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.0.extend_from_slice(&digits[at..]);
    }

    fn decimals(&mut self, mut part: u32, mut place: u32) {
        if part == 0 {
            return;
        }
        self.0.push(b'.');
        while part > 0 {
            self.0.push(b'0' + (part / place) as u8);
            part %= place;
            place /= 10;
        }
    }
}

/// Writes one path. Knows where it is, in thousandths, and which command it repeats.
struct Pen<'a> {
    out: &'a mut Out,
    at: (i64, i64),
    start: (i64, i64),
    command: u8,
    has_decimals: bool,
}

type Point = (i64, i64);

fn point((x, y): (f32, f32)) -> Point {
    (milli(x), milli(y))
}

impl<'a> Pen<'a> {
    fn new(out: &'a mut Out) -> Self {
        Self { out, at: (0, 0), start: (0, 0), command: 0, has_decimals: false }
    }

    fn path(&mut self, path: &Path) {
        let mut rest = path.0.as_slice();
        while let Some((segment, after)) = rest.split_first() {
            rest = after;
            match *segment {
                Segment::Move(x, y) => {
                    let to = point((x, y));
                    self.command(b'm');
                    self.step(to);
                    (self.at, self.start) = (to, to);
                }
                Segment::Line(x, y) => self.line(point((x, y))),
                Segment::Arc { radius, to, clockwise } => {
                    let mut end = point(to);
                    // Two quarters that make a half are written as one.
                    if let Some(Segment::Arc { radius: next, to, clockwise: turn }) = after.first()
                        && (*next, *turn) == (radius, clockwise)
                        && self.is_across(point(*to), milli(radius))
                    {
                        end = point(*to);
                        rest = &after[1..];
                    }
                    self.arc(milli(radius), end, clockwise);
                }
                Segment::Quad { control, to } => {
                    self.command(b'q');
                    self.step(point(control));
                    self.step(point(to));
                    self.at = point(to);
                }
                Segment::Cubic { controls, to } => {
                    self.command(b'c');
                    self.step(point(controls[0]));
                    self.step(point(controls[1]));
                    self.step(point(to));
                    self.at = point(to);
                }
                Segment::Close => {
                    self.out.0.push(b'z');
                    self.command = b'z';
                    self.at = self.start;
                }
            }
        }
    }

    /// Whether a point lies on the other side of a circle through here.
    fn is_across(&self, to: Point, radius: i64) -> bool {
        let (x, y) = (to.0 - self.at.0, to.1 - self.at.1);
        let (square, wanted) = (x * x + y * y, 4 * radius * radius);
        (square - wanted).abs() <= 8 * radius
    }

    fn line(&mut self, to: Point) {
        let (x, y) = (to.0 - self.at.0, to.1 - self.at.1);
        match (x, y) {
            (0, 0) => {}
            (_, 0) => {
                self.letter(b'h');
                self.value(x);
            }
            (0, _) => {
                self.letter(b'v');
                self.value(y);
            }
            _ => {
                self.command(b'l');
                self.step(to);
            }
        }
        self.at = to;
    }

    fn arc(&mut self, radius: i64, to: Point, clockwise: bool) {
        self.command(b'a');
        self.value(radius);
        self.value(radius);
        self.value(0);
        self.value(0);
        self.value(if clockwise { 1000 } else { 0 });
        self.step(to);
        self.at = to;
    }

    /// Once for several in a row, where the format allows it.
    fn command(&mut self, letter: u8) {
        if self.command != letter || letter == b'm' {
            self.letter(letter);
        }
    }

    fn letter(&mut self, letter: u8) {
        self.out.0.push(letter);
        self.command = letter;
        self.has_decimals = false;
    }

    fn step(&mut self, to: Point) {
        self.value(to.0 - self.at.0);
        self.value(to.1 - self.at.1);
    }

    /// Numbers need a space between them unless the second begins with a sign, or with a point after one that had a point.
    fn value(&mut self, milli: i64) {
        let is_first = self.out.0.last().is_some_and(u8::is_ascii_alphabetic);
        let begins_with_point = (1..1000).contains(&milli);
        if !(is_first || milli < 0 || begins_with_point && self.has_decimals) {
            self.out.0.push(b' ');
        }
        self.out.milli(milli);
        self.has_decimals = milli % 1000 != 0;
    }
}

#[cfg(test)]
mod tests;
