//! The name that a user chose for others to see.

use crate::base::text::plain::{self, Fault};

/// The most characters of a display name.
pub(crate) const LONGEST: usize = 64;

/// Reads a display name.
///
/// # Errors
/// The fault, for a page that says it in the language of its reader.
pub(crate) fn line(text: &str) -> Result<String, Fault> {
    plain::line(text, LONGEST)
}

/// Reads a display name.
///
/// # Errors
/// The description of what was expected.
pub(crate) fn read(text: &str) -> Result<String, &'static str> {
    line(text).map_err(|fault| match fault {
        Fault::Empty | Fault::TooLong => "expected 1 to 64 characters that can be seen",
        Fault::Control => {
            "expected one line, without control characters and without those that change the direction of the text"
        }
    })
}
