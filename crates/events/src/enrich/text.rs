//! Texts from outside, made fit to be kept: bounded in bytes, without control characters or blanks at the ends.
//!
//! Nearly every text is fit as it stands and is borrowed; only the others are copied, into a buffer that is used again.

/// A UTM parameter.
pub(super) const UTM_BYTES_MAX: usize = 256;
/// The name of a browser, an operating system or a region.
pub(super) const NAME_BYTES_MAX: usize = 64;
/// The name of a city with its country.
pub(super) const CITY_BYTES_MAX: usize = 128;
/// A host name (RFC 1035, 2.3.4).
pub(super) const HOST_BYTES_MAX: usize = 253;
/// What is judged, hashed and kept of a `User-Agent` header.
pub(super) const USER_AGENT_BYTES_MAX: usize = 1024;
/// A route's template.
pub(super) const ROUTE_BYTES_MAX: usize = 256;

/// The beginning of a text, ending with a whole character.
pub(super) fn beginning(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

/// A place for a text that had to be changed before it could be kept.
#[derive(Default)]
pub(super) struct Mended {
    text: String,
    is_used: bool,
}

impl Mended {
    /// Looks at a text; copies it without what does not belong there, if there is any.
    pub(super) fn look(&mut self, text: &str) {
        self.is_used = text.chars().any(char::is_control);
        if self.is_used {
            self.text.clear();
            self.text.extend(text.chars().filter(|char| !char.is_control()));
        }
    }

    /// The text that was looked at, fit to be kept.
    pub(super) fn of<'a>(&'a self, text: &'a str, bytes_max: usize) -> &'a str {
        let text = if self.is_used { &self.text } else { text };
        beginning(text.trim(), bytes_max).trim_end()
    }
}

/// As [`Mended`], where the text is kept for long anyway.
pub(super) fn fit(text: &str, bytes_max: usize) -> Box<str> {
    let mut mended = Mended::default();
    mended.look(text);
    mended.of(text, bytes_max).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(beginning("Zürich", 1), "Z");
        assert_eq!(beginning("Zürich", 2), "Z");
        assert_eq!(beginning("Zürich", 3), "Zü");
        assert_eq!(beginning("Zürich", 99), "Zürich");
    }

    #[test]
    fn control_characters_and_outer_blanks_go() {
        assert_eq!(&*fit("  spring\u{0}\r\n sale\u{9f}\t ", 256), "spring sale");
        assert_eq!(&*fit("\u{1}\u{2}", 256), "");
        assert_eq!(&*fit("ab cd", 3), "ab");
        assert_eq!(&*fit("frühling", 256), "frühling");
    }
}
