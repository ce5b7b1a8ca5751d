//! A table of codes, into a directory or a ZIP archive.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tessera_qr::{Code, Grade};

use super::{Design, Output, cells, listed, output};
use crate::cli::Qr;
use crate::ending::{Ending, Failure};
use crate::output::{complain, say};

/// More are counted and not shown.
const BAD_SHOWN_MAX: usize = 100;

pub(super) fn run(args: &Qr, table: &Path, design: &Design) -> Result<Ending, Failure> {
    let out =
        args.out.as_deref().ok_or_else(|| Failure::usage("--csv needs --out, a directory or a .zip file"))?;
    let output = output(args)?;
    let mut table = cells::read(table)?;
    // Drawn twice rather than kept: a hundred thousand images do not fit into memory.
    table.rows.retain(|row| match design.code(&row.text) {
        Ok(code) if args.check && code.verdict().verdict == Grade::Fails => {
            table.bad.push(format!("row {}: it will not scan; try it alone to see why", row.number));
            false
        }
        Ok(_) => true,
        Err(wrongs) => {
            table.bad.push(listed(&format!("row {}: ", row.number), &wrongs));
            false
        }
    });
    let bad = table.bad.len();
    table.bad.iter().take(BAD_SHOWN_MAX).for_each(|line| complain(line));
    if bad > BAD_SHOWN_MAX {
        complain(&format!("and {} more", bad - BAD_SHOWN_MAX));
    }
    if bad > 0 && !args.skip_bad {
        return Err(Failure::usage(format!(
            "{bad} bad rows; nothing was written. --skip-bad makes the others"
        )));
    }
    if table.rows.is_empty() {
        return Err(Failure::usage("no row is left; nothing was written"));
    }
    let target = Target::new(out)?;
    let written = write(&target, &table.rows, design, output).and_then(|()| target.finish());
    if written.is_err() {
        target.discard();
    }
    written?;
    say(&format!("{} codes in {}{}", table.rows.len(), out.display(), skipped(bad)))?;
    Ok(Ending::Good)
}

fn skipped(bad: usize) -> String {
    if bad == 0 { String::new() } else { format!("; {bad} bad rows left out") }
}

fn write(target: &Target, rows: &[cells::Row], design: &Design, output: Output) -> Result<(), Failure> {
    let image = |row: &cells::Row| -> Result<(String, Vec<u8>), Failure> {
        let code: Code = design.code(&row.text).map_err(|wrongs| Failure::failed(listed("", &wrongs)))?;
        Ok((format!("{}.{}", row.name, output.extension()), design.written(&code, output)?))
    };
    let failed =
        |error: &dyn std::fmt::Display| Failure::failed(format!("{}: {error}", target.partial.display()));
    if !target.is_archive {
        for row in rows {
            let (name, bytes) = image(row)?;
            fs::write(target.partial.join(name), bytes).map_err(|error| failed(&error))?;
        }
        return Ok(());
    }
    let file = fs::File::create_new(&target.partial).map_err(|error| failed(&error))?;
    let mut archive = zip::ZipWriter::new(std::io::BufWriter::new(file));
    // No time is kept, so that the same table makes the same bytes.
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for row in rows {
        let (name, bytes) = image(row)?;
        archive.start_file(name, options).map_err(|error| failed(&error))?;
        archive.write_all(&bytes).map_err(|error| failed(&error))?;
    }
    let mut file = archive.finish().map_err(|error| failed(&error))?;
    file.flush().map_err(|error| failed(&error))
}

/// Where the images go, and where they are until all are there.
struct Target {
    path: PathBuf,
    partial: PathBuf,
    is_archive: bool,
}

impl Target {
    fn new(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let is_archive = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
        let is_free = match is_archive {
            true => !path.exists(),
            false => !path.exists() || fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none()),
        };
        if !is_free {
            return Err(Failure::usage(format!("{shown} is there already; name a new one")));
        }
        let Some(name) = path.file_name() else {
            return Err(Failure::usage(format!("{shown} is no name for a directory or an archive")));
        };
        let mut partial = name.to_owned();
        partial.push(".partial");
        let partial = path.with_file_name(partial);
        if partial.exists() {
            let message = format!("{} is left from a call that was broken off; delete it", partial.display());
            return Err(Failure::usage(message));
        }
        if !is_archive {
            fs::create_dir(&partial)
                .map_err(|error| Failure::failed(format!("{}: {error}", partial.display())))?;
        }
        Ok(Self { path: path.to_owned(), partial, is_archive })
    }

    fn finish(&self) -> Result<(), Failure> {
        fs::rename(&self.partial, &self.path)
            .map_err(|error| Failure::failed(format!("{}: {error}", self.path.display())))
    }

    fn discard(&self) {
        // What cannot be removed now is named by the next call.
        let _ = match self.is_archive {
            true => fs::remove_file(&self.partial),
            false => fs::remove_dir_all(&self.partial),
        };
    }
}
