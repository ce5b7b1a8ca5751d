//! The symbol: which modules are dark (ISO/IEC 18004, model 2).

use fast_qr::{ECL, QRBuilder, QRCode};
use serde::{Deserialize, Serialize};

use crate::Wrong;

/// How much of a symbol may be lost: about 7, 15, 25 and 30 % of its codewords.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
pub enum Level {
    L,
    M,
    Q,
    H,
}

/// A square of modules, without its quiet zone.
#[derive(Debug, Clone)]
pub struct Symbol {
    modules: u32,
    level: Level,
    code: Box<QRCode>,
}

impl Symbol {
    /// The smallest symbol that holds the text.
    ///
    /// # Errors
    /// If the text is longer than the largest symbol of this level holds.
    pub fn encode(text: &str, level: Level) -> Result<Self, Wrong> {
        let ecl = match level {
            Level::L => ECL::L,
            Level::M => ECL::M,
            Level::Q => ECL::Q,
            Level::H => ECL::H,
        };
        let code = QRBuilder::new(text).ecl(ecl).build();
        let code = code.map_err(|_| Wrong::new("data", "length", "the text does not fit into a QR code"))?;
        Ok(Self { level, modules: u32::try_from(code.size).unwrap_or_default(), code: Box::new(code) })
    }

    /// Modules of a side: 21, 25, … 177.
    pub fn modules(&self) -> u32 {
        self.modules
    }

    pub fn level(&self) -> Level {
        self.level
    }

    /// From the left and from the top, counted from 0. Outside the symbol all is light.
    pub fn is_dark(&self, x: i32, y: i32) -> bool {
        let inside = |at: i32| usize::try_from(at).ok().filter(|at| *at < self.modules as usize);
        inside(x).zip(inside(y)).is_some_and(|(x, y)| self.code[y][x].value())
    }
}
