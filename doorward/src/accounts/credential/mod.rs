//! The credentials of users, and the proof of a user by one. The password is the only kind. Owns the table
//! `credentials`. No session begins here: a proof only begins the transaction in which `session` can begin one.

mod account;
pub(crate) mod pace;
mod prove;
mod table;

pub(crate) use account::{add, delete_user, register};
pub(crate) use prove::{begin, prove_again, use_password};
pub(crate) use table::{
    Proved, StoredHash, forget_password, has_password, hashes, lock, replace_hash, replace_password,
    set_password, stored_password,
};
