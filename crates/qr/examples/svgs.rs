//! Reads a file of texts, one a line, and draws each as SVG at level Q: `svgs FILE OUT`. What is compared in `bench/qr`.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a command line program")]

use std::fs;
use std::process::ExitCode;

use tessera_qr::{Code, Format, Style};

fn main() -> ExitCode {
    match draw() {
        Ok(bytes) => println!("{bytes} bytes"),
        Err(wrong) => {
            println!("svgs: {wrong}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// The last one is written to OUT; answers the bytes of all.
fn draw() -> Result<usize, String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = args.as_slice() else { return Err("svgs FILE OUT".to_owned()) };
    let texts = fs::read_to_string(from).map_err(|error| error.to_string())?;
    let style = Style::default();
    let (mut bytes, mut last) = (0, Vec::new());
    for text in texts.lines() {
        let code = Code::build(text, &style, None).map_err(|wrongs| format!("{text}: {wrongs:?}"))?;
        last = code.image(Format::Svg).map_err(|error| error.to_string())?;
        bytes += last.len();
    }
    fs::write(to, last).map_err(|error| error.to_string())?;
    Ok(bytes)
}
