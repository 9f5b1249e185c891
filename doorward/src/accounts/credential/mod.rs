//! The credentials of a user, of which the password is the only kind. Owns the table `credentials`.

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
