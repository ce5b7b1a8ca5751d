//! QR codes: a payload becomes a text, the text a symbol, symbol and style a scene, the scene an image.
//!
//! ```text
//! Payload ─→ text ─→ Symbol ─┐
//!                    Style ──┼─→ Scene ─→ SVG, PNG, PDF, EPS, WebP, JPEG
//!                    Logo ───┘     └────→ Verdict: will it scan?
//! ```
//!
//! Nothing here does I/O, reads a clock or draws lots: the same input gives the same bytes, on every machine.

mod code;
mod draw;
mod eps;
mod format;
mod image;
mod jpeg;
mod logo;
mod outline;
mod page;
pub mod payload;
mod pdf;
mod pixels;
mod png;
mod raster;
#[cfg(test)]
mod samples;
pub mod scene;
pub mod style;
mod svg;
mod symbol;
mod text;
pub mod verdict;
mod wrong;

pub use code::{Code, ImageError};
pub use format::Format;
pub use logo::{LOGO_BYTES_MAX, LOGO_PIXELS_MAX, LOGO_SIDE_PX_MAX, Logo, LogoKind};
pub use payload::{Payload, PayloadKind};
pub use pixels::Pixels;
pub use raster::RASTER_PIXELS_MAX;
pub use scene::Scene;
pub use style::{ImageReference, QrOptions, Style};
pub use symbol::{Level, Mode, Symbol, SymbolOptions, text_bytes_max};
pub use text::Terminal;
pub use verdict::{Fix, Grade, Verdict, mend};
pub use wrong::Wrong;
