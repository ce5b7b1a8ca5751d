//! What can be wrong with a style, noted all at once.
//!
//! Nothing is clamped: a number outside of its range is refused, with the range.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::choice::GradientType;
use super::color;
use super::options::GradientOptions;
use crate::Wrong;
use crate::scene::{Color, Stop};

/// Stops of a gradient.
pub const GRADIENT_STOPS: RangeInclusive<usize> = 2..=16;

/// What modules, corners, and the background are filled with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ink {
    Solid(Color),
    Gradient { kind: GradientType, rotation: f32, stops: Vec<Stop> },
}

impl Ink {
    /// One colour for all of it: a gradient's first.
    pub(crate) fn color(&self) -> Color {
        match self {
            Self::Solid(color) => *color,
            Self::Gradient { stops, .. } => stops.first().map_or(Color::BLACK, |stop| stop.color),
        }
    }
}

/// Everything that was wrong so far.
#[derive(Debug, Default)]
pub(super) struct Refusals(pub(super) Vec<Wrong>);

impl Refusals {
    pub(super) fn note(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        code: &'static str,
        message: impl Into<String>,
    ) {
        self.0.push(Wrong::new(field, code, message));
    }

    /// `value`, or what holds without it. A value out of range is noted and replaced, so that reading goes on.
    pub(super) fn number(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        value: Option<f64>,
        absent: f64,
        range: RangeInclusive<f64>,
        unit: &str,
    ) -> f64 {
        let Some(value) = value else { return absent };
        if range.contains(&value) {
            return value;
        }
        let message = format!("must be from {} to {}{unit}", range.start(), range.end());
        self.note(field, "range", message);
        absent
    }

    pub(super) fn color(&mut self, field: impl Into<Cow<'static, str>>, text: &str) -> Color {
        color::parse(text).unwrap_or_else(|| {
            self.note(field, "format", format!("must be {}", color::EXPECTED));
            Color::BLACK
        })
    }

    /// Notes an unknown word, by its list of known ones.
    pub(super) fn choice(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        is_unknown: bool,
        words: fn() -> String,
    ) {
        if is_unknown {
            self.note(field, "choice", format!("must be one of {}", words()));
        }
    }

    /// The fill of something that has a colour and a gradient; the gradient wins. `None` if it has neither.
    pub(super) fn ink(
        &mut self,
        path: &str,
        color: Option<&String>,
        gradient: Option<&GradientOptions>,
    ) -> Option<Ink> {
        let solid = color.map(|color| Ink::Solid(self.color(format!("{path}.color"), color)));
        let gradient = gradient.map(|gradient| self.gradient(&format!("{path}.gradient"), gradient));
        gradient.or(solid)
    }

    fn gradient(&mut self, path: &str, gradient: &GradientOptions) -> Ink {
        let kind = gradient.kind.unwrap_or(GradientType::Linear);
        self.choice(format!("{path}.type"), kind.is_unknown(), GradientType::words);
        let rotation =
            self.number(format!("{path}.rotation"), gradient.rotation, 0.0, -100.0..=100.0, " radians");
        let given = &gradient.color_stops;
        if !GRADIENT_STOPS.contains(&given.len()) {
            let (least, most) = (GRADIENT_STOPS.start(), GRADIENT_STOPS.end());
            let message = format!("a gradient has {least} to {most} stops; these are {}", given.len());
            self.note(format!("{path}.colorStops"), "length", message);
        }
        let mut stops = Vec::with_capacity(given.len());
        let mut last = 0.0;
        for (index, stop) in given.iter().take(*GRADIENT_STOPS.end()).enumerate() {
            let at = format!("{path}.colorStops[{index}]");
            let offset = self.number(format!("{at}.offset"), Some(stop.offset), last, 0.0..=1.0, "");
            if offset < last {
                let message = format!("stops go from 0 to 1 in ascending order; the one before is at {last}");
                self.note(format!("{at}.offset"), "range", message);
            }
            last = offset;
            let color = self.color(format!("{at}.color"), &stop.color);
            stops.push(Stop { offset: offset as f32, color });
        }
        Ink::Gradient { kind, rotation: rotation as f32, stops }
    }
}
