//! The outside readers: zbar as Debian's program, zxing-cpp and OpenCV by a script of Python.
//!
//! A batch of images is one process of each, and as many batches as there are cores are read at once.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use super::Image;
use crate::command::{is_on_path, output, program, root, target_dir};

const PYTHON_READERS: [&str; 3] = ["opencv-python-headless==5.0.0.93", "zxing-cpp==3.1.1", "numpy==2.4.6"];
/// Images that one process reads: enough that starting it costs little beside the reading.
const BATCH_IMAGES: usize = 200;

/// Has every image read. `python` is the interpreter that knows the other two readers.
pub(super) fn read(images: &mut [Image], python: Option<&Path>) -> Result<(), String> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let batches = Mutex::new(images.chunks_mut(BATCH_IMAGES));
    let work = || loop {
        let Some(batch) = batches.lock().map_err(|_| "a reader stopped")?.next() else { return Ok(()) };
        read_batch(batch, python)?;
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| "a reader stopped".to_owned())?)
    })
}

fn read_batch(batch: &mut [Image], python: Option<&Path>) -> Result<(), String> {
    for image in batch.iter_mut() {
        image.path = as_pixels(&image.path)?;
    }
    let read = zbar(batch)?;
    for image in batch.iter_mut() {
        image.is_read_by_zbar = read.get(&image.path).is_some_and(|texts| texts.contains(&image.text));
    }
    python.map_or(Ok(()), |python| read_with_python(batch, python))
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

/// What zbar reads in each image, escaped as in the grid's table.
fn zbar(batch: &[Image]) -> Result<HashMap<PathBuf, Vec<String>>, String> {
    let mut zbar = Command::new("zbarimg");
    zbar.args(["--quiet", "--xml", "--nodbus", "-Sdisable", "-Sqrcode.enable"]);
    zbar.args(batch.iter().map(|image| &image.path)).stderr(Stdio::null());
    // Its exit code says that some image had no code, which is no fault of the program.
    let answer = zbar.output().map_err(|error| format!("zbarimg could not be started: {error}"))?;
    Ok(in_xml(&String::from_utf8_lossy(&answer.stdout)))
}

/// Its answer has a `source` for each image with a code, and a `CDATA` for each code in it.
fn in_xml(answer: &str) -> HashMap<PathBuf, Vec<String>> {
    let source = |part: &str| {
        let (path, rest) = part.split_once('\'')?;
        let texts = rest.split("<![CDATA[").skip(1).filter_map(|part| part.split_once("]]>"));
        Some((PathBuf::from(path), texts.map(|(text, _)| text.escape_default().to_string()).collect()))
    };
    answer.split("<source href='").skip(1).filter_map(source).collect()
}

/// The environment's interpreter; made at the first run.
pub(super) fn python() -> Result<PathBuf, String> {
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

fn read_with_python(batch: &mut [Image], python: &Path) -> Result<(), String> {
    let script = root().join("xtask/src/scan/readers.py");
    let mut child = program(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let questions: String =
        batch.iter().map(|image| format!("{}\t{}\n", image.path.display(), image.text)).collect();
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    // Beside the reading: both pipes are shorter than what goes through them.
    let writer = std::thread::spawn(move || stdin.write_all(questions.as_bytes()));
    let read = child.wait_with_output().map_err(|error| error.to_string())?;
    let is_asked = writer.join().is_ok_and(|written| written.is_ok());
    if !read.status.success() || !is_asked {
        return Err(format!("readers.py failed ({})", read.status));
    }
    let answers = String::from_utf8_lossy(&read.stdout).into_owned();
    let mut lines = answers.lines();
    for image in batch {
        let line = lines.next().ok_or("readers.py stopped early")?;
        let fields: Vec<&str> = line.split('\t').collect();
        image.others = Some([fields.get(1) == Some(&"1"), fields.get(2) == Some(&"1")]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_zbar_is_taken_apart_by_image() {
        let answer = "<barcodes><source href='/a/1.png'>\n<index num='0'>\n<symbol type='QR-Code'><data><![CDATA[BEGIN\r\nEND]]></data></symbol></index>\n</source>\n<source href='/a/3.png'><index num='0'><symbol><data><![CDATA[one]]></data></symbol><symbol><data><![CDATA[two]]></data></symbol></index></source>\n</barcodes>";
        let read = in_xml(answer);
        assert_eq!(read.len(), 2);
        assert_eq!(read[Path::new("/a/1.png")], ["BEGIN\\r\\nEND"]);
        assert_eq!(read[Path::new("/a/3.png")], ["one", "two"]);
    }
}
