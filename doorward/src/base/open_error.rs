//! The error of a failed start.

/// The database could not be opened, or the configuration cannot be used. Displays as one line that never holds a
/// password.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(String);

impl OpenError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        // A message of a database or of the system may have several lines.
        Self(text.into().split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
