//! Passkeys (W3C WebAuthn Level 3): which ones a user has, and the proof by one. Owns the tables `passkeys` and
//! `passkey_challenges`. The crate `doorward-passkey` verifies what browsers answer.
//!
//! A passkey is two factors in one, because its authenticator must check who its user is. It may log a user in by
//! itself, take the second step of a log-in, or prove a user who is logged in once more.

pub(crate) mod challenges;
mod prove;
pub(crate) mod register;
mod table;

pub(crate) use prove::{Verdict, Verified, ask, verify};
pub(crate) use table::{
    Passkey, added, delete, delete_all, has_user, of_user, remove_since, retire, set_name, usable,
};
