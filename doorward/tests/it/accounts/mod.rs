//! Tests of the tables, and of the rules on them.

mod chores;
pub(crate) mod credential;
mod device;
pub(crate) mod event;
mod limit;
pub(crate) mod mail;
mod pending_login;
mod session;
mod user;
