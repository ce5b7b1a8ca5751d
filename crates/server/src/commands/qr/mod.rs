//! `tessera qr`: codes from the command line, one or a table of them. Needs neither settings nor a database.
//!
//! Nothing is half done: a table is checked to its last row before the first file is written, and files appear under
//! their names only when all of them are there.

mod cells;
mod many;

use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use tessera_qr::{Code, Format, Grade, Level, Logo, Payload, Style, Terminal, Wrong};

use crate::cli::Qr;
use crate::ending::{Ending, Failure};
use crate::output::{complain, say};

/// A payload or a style with a logo in it fits; anything larger is another file.
const FILE_BYTES_MAX: u64 = 4 * 1_024 * 1_024;

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    Text,
    Image(Format),
}

/// What all codes of a call have in common.
struct Design {
    style: Style,
    logo: Option<Arc<Logo>>,
}

pub(crate) fn run(args: &Qr) -> Result<Ending, Failure> {
    let design = Design::read(args)?;
    if let Some(table) = &args.csv {
        return many::run(args, table, &design);
    }
    let text = match (&args.data, &args.payload) {
        (Some(data), _) => data.clone(),
        (None, Some(path)) => payload_text(path)?,
        (None, None) => return Err(Failure::usage("give a text, --payload or --csv; see tessera qr --help")),
    };
    let code = design.code(&text).map_err(|wrongs| Failure::usage(listed("", &wrongs)))?;
    let output = output(args)?;
    match (output, args.output.as_deref().filter(|path| *path != Path::new("-"))) {
        (Output::Text, None) => {
            let terminal = match io::stdout().is_terminal() {
                true => Terminal::Colored,
                false => Terminal::Dark,
            };
            say(code.symbol().text(terminal).trim_end_matches('\n'))?;
        }
        (_, Some(path)) => {
            let bytes = design.written(&code, output)?;
            fs::write(path, bytes)
                .map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
        }
        (Output::Image(format), None) => {
            if io::stdout().is_terminal() && format != Format::Svg {
                let name = format.as_str();
                return Err(Failure::usage(format!(
                    "{name} is not for a terminal; name a file with -o code.{name}"
                )));
            }
            let mut out = io::stdout().lock();
            match out.write_all(&design.written(&code, output)?).and_then(|()| out.flush()) {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    return Err(Failure::failed(format!("standard output: {error}")));
                }
                _ => {}
            }
        }
    }
    match args.check && is_failing(&code) {
        true => Ok(Ending::Found),
        false => Ok(Ending::Good),
    }
}

/// Tells the verdict and what speaks against the code.
fn is_failing(code: &Code) -> bool {
    let verdict = code.verdict();
    let grade = match verdict.verdict {
        Grade::Good => "good: it scans",
        Grade::Risky => "risky: some phones will not read it",
        Grade::Fails => "fails: it will not scan",
    };
    let reasons = verdict.reasons.iter().map(|reason| format!("\n  {}", reason.message));
    complain(&format!("{grade} (score {} of 100){}", verdict.score, reasons.collect::<String>()));
    verdict.verdict == Grade::Fails
}

impl Design {
    fn read(args: &Qr) -> Result<Self, Failure> {
        let mut style = match &args.style {
            Some(path) => {
                let at_fault = |error| format!("{}: {error}", path.display());
                let bytes = read(path)?;
                let mut reader = serde_json::Deserializer::from_slice(&bytes);
                let read: Result<Style, _> = serde_path_to_error::deserialize(&mut reader);
                read.map_err(|error| Failure::usage(at_fault(error.to_string())))?
            }
            None => Style::default(),
        };
        if let Some(level) = &args.level {
            let level = Level::parse(&level.to_ascii_uppercase())
                .ok_or_else(|| Failure::usage("--level: expected L, M, Q or H"))?;
            style.qr_options.get_or_insert_default().error_correction_level = Some(level);
        }
        if let Some(size) = args.size {
            style = style.resized(f64::from(size));
        }
        let logo = match &args.logo {
            Some(path) => {
                let logo = Logo::read(&read(path)?)
                    .map_err(|wrong| Failure::usage(format!("{}: {}", path.display(), wrong.message)))?;
                style.image = Some(logo.data_uri());
                Some(Arc::new(logo))
            }
            None => None,
        };
        Ok(Self { style, logo })
    }

    fn code(&self, text: &str) -> Result<Code, Vec<Wrong>> {
        Code::build(text, &self.style, self.logo.clone())
    }

    fn written(&self, code: &Code, output: Output) -> Result<Vec<u8>, Failure> {
        match output {
            Output::Text => Ok(code.symbol().text(Terminal::Dark).into_bytes()),
            Output::Image(format) => code.image(format).map_err(Failure::failed),
        }
    }
}

impl Output {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "text" | "txt" => Some(Self::Text),
            _ => Format::parse(name).map(Self::Image),
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Image(format) => format.as_str(),
        }
    }
}

/// As `--format` says, else as the file is called, else what the reader can use.
fn output(args: &Qr) -> Result<Output, Failure> {
    let names = || {
        let formats: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
        format!("expected {} or text", formats.join(", "))
    };
    if let Some(name) = &args.format {
        return Output::parse(name).ok_or_else(|| Failure::usage(format!("--format: {}", names())));
    }
    match args.output.as_deref().filter(|path| *path != Path::new("-")) {
        Some(path) => {
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            Output::parse(&extension.to_ascii_lowercase()).ok_or_else(|| {
                Failure::usage(format!("{}: no known kind of image; {}", path.display(), names()))
            })
        }
        None if args.csv.is_none() && io::stdout().is_terminal() => Ok(Output::Text),
        None => Ok(Output::Image(Format::Svg)),
    }
}

fn payload_text(path: &Path) -> Result<String, Failure> {
    let shown = path.display();
    let value: Value =
        serde_json::from_slice(&read(path)?).map_err(|error| Failure::usage(format!("{shown}: {error}")))?;
    let payload = Payload::from_json(value);
    let text = payload.and_then(|payload| payload.text());
    text.map_err(|wrongs| Failure::usage(listed(&format!("{shown}: "), &wrongs)))
}

/// The whole of a file, or of standard input for `-`.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let mut bytes = Vec::new();
    let result = match path == Path::new("-") {
        true => io::stdin().lock().take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes),
        false => fs::File::open(path).and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)),
    };
    result.map_err(|error| Failure::usage(format!("{shown}: {error}")))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(Failure::usage(format!("{shown}: larger than {FILE_BYTES_MAX} bytes")));
    }
    Ok(bytes)
}

fn read_table(path: &Path) -> Result<Vec<u8>, Failure> {
    match path == Path::new("-") {
        true => {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        }
        false => fs::read(path),
    }
    .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// One line for each wrong field.
fn listed(before: &str, wrongs: &[Wrong]) -> String {
    let line = |wrong: &Wrong| match wrong.field.is_empty() {
        true => format!("{before}{}", wrong.message),
        false => format!("{before}{}: {}", wrong.field, wrong.message),
    };
    wrongs.iter().map(line).collect::<Vec<_>>().join("\n  ")
}
