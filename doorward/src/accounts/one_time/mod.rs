//! Secrets that work once: the link in a mail, and the code beside it. Owns the table `one_time_tokens`. This folder
//! stores, checks and spends a secret. The feature that sent it makes the change that the secret allows.
//!
//! `tokens` has the secrets, and `proof` reads them from a request. `undo` has the rules by which the owner of a former
//! address can take an account back. `keys` brings up to date the keys that older versions wrote.

pub(crate) mod attempt;
mod keys;
pub(crate) mod proof;
mod tokens;
mod undo;

pub(crate) use keys::fold_keys;
pub(crate) use tokens::{
    Claim, Minted, delete_expired, is_there, keep, kill, kill_after_new_password, kill_all, look_at, mint,
    spend, try_code,
};
pub(crate) use undo::{
    AfterProof, Undo, decide, former_addresses, freeze, keep_undo, kill_later_undos, note_proof, reserve,
    thaw, undoable,
};
