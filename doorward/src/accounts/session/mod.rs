//! Begins, finds and ends sessions. Owns the table `sessions`.
//!
//! Every way to log in ends at [`log_in`], so every rule about logging in is there. No other file begins a session.
//! How a user proves who they are is not decided here.

mod check;
mod end;
mod ended;
mod expire;
mod find;
mod last_use;
mod list;
mod log_in;

#[cfg(feature = "totp")]
pub(crate) use check::expect_alive;
pub(crate) use check::{has_not_ended, is_there};
pub(crate) use end::{end_all, end_one, end_others, log_out};
pub(crate) use ended::{ended, has_ended};
pub(crate) use expire::{START, delete_ended, delete_expired};
pub(crate) use find::find;
pub(crate) use last_use::write_seen;
pub(crate) use list::{Listed, list};
pub(crate) use log_in::{LoggedIn, Outcome, log_in, renew, renew_cookie};
