//! A code, ready to be drawn: the text, its symbol, its style and its scene.

use std::sync::Arc;

use crate::draw::{self, Drawn};
use crate::scene::Scene;
use crate::style::{self, Design, ImageReference, Style};
use crate::symbol::{Level, Mode, Symbol, SymbolOptions};
use crate::{Format, Logo, Wrong, image};

#[derive(Debug, Clone)]
pub struct Code {
    text: String,
    style: Style,
    level: Level,
    symbol: Symbol,
    drawn: Drawn,
}

/// An image could not be written, though the style was in order.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ImageError(pub String);

impl Code {
    /// `logo` is what the style's `image` names where that is an uploaded logo; a data URI is read here.
    ///
    /// # Errors
    /// Everything that is wrong with the style and with its picture; else, that the text does not fit.
    pub fn build(text: &str, style: &Style, logo: Option<Arc<Logo>>) -> Result<Self, Vec<Wrong>> {
        let design = Design::of(style);
        let logo = read_logo(style, logo);
        let (design, logo) = match (design, logo) {
            (Ok(design), Ok(logo)) => (design, logo),
            (design, logo) => {
                let mut wrongs = design.err().unwrap_or_default();
                wrongs.extend(logo.err());
                return Err(wrongs);
            }
        };
        let options = SymbolOptions {
            level: design.level,
            version: design.version,
            mask: design.mask,
            mode: design.mode.and_then(mode).filter(|mode| mode.holds(text)),
        };
        let symbol = Symbol::encode(text, &options).map_err(|wrong| vec![wrong])?;
        let drawn = draw::draw(&design, &symbol, text, logo)?;
        Ok(Self { text: text.to_owned(), style: style.clone(), level: design.level, symbol, drawn })
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

    pub fn level(&self) -> Level {
        self.level
    }

    pub fn scene(&self) -> &Scene {
        &self.drawn.scene
    }

    /// Modules around the symbol on which there is nothing but background.
    pub fn quiet_modules(&self) -> f32 {
        self.drawn.quiet_modules
    }

    /// Modules under the picture in the middle, drawn or not.
    pub fn covered_modules(&self) -> u32 {
        self.drawn.covered.map_or(0, |covered| covered.width * covered.height)
    }

    /// # Errors
    /// An image of pixels that would have more than [`crate::RASTER_PIXELS_MAX`] of them.
    pub fn image(&self, format: Format) -> Result<Vec<u8>, ImageError> {
        image::write(self.scene(), format)
    }
}

fn mode(wish: style::Mode) -> Option<Mode> {
    Mode::ALL.into_iter().find(|mode| mode.as_str() == wish.as_str())
}

fn read_logo(style: &Style, given: Option<Arc<Logo>>) -> Result<Option<Arc<Logo>>, Wrong> {
    match style.image_reference() {
        Some(ImageReference::Data(uri)) => Logo::from_data_uri(uri).map(|logo| Some(Arc::new(logo))),
        Some(ImageReference::Logo(id)) if given.is_none() => {
            Err(Wrong::new("image", "not_found", format!("there is no logo {id}")))
        }
        Some(ImageReference::Logo(_)) => Ok(given),
        None => Ok(None),
    }
}
