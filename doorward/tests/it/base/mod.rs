//! Tools that know neither a table nor an account.

pub(crate) mod db;
mod mail;
mod passwords;
