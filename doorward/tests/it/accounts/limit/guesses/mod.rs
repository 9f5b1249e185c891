//! Tests of the counters for guesses: of accounts, and of client addresses.

mod account;
mod client_address;
