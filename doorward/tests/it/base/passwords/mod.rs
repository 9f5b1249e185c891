//! Passwords: their form, which are allowed, and hashing them.

mod hashing;
mod keys;
mod password;
mod policy;
