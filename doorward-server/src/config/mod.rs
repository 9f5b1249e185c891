//! The configuration of the server: read, checked, and shown.
//!
//! It reads the library's settings by the library's own list of keys, and knows only the server's keys itself.

mod keys;
mod server;
mod show;
mod sources;

pub(crate) use server::{Flags, ServerConfig, load};
