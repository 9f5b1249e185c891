//! Guesses are counted, for each account and for each client address.

mod account;
mod client_address;
