//! A template. No I/O.

use serde_json::{Value, json};
use tessera_qr::Style;
use tessera_types::{LogoId, TemplateId, Timestamp, WorkspaceId};

pub(crate) const NAME_CHARS_MAX: usize = 100;
const COPY: &str = " (copy)";

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    pub(crate) id: TemplateId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) name: String,
    pub(crate) style: Style,
    /// The one that the style names.
    pub(crate) logo: Option<LogoId>,
    /// `usr_…` or `key_…`
    pub(crate) created_by: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) version: i64,
}

/// Which templates a list is of. Newest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub(super) search: Option<String>,
}

impl Template {
    pub(crate) fn audited(&self) -> Value {
        json!({"name": self.name, "style": audited_style(&self.style)})
    }
}

/// A style for the audit log, which needs no pictures.
pub(crate) fn audited_style(style: &Style) -> Value {
    let mut style = style.clone();
    if let Some(image) = style.image.as_mut().filter(|image| image.starts_with("data:")) {
        *image = format!("data: ({} bytes)", image.len());
    }
    json!(style)
}

/// `Spring` becomes `Spring (copy)`, and stays a name.
pub(super) fn copy_of(name: &str) -> String {
    let room = NAME_CHARS_MAX - COPY.len();
    let kept: String = name.chars().take(room).collect();
    format!("{}{COPY}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_the_longest_name_is_still_a_name() {
        assert_eq!(copy_of("Spring"), "Spring (copy)");
        assert_eq!(copy_of(&"ü".repeat(NAME_CHARS_MAX)).chars().count(), NAME_CHARS_MAX);
    }

    #[test]
    fn no_picture_gets_into_the_audit_log() {
        let style = Style { image: Some("data:image/png;base64,AAAA".to_owned()), ..Style::default() };
        assert_eq!(audited_style(&style), json!({"image": "data: (26 bytes)"}));
        let style = Style { image: Some("logo_x".to_owned()), ..Style::default() };
        assert_eq!(audited_style(&style), json!({"image": "logo_x"}));
    }
}
