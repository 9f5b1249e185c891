//! The tables, and the rules on them.

mod chores;
pub(crate) mod credential;
mod device;
mod event;
mod limit;
pub(crate) mod mail;
mod session;
