//! The configuration of the server: read, checked, and shown.
//!
//! The library lists its own keys. Only the keys of the server itself are listed here.

mod exposed;
mod flags;
mod keys;
mod kind;
mod library;
mod listen;
mod server;
mod show;
mod sources;

pub(crate) use exposed::Exposed;
pub(crate) use flags::{Flags, load};
pub(crate) use listen::{Listen, Rights, widest};
pub(crate) use server::ServerConfig;
