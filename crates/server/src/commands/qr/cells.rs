//! The table: which row is called what, and what its code says.
//!
//! A row of text is never run: a cell that a spreadsheet would take for a formula is a text like any other.

use std::collections::HashMap;
use std::path::Path;

use tessera_qr::Payload;

use super::{listed, read_table};
use crate::ending::Failure;

const NAME_CHARS_MAX: usize = 100;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One code to be made.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// As a spreadsheet numbers it; the header is row 1.
    pub(super) number: u64,
    /// Safe as a file name, and given once.
    pub(super) name: String,
    pub(super) text: String,
}

/// Rows that are in order, and for each of the others a line that says why it is not.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    pub(super) bad: Vec<String>,
}

/// # Errors
/// If the file as a whole cannot be read.
pub(super) fn read(path: &Path) -> Result<Table, Failure> {
    let bytes = read_table(path)?;
    let at_fault = |why: &str| Failure::usage(format!("{}: {why}", path.display()));
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    // Quotes come in pairs, those inside a cell too. The reader would take the rest of the file for one cell.
    if bytes.iter().filter(|byte| **byte == b'"').count() % 2 == 1 {
        return Err(at_fault("a quote is opened and never closed"));
    }
    let first_line = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t'].into_iter().find(|byte| first_line.contains(byte)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
    let header = reader.headers().map_err(|_| at_fault("the first row is not UTF-8"))?;
    let header: Vec<String> = header.iter().map(|name| name.trim().to_ascii_lowercase()).collect();
    columns(&header).map_err(|why| at_fault(&why))?;
    let mut table = Table::default();
    let mut names: HashMap<String, u64> = HashMap::new();
    let mut record = csv::ByteRecord::new();
    let mut lines = Lines { bytes, at: 0, row: 1 };
    while reader.read_byte_record(&mut record).map_err(|error| at_fault(&error.to_string()))? {
        let number = lines.row_at(record.position().map_or(0, csv::Position::byte) as usize);
        match row(&header, &record, number) {
            Ok(row) => match names.insert(row.name.to_lowercase(), number) {
                Some(first) => {
                    table
                        .bad
                        .push(format!("row {number}: name: {} is the name of row {first} too", row.name));
                }
                None => table.rows.push(row),
            },
            Err(why) => table.bad.push(why),
        }
    }
    match table.rows.is_empty() && table.bad.is_empty() {
        true => Err(at_fault("no rows below the header")),
        false => Ok(table),
    }
}

fn columns(header: &[String]) -> Result<(), String> {
    let has = |name: &str| header.iter().any(|known| known == name);
    if !has("name") || !(has("data") || has("payload") || has("type")) {
        return Err(
            "the first row names the columns: name, and data, or payload (JSON), or type with the fields \
                    of that type"
                .into(),
        );
    }
    match header.iter().enumerate().find(|(at, name)| !name.is_empty() && header[..*at].contains(name)) {
        Some((_, name)) => Err(format!("two columns are called {name}")),
        None => Ok(()),
    }
}

fn row(header: &[String], record: &csv::ByteRecord, number: u64) -> Result<Row, String> {
    let before = format!("row {number}: ");
    if record.len() > header.len() {
        return Err(format!("{before}it has {} cells and the header {}", record.len(), header.len()));
    }
    let mut cells = Vec::new();
    for (name, cell) in header.iter().zip(record) {
        let cell =
            str::from_utf8(cell).map_err(|_| format!("{before}{name}: not UTF-8; save the file as UTF-8"))?;
        cells.push((name.as_str(), cell));
    }
    let cell = |wanted: &str| {
        let found = cells.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, text)| *text).filter(|text| !text.trim().is_empty())
    };
    let name = file_name(cell("name").unwrap_or_default()).map_err(|why| format!("{before}name: {why}"))?;
    let text = match (cell("data"), cell("payload")) {
        (Some(data), None) => Ok(data.to_owned()),
        (None, Some(json)) => {
            let value = serde_json::from_str(json).map_err(|error| format!("{before}payload: {error}"))?;
            Payload::from_json(value).and_then(|payload| payload.text())
        }
        (None, None) => {
            let own = ["name", "data", "payload"];
            let fields = cells.iter().copied().filter(|(name, _)| !own.contains(name));
            Payload::from_cells(fields).and_then(|payload| payload.text())
        }
        (Some(_), Some(_)) => return Err(format!("{before}give data or payload, not both")),
    };
    let text = text.map_err(|wrongs| listed(&before, &wrongs))?;
    Ok(Row { number, name, text })
}

/// A name that is one on every system, and hides nothing.
fn file_name(name: &str) -> Result<String, String> {
    let name = name.trim();
    let is_safe = |c: char| !c.is_control() && !r#"/\:*?"<>|"#.contains(c);
    if name.is_empty() {
        return Err("this is required: it becomes the name of the file".into());
    }
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(format!("at most {NAME_CHARS_MAX} characters"));
    }
    if !name.chars().all(is_safe) || name.starts_with('.') || name.ends_with('.') {
        return Err(r#"it becomes the name of a file: no / \ : * ? " < > | and no dot at either end"#.into());
    }
    Ok(name.to_owned())
}

/// Counts rows as a spreadsheet does, where a blank line is one and a line break in quotes is none.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    row: u64,
}

impl Lines<'_> {
    /// The row that begins at or after a place further on, which is outside of quotes.
    fn row_at(&mut self, place: usize) -> u64 {
        let mut is_quoted = false;
        let is_break = |at: usize, bytes: &[u8]| {
            // CRLF is one.
            bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n')
        };
        // The reader may count a line feed to the record that follows it.
        let mut end = place.min(self.bytes.len());
        while self.bytes.get(end).is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            end += 1;
        }
        for at in self.at..end {
            is_quoted ^= self.bytes[at] == b'"';
            self.row += u64::from(!is_quoted && is_break(at, self.bytes));
        }
        self.at = end;
        self.row
    }
}
