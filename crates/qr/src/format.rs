//! The kinds of images.

/// What an image is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Svg,
}

impl Format {
    pub const ALL: &'static [Self] = &[Self::Svg];

    /// The end of a file's name, and the name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Svg => "svg",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.as_str() == text)
    }
}
