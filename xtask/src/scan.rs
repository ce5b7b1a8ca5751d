//! `test-scan`: outside readers look at what this product draws, and at what its verdict said of it.
//!
//! zbar (Debian) and, in an environment of Python's own under the target folder, zxing-cpp and OpenCV (PyPI). A code whose
//! verdict is good must be read by zbar and by one of the other two. There is no skipping in silence: without PyPI the small
//! grid says so in its last line and holds zbar alone to it; the full grid fails.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;

use crate::Outcome;
use crate::command::{cargo, is_on_path, must, output, program, root, target_dir};
use crate::debian;

const PYTHON_READERS: [&str; 3] = ["opencv-python-headless==5.0.0.93", "zxing-cpp==3.1.1", "numpy==2.4.6"];
/// Threads that wait for zbar: one process an image.
const READERS_AT_ONCE: usize = 4;
/// Misses that are named; the rest is counted.
const SHOWN_MAX: usize = 20;

/// One image of the grid, and who read it.
struct Image {
    path: PathBuf,
    verdict: String,
    about: String,
    text: String,
    is_read_by_zbar: bool,
    /// zxing-cpp and OpenCV; `None` where they could not be had.
    others: Option<[bool; 2]>,
}

pub(crate) fn test_scan(args: &[String]) -> Outcome {
    let is_small = args.iter().any(|arg| arg == "small");
    if !is_on_path("zbarimg") {
        debian::install("zbar-tools", "zbarimg, the reader, is not installed")?;
    }
    let folder = target_dir().join("scan");
    // Only what this run drew may be read.
    let _ = fs::remove_dir_all(&folder);
    let extent = if is_small { "small" } else { "full" };
    let mut draw = cargo();
    draw.args(["run", "--quiet", "--locked", "--package", "tessera-qr", "--example", "scan_grid", "--"]);
    must(draw.arg(&folder).arg(extent))?;
    let mut images = grid(&folder)?;
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
    read_with_zbar(&mut images);
    let python = match python() {
        Ok(python) => Some(python),
        Err(why) if is_small => {
            eprintln!("test-scan: zxing-cpp and OpenCV cannot be had: {why}");
            None
        }
        Err(why) => return Err(why),
    };
    if let Some(python) = &python {
        read_with_python(&mut images, python)?;
    }
    report(&images, python.is_some())
}

fn grid(folder: &Path) -> Result<Vec<Image>, String> {
    let table = fs::read_to_string(folder.join("grid.tsv")).map_err(|error| error.to_string())?;
    let image = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, verdict, score, style, level, logo, width, format, text] = fields[..] else { return None };
        Some(Image {
            path: folder.join(file),
            verdict: verdict.to_owned(),
            about: format!("{style}, level {level}, logo {logo}, {width} px, {format}, score {score}"),
            text: text.to_owned(),
            is_read_by_zbar: false,
            others: None,
        })
    };
    table.lines().map(|line| image(line).ok_or_else(|| format!("grid.tsv: {line}"))).collect()
}

impl Image {
    /// Called good, and not read: by zbar, and by one of the others where they were asked.
    fn is_missed(&self) -> bool {
        let is_read_by_others = self.others.is_none_or(|[zxing, opencv]| zxing || opencv);
        self.verdict == "good" && !(self.is_read_by_zbar && is_read_by_others)
    }
}

/// Readers know pixels only: what is made of shapes is drawn by an outside program, what is transparent is laid on white.
fn as_pixels(path: &Path) -> Result<PathBuf, String> {
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
    let out = path.with_extension(format!("{end}.png"));
    match end {
        "svg" => {
            output(program("rsvg-convert").args(["--background-color=white", "-o"]).arg(&out).arg(path))?
        }
        "pdf" => {
            let stem = out.with_extension("");
            output(program("pdftoppm").args(["-png", "-singlefile", "-r", "96"]).arg(path).arg(&stem))?
        }
        "eps" => {
            let to = format!("-sOutputFile={}", out.display());
            let args = ["-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-dEPSCrop", "-sDEVICE=png16m", "-r96"];
            output(program("gs").args(args).arg(to).arg(path))?
        }
        _ => return Ok(path.to_owned()),
    };
    Ok(out)
}

fn read_with_zbar(images: &mut [Image]) {
    let part = images.len().div_ceil(READERS_AT_ONCE).max(1);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for images in images.chunks_mut(part) {
            scope.spawn(|| {
                for image in images {
                    match as_pixels(&image.path) {
                        Ok(path) => image.path = path,
                        // Nobody reads it then, and that is counted.
                        Err(why) => failures.lock().map(|mut all| all.push(why)).unwrap_or_default(),
                    }
                    image.is_read_by_zbar = is_read_by_zbar(&image.path, &image.text);
                }
            });
        }
    });
    for why in failures.into_inner().unwrap_or_default().iter().take(SHOWN_MAX) {
        eprintln!("test-scan: {why}");
    }
}

fn is_read_by_zbar(path: &Path, text: &str) -> bool {
    let mut zbar = Command::new("zbarimg");
    zbar.args(["--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable"]).arg(path);
    zbar.stderr(Stdio::null())
        .output()
        .is_ok_and(|read| String::from_utf8_lossy(&read.stdout).lines().any(|line| line == text))
}

/// The environment's interpreter; made at the first run.
fn python() -> Result<PathBuf, String> {
    let home = target_dir().join("scan-readers");
    let python = home.join("bin/python");
    let has_readers = |python: &Path| {
        let try_it = "import cv2, zxingcpp, numpy";
        output(program(python).args(["-c", try_it])).is_ok()
    };
    if python.is_file() && has_readers(&python) {
        return Ok(python);
    }
    if !is_on_path("python3") {
        return Err(
            "python3 is not installed\n    fix: sudo apt-get install -y python3 python3-venv".to_owned()
        );
    }
    eprintln!("test-scan: bringing {} from PyPI", PYTHON_READERS.join(", "));
    output(program("python3").args(["-m", "venv"]).arg(&home))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--retries",
        "1",
        "--timeout",
        "20",
    ];
    output(program(&python).args(pip).args(PYTHON_READERS))?;
    Ok(python)
}

fn read_with_python(images: &mut [Image], python: &Path) -> Result<(), String> {
    let script = root().join("xtask/src/scan_readers.py");
    let mut child = program(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let questions: String =
        images.iter().map(|image| format!("{}\t{}\n", image.path.display(), image.text)).collect();
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    // Beside the reading: both pipes are shorter than what goes through them.
    let writer = std::thread::spawn(move || stdin.write_all(questions.as_bytes()));
    let read = child.wait_with_output().map_err(|error| error.to_string())?;
    let is_asked = writer.join().is_ok_and(|written| written.is_ok());
    if !read.status.success() || !is_asked {
        return Err(format!("scan_readers.py failed ({})", read.status));
    }
    let answers = String::from_utf8_lossy(&read.stdout).into_owned();
    let mut lines = answers.lines();
    for image in images {
        let line = lines.next().ok_or("scan_readers.py stopped early")?;
        let fields: Vec<&str> = line.split('\t').collect();
        image.others = Some([fields.get(1) == Some(&"1"), fields.get(2) == Some(&"1")]);
    }
    Ok(())
}

/// Counts by verdict and reader; fails if a code that was called good was not read.
fn report(images: &[Image], has_others: bool) -> Outcome {
    let mut counts: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    let mut misses = Vec::new();
    for image in images {
        let [all, zbar, zxing, opencv, nobody] = counts.entry(&image.verdict).or_default();
        let [by_zxing, by_opencv] = image.others.unwrap_or_default();
        *all += 1;
        *zbar += usize::from(image.is_read_by_zbar);
        *zxing += usize::from(by_zxing);
        *opencv += usize::from(by_opencv);
        *nobody += usize::from(!image.is_read_by_zbar && !by_zxing && !by_opencv);
        if image.is_missed() {
            misses.push(image);
        }
    }
    println!("verdict   images     zbar  zxing-cpp   opencv   nobody");
    for (verdict, [all, zbar, zxing, opencv, nobody]) in &counts {
        println!("{verdict:8} {all:7} {zbar:8} {zxing:10} {opencv:8} {nobody:8}");
    }
    for image in misses.iter().take(SHOWN_MAX) {
        let [zxing, opencv] = image.others.unwrap_or_default();
        println!(
            "called good, not read: {} (zbar {}, zxing-cpp {zxing}, OpenCV {opencv}): {}",
            image.about,
            image.is_read_by_zbar,
            image.path.display()
        );
    }
    let good = counts.get("good").map_or(0, |counts| counts[0]);
    if good == 0 {
        return Err("no code was called good: the grid proves nothing".to_owned());
    }
    let readers =
        if has_others { "zbar, and zxing-cpp or OpenCV" } else { "zbar ONLY: PyPI could not be reached" };
    println!("test-scan: {} of {good} codes called good were read by {readers}", good - misses.len());
    Ok(if misses.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(verdict: &str, is_read_by_zbar: bool, others: Option<[bool; 2]>) -> Image {
        let (path, about, text) = (PathBuf::new(), String::new(), String::new());
        Image { path, verdict: verdict.to_owned(), about, text, is_read_by_zbar, others }
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
            assert_eq!(image("good", zbar, others).is_missed(), is_missed, "zbar {zbar}, others {others:?}");
            assert!(!image("risky", zbar, others).is_missed(), "nothing was promised");
        }
    }

    #[test]
    fn one_missed_code_among_good_ones_fails_the_run() {
        let outcome = |images: &[Image]| report(images, false).map(|code| code == ExitCode::SUCCESS);
        let (read, missed) = (|| image("good", true, None), || image("good", false, None));
        assert_eq!(outcome(&[read(), read()]), Ok(true));
        assert_eq!(outcome(&[read(), missed()]), Ok(false));
        assert!(outcome(&[image("risky", true, None)]).is_err(), "a grid without a good code proves nothing");
    }
}
