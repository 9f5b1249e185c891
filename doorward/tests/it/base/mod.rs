//! Tests of the tools below the accounts.

mod db;
mod email;
mod mail;
mod passwords;
