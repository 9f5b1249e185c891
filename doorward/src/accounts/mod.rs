//! The tables, and the rules on them. A table is written by one file or folder. Nothing here knows HTTP.

pub(crate) mod chores;
pub(crate) mod credential;
pub(crate) mod device;
pub(crate) mod event;
pub(crate) mod limit;
pub(crate) mod mail;
pub(crate) mod one_time;
pub(crate) mod session;
pub(crate) mod user;
