//! Changing the address of an account.

mod flow;
