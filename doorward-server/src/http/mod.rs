//! The sockets of the server. The library serves HTTP on them.

pub(crate) mod listeners;
#[cfg(unix)]
mod socket_file;
