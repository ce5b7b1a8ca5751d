//! The language a visitor wants most, from `Accept-Language` (RFC 9110, 12.5.4).
//!
//! Written as a BCP 47 tag of a language and, if it was sent, a region (`de`, `pt-BR`); a script is kept only where
//! there is no region (`zh-Hant`). What is no such tag is no language: the text is whatever a client likes to send.

/// Ranges of one header that are looked at.
const RANGES_MAX: usize = 20;
/// The largest weight, in thousandths.
const WEIGHT_MAX: u32 = 1000;

/// Replaces `into` with the language; empty if none is named.
pub fn first(header: &str, into: &mut String) {
    into.clear();
    let mut best = 0;
    for range in header.split(',').take(RANGES_MAX) {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = weight_of(parameters);
        if weight > best && is_language(tag.trim()) {
            best = weight;
            write(tag.trim(), into);
        }
        if best == WEIGHT_MAX {
            return;
        }
    }
}

/// In thousandths; 1000 where there is none, 0 where it makes no sense.
fn weight_of(parameters: &str) -> u32 {
    let Some(value) = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then_some(value.trim())
    }) else {
        return WEIGHT_MAX;
    };
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    if !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => WEIGHT_MAX,
        "0" => (0..3).fold(0, |sum, at| {
            sum * 10 + decimals.as_bytes().get(at).map_or(0, |digit| u32::from(digit - b'0'))
        }),
        _ => 0,
    }
}

fn is_language(tag: &str) -> bool {
    let primary = subtags(tag).next().unwrap_or_default();
    matches!(primary.len(), 2..=3) && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn write(tag: &str, into: &mut String) {
    into.clear();
    let mut rest = subtags(tag);
    let primary = rest.next().unwrap_or_default();
    into.extend(primary.chars().map(|char| char.to_ascii_lowercase()));
    let mut script = None;
    for subtag in rest {
        let bytes = subtag.as_bytes();
        let is_letters = bytes.iter().all(u8::is_ascii_alphabetic);
        match bytes.len() {
            4 if is_letters && script.is_none() => script = Some(subtag),
            2 if is_letters => return append(subtag, into, |_, char| char.to_ascii_uppercase()),
            3 if bytes.iter().all(u8::is_ascii_digit) => return append(subtag, into, |_, char| char),
            // Language extensions stand before the region, everything else after it.
            3 if is_letters => {}
            _ => break,
        }
    }
    if let Some(script) = script {
        append(
            script,
            into,
            |at, char| {
                if at == 0 { char.to_ascii_uppercase() } else { char.to_ascii_lowercase() }
            },
        );
    }
}

fn append(subtag: &str, into: &mut String, case: impl Fn(usize, char) -> char) {
    into.push('-');
    into.extend(subtag.chars().enumerate().map(|(at, char)| case(at, char)));
}

/// Some clients write `_`, as locales do.
fn subtags(tag: &str) -> impl Iterator<Item = &str> {
    tag.split(['-', '_'])
}

#[cfg(test)]
mod tests {
    fn first(header: &str) -> String {
        let mut language = "left over".to_owned();
        super::first(header, &mut language);
        language
    }

    #[test]
    fn the_heaviest_range_wins_and_of_equals_the_first() {
        assert_eq!(first("de-DE,de;q=0.9,en;q=0.8"), "de-DE");
        assert_eq!(first("en;q=0.2, fr;q=0.9 , pt-br;q=0.901"), "pt-BR");
        assert_eq!(first("en;q=0.5,fr;q=0.5"), "en");
        assert_eq!(first("*, da;q=0.3"), "da");
        assert_eq!(first("nl;q=0, sv;q=0.001"), "sv");
    }

    #[test]
    fn tags_are_written_one_way() {
        assert_eq!(first("EN_us"), "en-US");
        assert_eq!(first("zh-hant-tw"), "zh-TW");
        assert_eq!(first("ZH-HANT"), "zh-Hant");
        assert_eq!(first("es-419"), "es-419");
        assert_eq!(first("zh-yue-HK"), "zh-HK");
        assert_eq!(first("de-CH-1996"), "de-CH");
        assert_eq!(first("de-1996"), "de");
        assert_eq!(first("fil-PH"), "fil-PH");
    }

    #[test]
    fn what_is_no_language_is_none() {
        for header in [
            "",
            "*",
            ";q=1",
            "x-klingon",
            "i-default",
            "<script>",
            "d\u{0}e",
            "de;q=2",
            "de;q=x",
            "ä",
            "\u{1F600}",
        ] {
            assert_eq!(first(header), "", "{header:?}");
        }
        assert_eq!(first(&format!("{}de", "*,".repeat(20))), "");
        assert_eq!(first(&format!("{}de", "*,".repeat(19))), "de");
    }
}
