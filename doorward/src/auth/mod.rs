//! [`Auth`], the one handle, and the state that a process keeps in memory: the clock, sessions that were looked up,
//! queues, background tasks. No file here reads or writes the database.

pub(crate) mod attempts;
pub(crate) mod clock;
pub(crate) mod decision;
mod handle;
pub(crate) mod listeners;
pub(crate) mod memory;
#[cfg(feature = "provider")]
pub(crate) mod provider;
pub(crate) mod queue;
pub(crate) mod readiness;
pub(crate) mod seen;
pub(crate) mod table_room;
pub(crate) mod tasks;
pub(crate) mod under_way;
pub(crate) mod waits;

pub use handle::Auth;
pub(crate) use handle::{Inner, WeakAuth};
