//! How far a long command is, on a terminal and nowhere else.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar for reading this many bytes, or a running count if nobody knows how many there are.
pub(super) fn of_bytes(length: Option<u64>) -> ProgressBar {
    match length {
        Some(length) => {
            ProgressBar::new(length).with_style(style("{bar:30} {bytes} of {total_bytes}, {eta} left"))
        }
        None => ProgressBar::no_length().with_style(style("{spinner} {bytes}")),
    }
}

/// A bar for this many pieces of work.
pub(super) fn of_work(pieces: u64) -> ProgressBar {
    ProgressBar::new(pieces).with_style(style("{bar:30} {human_pos} of {human_len}, {eta} left"))
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
