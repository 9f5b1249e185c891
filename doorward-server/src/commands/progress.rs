//! Shows the progress of a long command, only on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// Makes a bar for reading this many bytes, or a running count if the number is unknown.
pub(super) fn of_bytes(length: Option<u64>) -> ProgressBar {
    match length {
        Some(length) => {
            ProgressBar::new(length).with_style(style("{bar:30} {bytes} of {total_bytes}, {eta} left"))
        }
        None => ProgressBar::no_length().with_style(style("{spinner} {bytes}")),
    }
}

/// Makes a bar for this many pieces of work.
pub(super) fn of_work(pieces: u64) -> ProgressBar {
    ProgressBar::new(pieces).with_style(style("{bar:30} {human_pos} of {human_len}, {eta} left"))
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
