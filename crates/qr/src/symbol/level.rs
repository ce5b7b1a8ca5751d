//! The words of the standard that a design can use: levels and modes.

use serde::{Deserialize, Serialize};

/// How much of a symbol may be lost: about 7, 15, 25 and 30 % of its codewords.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[schema(as = QrLevel)]
pub enum Level {
    L,
    M,
    #[default]
    Q,
    H,
}

/// How characters become bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Digits; ten bits for three.
    Numeric,
    /// Digits, capital letters, space and `$%*+-./:`; eleven bits for two.
    Alphanumeric,
    /// UTF-8; eight bits for a byte.
    Byte,
    /// Japanese characters of Shift JIS; thirteen bits for one.
    Kanji,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::L, Self::M, Self::Q, Self::H];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::L => "L",
            Self::M => "M",
            Self::Q => "Q",
            Self::H => "H",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

impl Mode {
    pub const ALL: [Self; 4] = [Self::Numeric, Self::Alphanumeric, Self::Byte, Self::Kanji];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Numeric => "Numeric",
            Self::Alphanumeric => "Alphanumeric",
            Self::Byte => "Byte",
            Self::Kanji => "Kanji",
        }
    }

    /// Whether every character of the text exists in this mode.
    pub fn holds(self, text: &str) -> bool {
        text.chars().all(|c| super::segments::has(self, c))
    }
}
