//! Lines of vCard and iCalendar: escaped, folded, ended by CRLF (RFC 2426, 6350 and 5545).

use super::field::unix_lines;

/// Octets of a line without its end.
const LINE_OCTETS_MAX: usize = 75;

/// Text as a value: backslash, comma, semicolon and line break.
pub(super) fn escape(text: &str) -> String {
    let text = unix_lines(text);
    text.replace('\\', "\\\\").replace('\n', "\\n").replace(',', "\\,").replace(';', "\\;")
}

/// Joins lines by CRLF. Longer ones go on behind a space in the next, never inside a character.
pub(super) fn fold(lines: &[String]) -> String {
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            out.push_str("\r\n");
        }
        let mut octets = 0;
        for character in line.chars() {
            if octets + character.len_utf8() > LINE_OCTETS_MAX {
                out.push_str("\r\n ");
                octets = 1;
            }
            out.push(character);
            octets += character.len_utf8();
        }
    }
    out
}
