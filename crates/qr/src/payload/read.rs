//! A payload from JSON, with everything that is wrong said at once.
//!
//! serde stops at the first fault. So what was refused is noted and taken out, and the rest is tried again; then the
//! rules of the kind are asked about what is left.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Payload, PayloadKind};
use crate::Wrong;

/// More wrong fields than this are not worth naming.
const WRONG_MAX: usize = 50;

impl Payload {
    /// Reads and [checks](Payload::check) a payload.
    ///
    /// # Errors
    /// Every field that is unknown, of the wrong type, missing or against the rules of its kind.
    pub fn from_json(value: Value) -> Result<Self, Vec<Wrong>> {
        let Value::Object(mut fields) = value else {
            return Err(vec![Wrong::new("", "type", "expected an object with a type and its fields")]);
        };
        let kind = fields.remove("type");
        let names = || PayloadKind::ALL.map(PayloadKind::as_str).join(", ");
        let kind = match &kind {
            None => return Err(vec![Wrong::new("type", "required", format!("expected one of {}", names()))]),
            Some(Value::String(name)) => PayloadKind::parse(name),
            Some(_) => None,
        };
        let Some(kind) = kind else {
            return Err(vec![Wrong::new("type", "choice", format!("expected one of {}", names()))]);
        };
        let fields = Value::Object(fields);
        match kind {
            PayloadKind::Url => fit(fields, Self::Url),
            PayloadKind::Text => fit(fields, Self::Text),
            PayloadKind::Email => fit(fields, Self::Email),
            PayloadKind::Phone => fit(fields, Self::Phone),
            PayloadKind::Sms => fit(fields, Self::Sms),
            PayloadKind::Whatsapp => fit(fields, Self::Whatsapp),
            PayloadKind::Wifi => fit(fields, Self::Wifi),
            PayloadKind::Vcard => fit(fields, Self::Vcard),
            PayloadKind::Mecard => fit(fields, Self::Mecard),
            PayloadKind::Event => fit(fields, Self::Event),
            PayloadKind::Geo => fit(fields, Self::Geo),
            PayloadKind::Epc => fit(fields, Self::Epc),
            PayloadKind::Crypto => fit(fields, Self::Crypto),
            PayloadKind::App => fit(fields, Self::App),
        }
    }
}

fn fit<T: DeserializeOwned>(mut value: Value, wrap: impl Fn(T) -> Payload) -> Result<Payload, Vec<Wrong>> {
    let mut found: Vec<Wrong> = Vec::new();
    loop {
        let (path, words) = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(fitted) => {
                let payload = wrap(fitted);
                // A choice decides which rules there are: with a wrong one they would be the wrong rules.
                if found.iter().any(|known| known.code == "choice") {
                    return Err(found);
                }
                let broken = payload.check().err().unwrap_or_default();
                // What was taken out is not missing.
                let is_new = |wrong: &Wrong| found.iter().all(|known| known.field != wrong.field);
                let broken: Vec<Wrong> = broken.into_iter().filter(is_new).collect();
                found.extend(broken);
                return if found.is_empty() { Ok(payload) } else { Err(found) };
            }
            Err(error) => (error.path().to_string(), error.inner().to_string()),
        };
        let (field, wrong) = describe(&path, &words);
        found.push(wrong);
        if found.len() == WRONG_MAX || !remove(&mut value, &field) {
            return Err(found);
        }
    }
}

fn describe(path: &str, words: &str) -> (String, Wrong) {
    let mut quoted = words.split('`').skip(1).step_by(2);
    if words.starts_with("unknown field") {
        let name = quoted.next().unwrap_or_default();
        let field = match path {
            "." => name.to_owned(),
            _ if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
            _ => format!("{path}.{name}"),
        };
        let known = quoted.collect::<Vec<_>>().join(", ");
        let wrong =
            Wrong::new(field.clone(), "unknown", format!("there is no such field; known are {known}"));
        return (field, wrong);
    }
    let (got, wanted) = words.split_once(", expected ").unwrap_or((words, ""));
    let wanted = match wanted {
        "a sequence" => "a list",
        "a boolean" => "true or false",
        "f64" => "a number",
        "u8" => "a whole number",
        wanted if wanted.starts_with("struct ") => "an object",
        wanted => wanted,
    };
    let wrong = if words.starts_with("unknown variant") {
        Wrong::new(path.to_owned(), "choice", format!("expected {}", wanted.replace('`', "")))
    } else if let Some(got) = got.strip_prefix("invalid type: ") {
        let got = got.split([' ', '`']).next().unwrap_or_default();
        Wrong::new(path.to_owned(), "type", format!("expected {wanted}, not {got}"))
    } else {
        Wrong::new(path.to_owned(), "type", words.to_owned())
    };
    (path.to_owned(), wrong)
}

/// Takes the value at `a[3].b` out. What cannot be taken out of its list takes the list along.
fn remove(value: &mut Value, path: &str) -> bool {
    let Value::Object(fields) = value else { return false };
    let (top, rest) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
    let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once("]."));
    if let Some((index, name)) = inner {
        let element = fields.get_mut(top).zip(index.parse::<usize>().ok());
        let element = element.and_then(|(list, index)| list.get_mut(index)?.as_object_mut());
        if element.is_some_and(|element| element.remove(name).is_some()) {
            return true;
        }
    }
    fields.remove(top).is_some()
}
