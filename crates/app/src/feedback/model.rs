//! What is said of an article, and its parts. No I/O.

use serde_json::{Value, json};
use tessera_types::Timestamp;

use crate::problem::Wrong;

pub(super) const ARTICLE_CHARS_MAX: usize = 64;
pub(super) const COMMENT_CHARS_MAX: usize = 1_000;
/// Comments shown of each article.
pub(super) const COMMENTS_SHOWN_MAX: u64 = 5;

/// What one person says of one article.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Feedback {
    pub(super) article: String,
    /// `usr_…`, or `key_…` of a key that is nobody's own.
    pub(super) created_by: String,
    pub(super) is_helpful: bool,
    pub(super) comment: Option<String>,
    pub(super) created_at: Timestamp,
}

impl Feedback {
    /// Without the comment, which may be replaced; an audit row stays.
    pub(super) fn audited(&self) -> Value {
        json!({"is_helpful": self.is_helpful})
    }
}

/// What everybody says of one article.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ArticleFeedback {
    pub(super) article: String,
    pub(super) helpful: u64,
    pub(super) unhelpful: u64,
    /// The latest that say more than yes or no, newest first.
    pub(super) comments: Vec<Feedback>,
}

pub(super) fn article(text: &str) -> Result<String, Wrong> {
    let is_slug = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'-');
    match text.bytes().all(is_slug) && (1..=ARTICLE_CHARS_MAX).contains(&text.len()) {
        true => Ok(text.to_owned()),
        false => Err(Wrong::new("format", format!("1 to {ARTICLE_CHARS_MAX} of a to z, 0 to 9 and -"))),
    }
}

/// Trimmed; blank is none. Lines may break.
pub(super) fn comment(text: &str) -> Result<Option<String>, Wrong> {
    let text = text.trim();
    if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
        return Err(Wrong::new("format", "no control characters but line breaks"));
    }
    match text.chars().count() {
        0 => Ok(None),
        1..=COMMENT_CHARS_MAX => Ok(Some(text.to_owned())),
        _ => Err(Wrong::new("length", format!("at most {COMMENT_CHARS_MAX} characters"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_a_slug() {
        for good in ["api-keys", "1", &"a".repeat(ARTICLE_CHARS_MAX)] {
            assert_eq!(article(good).as_deref(), Ok(good));
        }
        for wrong in ["", "API", "a b", "a/b", "ü", &"a".repeat(ARTICLE_CHARS_MAX + 1)] {
            assert_eq!(article(wrong).map_err(|wrong| wrong.code), Err("format"), "{wrong:?}");
        }
    }

    #[test]
    fn a_blank_comment_is_none_and_a_long_one_is_refused() {
        assert_eq!(comment(" \n"), Ok(None));
        assert_eq!(comment(" More\nexamples "), Ok(Some("More\nexamples".to_owned())));
        let longest = "ü".repeat(COMMENT_CHARS_MAX);
        assert_eq!(comment(&longest), Ok(Some(longest.clone())));
        assert_eq!(comment(&format!("{longest}ü")).map_err(|wrong| wrong.code), Err("length"));
        assert_eq!(comment("a\u{7}b").map_err(|wrong| wrong.code), Err("format"));
    }
}
