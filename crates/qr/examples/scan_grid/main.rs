//! Draws the grid of `make test-scan` into a folder: `scan_grid FOLDER small|full [WORD…]`.
//!
//! Words are styles, levels, logos, widths and sets: with some, only their cells are drawn (`card tab 400 badge`).
//!
//! A shipped cell is drawn as the product delivers it to somebody who asked for `fix`: mended where it was not good as asked. Beside
//! the images lies `grid.tsv`, a line for each, or for each cell that could not be delivered.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a command line program")]

mod cells;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use cells::Cell;
use tessera_qr::{Code, Fix, Grade, Style, Verdict, Wrong, mend};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, extent, words @ ..] = args.as_slice() else {
        println!("scan_grid FOLDER small|full [WORD…]");
        return ExitCode::FAILURE;
    };
    let drawn = cells::narrowed(cells::cells(extent == "small"), words)
        .and_then(|cells| draw(Path::new(folder), &cells));
    match drawn {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            println!("scan_grid: {wrong}");
            ExitCode::FAILURE
        }
    }
}

/// Every core takes the next cell that nobody took; the table is in the order of the cells all the same.
fn draw(folder: &Path, cells: &[Cell]) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, String)>, String> {
        let mut lines = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(cell) = cells.get(at) else { return Ok(lines) };
            lines.push((at, drawn(folder, at, cell)?));
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut lines = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let mut all = Vec::with_capacity(cells.len());
        for worker in workers {
            all.extend(worker.join().map_err(|_| "drawing stopped".to_owned())??);
        }
        Ok::<_, String>(all)
    })?;
    lines.sort();
    let table: String = lines.into_iter().map(|(_, lines)| lines).collect();
    fs::write(folder.join("grid.tsv"), table).map_err(|error| error.to_string())
}

/// Writes the images of a cell; answers their lines.
fn drawn(folder: &Path, at: usize, cell: &Cell) -> Result<String, String> {
    let mut code = match Code::build(cell.text, &cell.style, None) {
        Ok(code) => code,
        // No image: what the style asks for has no room, and the product says where.
        Err(wrongs) => return Ok(refusal(cell, &wrongs)),
    };
    let mut verdict = code.verdict();
    let asked = grade(&verdict);
    let mut why = Vec::new();
    if cell.set != "faulty"
        && let Some((style, mended)) = mend(cell.text, &cell.style, None, Fix::ALL)
    {
        why = changes(&cell.style, &style);
        code = Code::build(cell.text, &style, None).map_err(|wrongs| format!("{wrongs:?}"))?;
        verdict = mended;
    }
    why.extend(verdict.reasons.iter().map(|reason| format!("{:?}", reason.code)));
    let modules = format!("v{} at {} px", (code.symbol().modules() - 17) / 4, verdict.measured.module_px);
    let mut lines = String::new();
    for format in cell.formats {
        let file = format!("{at:05}.{}", format.as_str());
        let bytes = code.image(*format).map_err(|error| error.to_string())?;
        fs::write(folder.join(&file), bytes).map_err(|error| error.to_string())?;
        let (grade, score) = (grade(&verdict), verdict.score.to_string());
        lines += &line(cell, &[&file, asked, grade, &score, &why.join(" "), format.as_str(), &modules]);
    }
    Ok(lines)
}

fn refusal(cell: &Cell, wrongs: &[Wrong]) -> String {
    let why = wrongs
        .iter()
        .map(|wrong| format!("{} {}", wrong.field, wrong.message))
        .collect::<Vec<_>>()
        .join("; ");
    line(cell, &["", "refused", "refused", "0", &why.replace(['\t', '\n'], " "), "", ""])
}

fn line(cell: &Cell, [file, asked, delivered, score, why, format, modules]: &[&str; 7]) -> String {
    let Cell { set, name, level, logo, width, .. } = cell;
    let text = cell.text.escape_default();
    format!(
        "{file}\t{set}\t{asked}\t{delivered}\t{score}\t{why}\t{name}\t{level}\t{logo}\t{width}\t{format}\t{modules}\t{text}\n"
    )
}

fn grade(verdict: &Verdict) -> &'static str {
    match verdict.verdict {
        Grade::Good => "good",
        Grade::Risky => "risky",
        Grade::Fails => "fails",
    }
}

/// What mending changed, in the words of the style.
fn changes(before: &Style, after: &Style) -> Vec<String> {
    let mut changes = Vec::new();
    let level = |style: &Style| style.qr_options.as_ref().and_then(|options| options.error_correction_level);
    if let (true, Some(level)) = (level(before) != level(after), level(after)) {
        changes.push(format!("level-{level:?}"));
    }
    let size = |style: &Style| style.image_options.as_ref().and_then(|options| options.image_size);
    if let (true, Some(size)) = (size(before) != size(after), size(after)) {
        changes.push(format!("imageSize-{size}"));
    }
    if let (true, Some(quiet)) = (before.quiet_zone != after.quiet_zone, after.quiet_zone) {
        changes.push(format!("quietZone-{quiet}"));
    }
    changes
}
