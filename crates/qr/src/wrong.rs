//! What is wrong with an input, in the words a person can act on.

use std::borrow::Cow;

/// One wrong field. Whoever asks gets all of them at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where, from the root of the value that was given: `dotsOptions.gradient.colorStops[2].offset`.
    pub field: Cow<'static, str>,
    /// What kind of wrong, for programs: `required`, `range`, `format`, `length`, `choice`, `unsupported`.
    pub code: &'static str,
    /// What would be right.
    pub message: String,
}

impl Wrong {
    pub fn new(field: impl Into<Cow<'static, str>>, code: &'static str, message: impl Into<String>) -> Self {
        Self { field: field.into(), code, message: message.into() }
    }
}
