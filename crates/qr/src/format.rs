//! The kinds of images.

/// What an image is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Svg,
    Png,
    Pdf,
    Eps,
    Webp,
    Jpeg,
}

impl Format {
    pub const ALL: &'static [Self] = &[Self::Svg, Self::Png, Self::Pdf, Self::Eps, Self::Webp, Self::Jpeg];

    /// The end of a file's name, and the name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Eps => "eps",
            Self::Webp => "webp",
            Self::Jpeg => "jpeg",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
            Self::Eps => "application/postscript",
            Self::Webp => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// By its name, as [`Format::as_str`] writes it; `jpg` is JPEG too.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "jpg" {
            return Some(Self::Jpeg);
        }
        Self::ALL.iter().copied().find(|format| format.as_str() == text)
    }
}
