//! Languages, texts in them, and templates. No text of a feature stands here.

pub(crate) mod language;
pub(crate) mod template;
pub(crate) mod texts;
