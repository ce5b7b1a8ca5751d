//! What a terminal shows, read back as a picture.

use tessera_qr::{Symbol, SymbolOptions, Terminal};

use crate::symbols::read_pixels;

const URL: &str = "https://tessera.example/r/9Qm4?qr=1";

/// Light (`true`) and dark halves of every character, on a ground that is light or not.
fn seen(text: &str, ground_is_light: bool) -> Vec<Vec<bool>> {
    let drawn = |half: usize, c: char| match c {
        '█' => true,
        '▀' => half == 0,
        '▄' => half == 1,
        ' ' => false,
        other => panic!("{other:?} is no block"),
    };
    let half_line =
        |line: &str, half: usize| line.chars().map(|c| drawn(half, c) != ground_is_light).collect();
    text.lines().flat_map(|line| [half_line(line, 0), half_line(line, 1)]).collect()
}

fn scanned(halves: &[Vec<bool>]) -> String {
    assert!(halves.iter().all(|row| row.len() == halves[0].len()));
    // A margin of dark terminal around, as there is one.
    let light = |x: usize, y: usize| halves.get(y).and_then(|row| row.get(x)).copied().unwrap_or(false);
    read_pixels(halves.len().max(halves[0].len()), light)
}

#[test]
fn the_text_scans_from_a_dark_and_from_a_light_terminal() {
    let symbol = Symbol::encode(URL, &SymbolOptions::default()).unwrap();
    let dark = symbol.text(Terminal::Dark);
    assert_eq!(scanned(&seen(&dark, false)), URL);
    let light = symbol.text(Terminal::Light);
    assert_eq!(scanned(&seen(&light, true)), URL);
    // 33 modules and four on either side; half as many lines.
    assert_eq!((dark.lines().count(), dark.lines().next().unwrap().chars().count()), (21, 41));
    assert_eq!(light.lines().next().unwrap(), " ".repeat(41));
}

#[test]
fn with_colours_every_line_is_black_on_white_and_ends_so() {
    let symbol = Symbol::encode(URL, &SymbolOptions::default()).unwrap();
    let text = symbol.text(Terminal::Colored);
    let lines: Vec<&str> = text.lines().collect();
    let bare: Vec<&str> = lines
        .iter()
        .map(|line| line.strip_prefix("\x1b[38;5;16;48;5;231m").unwrap().strip_suffix("\x1b[0m").unwrap())
        .collect();
    assert_eq!(bare.join("\n") + "\n", symbol.text(Terminal::Light));
}
