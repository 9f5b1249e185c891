//! The languages, the texts in each language, and the templates that show them. The texts and templates of a feature
//! are in the folder of the feature. Also what a setting looks like when it is shown, and the texts that people may write.

pub(crate) mod display_name;
pub(crate) mod language;
pub(crate) mod plain;
pub(crate) mod shown;
pub(crate) mod template;
pub(crate) mod texts;
