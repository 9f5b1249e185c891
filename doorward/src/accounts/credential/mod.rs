//! The credentials of a user, of which the password is the only kind. Owns the table `credentials`.

mod prove;

pub(crate) use prove::*;
