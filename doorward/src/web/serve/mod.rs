//! HTTP/1.1: accepts connections, checks their bytes and their time-outs, and refuses bytes that are no request.
//!
//! It knows no route: the app of the host answers the requests.

pub(crate) mod accept;
pub(crate) mod connection;
mod framing;
pub(crate) mod hosts;
pub(crate) mod line;
pub(crate) mod listeners;
pub(crate) mod log;
mod origin;
pub(crate) mod refusal;
pub(crate) mod room;
pub(crate) mod signals;
mod upgrade;
mod wire;
