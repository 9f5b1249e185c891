//! Tests of sessions: beginning, finding and ending them.

mod expire;
mod find;
mod last_use;
mod log_in;
