//! `doorward keys`: the keys that sign ID tokens, and the key that seals secrets in the database.
//!
//! These are two kinds of keys, and each command names the one it means: `rotate-signing` replaces signing keys, and
//! `reseal` follows an exchange of `secret_key`. After a leak, the wrong one of the two would help nothing.

mod command;
mod list;
mod reseal;
mod rotate_signing;

pub(crate) use command::{Command, run};
