//! Tests of the counters for guesses: of accounts, of their owners, and of client addresses.

mod account;
mod client_address;
mod owner;
