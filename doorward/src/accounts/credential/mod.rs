//! The credentials of users, and the proof of a user by one. The password is the only kind. Owns the table
//! `credentials`. Sessions begin elsewhere: a proof only gives a transaction in which one can begin.

mod account;
pub(crate) mod pace;
mod prove;
mod table;

pub(crate) use account::{add, delete_user, register};
pub(crate) use prove::{begin, prove_again, step_up, use_password};
pub(crate) use table::{
    Proved, StoredHash, forget_password, hashes, lock, replace_hash, replace_password, set_password,
    stored_password,
};
