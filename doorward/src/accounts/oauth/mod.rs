//! The apps on other hosts, what their users allowed them, and the tokens that they got for it. Owns the tables
//! `oauth_clients`, `oauth_client_secrets`, `grants`, `codes`, `access_tokens`, `refresh_chains` and `refresh_tokens`.
//!
//! A token is looked up together with its grant, its client, its user and the session that it was given in. So it ends
//! with each of them, in the same commit. What ends all tokens of a user counts up the generation of their grants. A
//! token that was given with `offline_access` does not need the session any more.

mod end;

#[cfg(feature = "provider")]
pub(crate) mod access;
#[cfg(feature = "provider")]
pub(crate) mod clients;
#[cfg(feature = "provider")]
pub(crate) mod codes;
#[cfg(feature = "provider")]
pub(crate) mod configured;
#[cfg(feature = "provider")]
pub(crate) mod exchanged;
#[cfg(feature = "provider")]
mod expire;
#[cfg(feature = "provider")]
pub(crate) mod grants;
#[cfg(feature = "provider")]
pub(crate) mod refresh;
pub(crate) mod scopes;
#[cfg(feature = "provider")]
pub(crate) mod secrets;

pub(crate) use end::{end_all, end_of_session, take_back_all};
#[cfg(feature = "provider")]
pub(crate) use expire::{
    delete_chains, delete_expired_codes, delete_expired_tokens, delete_refresh_tokens, erase_salts,
};
