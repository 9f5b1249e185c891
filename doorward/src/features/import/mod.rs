//! Imports the users of another system with their password hashes, and wraps weak hashes. Adding a user with a password
//! belongs to `admin`.

#[cfg(feature = "totp")]
pub(crate) mod foreign_totp;
pub(crate) mod foreign_user;
pub(crate) mod users;
pub(crate) mod wrap;
