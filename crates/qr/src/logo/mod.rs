//! Pictures that go into the middle of a code.
//!
//! A picture comes from a stranger. What it is, is told by its content and never by a name. It is taken apart and written
//! anew: pixels without metadata, shapes without scripts; nothing else that was in the file survives.

mod bitmap;
mod vector;

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Wrong;
use crate::pixels::Pixels;

/// Bytes of a file that is looked at.
pub const LOGO_BYTES_MAX: usize = 1024 * 1024;
/// Pixels of a side.
pub const LOGO_SIDE_PX_MAX: u32 = 4096;
/// Pixels of a picture.
pub const LOGO_PIXELS_MAX: u32 = 16 * 1024 * 1024;
/// Pixels of the longer side of what is kept: more than a print of a code shows.
pub const LOGO_KEPT_SIDE_PX_MAX: u32 = 1024;
/// How many times one side may be as long as the other.
pub const LOGO_ASPECT_MAX: u32 = 20;

/// What a picture is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogoKind {
    Png,
    Jpeg,
    Svg,
}

impl LogoKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Svg => "svg",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Svg => "image/svg+xml",
        }
    }

    /// By the first bytes (PNG, JPEG), or because it is text that begins with a tag (SVG).
    fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        if bytes.starts_with(b"\xff\xd8\xff") {
            return Some(Self::Jpeg);
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        text.starts_with(b"<").then_some(Self::Svg)
    }
}

/// A picture that was looked through and is harmless.
#[derive(Debug, Clone)]
pub struct Logo {
    kind: LogoKind,
    bytes: Arc<[u8]>,
    width_px: u32,
    height_px: u32,
    drawing: Drawing,
}

#[derive(Debug, Clone)]
enum Drawing {
    Bitmap(Arc<Pixels>),
    Shapes(Arc<usvg::Tree>),
}

impl PartialEq for Logo {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Logo {
    /// Reads a PNG, JPEG or SVG. Pictures with more than 1,024 pixels on a side are kept smaller; the first frame of a moving
    /// one is kept, and a photograph is turned the way its camera was held.
    ///
    /// # Errors
    /// Always of the field `image`: not such a file (`format`), too large (`length`, `range`), or with something in it
    /// that a logo must not have (`unsupported`).
    pub fn read(bytes: &[u8]) -> Result<Self, Wrong> {
        if bytes.is_empty() {
            return Err(wrong("required", "the file is empty; give a PNG, JPEG or SVG"));
        }
        if bytes.len() > LOGO_BYTES_MAX {
            let message =
                format!("the file has {} bytes; a logo has at most {LOGO_BYTES_MAX} (1 MiB)", bytes.len());
            return Err(wrong("length", message));
        }
        match LogoKind::of(bytes) {
            Some(kind @ LogoKind::Png) => Self::of_pixels(kind, bitmap::read_png(bytes)?),
            Some(kind @ LogoKind::Jpeg) => Self::of_pixels(kind, bitmap::read_jpeg(bytes)?),
            Some(LogoKind::Svg) => Self::of_shapes(vector::read(bytes)?),
            None => Err(wrong("format", "the file is neither PNG, JPEG nor SVG, whatever its name says")),
        }
    }

    /// Reads `data:[media type][;base64],…`. The media type is not believed: see [`Logo::read`].
    ///
    /// # Errors
    /// As [`Logo::read`]; or it is no data URI (`format`).
    pub fn from_data_uri(uri: &str) -> Result<Self, Wrong> {
        let (head, body) = uri
            .strip_prefix("data:")
            .and_then(|rest| rest.split_once(','))
            .ok_or_else(|| wrong("format", "a data URI has the form data:image/png;base64,…"))?;
        // Base64 takes four characters for three bytes, percent-encoding three characters for one.
        if body.len() > LOGO_BYTES_MAX * 3 {
            return Err(wrong("length", format!("a logo has at most {LOGO_BYTES_MAX} bytes (1 MiB)")));
        }
        let plain: Cow<'_, [u8]> = percent_encoding::percent_decode_str(body).into();
        if !head.ends_with(";base64") {
            return Self::read(&plain);
        }
        let letters: Vec<u8> = plain.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let bytes = STANDARD
            .decode(letters)
            .map_err(|error| wrong("format", format!("the data URI is not valid base64: {error}")))?;
        Self::read(&bytes)
    }

    fn of_pixels(kind: LogoKind, pixels: Pixels) -> Result<Self, Wrong> {
        let longer = pixels.width.max(pixels.height);
        let kept = |side: u32| match longer > LOGO_KEPT_SIDE_PX_MAX {
            true => (side * LOGO_KEPT_SIDE_PX_MAX / longer).max(1),
            false => side,
        };
        let pixels = pixels.resized(kept(pixels.width), kept(pixels.height));
        let bytes = match kind {
            LogoKind::Jpeg => crate::jpeg::write(pixels.width, pixels.height, &pixels.rgb_on_white(), None),
            _ => crate::png::write(&pixels, None).map_err(|error| wrong("format", error.to_string()))?,
        };
        Ok(Self {
            kind,
            bytes: bytes.into(),
            width_px: pixels.width,
            height_px: pixels.height,
            drawing: Drawing::Bitmap(Arc::new(pixels)),
        })
    }

    fn of_shapes((tree, text): (usvg::Tree, String)) -> Result<Self, Wrong> {
        let size = tree.size();
        Ok(Self {
            kind: LogoKind::Svg,
            bytes: text.into_bytes().into(),
            width_px: (size.width().round() as u32).max(1),
            height_px: (size.height().round() as u32).max(1),
            drawing: Drawing::Shapes(Arc::new(tree)),
        })
    }

    pub fn kind(&self) -> LogoKind {
        self.kind
    }

    pub fn media_type(&self) -> &'static str {
        self.kind.media_type()
    }

    /// The cleaned file: what may be stored, served and embedded. [`Logo::read`] of it gives the same picture.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Width divided by height.
    pub fn aspect(&self) -> f32 {
        match &self.drawing {
            Drawing::Bitmap(pixels) => pixels.width as f32 / pixels.height as f32,
            Drawing::Shapes(tree) => tree.size().width() / tree.size().height(),
        }
    }

    /// Of the cleaned file; of an SVG, its own size, rounded.
    pub fn width_px(&self) -> u32 {
        self.width_px
    }

    /// Of the cleaned file; of an SVG, its own size, rounded.
    pub fn height_px(&self) -> u32 {
        self.height_px
    }

    /// The cleaned file as `data:…;base64,…`.
    pub fn data_uri(&self) -> String {
        format!("data:{};base64,{}", self.media_type(), STANDARD.encode(&self.bytes))
    }

    /// The picture in a box of that many pixels, stretched if the box has another shape. Sides of 0 are taken as 1.
    pub fn pixels(&self, width: u32, height: u32) -> Pixels {
        let (width, height) = (width.max(1), height.max(1));
        match &self.drawing {
            Drawing::Bitmap(pixels) => pixels.resized(width, height),
            Drawing::Shapes(tree) => vector::drawn(tree, width, height),
        }
    }
}

fn wrong(code: &'static str, message: impl Into<String>) -> Wrong {
    Wrong::new("image", code, message)
}

/// Refuses what is empty, huge, or a thread, before room is made for its pixels.
fn check_size(width: u32, height: u32) -> Result<(), Wrong> {
    if width == 0 || height == 0 {
        return Err(wrong(
            "range",
            format!("the picture is {width} × {height} pixels; there is nothing to see"),
        ));
    }
    if width.max(height) > LOGO_SIDE_PX_MAX || width * height > LOGO_PIXELS_MAX {
        let message = format!(
            "the picture is {width} × {height} pixels; a logo has at most {LOGO_SIDE_PX_MAX} on a side and 16 million in all"
        );
        return Err(wrong("range", message));
    }
    if width.max(height) / width.min(height) > LOGO_ASPECT_MAX {
        let message = format!(
            "the picture is {width} × {height} pixels; no side may be more than {LOGO_ASPECT_MAX} times the other"
        );
        return Err(wrong("range", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
