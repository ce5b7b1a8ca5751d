//! `tessera qr`: what it prints, what it writes, and what it refuses.

use std::fs;
use std::path::Path;

use crate::program::{run, run_with_input};

const URL: &str = "https://tessera.example/r/9Qm4?qr=1";

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_pipe_is_sent_svg_and_a_file_what_its_name_says() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = run(&["qr", URL]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("<svg") && out.ends_with("</svg>\n"), "{out}");
    for (name, begin) in [
        ("code.svg", b"<svg".as_slice()),
        ("code.png", b"\x89PNG"),
        ("code.pdf", b"%PDF"),
        ("code.eps", b"%!PS"),
        ("code.webp", b"RIFF"),
        ("code.JPG", b"\xff\xd8"),
        ("code.txt", "█".as_bytes()),
    ] {
        let path = folder.path().join(name);
        let (code, out, err) = run(&["qr", URL, "-o", path.to_str().unwrap()]);
        assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""), "{name}");
        assert!(fs::read(path).unwrap().starts_with(begin), "{name}");
    }
}

#[test]
fn style_level_size_and_format_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let style = folder.path().join("style.json");
    fs::write(&style, r##"{"dotsOptions": {"type": "rounded", "color": "#c00"}, "width": 100}"##).unwrap();
    let style = style.to_str().unwrap();
    let (_, out, _) = run(&["qr", URL, "--style", style, "--size", "640"]);
    assert!(out.contains(r#"width="640""#) && out.contains("#c00"), "{out}");
    let text = |level: &str| run(&["qr", URL, "--format", "text", "--level", level]).1.lines().count();
    // Versions 3 and 5: 29 and 37 modules with four on either side, two in a line.
    assert_eq!((text("L"), text("h")), (19, 23));
    let (code, _, err) = run(&["qr", URL, "--level", "X"]);
    assert_eq!((code, err.as_str()), (2, "tessera: --level: expected L, M, Q or H\n"));
    fs::write(folder.path().join("bad.json"), r#"{"dots": 1}"#).unwrap();
    let (code, _, err) = run(&["qr", URL, "--style", folder.path().join("bad.json").to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(err.contains("dots"), "{err}");
}

#[test]
fn a_check_tells_whether_it_scans() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = run(&["qr", URL, "--check"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("<svg"));
    assert!(err.starts_with("tessera: good: it scans (score "), "{err}");
    let style = folder.path().join("pale.json");
    fs::write(&style, r##"{"dotsOptions": {"color": "#fafafa"}}"##).unwrap();
    let (code, out, err) = run(&["qr", URL, "--check", "--style", style.to_str().unwrap()]);
    assert_eq!(code, 3, "{err}");
    assert!(out.starts_with("<svg"));
    assert!(err.starts_with("tessera: fails: it will not scan (score ") && err.lines().count() > 1, "{err}");
}

#[test]
fn a_payload_is_read_from_standard_input_and_refused_by_field() {
    let wifi = r#"{"type": "wifi", "ssid": "Cafe", "password": "latte-art"}"#;
    let (code, out, _) = run_with_input(&["qr", "--payload", "-", "--format", "text"], wifi);
    assert_eq!(code, 0);
    // 31 bytes at level Q are version 3: 29 modules, with the quiet zone 37, two in a line of half blocks.
    assert_eq!(out.lines().count(), 19);
    let (code, out, err) =
        run_with_input(&["qr", "--payload", "-"], r#"{"type": "wifi", "password": "short"}"#);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(
        err,
        "tessera: -: ssid: this is required\n  -: password: 8 to 63 characters, or 64 hexadecimal digits; this has 5\n"
    );
    let (code, _, err) = run(&["qr", &"a".repeat(1_664)]);
    assert_eq!(code, 2);
    assert!(err.contains("at level Q a QR code holds at most 1663 bytes, and this text has 1664"), "{err}");
}

#[test]
fn a_table_becomes_a_directory_or_an_archive() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("codes.csv");
    // A byte order mark, semicolons, both line breaks, a quoted separator, and what a spreadsheet takes for a formula.
    let rows = "\u{feff}name;data\r\nÄ 1;https://example.com\nb;\"a;b\"\r\n\r\nc;=1+1\n";
    fs::write(&table, rows).unwrap();
    let out = folder.path().join("out");
    let args = ["qr", "--csv", table.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let (code, said, err) = run(&args);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(said, format!("3 codes in {}\n", out.display()));
    assert_eq!(names(&out), ["b.svg", "c.svg", "Ä 1.svg"]);
    assert_eq!(fs::read_to_string(out.join("b.svg")).unwrap(), run(&["qr", "a;b"]).1);
    let (code, _, err) = run(&args);
    assert_eq!((code, err), (2, format!("tessera: {} is there already; name a new one\n", out.display())));
    let archive = |name: &str| {
        let path = folder.path().join(name);
        let args =
            ["qr", "--csv", table.to_str().unwrap(), "--format", "png", "--out", path.to_str().unwrap()];
        assert_eq!(run(&args).0, 0);
        fs::read(path).unwrap()
    };
    let bytes = archive("codes.zip");
    assert!(bytes.starts_with(b"PK\x03\x04"));
    for name in ["Ä 1.png", "b.png", "c.png"] {
        assert!(bytes.windows(name.len()).any(|part| part == name.as_bytes()), "{name}");
    }
    assert_eq!(archive("again.zip"), bytes);
    assert_eq!(names(folder.path()), ["again.zip", "codes.csv", "codes.zip", "out"]);
}

#[test]
fn bad_rows_are_named_and_nothing_is_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("codes.csv");
    let mut rows =
        b"name,type,ssid,password,hidden\na,wifi,Cafe,latte-art,no\n\nA,wifi,Cafe,latte-art,\n".to_vec();
    rows.extend(b"../b,wifi,Cafe,latte-art,\n\"c\n\",wifi,Cafe,short,maybe\nd,wifi,Caf\xe9,latte-art,\n");
    fs::write(&table, rows).unwrap();
    let out = folder.path().join("out");
    let args = ["qr", "--csv", table.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let (code, said, err) = run(&args);
    assert_eq!((code, said.as_str()), (2, ""));
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!(
        lines,
        [
            "tessera: row 4: name: A is the name of row 2 too",
            r#"tessera: row 5: name: it becomes the name of a file: no / \ : * ? " < > | and no dot at either end"#,
            "tessera: row 6: hidden: expected true or false, not string",
            "  row 6: password: 8 to 63 characters, or 64 hexadecimal digits; this has 5",
            "tessera: row 7: ssid: not UTF-8; save the file as UTF-8",
            "tessera: 4 bad rows; nothing was written. --skip-bad makes the others",
        ]
    );
    assert_eq!(names(folder.path()), ["codes.csv"]);
    let (code, said, _) = run(&[args.as_slice(), &["--skip-bad"]].concat());
    assert_eq!((code, said), (0, format!("1 codes in {}; 4 bad rows left out\n", out.display())));
    assert_eq!(names(&out), ["a.svg"]);
}

#[test]
fn a_table_that_is_none_is_refused_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("codes.csv");
    let out = folder.path().join("out");
    for (rows, why) in [
        ("name,data\na,\"b\nc,d\n", "a quote is opened and never closed"),
        ("title,data\na,b\n", "the first row names the columns: name, and data, or payload (JSON), or type"),
        ("name,data,data\na,b,c\n", "two columns are called data"),
        ("name,data\n", "no rows below the header"),
        ("", "the first row names the columns"),
    ] {
        fs::write(&table, rows).unwrap();
        let (code, _, err) = run(&["qr", "--csv", table.to_str().unwrap(), "--out", out.to_str().unwrap()]);
        assert_eq!(code, 2);
        assert!(err.contains(why), "{err}");
        assert_eq!(names(folder.path()), ["codes.csv"]);
    }
    assert_eq!(run(&["qr"]).0, 2);
    assert_eq!(run(&["qr", "a", "--csv", "b", "--out", "c"]).0, 2);
}
