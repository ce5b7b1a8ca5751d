//! Pictures that go into the middle of a code.

/// A picture that was looked through and is harmless.
#[derive(Debug, Clone, PartialEq)]
pub struct Logo {
    /// Width divided by height.
    pub aspect: f32,
}
