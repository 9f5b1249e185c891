//! Log-ins that wait for their next step: a second factor, the first authenticator app of a user who must have one, or
//! a link or a code from a mail (`by_mail`). Owns the table `pending_logins`.
//!
//! There is no half session: such a log-in is a row of this table, with a token of its own kind. No extractor accepts
//! the token, so it opens nothing but the next step. Whatever ends the sessions of a user ends it too.

pub(crate) mod by_mail;
mod waiting;

pub(crate) use waiting::{PendingLogIn, Stage, TOKEN, begin, delete_expired, end_all, finish};
#[cfg(feature = "totp")]
pub(crate) use waiting::{Waiting, count_try, find, give_back_try};
