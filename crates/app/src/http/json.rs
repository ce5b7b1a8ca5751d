//! JSON in: strict, and with everything that is wrong said at once.
//!
//! serde stops at the first fault. So a refused field is noted and taken out, and the rest is tried again,
//! until what is left either fits or lacks something.

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use tessera_keys::edits;

use crate::problem::{Code, FieldError, Problem};

/// More wrong fields than this in one request are not worth naming.
const FIELD_ERRORS_MAX: usize = 50;

/// Parses a body. Beyond JSON's own rules a name given twice is refused (which one counts would be a guess)
/// and so is NUL in any text (PostgreSQL cannot hold it). Nesting ends at 128.
///
/// # Errors
/// `invalid_json` with line and column.
pub fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    Strict
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| Problem::new(Code::InvalidJson, format!("The body is not valid JSON: {error}.")))
}

/// Where the values come from, which decides whether `"5"` may be a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Body,
    Query,
}

/// Fits a parsed object to `T`.
///
/// # Errors
/// `invalid_request` with every field that is unknown, missing or of the wrong kind.
pub fn fit<T: DeserializeOwned>(mut value: Value, source: Source) -> Result<T, Problem> {
    if !value.is_object() {
        // serde would take a list for a struct, field by field in their order.
        return Err(Problem::field("body", "type", "expected an object"));
    }
    let mut errors: Vec<FieldError> = Vec::new();
    while errors.len() < FIELD_ERRORS_MAX {
        let error = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(fitted) if errors.is_empty() => return Ok(fitted),
            Ok(_) => break,
            Err(error) => error,
        };
        let path = error.path().to_string();
        let words = error.inner().to_string();
        if source == Source::Query && read_as_number(&mut value, &path) {
            continue;
        }
        if let Some(rest) = words.strip_prefix("missing field `") {
            let name = rest.split('`').next().unwrap_or_default();
            let field = join(&path, name);
            if !errors.iter().any(|known| known.field == field) {
                errors.push(FieldError::new(field, "required", "this is required"));
            }
            break;
        }
        let (field, described) = describe(&path, &words);
        let removed = remove(&mut value, &field);
        errors.push(described);
        if !removed {
            break;
        }
    }
    Err(Problem::fields(errors))
}

fn describe(path: &str, words: &str) -> (String, FieldError) {
    if let Some(rest) = words.strip_prefix("unknown field `") {
        let (name, known) = rest.split_once('`').unwrap_or((rest, ""));
        // The path already ends in the unknown name where serde got as far as reading it.
        let field = if path == name || path.ends_with(&format!(".{name}")) {
            path.to_owned()
        } else {
            join(path, name)
        };
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        let message = match nearest(name, &known) {
            Some(near) => format!("there is no such field; did you mean {near}?"),
            None if known.is_empty() => "there is no such field; this takes none".to_owned(),
            None => format!("there is no such field; known are {}", known.join(", ")),
        };
        return (field.clone(), FieldError::new(field, "unknown", message));
    }
    let field = if path == "." { String::new() } else { path.to_owned() };
    let shown = if field.is_empty() { "body".to_owned() } else { field.clone() };
    let error = match words.split_once(", expected ") {
        Some((got, wanted)) if words.starts_with("invalid type") => {
            let got = got.trim_start_matches("invalid type: ").split([' ', '`']).next().unwrap_or_default();
            FieldError::new(shown, "type", format!("expected {}, not {got}", plain(wanted)))
        }
        Some((got, wanted)) if words.starts_with("invalid value") => {
            let got = got.trim_start_matches("invalid value: ");
            FieldError::new(shown, "range", format!("expected {}, not {got}", plain(wanted)))
        }
        Some((_, wanted)) if words.starts_with("unknown variant") => {
            FieldError::new(shown, "choice", format!("expected {}", wanted.replace('`', "")))
        }
        _ => FieldError::new(shown, "format", words.to_owned()),
    };
    (field, error)
}

/// serde's names of types, in words.
fn plain(wanted: &str) -> &str {
    match wanted.split(' ').next().unwrap_or_default() {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f64" => "a number",
        "struct" => "an object",
        _ => match wanted {
            "a boolean" => "true or false",
            "a sequence" => "a list",
            "a map" => "an object",
            other => other,
        },
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() || path == "." { name.to_owned() } else { format!("{path}.{name}") }
}

/// The known name that a typing error away from `name`: at most a third of it differs.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let best = known.iter().map(|candidate| (edits(name, candidate), *candidate)).min()?;
    (best.0 <= name.chars().count().div_ceil(3)).then_some(best.1)
}

/// Walks `a.b[3].c`; the parent of the last step, and that step.
fn parent<'a, 'b>(value: &'a mut Value, path: &'b str) -> Option<(&'a mut Value, &'b str)> {
    let mut steps = path
        .split(['.', '['])
        .map(|step| step.trim_end_matches(']'))
        .filter(|step| !step.is_empty())
        .peekable();
    let mut here = value;
    while let Some(step) = steps.next() {
        if steps.peek().is_none() {
            return Some((here, step));
        }
        here = match here {
            Value::Object(map) => map.get_mut(step)?,
            Value::Array(list) => list.get_mut(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    None
}

fn remove(value: &mut Value, path: &str) -> bool {
    match parent(value, path) {
        Some((Value::Object(map), step)) => map.remove(step).is_some(),
        Some((Value::Array(list), step)) => match step.parse::<usize>() {
            Ok(index) if index < list.len() => {
                list.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// A query knows only text: where text did not fit, `5` and `true` are tried as what they look like.
fn read_as_number(value: &mut Value, path: &str) -> bool {
    let Some((Value::Object(map), step)) = parent(value, path) else { return false };
    let Some(Value::String(text)) = map.get(step) else { return false };
    let read = match text.as_str() {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        digits => match digits.parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => return false,
        },
    };
    map.insert(step.to_owned(), read);
    true
}

/// Reads any JSON value, refusing repeated names and NUL.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        if text.contains('\0') { Err(E::custom("text contains NUL (\\u0000)")) } else { Ok(text.into()) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = entries.next_key_seed(Strict)? {
            let Value::String(name) = name else { return Err(serde::de::Error::custom("names are text")) };
            let value = entries.next_value_seed(Strict)?;
            if map.contains_key(&name) {
                return Err(serde::de::Error::custom(format!("`{name}` is given twice")));
            }
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Wanted {
        name: String,
        #[serde(default)]
        limit: Option<u16>,
        #[serde(default)]
        tags: Vec<String>,
        #[serde(default)]
        is_open: Option<bool>,
    }

    fn refused(body: &str) -> Vec<(String, String)> {
        let problem =
            parse(body.as_bytes()).and_then(|value| fit::<Wanted>(value, Source::Body)).unwrap_err();
        problem.errors.iter().map(|error| (error.field.to_string(), error.code.to_string())).collect()
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let body = r#"{"nam": "x", "limit": "many", "tags": ["a", 5], "is_open": 1}"#;
        let expected = [
            ("nam", "unknown"),
            ("limit", "type"),
            ("tags[1]", "type"),
            ("is_open", "type"),
            ("name", "required"),
        ];
        let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let mut got = refused(body);
        got.sort();
        let mut sorted = expected;
        sorted.sort();
        assert_eq!(got, sorted);
    }

    #[test]
    fn a_misspelt_field_is_answered_with_the_right_one() {
        let problem =
            fit::<Wanted>(parse(br#"{"name": "x", "limits": 3}"#).unwrap(), Source::Body).unwrap_err();
        assert_eq!(problem.errors[0].message, "there is no such field; did you mean limit?");
    }

    #[test]
    fn a_required_field_of_the_wrong_type_is_not_called_missing() {
        assert_eq!(refused(r#"{"name": 5}"#), [("name".to_owned(), "type".to_owned())]);
    }

    #[test]
    fn numbers_out_of_range_and_bodies_that_are_no_object_are_refused() {
        assert_eq!(refused(r#"{"name": "x", "limit": 70000}"#), [("limit".to_owned(), "range".to_owned())]);
        assert_eq!(refused(r#"{"name": "x", "limit": -1}"#), [("limit".to_owned(), "range".to_owned())]);
        for body in ["[]", "null", "5", r#"["x"]"#] {
            assert_eq!(refused(body), [("body".to_owned(), "type".to_owned())], "{body}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused_without_a_panic() {
        let deep = "[".repeat(100_000);
        for body in [
            "",
            "{",
            "{}{}",
            "\u{feff}{}",
            r#"{"a":"\ud800"}"#,
            r#"{"a":"\u0000"}"#,
            r#"{"a":1,"a":2}"#,
            "nul",
            &deep,
        ] {
            assert_eq!(parse(body.as_bytes()).unwrap_err().code, Code::InvalidJson, "{body:.40}");
        }
        assert_eq!(parse(b"{\"a\": \"\xff\"}").unwrap_err().code, Code::InvalidJson);
    }

    #[test]
    fn a_query_reads_numbers_and_truths_from_text() {
        let value = serde_json::json!({"name": "5", "limit": "20", "is_open": "true"});
        let wanted: Wanted = fit(value, Source::Query).unwrap();
        assert_eq!(wanted, Wanted { name: "5".into(), limit: Some(20), tags: vec![], is_open: Some(true) });
    }
}
