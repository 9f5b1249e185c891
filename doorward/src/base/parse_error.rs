//! [`ParseError`]: why a text or a number is no value of a type.

use std::{borrow::Cow, fmt};

/// A text or a number that could not be read as a value, such as a [`Timestamp`](crate::Timestamp).
///
/// Displays as one line that says what was expected. It does not repeat the text, which may come from a stranger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    expected: Cow<'static, str>,
}

impl ParseError {
    /// The line says `expected`, and then this.
    pub(crate) fn expected(what: impl Into<Cow<'static, str>>) -> Self {
        Self { expected: what.into() }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.expected)
    }
}

impl std::error::Error for ParseError {}
