//! The configuration of the server: read, checked, and shown.
//!
//! The library lists its own keys. Only the keys of the server itself are listed here.

mod environment;
mod example;
mod exposed;
mod flags;
mod keys;
mod kind;
mod library;
mod listen;
mod mistakes;
mod place;
mod secret_files;
mod server;
mod service_links;
mod show;
mod sources;
mod toml_file;
mod toml_words;

pub(crate) use example::EXAMPLE;
pub(crate) use exposed::Exposed;
pub(crate) use flags::{Flags, load};
pub(crate) use listen::{Listen, Rights, widest};
pub(crate) use mistakes::Mistakes;
pub(crate) use server::{ServerConfig, local_url};
