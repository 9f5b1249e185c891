//! The commands, one file or folder each.

mod accounts;
pub(crate) mod breached;
pub(crate) mod client;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod events;
pub(crate) mod keys;
pub(crate) mod migrate;
pub(crate) mod openapi;
mod progress;
mod runtime;
pub(crate) mod serve;
pub(crate) mod user;
