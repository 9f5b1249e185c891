//! One's own sessions: listing and ending them.

pub(crate) mod routes;
