//! [`Auth`], the one handle, and what a process keeps in memory. No file here reads or writes the database.

pub(crate) mod clock;
mod handle;
pub(crate) mod listeners;
pub(crate) mod memory;
pub(crate) mod queue;
pub(crate) mod seen;
pub(crate) mod tasks;
pub(crate) mod under_way;

pub use handle::Auth;
pub(crate) use handle::{Inner, WeakAuth};
