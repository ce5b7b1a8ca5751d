//! The images of what a job made, as one archive that is sent while it is written.
//!
//! One image is in memory at a time. Of links it is a plain code; of codes each as it is designed, and those that were archived
//! or deleted since are left out. Names are made here of letters and digits alone, so that no title leads an unpacker out of
//! its directory.

use std::collections::HashMap;
use std::io::{self, Read, Write};

use tessera_qr::payload::file_stem;
use tessera_types::{QrCodeId, WorkspaceId};
use tokio::runtime::Handle;

use super::model::{Job, Resource};
use super::spool::Spool;
use super::zip::{Method, Zip};
use crate::App;
use crate::links::redirect;
use crate::problem::{Checks, Problem};
use crate::qr::{self, Drawing};

/// Images of one archive. More are fetched in parts, by rows.
pub const IMAGES_MAX: u64 = 100_000;
/// Lines of the result that are looked up at a time.
const LINES: usize = 500;

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

/// A line of the result that tells of something made.
struct Line {
    row: u32,
    id: String,
    name: String,
    short_url: String,
    alias: String,
}

/// Where the drawings come from.
pub(super) struct Source {
    app: App,
    workspace: WorkspaceId,
    resource: Resource,
    /// For a thread that waits for the database.
    runtime: Handle,
}

impl Source {
    /// To be called within the runtime.
    pub(super) fn of(app: &App, job: &Job) -> Self {
        let (app, runtime) = (app.clone(), Handle::current());
        Self { app, workspace: job.workspace, resource: job.resource, runtime }
    }

    fn drawings(&self, lines: &[Line], size_px: u32) -> io::Result<Vec<Option<Drawing>>> {
        match self.resource {
            Resource::Links => {
                let plain = |line: &Line| Some(qr::plain(redirect::scan_url(&line.short_url), size_px));
                Ok(lines.iter().map(plain).collect())
            }
            Resource::QrCodes => {
                let ids: Vec<QrCodeId> = lines.iter().filter_map(|line| line.id.parse().ok()).collect();
                let found = qr::drawings(&self.app, self.workspace, &ids, size_px);
                let found = self.runtime.block_on(found);
                let mut found: HashMap<QrCodeId, Drawing> =
                    found.map_err(|problem| io::Error::other(problem.detail))?;
                let drawing = |line: &Line| found.remove(&line.id.parse().ok()?);
                Ok(lines.iter().map(drawing).collect())
            }
        }
    }
}

/// Writes the archive.
///
/// # Errors
/// As the disk, the database and `out`.
pub(super) fn write(
    spool: &Spool,
    result_bytes: u64,
    wanted: Wanted,
    source: &Source,
    out: impl Write,
) -> io::Result<()> {
    let mut zip = Zip::new(out);
    if result_bytes > 0 {
        let mut reader = ::csv::Reader::from_reader(spool.result()?.take(result_bytes));
        loop {
            let lines = next_lines(&mut reader, wanted)?;
            if lines.is_empty() {
                break;
            }
            let drawings = source.drawings(&lines, wanted.size_px)?;
            for (line, drawing) in lines.iter().zip(drawings) {
                let Some(drawing) = drawing else { continue };
                let (format, extension, method) = match wanted.format {
                    Format::Svg => (tessera_qr::Format::Svg, "svg", Method::Deflated),
                    Format::Png => (tessera_qr::Format::Png, "png", Method::Stored),
                };
                let image = drawing.image_here(format).map_err(io::Error::other)?;
                let name = if line.name.is_empty() { &line.alias } else { &line.name };
                zip.add(&file_name(line.row, name, extension), &image, method)?;
            }
        }
    }
    zip.finish().map(|_| ())
}

/// The next lines within the wanted rows, none behind them.
fn next_lines(reader: &mut ::csv::Reader<impl Read>, wanted: Wanted) -> io::Result<Vec<Line>> {
    let mut lines = Vec::with_capacity(LINES);
    let mut record = ::csv::StringRecord::new();
    while lines.len() < LINES && reader.read_record(&mut record).map_err(io::Error::other)? {
        let cell = |place: usize| record.get(place).unwrap_or_default();
        let row: u32 = cell(0).parse().map_err(io::Error::other)?;
        if row > wanted.rows.1 {
            break;
        }
        if cell(5) == "created" && row >= wanted.rows.0 {
            let own = |place: usize| cell(place).to_owned();
            lines.push(Line { row, name: own(1), id: own(2), short_url: own(3), alias: own(4) });
        }
    }
    Ok(lines)
}

/// `000123-summer-sale.svg`
fn file_name(row: u32, name: &str, extension: &str) -> String {
    match file_stem(name, "").as_str() {
        "" => format!("{row:06}.{extension}"),
        words => format!("{row:06}-{words}.{extension}"),
    }
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
            ("日本", "000123-日本.svg"),
            ("Tür 7", "000123-tür-7.svg"),
            ("", "000123.svg"),
        ];
        for (title, name) in table {
            assert_eq!(file_name(123, title, "svg"), name, "{title}");
        }
        assert_eq!(file_name(1_000_001, &"a".repeat(500), "png").len(), 7 + 1 + 60 + 4);
    }
}
