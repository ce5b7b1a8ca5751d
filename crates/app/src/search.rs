//! Search as people mean it: the text anywhere, in any case, and nothing in it is a wildcard.

/// A pattern for LIKE on text in lower case, with `\` as the escape.
pub fn anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(anywhere("50% Off_\\"), "%50\\% off\\_\\\\%");
        assert_eq!(anywhere(""), "%%");
    }
}
