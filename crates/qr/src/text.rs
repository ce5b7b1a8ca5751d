//! A symbol for terminals: two modules in one character, by half blocks, with the quiet zone around.
//!
//! A block is drawn in the colour of the text, so which modules are drawn depends on the terminal. Without colours one
//! has to know whether it is dark or light; with them the symbol is black on white on either.

use crate::Symbol;

/// Modules of quiet zone, as ISO/IEC 18004 asks.
const QUIET_ZONE_MODULES: i32 = 4;
/// Black on white by its numbers in the 256 colours, which no theme changes.
const BLACK_ON_WHITE: &str = "\x1b[38;5;16;48;5;231m";
const RESET: &str = "\x1b[0m";

/// What the text is shown on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminal {
    /// Light text on dark ground: the light modules are drawn. Most terminals.
    Dark,
    /// Dark text on light ground, as on paper: the dark modules are drawn.
    Light,
    /// Any that knows colours (ECMA-48): every line sets black on white, and back.
    Colored,
}

impl Symbol {
    /// Lines of block characters, each ended by a line feed. A character is one module wide and two high.
    pub fn text(&self, terminal: Terminal) -> String {
        let end = self.modules() as i32 + QUIET_ZONE_MODULES;
        let draws_dark = terminal != Terminal::Dark;
        // The row below the last of an odd number is quiet zone too, and light where light is drawn.
        let is_drawn = |x: i32, y: i32| self.is_dark(x, y) == draws_dark;
        let mut text = String::new();
        for y in (-QUIET_ZONE_MODULES..end).step_by(2) {
            if terminal == Terminal::Colored {
                text.push_str(BLACK_ON_WHITE);
            }
            for x in -QUIET_ZONE_MODULES..end {
                text.push(match (is_drawn(x, y), is_drawn(x, y + 1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            if terminal == Terminal::Colored {
                text.push_str(RESET);
            }
            text.push('\n');
        }
        text
    }
}
