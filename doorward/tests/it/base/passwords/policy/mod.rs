//! Which passwords may be chosen, on every path that sets one.

mod breached;
mod rules;
