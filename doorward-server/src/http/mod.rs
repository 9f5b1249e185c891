//! HTTP/1.1: accepts connections, watches their bytes and their time, and answers what never becomes a request.
//!
//! It knows no route: the library's router answers the requests.

pub(crate) mod connection;
mod framing;
pub(crate) mod refusal;
pub(crate) mod serve;
mod wire;
