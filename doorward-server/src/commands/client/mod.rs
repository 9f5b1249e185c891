//! `doorward client`: manages the apps that people log in to here, for operators.
//!
//! These commands work on the database, not through the server. They can be used while it runs. Apps of the
//! configuration are changed there.

mod add;
mod change;
mod command;
mod list;
mod rotate_secret;

pub(crate) use command::{Command, run};
