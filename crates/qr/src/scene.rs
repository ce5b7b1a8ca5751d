//! What is to be seen, as shapes: the one thing between a design and all its images.
//!
//! Coordinates are pixels of the image, from the top left, y downwards. A layer has a place of its own, so that what
//! is made of modules is written in whole modules and stays short. Layers are painted in their order.

use std::sync::Arc;

use crate::logo::Logo;

/// An image of `width` × `height` pixels that knows no pixels yet.
#[derive(Debug, Clone)]
pub struct Scene {
    pub width: f32,
    pub height: f32,
    /// How large a print is meant to be. Without it, pixels are pixels.
    pub dpi: Option<f32>,
    /// What somebody hears who cannot see it.
    pub title: String,
    pub layers: Vec<Layer>,
    /// Where the symbol lies, quiet zone excluded, for whoever judges it.
    pub symbol: Square,
}

/// Where the symbol lies in the image, and how it is divided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Square {
    pub x: f32,
    pub y: f32,
    /// Pixels of one module.
    pub module: f32,
    pub modules: u32,
}

#[derive(Debug, Clone)]
pub struct Layer {
    pub place: Place,
    pub content: Content,
}

/// Local coordinates times `scale`, then moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub x: f32,
    pub y: f32,
    pub scale: f32,
}

#[derive(Debug, Clone)]
pub enum Content {
    /// A filled path, by the even-odd rule. Where `is_crisp`, its edges lie between pixels if the scale is whole.
    Fill { path: Path, paint: Paint, is_crisp: bool },
    /// A picture in a box of this size, in local coordinates.
    Picture { logo: Arc<Logo>, width: f32, height: f32 },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Paint {
    Solid(Color),
    Gradient(Gradient),
}

/// In local coordinates of its layer. Stops ascend from 0 to 1; there are at least two.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradient {
    pub shape: GradientShape,
    pub stops: Vec<Stop>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GradientShape {
    Linear { from: (f32, f32), to: (f32, f32) },
    Radial { center: (f32, f32), radius: f32 },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    pub offset: f32,
    pub color: Color,
}

/// sRGB, not premultiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color {
    pub r: u8,
    pub g: u8,
    pub b: u8,
    pub a: u8,
}

impl Color {
    pub const BLACK: Self = Self { r: 0, g: 0, b: 0, a: 255 };
    pub const WHITE: Self = Self { r: 255, g: 255, b: 255, a: 255 };

    /// Relative luminance, from 0 to 1, of the colour without its transparency (WCAG 2.2).
    pub fn luminance(self) -> f32 {
        let linear = |channel: u8| {
            let share = f32::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.r) + 0.7152 * linear(self.g) + 0.0722 * linear(self.b)
    }
}

/// Closed outlines, one after the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Path(pub Vec<Segment>);

impl Path {
    /// Moves all of it.
    pub(crate) fn shift(&mut self, right: f32, down: f32) {
        for segment in &mut self.0 {
            *segment = segment.map(|(x, y)| (x + right, y + down));
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Segment {
    Move(f32, f32),
    Line(f32, f32),
    /// A part of a circle, at most a quarter, to a point. `clockwise` as seen on the screen.
    Arc {
        radius: f32,
        to: (f32, f32),
        clockwise: bool,
    },
    Quad {
        control: (f32, f32),
        to: (f32, f32),
    },
    Cubic {
        controls: [(f32, f32); 2],
        to: (f32, f32),
    },
    Close,
}

impl Segment {
    /// With its points elsewhere; radius and direction of an arc stay.
    pub(crate) fn map(self, to: impl Fn((f32, f32)) -> (f32, f32)) -> Self {
        let at = to;
        match self {
            Self::Move(x, y) => {
                let (x, y) = at((x, y));
                Self::Move(x, y)
            }
            Self::Line(x, y) => {
                let (x, y) = at((x, y));
                Self::Line(x, y)
            }
            Self::Arc { radius, to, clockwise } => Self::Arc { radius, to: at(to), clockwise },
            Self::Quad { control, to } => Self::Quad { control: at(control), to: at(to) },
            Self::Cubic { controls, to } => Self::Cubic { controls: controls.map(&at), to: at(to) },
            Self::Close => Self::Close,
        }
    }
}
