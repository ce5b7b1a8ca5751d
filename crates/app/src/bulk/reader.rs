//! CSV as people's programs write it (RFC 4180 and its neighbours), a record at a time and from any place in the file.
//!
//! The `csv` crate takes a quote that is never closed for the longest cell of all and keeps it in memory; here such a file
//! is refused by the row that began it. Rows are numbered as a spreadsheet numbers them: the header is row 1, a blank line
//! is a row, and a cell with line breaks in it is none of its own.

use std::io::{self, Read, Seek, SeekFrom};

/// The longest record: a code with a logo in its style fits. Longer ones are quotes that were not closed.
pub(super) const RECORD_BYTES_MAX: usize = 1_048_576;
const BUFFER_BYTES: usize = 262_144;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a file cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("row {row}: {message}")]
    Wrong { row: u32, code: &'static str, message: String },
}

/// Where a record begins: right after the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    pub bytes: u64,
    /// Rows before it.
    pub row: u32,
}

/// One row. Kept from call to call, so that a file of a million rows is read without a million allocations.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub row: u32,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// Something stands between a closing quote and the next separator.
    has_stray_text: bool,
}

impl Record {
    /// The cells as text.
    ///
    /// # Errors
    /// What is wrong with the row as a whole.
    pub(super) fn texts(&self) -> Result<Vec<&str>, (&'static str, String)> {
        if self.has_stray_text {
            return Err((
                "quotes",
                "after a closing quote comes a separator; a quote inside a cell is written twice".into(),
            ));
        }
        let Ok(text) = std::str::from_utf8(&self.bytes) else {
            return Err(("encoding", "this is not UTF-8; save the file as \"CSV UTF-8\"".into()));
        };
        if text.contains('\0') {
            return Err((
                "nul",
                "text contains NUL, which no field may hold; save the file as \"CSV UTF-8\"".into(),
            ));
        }
        let mut begin = 0;
        let cells = self.ends.iter().map(|end| text.get(std::mem::replace(&mut begin, *end)..*end));
        // A separator is ASCII, so no cell ends inside a letter.
        Ok(cells.map(Option::unwrap_or_default).collect())
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.has_stray_text = false;
    }
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Begin,
    Plain,
    Quoted,
    /// After a quote that closes the cell, or is the first of two.
    Quote,
}

pub(super) struct Table<R> {
    source: R,
    buffer: Vec<u8>,
    next: usize,
    place: Place,
    separator: u8,
}

impl<R: Read + Seek> Table<R> {
    /// Begins at the header: past a byte order mark and a spreadsheet's `sep=` line.
    ///
    /// # Errors
    /// A file in UTF-16, or one that cannot be read.
    pub(super) fn open(source: R) -> Result<Self, Fault> {
        let mut table =
            Self { source, buffer: Vec::new(), next: 0, place: Place::default(), separator: b',' };
        table.fill()?;
        if table.buffer.starts_with(b"\xff\xfe") || table.buffer.starts_with(b"\xfe\xff") {
            return Err(table.wrong("encoding", "this is UTF-16; save the file as \"CSV UTF-8\""));
        }
        if table.buffer.starts_with(BYTE_ORDER_MARK) {
            table.next = BYTE_ORDER_MARK.len();
            table.place.bytes = BYTE_ORDER_MARK.len() as u64;
        }
        let line = first_line(&table.buffer[table.next..]);
        if let [b's', b'e', b'p', b'=', separator] = *line {
            table.read(&mut Record::default())?;
            table.separator = separator;
        } else {
            table.separator = separator_of(line);
        }
        Ok(table)
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// Goes on at a place that this file's table named before.
    ///
    /// # Errors
    /// As the file.
    pub(super) fn go_to(&mut self, place: Place) -> io::Result<()> {
        self.source.seek(SeekFrom::Start(place.bytes))?;
        self.buffer.clear();
        self.next = 0;
        self.place = place;
        Ok(())
    }

    /// The next record that is not blank; `false` at the end.
    ///
    /// # Errors
    /// A quote that is never closed, a record that is too long, a file that cannot be read.
    pub(super) fn read(&mut self, record: &mut Record) -> Result<bool, Fault> {
        loop {
            let began = self.place.bytes;
            record.clear();
            record.row = self.place.row + 1;
            let is_blank = self.read_line(record)?;
            if self.place.bytes == began {
                return Ok(false);
            }
            self.place.row += 1;
            if !is_blank {
                return Ok(true);
            }
        }
    }

    /// Whether the line held nothing.
    fn read_line(&mut self, record: &mut Record) -> Result<bool, Fault> {
        let mut at = At::Begin;
        while let Some(byte) = self.byte()? {
            let is_break = matches!(byte, b'\n' | b'\r');
            if at == At::Quoted {
                if byte == b'"' { at = At::Quote } else { record.bytes.push(byte) }
            } else if byte == self.separator {
                record.ends.push(record.bytes.len());
                at = At::Begin;
            } else if is_break {
                if byte == b'\r' {
                    self.skip(b'\n')?;
                }
                return Ok(self.end(record, at));
            } else if byte == b'"' && at == At::Begin {
                at = At::Quoted;
            } else {
                record.has_stray_text |= at == At::Quote && byte != b'"';
                at = if at == At::Quote && byte == b'"' { At::Quoted } else { At::Plain };
                record.bytes.push(byte);
            }
            if record.bytes.len() + record.ends.len() > RECORD_BYTES_MAX {
                let message =
                    format!("this row is longer than {RECORD_BYTES_MAX} bytes: is a quote not closed?");
                return Err(Fault::Wrong { row: record.row, code: "length", message });
            }
        }
        if at == At::Quoted {
            let message = "a quote begins a cell here and is never closed".to_owned();
            return Err(Fault::Wrong { row: record.row, code: "quotes", message });
        }
        Ok(self.end(record, at))
    }

    fn end(&self, record: &mut Record, at: At) -> bool {
        let is_blank = record.ends.is_empty() && record.bytes.is_empty() && at == At::Begin;
        record.ends.push(record.bytes.len());
        is_blank
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if self.next == self.buffer.len() {
            self.fill()?;
        }
        let byte = self.buffer.get(self.next).copied();
        if byte.is_some() {
            self.next += 1;
            self.place.bytes += 1;
        }
        Ok(byte)
    }

    fn skip(&mut self, wanted: u8) -> io::Result<()> {
        if self.next == self.buffer.len() {
            self.fill()?;
        }
        if self.buffer.get(self.next) == Some(&wanted) {
            self.next += 1;
            self.place.bytes += 1;
        }
        Ok(())
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.clear();
        self.next = 0;
        (&mut self.source).take(BUFFER_BYTES as u64).read_to_end(&mut self.buffer).map(|_| ())
    }

    fn wrong(&self, code: &'static str, message: &str) -> Fault {
        Fault::Wrong { row: self.place.row + 1, code, message: message.to_owned() }
    }
}

fn first_line(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default()
}

/// What separates the header's cells: the likeliest of comma, semicolon and tab. Quoted ones do not count.
fn separator_of(line: &[u8]) -> u8 {
    let mut counts = [(0_usize, b','), (0, b';'), (0, b'\t')];
    let mut is_quoted = false;
    for byte in line {
        is_quoted ^= *byte == b'"';
        for (count, separator) in &mut counts {
            *count += usize::from(!is_quoted && byte == separator);
        }
    }
    // Of equals the first, which is the comma.
    counts
        .into_iter()
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map_or(b',', |best| best.1)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn rows(bytes: &[u8]) -> Result<Vec<(u32, Vec<String>)>, Fault> {
        let mut table = Table::open(Cursor::new(bytes))?;
        let mut record = Record::default();
        let mut rows = Vec::new();
        while table.read(&mut record)? {
            let cells =
                record.texts().map_err(|(code, message)| Fault::Wrong { row: record.row, code, message })?;
            rows.push((record.row, cells.into_iter().map(str::to_owned).collect()));
        }
        Ok(rows)
    }

    fn code(bytes: &[u8]) -> (u32, &'static str) {
        match rows(bytes) {
            Err(Fault::Wrong { row, code, .. }) => (row, code),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
        let mixed = b"\xef\xbb\xbfa,b\r\n1,\"x\ny\"\r\r\n2,\"say \"\"hi\"\"\"\n\n3,";
        let expected = [(1, ["a", "b"]), (2, ["1", "x\ny"]), (4, ["2", "say \"hi\""]), (6, ["3", ""])];
        let got = rows(mixed).unwrap();
        assert_eq!(got, expected.map(|(row, cells)| (row, cells.map(str::to_owned).to_vec())));
    }

    #[test]
    fn the_header_says_what_separates() {
        for (text, cells) in [("a;b,c;d\n", 3), ("a\tb\n", 2), ("\"a,b\";c\n", 2), ("a\n", 1), ("a,b\n", 2)] {
            assert_eq!(rows(text.as_bytes()).unwrap()[0].1.len(), cells, "{text:?}");
        }
        assert_eq!(rows(b"sep=|\r\na|b\r\n").unwrap(), [(2, vec!["a".to_owned(), "b".to_owned()])]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_the_row_that_began_it() {
        assert_eq!(code(b"a,b\n1,\"x\n2,y\n3,z\n"), (2, "quotes"));
        assert_eq!(code(b"a\n\"x\"y\n"), (2, "quotes"));
        assert_eq!(code(b"a\nM\xfcller\n"), (2, "encoding"));
        assert_eq!(code(b"\xff\xfea\0\n\0"), (1, "encoding"));
        assert_eq!(code(b"a\nx\0y\n"), (2, "nul"));
        assert_eq!(code(&[b"a\n\"", vec![b'x'; RECORD_BYTES_MAX + 1].as_slice()].concat()), (2, "length"));
        assert!(rows(b"").unwrap().is_empty());
    }

    #[test]
    fn a_file_is_read_on_from_any_of_its_places() {
        let text = b"a,b\r\n1,2\r\n\r\n3,\"4\n5\"\r\n6,7\r\n";
        let mut table = Table::open(Cursor::new(text)).unwrap();
        let mut record = Record::default();
        let mut places = vec![table.place()];
        while table.read(&mut record).unwrap() {
            places.push(table.place());
        }
        let after: Vec<_> = places
            .into_iter()
            .map(|place| {
                table.go_to(place).unwrap();
                table.read(&mut record).unwrap().then_some(record.row)
            })
            .collect();
        assert_eq!(after, [Some(1), Some(2), Some(4), Some(5), None]);
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_as_it_was(
            table in prop::collection::vec(prop::collection::vec("[a-zé,;\"\r\n\t =]{0,9}", 3), 1..9)
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["x", "y", "z"]).unwrap();
            table.iter().for_each(|row| writer.write_record(row).unwrap());
            let read = rows(&writer.into_inner().unwrap()).unwrap();
            let cells: Vec<_> = read.into_iter().skip(1).map(|(_, cells)| cells).collect();
            prop_assert_eq!(cells, table);
        }

        #[test]
        fn no_bytes_at_all_break_it(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = rows(&bytes);
        }
    }
}
