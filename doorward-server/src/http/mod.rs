//! HTTP/1.1: accepts connections, checks their bytes and their time-outs, and refuses bytes that are no request.
//!
//! It knows no route: the library's router answers the requests.

pub(crate) mod connection;
mod framing;
pub(crate) mod hosts;
pub(crate) mod listeners;
mod origin;
pub(crate) mod refusal;
pub(crate) mod room;
pub(crate) mod serve;
#[cfg(unix)]
mod socket_file;
mod wire;
