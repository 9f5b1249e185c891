//! Tools that know neither a table nor an account.

mod db;
mod email;
mod mail;
mod passwords;
