//! A code, ready to be drawn: the text, its symbol and its scene.

use std::sync::Arc;

use crate::scene::{Color, Content, Layer, Paint, Path, Place, Scene, Segment, Square};
use crate::style::{Design, Style};
use crate::symbol::Symbol;
use crate::{Format, Logo, Wrong, image};

/// Modules of quiet zone, as ISO/IEC 18004 asks.
const QUIET_ZONE_MODULES: u32 = 4;

#[derive(Debug, Clone)]
pub struct Code {
    text: String,
    style: Style,
    symbol: Symbol,
    scene: Scene,
}

/// An image could not be written, though the style was in order.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ImageError(pub String);

impl Code {
    /// `logo` is what the style's `image` names, where that is not a data URI.
    ///
    /// # Errors
    /// Everything that is wrong with the style; or the text does not fit.
    pub fn build(text: &str, style: &Style, _logo: Option<Arc<Logo>>) -> Result<Self, Vec<Wrong>> {
        let design = Design::of(style)?;
        let symbol = Symbol::encode(text, design.level).map_err(|wrong| vec![wrong])?;
        let side = design.size.width;
        let module = side / (symbol.modules() + 2 * QUIET_ZONE_MODULES) as f32;
        let edge = module * QUIET_ZONE_MODULES as f32;
        let mut path = Path::default();
        for y in 0..symbol.modules() as i32 {
            for x in (0..symbol.modules() as i32).filter(|x| symbol.is_dark(*x, y)) {
                let (x, y) = (x as f32, y as f32);
                path.0.extend([
                    Segment::Move(x, y),
                    Segment::Line(x + 1.0, y),
                    Segment::Line(x + 1.0, y + 1.0),
                ]);
                path.0.extend([Segment::Line(x, y + 1.0), Segment::Close]);
            }
        }
        let content = Content::Fill { path, paint: Paint::Solid(Color::BLACK), is_crisp: true };
        let scene = Scene {
            width: side,
            height: side,
            dpi: None,
            title: text.to_owned(),
            layers: vec![Layer { place: Place { x: edge, y: edge, scale: module }, content }],
            symbol: Square { x: edge, y: edge, module, modules: symbol.modules() },
        };
        Ok(Self { text: text.to_owned(), style: style.clone(), symbol, scene })
    }

    /// What a scanner reads.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn style(&self) -> &Style {
        &self.style
    }

    pub fn symbol(&self) -> &Symbol {
        &self.symbol
    }

    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// # Errors
    /// An image of pixels that would have more than [`crate::RASTER_PIXELS_MAX`] of them.
    pub fn image(&self, format: Format) -> Result<Vec<u8>, ImageError> {
        image::write(&self.scene, format)
    }
}
