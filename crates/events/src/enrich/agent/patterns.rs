//! uap-core's patterns: read from their file, compiled, asked.
//!
//! `data/uap-core/regexes.yaml` is the file as uap-core publishes it (Apache-2.0). It is YAML of the plainest kind: three
//! lists of flat maps whose values are single-quoted lines, and this reads that and nothing else. Compiled, the patterns
//! take 30 MiB and a tenth of a second, which is why `super` compiles them late and lets them go.

use std::borrow::Cow;

use ua_parser::device::Flag;
use ua_parser::{Extractor, Regexes};

const FILE: &str = include_str!("../../../data/uap-core/regexes.yaml");

/// Why the patterns cannot be used: the file is damaged, which a test would have said.
#[derive(Debug, thiserror::Error)]
pub(super) enum PatternsError {
    #[error("line {0} of the patterns makes no sense")]
    Line(usize),
    #[error("{0}")]
    Pattern(#[from] ua_parser::Error),
}

pub(super) fn compile() -> Result<Extractor<'static>, PatternsError> {
    Ok(parse(FILE)?.try_into()?)
}

type Value = Option<Cow<'static, str>>;

fn parse(text: &'static str) -> Result<Regexes<'static>, PatternsError> {
    let mut regexes =
        Regexes { user_agent_parsers: Vec::new(), os_parsers: Vec::new(), device_parsers: Vec::new() };
    let mut section = "";
    for (at, line) in text.lines().enumerate() {
        let wrong = PatternsError::Line(at + 1);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once(':').ok_or(PatternsError::Line(at + 1))?;
        if value.is_empty() {
            section = key;
            continue;
        }
        let value = quoted(value.trim()).ok_or(PatternsError::Line(at + 1))?;
        let is_known = match section {
            "user_agent_parsers" => set_user_agent(&mut regexes, key, value),
            "os_parsers" => set_os(&mut regexes, key, value),
            "device_parsers" => set_device(&mut regexes, key, value),
            _ => None,
        };
        is_known.ok_or(wrong)?;
    }
    Ok(regexes)
}

/// `'it''s'` is it's.
fn quoted(value: &'static str) -> Option<Cow<'static, str>> {
    let inner = value.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(if inner.contains('\'') { inner.replace("''", "'").into() } else { inner.into() })
}

fn set_user_agent(regexes: &mut Regexes<'static>, key: &str, value: Cow<'static, str>) -> Option<()> {
    let parsers = &mut regexes.user_agent_parsers;
    if key == "- regex" {
        parsers.push(ua_parser::user_agent::Parser { regex: value, ..Default::default() });
        return Some(());
    }
    let parser = parsers.last_mut()?;
    let field: &mut Value = match key {
        "family_replacement" => &mut parser.family_replacement,
        "v1_replacement" => &mut parser.v1_replacement,
        "v2_replacement" => &mut parser.v2_replacement,
        "v3_replacement" => &mut parser.v3_replacement,
        "v4_replacement" => &mut parser.v4_replacement,
        _ => return None,
    };
    *field = Some(value);
    Some(())
}

fn set_os(regexes: &mut Regexes<'static>, key: &str, value: Cow<'static, str>) -> Option<()> {
    let parsers = &mut regexes.os_parsers;
    if key == "- regex" {
        parsers.push(ua_parser::os::Parser { regex: value, ..Default::default() });
        return Some(());
    }
    let parser = parsers.last_mut()?;
    let field: &mut Value = match key {
        "os_replacement" => &mut parser.os_replacement,
        "os_v1_replacement" => &mut parser.os_v1_replacement,
        "os_v2_replacement" => &mut parser.os_v2_replacement,
        "os_v3_replacement" => &mut parser.os_v3_replacement,
        "os_v4_replacement" => &mut parser.os_v4_replacement,
        _ => return None,
    };
    *field = Some(value);
    Some(())
}

fn set_device(regexes: &mut Regexes<'static>, key: &str, value: Cow<'static, str>) -> Option<()> {
    let parsers = &mut regexes.device_parsers;
    if key == "- regex" {
        parsers.push(ua_parser::device::Parser { regex: value, ..Default::default() });
        return Some(());
    }
    let parser = parsers.last_mut()?;
    let field: &mut Value = match key {
        "regex_flag" if value == "i" => {
            parser.regex_flag = Some(Flag::IgnoreCase);
            return Some(());
        }
        "device_replacement" => &mut parser.device_replacement,
        "brand_replacement" => &mut parser.brand_replacement,
        "model_replacement" => &mut parser.model_replacement,
        _ => return None,
    };
    *field = Some(value);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_the_file_is_read() {
        let regexes = parse(FILE).expect("the file");
        let read = regexes.user_agent_parsers.len() + regexes.os_parsers.len() + regexes.device_parsers.len();
        assert_eq!(read, FILE.matches("- regex:").count());
        let flags = regexes.device_parsers.iter().filter(|parser| parser.regex_flag.is_some()).count();
        assert_eq!(flags, FILE.matches("regex_flag:").count());
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line() {
        for (text, line) in [
            ("os_parsers:\n  - regex: 'a'\n    colour: 'b'\n", 3),
            ("os_parsers:\n  - regex: \"a\"\n", 2),
            ("os_parsers:\n    os_replacement: 'b'\n", 2),
            ("wishes:\n  - regex: 'a'\n", 2),
            ("# comment\n\nnonsense\n", 3),
        ] {
            let error = parse(text).err().map(|error| error.to_string());
            assert_eq!(error, Some(format!("line {line} of the patterns makes no sense")), "{text}");
        }
    }
}
