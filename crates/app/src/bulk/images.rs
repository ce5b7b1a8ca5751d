//! The images of what a job made, as one archive that is sent while it is written.
//!
//! One image is in memory at a time. Names are made here from letters and digits alone, so that no title leads an
//! unpacker out of its directory.

use std::io::{self, Read, Write};

use super::model::Job;
use super::spool::Spool;
use super::zip::{Method, Zip};
use crate::links::redirect;
use crate::problem::{Checks, Problem};
use crate::qr;

/// Images of one archive. More are fetched in parts, by rows.
pub const IMAGES_MAX: u64 = 100_000;
const NAME_CHARS_MAX: usize = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BulkImageFormat)]
pub enum Format {
    Svg,
    Png,
}

/// Which images, and how.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub format: Format,
    pub size_px: u32,
    pub rows: (u32, u32),
}

impl Wanted {
    /// # Errors
    /// Names the range of what is out of it.
    pub fn read(
        format: Option<Format>,
        size: Option<i64>,
        from_row: Option<i64>,
        to_row: Option<i64>,
    ) -> Result<Self, Problem> {
        let mut checks = Checks::default();
        let sizes = qr::SIZE_PX_MIN..=qr::SIZE_PX_MAX;
        let size_px = u32::try_from(size.unwrap_or(i64::from(qr::SIZE_PX_DEFAULT))).unwrap_or(0);
        if !sizes.contains(&size_px) {
            checks.refuse("size", "range", format!("from {} to {} pixels", sizes.start(), sizes.end()));
        }
        let mut row = |field: &'static str, value: Option<i64>, absent: u32| match value.map(u32::try_from) {
            None => absent,
            Some(Ok(row)) if row > 0 => row,
            Some(_) => {
                checks.refuse(field, "range", "a row of the file, from 1");
                absent
            }
        };
        let rows = (row("from_row", from_row, 1), row("to_row", to_row, u32::MAX));
        if rows.1 < rows.0 {
            checks.refuse("to_row", "range", "not before from_row");
        }
        checks.done()?;
        Ok(Self { format: format.unwrap_or(Format::Svg), size_px, rows })
    }

    /// # Errors
    /// More images than one archive holds.
    pub fn check(&self, job: &Job) -> Result<(), Problem> {
        let asked = u64::from(self.rows.1 - self.rows.0).saturating_add(1);
        if asked.min(job.created) > IMAGES_MAX {
            let message = format!(
                "one archive holds {IMAGES_MAX} images; ask for them in parts, by from_row and to_row"
            );
            return Err(Problem::field("to_row", "range", message));
        }
        Ok(())
    }
}

/// Writes the archive.
///
/// # Errors
/// As the disk and `out`.
pub(super) fn write(spool: &Spool, result_bytes: u64, wanted: Wanted, out: impl Write) -> io::Result<()> {
    let mut zip = Zip::new(out);
    if result_bytes > 0 {
        let mut reader = ::csv::Reader::from_reader(spool.result()?.take(result_bytes));
        let mut line = ::csv::StringRecord::new();
        while reader.read_record(&mut line).map_err(io::Error::other)? {
            let cell = |place: usize| line.get(place).unwrap_or_default();
            let row: u32 = cell(0).parse().map_err(io::Error::other)?;
            if cell(5) != "created" || row < wanted.rows.0 {
                continue;
            }
            if row > wanted.rows.1 {
                break;
            }
            let (image, extension, method) = image(&redirect::scan_url(cell(3)), wanted)?;
            let name = if cell(1).is_empty() { cell(4) } else { cell(1) };
            zip.add(&file_name(row, name, extension), &image, method)?;
        }
    }
    zip.finish().map(|_| ())
}

fn image(text: &str, wanted: Wanted) -> io::Result<(Vec<u8>, &'static str, Method)> {
    Ok(match wanted.format {
        Format::Svg => {
            let svg = qr::plain(text, wanted.size_px, tessera_qr::Format::Svg).map_err(io::Error::other)?;
            (svg, "svg", Method::Deflated)
        }
        Format::Png => (
            qr::plain(text, wanted.size_px, tessera_qr::Format::Png).map_err(io::Error::other)?,
            "png",
            Method::Stored,
        ),
    })
}

/// `000123-summer-sale.svg`
fn file_name(row: u32, name: &str, extension: &str) -> String {
    let mut words = String::new();
    for letter in name.chars().take(NAME_CHARS_MAX) {
        match letter {
            letter if letter.is_ascii_alphanumeric() => words.push(letter.to_ascii_lowercase()),
            _ if words.is_empty() || words.ends_with('-') => {}
            _ => words.push('-'),
        }
    }
    let words = words.trim_end_matches('-');
    let dash = if words.is_empty() { "" } else { "-" };
    format!("{row:06}{dash}{words}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_safe_whatever_the_title() {
        let table = [
            ("Summer Sale", "000123-summer-sale.svg"),
            ("../../etc/passwd", "000123-etc-passwd.svg"),
            ("C:\\CON", "000123-c-con.svg"),
            ("'=cmd|x", "000123-cmd-x.svg"),
            ("日本", "000123.svg"),
            ("Tür 7", "000123-t-r-7.svg"),
            ("", "000123.svg"),
        ];
        for (title, name) in table {
            assert_eq!(file_name(123, title, "svg"), name, "{title}");
        }
        assert_eq!(file_name(1_000_001, &"a".repeat(500), "png").len(), 7 + 1 + NAME_CHARS_MAX + 4);
    }
}
