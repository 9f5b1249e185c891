//! The commands, one file each.

mod accounts;
pub(crate) mod breached;
pub(crate) mod config;
pub(crate) mod events;
pub(crate) mod migrate;
pub(crate) mod openapi;
pub(crate) mod serve;
pub(crate) mod user;
