//! The policy for new passwords: not common, not made of the address, not breached, not easy to guess.

mod blocklist;
mod breached;
mod build;
mod context;
pub(crate) mod fault;
mod fold;
mod padding;
pub(crate) mod rules;

pub use breached::check;
pub use build::{Built, Step, build};
