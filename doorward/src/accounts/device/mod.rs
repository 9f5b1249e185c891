//! The browsers and programs that users have logged in with, and the browsers among them that a user trusts. Owns the table
//! `devices`.

mod known;
mod trusted;

pub(crate) use known::{Device, Kind, LIFETIME, all, delete_expired, forget_all, is_known, is_of, remember};
pub(crate) use trusted::{Trusted, distrust, distrust_all, is_trusted, list_trusted, trust};
