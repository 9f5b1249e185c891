//! The file that `doorward config --example` prints: every key, with its default and what it does.

/// The text of the file. Every line of it is a comment, so it sets nothing.
pub(crate) const EXAMPLE: &str = include_str!("example.toml");
