//! Tools that know neither a table nor an account.

mod db;
mod mail;
mod passwords;
