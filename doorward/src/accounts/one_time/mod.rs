//! Secrets that work once: the link in a mail, and the code beside it. Owns the table `one_time_tokens`. This folder
//! stores, checks and spends a secret. The feature that sent it makes the change that the secret allows.

pub(crate) mod attempt;
pub(crate) mod proof;
mod tokens;

pub(crate) use tokens::{
    Claim, Minted, delete_expired, former_addresses, is_there, keep, kill, kill_after_new_password, kill_all,
    kill_later_undos, look_at, mint, reserve, spend, try_code,
};
