//! Tests of passwords: their form, the rules for new ones, and hashing.

mod hashing;
mod keys;
mod password;
mod policy;
mod spelling;
