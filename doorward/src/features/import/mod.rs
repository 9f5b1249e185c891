//! Importing the users of another system.

pub(crate) mod foreign_user;
pub(crate) mod users;
pub(crate) mod wrap;
