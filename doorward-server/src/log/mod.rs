//! The log: the format and writer of its lines, and the line of each request.
//!
//! It does not choose what the library logs. It limits all crates but ours to warnings.

pub(crate) mod budget;
mod json_lines;
pub(crate) mod request;
mod request_line;
pub(crate) mod start;
mod writer;
