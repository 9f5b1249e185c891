//! The browsers and programs that users have logged in with, and the browsers among them that a user trusts. Owns the
//! table `devices`.

mod known;
#[cfg(feature = "totp")]
mod listed;
mod trusted;

pub(crate) use known::{Device, Kind, LIFETIME, all, delete_expired, forget_all, is_known, is_of, remember};
#[cfg(feature = "totp")]
pub(crate) use listed::{Trusted, distrust, list_trusted};
pub(crate) use trusted::{distrust_all, is_trusted, trust};
