//! The server.
mod config;
mod connection;
mod framing;
mod log_writer;
mod logging;
mod refusal;
mod request_log;
mod serve;
mod wire;
fn main() {}
