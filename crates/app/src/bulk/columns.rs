//! What the columns of a CSV file mean: each is a field of the call that makes one thing.
//!
//! Cells are text; what a field wants beside text is read as a spreadsheet shows it. An empty cell is a field that is
//! not there.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use tessera_qr::Payload;

use super::model::Resource;
use crate::problem::FieldError;

pub(super) const COLUMNS_MAX: usize = 200;

/// How a cell is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Text,
    Number,
    Truth,
    /// Several, by comma.
    List,
    /// JSON in a cell.
    Json,
    /// The same, and a column `metadata.key` is one entry of it.
    Object,
    /// The same, and a column `payload.ssid` is one field of it, read as it wants to be.
    Payload,
}

impl Cell {
    const fn has_entries(self) -> bool {
        matches!(self, Self::Object | Self::Payload)
    }
}

/// The columns of links. A test holds them to the fields of `POST /v1/links`.
pub(super) const LINKS: [(&str, Cell); 23] = [
    ("destination_url", Cell::Text),
    ("targets", Cell::Json),
    ("ios_url", Cell::Text),
    ("android_url", Cell::Text),
    ("variants", Cell::Json),
    ("alias", Cell::Text),
    ("domain", Cell::Text),
    ("title", Cell::Text),
    ("notes", Cell::Text),
    ("metadata", Cell::Object),
    ("tags", Cell::List),
    ("utm_source", Cell::Text),
    ("utm_medium", Cell::Text),
    ("utm_campaign", Cell::Text),
    ("utm_term", Cell::Text),
    ("utm_content", Cell::Text),
    ("redirect_status", Cell::Number),
    ("forward_query", Cell::Truth),
    ("starts_at", Cell::Text),
    ("expires_at", Cell::Text),
    ("expired_url", Cell::Text),
    ("max_clicks", Cell::Number),
    ("password", Cell::Text),
];

/// The columns of QR codes. A test holds them to the fields of `POST /v1/qr-codes`.
pub(super) const QR_CODES: [(&str, Cell); 25] = [
    ("name", Cell::Text),
    ("destination_url", Cell::Text),
    ("kind", Cell::Text),
    ("payload", Cell::Payload),
    ("style", Cell::Json),
    ("template_id", Cell::Text),
    ("allow_unscannable", Cell::Truth),
    ("fix", Cell::List),
    ("alias", Cell::Text),
    ("domain", Cell::Text),
    ("notes", Cell::Text),
    ("metadata", Cell::Object),
    ("tags", Cell::List),
    ("utm_source", Cell::Text),
    ("utm_medium", Cell::Text),
    ("utm_campaign", Cell::Text),
    ("utm_term", Cell::Text),
    ("utm_content", Cell::Text),
    ("redirect_status", Cell::Number),
    ("forward_query", Cell::Truth),
    ("starts_at", Cell::Text),
    ("expires_at", Cell::Text),
    ("expired_url", Cell::Text),
    ("max_clicks", Cell::Number),
    ("password", Cell::Text),
];

/// Of a column, the field it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    field: &'static str,
    /// The entry of an object.
    entry: Option<String>,
    cell: Cell,
}

/// What each column of a file stands for; `None` is passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns(Vec<Option<Column>>);

impl Columns {
    /// `mapping` names fields for columns that are called otherwise; an empty name passes a column over.
    ///
    /// # Errors
    /// Every column that is unknown, nameless or there twice, every mapping of none, and fields that are missing.
    pub(super) fn read(
        header: &[&str],
        mapping: &BTreeMap<String, String>,
        resource: Resource,
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        if header.len() > COLUMNS_MAX {
            let message = format!("at most {COLUMNS_MAX} columns, not {}", header.len());
            return Err(vec![FieldError::new("header", "length", message)]);
        }
        let mut columns: Vec<Option<Column>> = Vec::new();
        for (place, name) in header.iter().enumerate() {
            let name = name.trim();
            let wanted = mapping.get(name).map_or_else(|| plain(name), |field| field.trim().to_owned());
            if wanted.is_empty() && mapping.contains_key(name) {
                columns.push(None);
                continue;
            }
            let column = column_of(&wanted, resource);
            if wanted.is_empty() {
                let message = format!("column {} has no name; name it, or take it out", place + 1);
                errors.push(FieldError::new("header", "required", message));
            } else if column.is_none() {
                errors.push(FieldError::new(name.to_owned(), "unknown", unknown(&wanted, resource)));
            } else if columns.contains(&column) {
                let message = format!("two columns stand for {wanted}");
                errors.push(FieldError::new(name.to_owned(), "duplicate", message));
            }
            columns.push(column);
        }
        for name in mapping.keys().filter(|name| !header.iter().any(|known| known.trim() == *name)) {
            errors.push(FieldError::new(format!("mapping.{name}"), "unknown", "the file has no such column"));
        }
        let needed = resource.needed();
        if !columns.iter().flatten().any(|column| column.field == needed) {
            let message =
                format!("no column stands for this; the first row names the columns, like {needed},alias");
            errors.push(FieldError::new(needed, "required", message));
        }
        if errors.is_empty() { Ok(Self(columns)) } else { Err(errors) }
    }

    /// The record as the body of the call that makes one.
    ///
    /// # Errors
    /// A row with another number of cells, and cells that do not read.
    pub(super) fn record(&self, cells: &[&str]) -> Result<Value, Vec<FieldError>> {
        let has_more = cells.iter().skip(self.0.len()).any(|cell| !cell.is_empty());
        if cells.len() < self.0.len() || has_more {
            let message = format!("this row has {} cells and the header {}", cells.len(), self.0.len());
            return Err(vec![FieldError::new("row", "cells", message)]);
        }
        let mut record = Map::new();
        let mut payload = Vec::new();
        let mut errors = Vec::new();
        for (column, text) in self.0.iter().zip(cells) {
            let Some(column) = column else { continue };
            if text.trim().is_empty() {
                continue;
            }
            match (column.cell, &column.entry) {
                (Cell::Payload, Some(field)) => payload.push((field.as_str(), *text)),
                _ => match column.value(text) {
                    Ok(value) => column.put(&mut record, value),
                    Err(message) => errors.push(FieldError::new(column.field, "format", message)),
                },
            }
        }
        if !payload.is_empty() {
            let whole = Payload::json_of_cells(payload);
            if record.insert("payload".to_owned(), whole).is_some() {
                let message = "give it as JSON or by its columns, not both";
                errors.push(FieldError::new("payload", "conflict", message));
            }
        }
        if errors.is_empty() { Ok(Value::Object(record)) } else { Err(errors) }
    }
}

impl Column {
    fn value(&self, text: &str) -> Result<Value, String> {
        if self.entry.is_some() {
            return Ok(text.into());
        }
        Ok(match self.cell {
            Cell::Text => text.into(),
            // What does not read stays text, and is refused as every wrong type is.
            Cell::Number => text.trim().parse::<i64>().map_or_else(|_| text.into(), Value::from),
            Cell::Truth => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => true.into(),
                "false" | "no" | "0" => false.into(),
                _ => text.into(),
            },
            Cell::List => text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect(),
            Cell::Json | Cell::Object | Cell::Payload => {
                let wrong = format!("this is no JSON; write {}", self.sample());
                crate::http::json::parse(text.as_bytes()).map_err(|_| wrong)?
            }
        })
    }

    /// How JSON of this column looks.
    fn sample(&self) -> &'static str {
        match self.field {
            "style" => r##"{"dotsOptions": {"type": "rounded", "color": "#123456"}}"##,
            "targets" => r#"[{"countries": ["DE"], "destination_url": "https://example.com/de"}]"#,
            "variants" => r#"[{"destination_url": "https://example.com/b", "percent": 50}]"#,
            "payload" => r#"{"type": "url", "url": "https://example.com/"}"#,
            _ => r#"{"post_id": 4711}"#,
        }
    }

    fn put(&self, record: &mut Map<String, Value>, value: Value) {
        let Some(entry) = &self.entry else {
            record.insert(self.field.to_owned(), value);
            return;
        };
        let object = record.entry(self.field).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(object) = object {
            object.insert(entry.clone(), value);
        }
    }
}

/// `Destination URL` means `destination_url`.
fn plain(name: &str) -> String {
    match name.split_once('.') {
        Some((object, entry)) => format!("{}.{}", plain(object), entry.trim()),
        None => name.trim().to_lowercase().replace([' ', '-'], "_"),
    }
}

fn column_of(name: &str, resource: Resource) -> Option<Column> {
    let (field, entry) = name.split_once('.').map_or((name, None), |(field, entry)| (field, Some(entry)));
    let (field, cell) = resource.columns().iter().copied().find(|(known, _)| *known == field)?;
    match entry {
        Some(entry) if !cell.has_entries() || entry.is_empty() => None,
        entry => Some(Column { field, entry: entry.map(str::to_owned), cell }),
    }
}

fn unknown(name: &str, resource: Resource) -> String {
    let known: Vec<&str> = resource.columns().iter().map(|(known, _)| *known).collect();
    let best = known.iter().map(|known| (tessera_keys::edits(name, known), *known)).min();
    match best.filter(|(edits, _)| *edits <= name.chars().count().div_ceil(3)) {
        Some((_, near)) => format!("there is no such field; did you mean {near}?"),
        None => format!("there is no such field; known are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(header: &[&str], mapping: &[(&str, &str)]) -> Result<Columns, Vec<(String, String)>> {
        let mapping = mapping.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Columns::read(header, &mapping, Resource::Links).map_err(|errors| {
            errors.iter().map(|error| (error.field.to_string(), error.code.to_string())).collect()
        })
    }

    #[test]
    fn every_field_of_one_is_a_column_and_no_other() {
        for (schema, columns) in [("CreateLink", &LINKS[..]), ("CreateQrCode", &QR_CODES)] {
            let schema = &crate::http::document()["components"]["schemas"][schema]["properties"];
            let mut fields: Vec<&str> = schema.as_object().unwrap().keys().map(String::as_str).collect();
            let mut columns: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            fields.sort_unstable();
            columns.sort_unstable();
            assert_eq!(fields, columns);
        }
    }

    #[test]
    fn a_payload_has_a_column_for_each_field_or_one_of_json() {
        let header = ["name", "payload.type", "payload.ssid", "payload.hidden", "payload", "style"];
        let columns = Columns::read(&header, &BTreeMap::new(), Resource::QrCodes).unwrap();
        let body = columns.record(&["Lobby", "wifi", "Guests, all", "yes", "", "{\"margin\": 4}"]).unwrap();
        let payload = json!({"type": "wifi", "ssid": "Guests, all", "hidden": true});
        assert_eq!(body, json!({"name": "Lobby", "payload": payload, "style": {"margin": 4}}));
        let body =
            columns.record(&["Lobby", "", "", "", "{\"type\": \"text\", \"text\": \"a\"}", ""]).unwrap();
        assert_eq!(body, json!({"name": "Lobby", "payload": {"type": "text", "text": "a"}}));
        let wrong = columns.record(&["Lobby", "wifi", "", "", "{}", "{margin: 4}"]).unwrap_err();
        let wrong: Vec<_> = wrong.iter().map(|error| (&*error.field, &*error.code)).collect();
        assert_eq!(wrong, [("style", "format"), ("payload", "conflict")]);
    }

    #[test]
    fn a_row_becomes_the_body_of_the_call_that_makes_one() {
        let columns = read(
            &["Destination URL", "tags", "max_clicks", "forward_query", "metadata.shop", "Ours", "title"],
            &[("Ours", "")],
        );
        let cells = ["https://example.org/", "a, b,,", "7", "TRUE", "12", "x", " "];
        let body = columns.unwrap().record(&cells).unwrap();
        let expected = json!({"destination_url": "https://example.org/", "tags": ["a", "b"], "max_clicks": 7,
            "forward_query": true, "metadata": {"shop": "12"}});
        assert_eq!(body, expected);
    }

    #[test]
    fn columns_that_mean_nothing_or_the_same_are_refused_by_name() {
        let wrong =
            read(&["destination_url", "alais", "Destination-URL", "", "tags.x"], &[("Gone", "title")])
                .unwrap_err();
        let expected = [
            ("alais", "unknown"),
            ("Destination-URL", "duplicate"),
            ("header", "required"),
            ("tags.x", "unknown"),
            ("mapping.Gone", "unknown"),
        ];
        assert_eq!(wrong, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
        assert_eq!(
            read(&["alias"], &[]).unwrap_err(),
            [("destination_url".to_owned(), "required".to_owned())]
        );
    }

    #[test]
    fn rows_with_other_cells_than_the_header_are_refused_unless_what_is_more_is_empty() {
        let columns = read(&["destination_url", "alias"], &[]).unwrap();
        let wrong = columns.record(&["https://example.org/"]).unwrap_err();
        assert_eq!(wrong[0].message, "this row has 1 cells and the header 2");
        assert!(columns.record(&["https://example.org/", "x", "y"]).is_err());
        assert!(columns.record(&["https://example.org/", "x", "", ""]).is_ok());
    }
}
