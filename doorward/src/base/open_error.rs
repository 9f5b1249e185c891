//! Why starting failed.

/// Why a database could not be opened, or why the configuration cannot be used. Displays as one line that never
/// holds a password.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(String);

impl OpenError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        // What a database or the system says may have several lines.
        Self(text.into().split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
