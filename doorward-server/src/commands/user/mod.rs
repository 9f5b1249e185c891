//! `doorward user`: manages users, for operators.
//!
//! These commands work on the database, not through the server. They can be used while it runs.

mod add;
mod attributes;
mod command;
mod confirm;
mod delete;
mod disable;
mod enable;
mod find;
mod import;
mod lines;
mod list;
mod lock_out;
mod password;
mod reset_second_factor;
mod role;
mod set_email;
mod set_password;
mod unlock;
mod wrap;

pub(crate) use command::{Command, run};
