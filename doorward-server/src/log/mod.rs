//! The log: where lines go, how they look, and the line of each request.
//!
//! It decides nothing about what the library logs, except that other crates may log warnings at most.

pub(crate) mod budget;
mod json_lines;
pub(crate) mod request;
mod request_line;
pub(crate) mod start;
mod writer;
