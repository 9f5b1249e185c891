//! Tests of the rules for new passwords, on every path that sets one.

mod breached;
mod rules;
