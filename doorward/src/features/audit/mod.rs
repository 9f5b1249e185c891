//! The audit log: reading events, and hearing of them.

pub(crate) mod events;
