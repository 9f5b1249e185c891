//! Sessions, from their beginning to their end.

mod expire;
mod find;
mod last_use;
mod log_in;
