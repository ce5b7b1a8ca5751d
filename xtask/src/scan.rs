//! `test-scan`: outside readers look at what this product delivers, and at what its verdict said of it.
//!
//! zbar (Debian) and, in an environment of Python's own under the target folder, zxing-cpp and OpenCV (PyPI). Whatever the verdict
//! calls good must be read by zbar and by one of the other two; and of the shipped styles next to all must be good, as asked or
//! mended. There is no skipping in silence: without PyPI the small grid says so in its last line and holds zbar alone to it; the
//! full grid fails.

mod readers;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::Outcome;
use crate::command::{cargo, is_on_path, must, target_dir};
use crate::debian;

/// Misses that are named; the rest is counted.
const SHOWN_MAX: usize = 20;
/// Of a thousand shipped cells, those that even mended need not be good.
const UNDELIVERED_PER_MILLE_MAX: usize = 5;

/// One image of the grid, and who read it; without a file, a cell that the product refused.
struct Image {
    path: PathBuf,
    /// `fitted`, `held-out` or `faulty`.
    set: String,
    /// What the verdict says of the code as asked for, and as delivered.
    asked: String,
    delivered: String,
    /// What was changed to mend it, and what still speaks against it.
    why: String,
    about: String,
    text: String,
    is_read_by_zbar: bool,
    /// zxing-cpp, and OpenCV where that did not read; `None` where they could not be had.
    others: Option<[bool; 2]>,
}

pub(crate) fn test_scan(args: &[String]) -> Outcome {
    let (extent, words) = match args.split_first() {
        Some((first, words)) if first == "small" => ("small", words),
        _ => ("full", args),
    };
    let is_small = extent == "small";
    if !is_on_path("zbarimg") {
        debian::install("zbar-tools", "zbarimg, the reader, is not installed")?;
    }
    let folder = target_dir().join("scan");
    // Only what this run drew may be read.
    let _ = fs::remove_dir_all(&folder);
    let mut draw = cargo();
    draw.args(["run", "--quiet", "--locked", "--package", "tessera-qr", "--example", "scan_grid", "--"]);
    must(draw.arg(&folder).arg(extent).args(words))?;
    let (mut images, refused) = grid(&folder)?;
    for (format, tool, package) in [
        ("svg", "rsvg-convert", "librsvg2-bin"),
        ("pdf", "pdftoppm", "poppler-utils"),
        ("eps", "gs", "ghostscript"),
    ] {
        let has_format = images.iter().any(|image| image.path.extension().is_some_and(|end| end == format));
        if has_format && !is_on_path(tool) {
            debian::install(package, &format!("{tool}, which makes pixels of {format}, is not installed"))?;
        }
    }
    let python = match readers::python() {
        Ok(python) => Some(python),
        Err(why) if is_small => {
            eprintln!("test-scan: zxing-cpp and OpenCV cannot be had: {why}");
            None
        }
        Err(why) => return Err(why),
    };
    readers::read(&mut images, python.as_deref())?;
    write_down(&images, &folder)?;
    report(&images, &refused, python.is_some())
}

/// What was drawn, and what was not.
fn grid(folder: &Path) -> Result<(Vec<Image>, Vec<Image>), String> {
    let table = fs::read_to_string(folder.join("grid.tsv")).map_err(|error| error.to_string())?;
    let image = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, set, asked, delivered, score, why, style, level, logo, width, format, modules, text] =
            fields[..]
        else {
            return None;
        };
        Some(Image {
            path: if file.is_empty() { PathBuf::new() } else { folder.join(file) },
            set: set.to_owned(),
            asked: asked.to_owned(),
            delivered: delivered.to_owned(),
            why: why.to_owned(),
            about: format!("{style}\t{level}\t{logo}\t{width}\t{format}\t{modules}\t{score}"),
            text: text.to_owned(),
            is_read_by_zbar: false,
            others: None,
        })
    };
    let images: Result<Vec<Image>, String> =
        table.lines().map(|line| image(line).ok_or_else(|| format!("grid.tsv: {line}"))).collect();
    Ok(images?.into_iter().partition(|image| !image.path.as_os_str().is_empty()))
}

impl Image {
    /// Called good, and not read: by zbar, and by one of the others where they were asked.
    fn is_missed(&self) -> bool {
        let is_read_by_others = self.others.is_none_or(|[zxing, opencv]| zxing || opencv);
        self.delivered == "good" && !(self.is_read_by_zbar && is_read_by_others)
    }

    fn is_shipped(&self) -> bool {
        self.set != "faulty"
    }

    /// Zero or one for each of the three readers.
    fn readings(&self) -> [usize; 3] {
        let [zxing, opencv] = self.others.unwrap_or_default();
        [self.is_read_by_zbar, zxing, opencv].map(usize::from)
    }
}

/// A line for each image, for whoever wants to know more than the report says.
fn write_down(images: &[Image], folder: &Path) -> Result<(), String> {
    let mut table =
        "file\tset\tasked\tdelivered\tzbar\tzxing\topencv\tstyle\tlevel\tlogo\twidth\tformat\tmodules\tscore\twhy\n"
            .to_owned();
    for image in images {
        let [zbar, zxing, opencv] = image.readings();
        let file = image.path.file_name().unwrap_or_default().to_string_lossy();
        let Image { set, asked, delivered, about, why, .. } = image;
        table += &format!("{file}\t{set}\t{asked}\t{delivered}\t{zbar}\t{zxing}\t{opencv}\t{about}\t{why}\n");
    }
    fs::write(folder.join("read.tsv"), table).map_err(|error| error.to_string())
}

/// Counts by set, verdict and reader; fails if a code that was called good was not read, or if too few could be delivered.
fn report(images: &[Image], refused: &[Image], has_others: bool) -> Outcome {
    print_counts(images);
    let undelivered = undelivered(images, refused);
    let misses: Vec<&Image> = images.iter().filter(|image| image.is_missed()).collect();
    for image in misses.iter().take(SHOWN_MAX) {
        let [zbar, zxing, opencv] = image.readings();
        println!(
            "called good, not read (zbar {zbar}, zxing-cpp {zxing}, OpenCV {opencv}): {}, {}: {}",
            image.about.replace('\t', " "),
            image.why,
            image.path.display()
        );
    }
    let good = images.iter().filter(|image| image.delivered == "good").count();
    if good == 0 {
        return Err("no code was called good: the grid proves nothing".to_owned());
    }
    let readers =
        if has_others { "zbar, and zxing-cpp or OpenCV" } else { "zbar ONLY: PyPI could not be reached" };
    println!("test-scan: {} of {good} codes called good were read by {readers}", good - misses.len());
    Ok(if misses.is_empty() && undelivered { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print_counts(images: &[Image]) {
    let mut counts: BTreeMap<(&str, &str, &str), [usize; 5]> = BTreeMap::new();
    for image in images {
        let how = match (image.is_shipped(), image.asked == image.delivered) {
            (false, _) => "",
            (true, true) => "as asked",
            (true, false) => "mended",
        };
        let counted = counts.entry((&image.set, how, &image.delivered)).or_default();
        let readings = image.readings();
        counted[0] += 1;
        for (count, reading) in counted[1..4].iter_mut().zip(readings) {
            *count += reading;
        }
        counted[4] += usize::from(readings == [0; 3]);
    }
    println!("set       delivered  verdict   images     zbar  zxing-cpp  +opencv   nobody");
    for ((set, how, verdict), [all, zbar, zxing, opencv, nobody]) in &counts {
        println!("{set:9} {how:10} {verdict:8} {all:7} {zbar:8} {zxing:10} {opencv:8} {nobody:8}");
    }
}

/// Names the shipped cells that are not good even mended, by reason; answers whether they are few enough.
fn undelivered(images: &[Image], refused: &[Image]) -> bool {
    let all = || images.iter().chain(refused).filter(|image| image.is_shipped());
    let mut reasons: BTreeMap<(&str, &str), (usize, &str)> = BTreeMap::new();
    for image in all().filter(|image| image.delivered != "good") {
        let counted = reasons.entry((&image.delivered, &image.why)).or_insert((0, &image.about));
        counted.0 += 1;
    }
    let count: usize = reasons.values().map(|(count, _)| count).sum();
    let most = all().count() * UNDELIVERED_PER_MILLE_MAX / 1000;
    println!("shipped cells that are not good, even mended: {count} of {} (at most {most})", all().count());
    for ((delivered, why), (count, about)) in reasons.iter().take(SHOWN_MAX) {
        println!("{count:7} {delivered}: {why}, for example {}", about.replace('\t', " "));
    }
    count <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(set: &str, delivered: &str, is_read_by_zbar: bool, others: Option<[bool; 2]>) -> Image {
        let [set, asked, delivered] = [set, delivered, delivered].map(str::to_owned);
        let (path, why, about, text) = (PathBuf::new(), String::new(), String::new(), String::new());
        Image { path, set, asked, delivered, why, about, text, is_read_by_zbar, others }
    }

    #[test]
    fn a_good_code_needs_zbar_and_one_of_the_others() {
        let readings = [
            (true, Some([true, false]), false),
            (true, Some([false, true]), false),
            (true, Some([false, false]), true),
            (false, Some([true, true]), true),
            (true, None, false),
            (false, None, true),
        ];
        for (zbar, others, is_missed) in readings {
            let missed = image("fitted", "good", zbar, others).is_missed();
            assert_eq!(missed, is_missed, "zbar {zbar}, others {others:?}");
            assert!(!image("fitted", "risky", zbar, others).is_missed(), "nothing was promised");
        }
    }

    fn outcome(images: &[Image], refused: &[Image]) -> Result<bool, String> {
        report(images, refused, false).map(|code| code == ExitCode::SUCCESS)
    }

    #[test]
    fn one_missed_code_among_good_ones_fails_the_run() {
        let (read, missed) =
            (|| image("fitted", "good", true, None), || image("held-out", "good", false, None));
        assert_eq!(outcome(&[read(), read()], &[]), Ok(true));
        assert_eq!(outcome(&[read(), missed()], &[]), Ok(false));
        assert!(
            outcome(&[image("faulty", "risky", true, None)], &[]).is_err(),
            "nothing good proves nothing"
        );
    }

    #[test]
    fn a_shipped_code_that_is_not_good_fails_the_run_when_it_is_the_sixth_of_a_thousand() {
        let grid = |bad: usize| -> Vec<Image> {
            let verdict = |at: usize| if at < bad { "risky" } else { "good" };
            (0..1000).map(|at| image("fitted", verdict(at), true, None)).collect()
        };
        assert_eq!(outcome(&grid(5), &[]), Ok(true));
        assert_eq!(outcome(&grid(6), &[]), Ok(false));
        assert_eq!(outcome(&grid(5), &[image("held-out", "refused", false, None)]), Ok(false));
        let mut faulty = grid(5);
        faulty.push(image("faulty", "fails", false, None));
        assert_eq!(outcome(&faulty, &[]), Ok(true), "nobody asks for these");
    }
}
