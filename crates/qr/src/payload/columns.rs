//! A payload from the cells of a table: one column for each field, all of them text.
//!
//! An empty cell is a field that is not there. What a field wants beside text is read from it: numbers, yes and no, and
//! lists by comma. A postal address has a column for each of its parts.

use serde_json::{Map, Value, json};

use super::{Payload, PayloadKind};
use crate::Wrong;

const TRUTHS: [&str; 2] = ["all_day", "hidden"];
const NUMBERS: [&str; 3] = ["latitude", "longitude", "version"];
const LISTS: [&str; 6] = ["bcc", "cc", "emails", "phones", "to", "websites"];
const ADDRESS: [&str; 5] = ["street", "city", "region", "postal_code", "country"];

impl Payload {
    /// `cells` are names of fields with their texts; one of them is `type`.
    ///
    /// # Errors
    /// As [`Payload::from_json`].
    pub fn from_cells<'a>(cells: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<Wrong>> {
        Self::from_json(Self::json_of_cells(cells))
    }

    /// The payload of such cells as somebody would write it in JSON, right or wrong.
    pub fn json_of_cells<'a>(cells: impl IntoIterator<Item = (&'a str, &'a str)>) -> Value {
        let cells: Vec<(&str, &str)> =
            cells.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect();
        let is_contact = cells.contains(&("type", PayloadKind::Vcard.as_str()));
        let mut fields = Map::new();
        let mut address = Map::new();
        for (name, text) in cells {
            if is_contact && ADDRESS.contains(&name) {
                address.insert(name.to_owned(), text.into());
            } else if is_contact && name == "phones" {
                let phones: Vec<Value> = listed(text).map(|number| json!({ "number": number })).collect();
                fields.insert(name.to_owned(), phones.into());
            } else {
                fields.insert(name.to_owned(), value(name, text));
            }
        }
        if !address.is_empty() {
            fields.insert("addresses".to_owned(), json!([address]));
        }
        Value::Object(fields)
    }
}

/// What does not read stays text, and is refused as every wrong type is.
fn value(name: &str, text: &str) -> Value {
    if TRUTHS.contains(&name) {
        return match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => true.into(),
            "false" | "no" | "0" => false.into(),
            _ => text.into(),
        };
    }
    if NUMBERS.contains(&name) {
        let whole = text.trim().parse::<i64>().map(Value::from);
        return whole
            .or_else(|_| text.trim().parse::<f64>().map(Value::from))
            .unwrap_or_else(|_| text.into());
    }
    if LISTS.contains(&name) {
        return listed(text).collect::<Vec<_>>().into();
    }
    text.into()
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|one| !one.is_empty())
}
