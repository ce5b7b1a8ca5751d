//! Rules that the fields of all kinds share, and the list of what breaks them.
//!
//! An empty text counts as absent. No control character reaches a format: line breaks only where a field has lines.

use std::borrow::Cow;

use crate::Wrong;

pub(super) const URL_BYTES_MAX: usize = 2_953;
const EMAIL_BYTES_MAX: usize = 254;
const EMAIL_LOCAL_BYTES_MAX: usize = 64;
/// ITU-T E.164 allows 15 digits; emergency numbers have two or three.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 2..=15;

/// Faults that are told of one payload.
const WRONG_MAX: usize = 50;

/// What is wrong so far.
#[derive(Debug, Default)]
pub(super) struct Found(Vec<Wrong>);

impl Found {
    pub(super) fn wrong(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        code: &'static str,
        message: impl Into<String>,
    ) {
        // Nobody reads more, and a list of a million empty entries makes no answer of a million lines.
        if self.0.len() < WRONG_MAX {
            self.0.push(Wrong::new(field, code, message));
        }
    }

    pub(super) fn finish(self) -> Result<(), Vec<Wrong>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }

    /// One line of text that may be absent.
    pub(super) fn line(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        text: Option<&String>,
        chars_max: usize,
    ) {
        self.text(field, text, chars_max, |c| !c.is_control());
    }

    /// Text that may have several lines.
    pub(super) fn lines(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        text: Option<&String>,
        chars_max: usize,
    ) {
        self.text(field, text, chars_max, |c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    }

    fn text(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        text: Option<&String>,
        chars_max: usize,
        allowed: impl Fn(char) -> bool,
    ) {
        let Some(text) = text else { return };
        let field = field.into();
        let chars = text.chars().count();
        if chars > chars_max {
            let message = format!("at most {chars_max} characters; this has {chars}");
            self.wrong(field.clone(), "length", message);
        }
        if let Some(bad) = text.chars().find(|c| !allowed(*c)) {
            let what = if matches!(bad, '\n' | '\r') { "a line break" } else { "a control character" };
            self.wrong(field, "format", format!("must not contain {what} (U+{:04X})", u32::from(bad)));
        }
    }

    pub(super) fn required(&mut self, field: &'static str, text: &str) -> bool {
        let is_there = !text.trim().is_empty();
        if !is_there {
            self.wrong(field, "required", "this is required");
        }
        is_there
    }

    /// Notes what `rule` says about a value that is there.
    pub(super) fn rule<T>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        text: Option<&str>,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) {
        if let Some(Err(message)) = text.map(rule) {
            self.wrong(field, "format", message);
        }
    }

    /// A list of texts: how many, and that none is empty.
    pub(super) fn list(&mut self, field: &'static str, texts: &[String], count_max: usize) {
        self.count(field, texts.len(), count_max);
        for (index, _) in texts.iter().enumerate().filter(|(_, text)| text.trim().is_empty()) {
            self.wrong(format!("{field}[{index}]"), "required", "must not be empty");
        }
    }

    pub(super) fn count(&mut self, field: &'static str, count: usize, count_max: usize) {
        if count > count_max {
            self.wrong(field, "length", format!("at most {count_max}; these are {count}"));
        }
    }
}

/// The text, unless it says nothing.
pub(super) fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.trim().is_empty())
}

/// A telephone number as phones dial it: digits, perhaps after a `+`.
///
/// # Errors
/// What would be right. Codes with `*` and `#` are refused: a phone that dials them changes its settings.
pub(super) fn phone(text: &str) -> Result<String, String> {
    if text.replace(' ', "").contains("(0)") {
        return Err("leave out the (0): it is not dialled after a country code".into());
    }
    if text.contains(['*', '#']) {
        return Err("no * or #: such codes change the settings of a phone".into());
    }
    let separators = [' ', '-', '.', '/', '(', ')', '\u{a0}', '\u{2011}'];
    let number: String = text.trim().chars().filter(|c| !separators.contains(c)).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !PHONE_DIGITS.contains(&digits.len()) {
        return Err("expected 2 to 15 digits, best with country code, like +49 30 1234567".into());
    }
    Ok(number)
}

/// # Errors
/// What would be right.
pub(super) fn email(text: &str) -> Result<(), String> {
    let right = || "expected an address like ada@example.com".to_owned();
    let (local, domain) = text.rsplit_once('@').ok_or_else(right)?;
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && !"@,;:<>()[]\\\"".contains(c);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_right = text.len() <= EMAIL_BYTES_MAX
        && (1..=EMAIL_LOCAL_BYTES_MAX).contains(&local.len())
        && local.chars().all(is_plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.contains('.')
        && domain.split('.').all(is_label);
    if is_right { Ok(()) } else { Err(right()) }
}

/// A web address as ASCII. What is ASCII already keeps the look it was given.
///
/// # Errors
/// What would be right.
pub(super) fn web(text: &str) -> Result<String, String> {
    let url = address(text)?;
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err("expected an address that begins with https://".into());
    }
    Ok(url)
}

/// A web address, or one of the schemes that open an app.
///
/// # Errors
/// What would be right.
pub(super) fn address(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) {
        return Err("no control characters, tabs or line breaks".into());
    }
    let text = text.trim();
    let url = url::Url::parse(text)
        .map_err(|_| "give a whole address, like https://example.com/page".to_owned())?;
    if !matches!(url.scheme(), "http" | "https") && !APP_SCHEMES.contains(&url.scheme()) {
        return Err(format!(
            "no scheme {}: expected https, http or one of {}",
            url.scheme(),
            APP_SCHEMES.join(", ")
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("no user name or password: everybody who scans the code would see it".into());
    }
    let is_plain = text.bytes().all(|b| b.is_ascii_graphic());
    // What a standard parser reads must be what is printed: `https:\\host` and `HTTPS:host` are rewritten.
    let scheme_chars = url.scheme().len();
    let is_usual =
        text.get(scheme_chars..).is_some_and(|rest| rest.starts_with("://")) && !text.contains('\\');
    let is_web = matches!(url.scheme(), "http" | "https");
    let written = if is_plain && (!is_web || is_usual) { text } else { url.as_str() };
    if written.len() > URL_BYTES_MAX {
        return Err(format!("at most {URL_BYTES_MAX} bytes; this has {}", written.len()));
    }
    Ok(written.to_owned())
}

/// Schemes that a phone opens in an app. Those that run or read something where they are opened (`javascript`,
/// `data`, `file`, …) are not among them, nor is any unknown one.
const APP_SCHEMES: &[&str] = &[
    "facetime",
    "facetime-audio",
    "fb",
    "geo",
    "instagram",
    "itms-apps",
    "line",
    "mailto",
    "maps",
    "market",
    "msteams",
    "sgnl",
    "skype",
    "sms",
    "spotify",
    "tel",
    "tg",
    "twitter",
    "viber",
    "weixin",
    "whatsapp",
    "zoommtg",
    "zoomus",
];

/// Percent-encoded but for what RFC 3986 calls unreserved.
pub(super) fn encoded(text: &str) -> impl std::fmt::Display + '_ {
    const KEPT: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(text, KEPT)
}

/// `?name=value&…` of what is there.
pub(super) fn query(pairs: &[(&str, Option<&str>)]) -> String {
    let parts: Vec<String> = pairs
        .iter()
        .filter_map(|(name, value)| value.map(|value| format!("{name}={}", encoded(value))))
        .collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

/// One kind of line break: `\n`.
pub(super) fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A positive decimal number as people write it, without superfluous zeros: whole part and fraction.
///
/// # Errors
/// What would be right.
pub(super) fn decimal(
    text: &str,
    whole_digits_max: usize,
    places_max: usize,
) -> Result<(String, String), String> {
    let right = || {
        format!("expected a number above 0 with a decimal point and at most {places_max} places, like 12.5")
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || text.ends_with('.') {
        return Err(right());
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > places_max || whole.len() + fraction.len() == 0 {
        return Err(right());
    }
    if whole.len() > whole_digits_max {
        return Err(format!("at most {whole_digits_max} digits before the point"));
    }
    Ok((if whole.is_empty() { "0" } else { whole }.to_owned(), fraction.to_owned()))
}
