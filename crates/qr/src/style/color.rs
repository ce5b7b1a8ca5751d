//! Colours as CSS writes them (Color Module Level 4): names, hex, `rgb()`, `hsl()`, `transparent`.

use super::names::NAMES;
use crate::scene::Color;

/// What a colour may look like, for a message.
pub(super) const EXPECTED: &str = "a CSS colour: a name such as navy, #rgb, #rrggbb, #rrggbbaa, rgb(26, 54, 93), rgba(…), hsl(214, 56%, 23%), or transparent";

/// `None` if it is none of these. Parts beyond their range are refused and not clamped.
pub(super) fn parse(text: &str) -> Option<Color> {
    let text = text.trim().to_ascii_lowercase();
    if let Some(digits) = text.strip_prefix('#') {
        return hex(digits);
    }
    if let Some((function, rest)) = text.split_once('(') {
        let parts = parts(rest.strip_suffix(')')?)?;
        return match function {
            "rgb" | "rgba" => rgb(&parts),
            "hsl" | "hsla" => hsl(&parts),
            _ => None,
        };
    }
    if text == "transparent" {
        return Some(Color { r: 0, g: 0, b: 0, a: 0 });
    }
    let found = NAMES.binary_search_by(|(name, _)| (*name).cmp(&text)).ok()?;
    let [_, r, g, b] = NAMES[found].1.to_be_bytes();
    Some(Color { r, g, b, a: 255 })
}

fn hex(digits: &str) -> Option<Color> {
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok()?;
    // #rgb stands for #rrggbb: a digit times 17.
    let short = |at: u32| (value >> at & 15) as u8 * 17;
    let long = |at: u32| (value >> at & 255) as u8;
    match digits.len() {
        3 => Some(Color { r: short(8), g: short(4), b: short(0), a: 255 }),
        4 => Some(Color { r: short(12), g: short(8), b: short(4), a: short(0) }),
        6 => Some(Color { r: long(16), g: long(8), b: long(0), a: 255 }),
        8 => Some(Color { r: long(24), g: long(16), b: long(8), a: long(0) }),
        _ => None,
    }
}

/// Three or four numbers, separated by commas, or by spaces and a slash before the last.
fn parts(inside: &str) -> Option<Vec<&str>> {
    let parts: Vec<&str> = match inside.contains(',') {
        true => inside.split(',').map(str::trim).collect(),
        false => {
            let (colors, alpha) =
                inside.split_once('/').map_or((inside, None), |(left, right)| (left, Some(right)));
            let three: Vec<&str> = colors.split_whitespace().collect();
            // A fourth number without its slash is no colour.
            (three.len() == 3).then_some(())?;
            three.into_iter().chain(alpha.map(str::trim)).collect()
        }
    };
    (3..=4).contains(&parts.len()).then_some(parts)
}

fn rgb(parts: &[&str]) -> Option<Color> {
    let channel = |text: &str| match text.strip_suffix('%') {
        Some(share) => within(share, 0.0, 100.0).map(|share| byte(share / 100.0)),
        None => within(text, 0.0, 255.0).map(|value| byte(value / 255.0)),
    };
    Some(Color {
        r: channel(parts[0])?,
        g: channel(parts[1])?,
        b: channel(parts[2])?,
        a: alpha(parts.get(3))?,
    })
}

/// The formula of Color Module Level 4, 7.1.
fn hsl(parts: &[&str]) -> Option<Color> {
    let hue = within(parts[0].strip_suffix("deg").unwrap_or(parts[0]), -3600.0, 3600.0)?.rem_euclid(360.0);
    let share = |text: &str| within(text.strip_suffix('%')?, 0.0, 100.0).map(|share| share / 100.0);
    let (saturation, lightness) = (share(parts[1])?, share(parts[2])?);
    let reach = saturation * lightness.min(1.0 - lightness);
    let channel = |n: f64| {
        let k = (n + hue / 30.0) % 12.0;
        byte(lightness - reach * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0))
    };
    Some(Color { r: channel(0.0), g: channel(8.0), b: channel(4.0), a: alpha(parts.get(3))? })
}

fn alpha(text: Option<&&str>) -> Option<u8> {
    let Some(text) = text else { return Some(255) };
    match text.strip_suffix('%') {
        Some(share) => within(share, 0.0, 100.0).map(|share| byte(share / 100.0)),
        None => within(text, 0.0, 1.0).map(byte),
    }
}

fn within(text: &str, least: f64, most: f64) -> Option<f64> {
    text.parse().ok().filter(|value| (least..=most).contains(value))
}

fn byte(share: f64) -> u8 {
    (share * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_of_a_colour_means_the_same() {
        let navy = Some(Color { r: 26, g: 54, b: 93, a: 255 });
        for text in [
            "#1a365d",
            "#1A365DFF",
            " rgb(26, 54, 93) ",
            "rgb(26 54 93)",
            "RGBA(26,54,93,1)",
            "rgb(26 54 93 / 100%)",
        ] {
            assert_eq!(parse(text), navy, "{text}");
        }
        assert_eq!(parse("rebeccapurple"), parse("#639"));
        assert_eq!(parse("hsl(120, 100%, 25%)"), parse("rgb(0, 128, 0)"));
        assert_eq!(parse("hsl(-240deg 100% 50%)"), parse("lime"));
        assert_eq!(parse("#f008"), Some(Color { r: 255, g: 0, b: 0, a: 136 }));
        assert_eq!(parse("transparent"), Some(Color { r: 0, g: 0, b: 0, a: 0 }));
    }

    #[test]
    fn what_is_no_colour_is_none() {
        for text in [
            "",
            "#",
            "#12",
            "#12345",
            "#gggggg",
            "#+12",
            "blu",
            "rgb(1,2)",
            "rgb(1,2,3,4,5)",
            "rgb(256,0,0)",
            "rgb(1 2 3 4)",
            "rgb(nan,0,0)",
            "hsl(0,1,1)",
            "rgb(0,0,0",
            "url(#a)",
            "red;}",
            "rgba(0,0,0,1.5)",
            "-1",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn names_are_in_order_so_that_they_are_found() {
        assert!(NAMES.is_sorted_by(|left, right| left.0 < right.0));
        assert_eq!(NAMES.len(), 148);
    }
}
