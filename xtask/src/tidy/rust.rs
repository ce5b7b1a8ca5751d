//! Rust source as words: enough of a lexer to know which paths a file names, and no more.
//!
//! Comments, strings and characters are dropped, so a doc comment may speak of anything. Nested `use` trees
//! are unfolded: `use crate::{keys::Key, audit}` names `keys::Key` and `audit`.

/// A word of code: an identifier, a number, `::`, or a single other character.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Word<'s> {
    pub(crate) text: &'s str,
    pub(crate) line: usize,
}

/// A path that a file names, split at `::`. Begins with `crate`, `super`, `self` or the name of a crate or
/// of something in scope.
#[derive(Debug, PartialEq)]
pub(crate) struct Named<'s> {
    pub(crate) parts: Vec<&'s str>,
    pub(crate) line: usize,
}

pub(crate) fn words(source: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = source;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| literal(rest));
        let length = skipped.unwrap_or_else(|| word_length(rest, first));
        let (text, after) = rest.split_at(length);
        if skipped.is_none() && !first.is_whitespace() {
            words.push(Word { text, line });
        }
        line += text.matches('\n').count();
        rest = after;
    }
    words
}

/// Every path in the code that has two parts or more, use trees unfolded.
pub(crate) fn paths<'s>(words: &[Word<'s>]) -> Vec<Named<'s>> {
    let mut paths = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if !is_name(words[at].text) {
            at += 1;
            continue;
        }
        let begin = at;
        at = unfold(words, at, &[], &mut paths);
        if at == begin {
            at += 1;
        }
    }
    paths.retain(|path| path.parts.len() > 1);
    paths
}

/// Reads one path from `at`, adds what it names, and answers where it ends.
fn unfold<'s>(words: &[Word<'s>], mut at: usize, prefix: &[&'s str], paths: &mut Vec<Named<'s>>) -> usize {
    let mut parts = prefix.to_vec();
    let Some(line) = words.get(at).map(|word| word.line) else { return at };
    while let Some(word) = words.get(at) {
        if word.text == "{" && !parts.is_empty() {
            return unfold_group(words, at + 1, &parts, paths);
        }
        if !is_name(word.text) {
            break;
        }
        // `a::{self}` names `a`.
        if word.text != "self" || parts.is_empty() {
            parts.push(word.text);
        }
        at += 1;
        if words.get(at).is_none_or(|next| next.text != "::") {
            break;
        }
        at += 1;
    }
    paths.push(Named { parts, line });
    at
}

/// Reads the branches of a group up to its closing brace, and answers where it ends.
fn unfold_group<'s>(
    words: &[Word<'s>],
    mut at: usize,
    prefix: &[&'s str],
    paths: &mut Vec<Named<'s>>,
) -> usize {
    while let Some(word) = words.get(at) {
        match word.text {
            "}" => return at + 1,
            // `as` and the new name are no part of what is named.
            "as" => at += 2,
            text if is_name(text) => at = unfold(words, at, prefix, paths),
            _ => at += 1,
        }
    }
    at
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

fn word_length(rest: &str, first: char) -> usize {
    if first.is_alphanumeric() || first == '_' {
        return rest.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(rest.len());
    }
    if rest.starts_with("::") { 2 } else { first.len_utf8() }
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    None
}

/// The length of the string or character that `rest` begins with. A lifetime is neither.
fn literal(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix(['b', 'c']).unwrap_or(rest);
    let head = rest.len() - body.len();
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if let Some(text) = raw[hashes..].strip_prefix('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let end = text.find(&close).map_or(text.len(), |end| end + close.len());
            return Some(head + 1 + hashes + 1 + end);
        }
    }
    if let Some(text) = body.strip_prefix('"') {
        return Some(head + 1 + quoted(text, '"'));
    }
    let text = body.strip_prefix('\'')?;
    let mut chars = text.chars();
    let is_character = chars.next() == Some('\\') || chars.next() == Some('\'');
    is_character.then(|| head + 1 + quoted(text, '\''))
}

/// How far it is to just behind the closing quote.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, next) in text.char_indices() {
        match next {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if next == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(source: &str) -> Vec<String> {
        paths(&words(source)).iter().map(|path| path.parts.join("::")).collect()
    }

    #[test]
    fn a_use_tree_names_each_of_its_leaves() {
        let source = "use crate::{keys::{self, Key as K}, audit::*};";
        assert_eq!(named(source), ["crate::keys", "crate::keys::Key", "crate::audit"]);
    }

    #[test]
    fn a_path_in_an_expression_is_named() {
        assert_eq!(
            named("let a = crate::keys::mint::<u8>(b.c, super::super::d());"),
            ["crate::keys::mint", "super::super::d"]
        );
    }

    #[test]
    fn comments_strings_and_characters_name_nothing() {
        let source = r##"
            // axum::Router
            /* axum::Router */
            let s = "axum::Router \" axum::Router";
            let r = r#"axum::Router " "#;
            let c = ('"', '\'', '\u{41}', b'"');
            fn f<'a>(x: &'a str) { real::path }
        "##;
        assert_eq!(named(source), ["real::path"]);
    }

    #[test]
    fn a_body_after_a_path_is_not_a_use_tree() {
        assert_eq!(named("if a::B == c { x::y() }"), ["a::B", "x::y"]);
    }

    #[test]
    fn lines_are_counted_across_comments_and_strings() {
        let all = words("/* \n */ \"\n\" a\nb");
        assert_eq!(all, [Word { text: "a", line: 3 }, Word { text: "b", line: 4 }]);
    }
}
