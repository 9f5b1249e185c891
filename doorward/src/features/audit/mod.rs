//! The audit log: reads stored events, and calls listeners for new ones. It writes none: `accounts::event` does.

pub(crate) mod events;
